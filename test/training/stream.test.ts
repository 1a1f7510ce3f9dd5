/** Samples that come in pieces: the bits are those of arrays, and whatever ends it, the stream is told. */
import fc from '../support/fast-check.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  adam,
  Network,
  sgd,
  stream,
  type BatchReport,
  type EpochReport,
  type FitData,
  type FitOptions,
  type FitPieces,
} from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import { parametersOf } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const data = { x: randomRows(64, 4, 1), y: randomRows(64, 2, 2) }

/** Pieces of so many rows each, the last one of what is left. */
function* cut(rows: number, { x, y } = data): Generator<{ x: number[][]; y: number[][] }> {
  for (let first = 0; first < x.length; first += rows) {
    yield { x: x.slice(first, first + rows), y: y.slice(first, first + rows) }
  }
}

async function* cutLater(rows: number): AsyncGenerator<FitData> {
  for (const piece of cut(rows)) {
    await Promise.resolve()
    yield piece
  }
}

/** Pieces again and again, and whether somebody said that no more are wanted. */
function endless(): { pieces: AsyncIterable<FitData>; told: () => boolean } {
  let isTold = false
  async function* pieces(): AsyncGenerator<FitData> {
    try {
      for (;;) yield* cutLater(16)
    } finally {
      isTold = true
    }
  }
  return { pieces: pieces(), told: () => isTold }
}

type Pieces = Parameters<typeof stream>[0]
const never = new Promise<never>(() => undefined)
const any = (value: unknown): never => value as never

describe.each(['wasm', 'baseline'] as const)('fit of a stream, %s', (engine) => {
  const options = { activation: 'tanh', seed: 3, engine: engineOf[engine] } as const
  const fresh = (): Network => new Network([4, 6, 2], options)
  const trained = async (source: FitData | Pieces, given: FitOptions): Promise<unknown[]> => {
    const net = fresh()
    const { epochs, ...rest } = await net.fit('x' in source ? source : stream(source), given)
    return [net.toBytes(), epochs.map((report) => ({ ...report, seconds: 0 })), rest]
  }

  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each<[string, FitOptions]>([
    ['adam', { optimizer: adam() }],
    [
      'momentum, clipped',
      { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), clipGradients: { globalNorm: 0.3 }, l1: 0.001 },
    ],
    ['dropout', { dropout: 0.3 }],
    [
      'an average',
      { averageWeights: 0.9, validation: { x: data.x, y: data.y }, earlyStopping: { patience: 1 } },
    ],
    [
      'schedules',
      {
        schedule: [
          { type: 'exponential', gamma: 0.9 },
          { type: 'linearWarmup', steps: 5 },
        ],
      },
    ],
    ['a schedule by epochs', { schedule: { type: 'step', stepSize: 2, per: 'epoch' } }],
    ['onBatch', { onBatch: () => undefined }],
    [
      'validation, a plateau and early stopping',
      {
        optimizer: sgd({ learningRate: 0.5 }),
        validation: { x: data.x.slice(0, 9), y: data.y.slice(9, 18) },
        schedule: { type: 'reduceOnPlateau', patience: 0, factor: 0.5 },
        earlyStopping: { patience: 2 },
      },
    ],
  ])('is fit of arrays without shuffling, where batches end alike: %s', async (_, special) => {
    const given = { epochs: 5, batchSize: 8, ...special }
    const arrays = await trained(data, { ...given, shuffle: false })
    for (const pieces of [(): FitPieces => cut(16), (): FitPieces => cutLater(24), [...cut(64)]]) {
      expect(await trained(pieces, given)).toEqual(arrays)
    }
  })

  it('each piece is cut into batches, its last one being what is left', async () => {
    const rows = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (sizes, batchSize) => {
        const [one, two] = [fresh(), fresh()]
        const pieces: FitData[] = []
        const optimizer = adam()
        let [sum, count] = [0, 0]
        for (const [i, size] of sizes.entries()) {
          const [x, y] = [randomRows(size, 4, i), randomRows(size, 2, i + 99)]
          pieces.push({ x, y })
          count += size
          for (let first = 0; first < size; first += batchSize) {
            const [batchX, batchY] = [x.slice(first, first + batchSize), y.slice(first, first + batchSize)]
            sum += two.train(batchX, batchY, optimizer) * batchX.length
          }
        }
        const { epochs } = await one.fit(stream(pieces.values()), { batchSize, optimizer })
        expect(parametersOf(one)).toEqual(parametersOf(two))
        expect(epochs[0].loss).toBeCloseTo(sum / count, 10)
        expect(epochs[0].batches).toBe(sizes.reduce((n, size) => n + Math.ceil(size / batchSize), 0))
      }),
      { numRuns: 20 },
    )
  })

  it('pieces larger than the window, and batches larger than that', async () => {
    const wide = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    for (const batchSize of [32, 1000, 5000]) {
      const nets = [1, 2].map(() => new Network([500, 3, 2], options))
      const given = { batchSize, optimizer: adam(), schedule: { type: 'exponential', gamma: 0.9 } as const }
      await nets[0].fit(stream(cut(1200, wide)), given)
      await nets[1].fit(wide, { ...given, shuffle: false })
      expect(nets[0].toBytes()).toEqual(nets[1].toBytes())
    }
  })

  it('shuffle: the rows of each piece by the seed, the epoch and the number of the piece', async () => {
    const [one, two] = [fresh(), fresh()]
    const given = { epochs: 2, batchSize: 8, optimizer: adam() }
    await one.fit(
      stream(() => cut(24)),
      { ...given, shuffle: true },
    )
    const shuffled = function* (epoch: number): Generator<FitData> {
      for (const [i, { x, y }] of [...cut(24)].entries()) {
        const order = Uint32Array.from(x, (_, row) => row)
        new Random(3, `shuffle ${epoch - 1} ${i}`).shuffle(order)
        yield { x: Array.from(order, (row) => x[row]), y: Array.from(order, (row) => y[row]) }
      }
    }
    await two.fit(stream(shuffled), given)
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('label smoothing is that of arrays', async () => {
    const y = data.x.map(([first]) => (first > 0 ? [1, 0] : [0, 1]))
    const given = { batchSize: 8, labelSmoothing: 0.2 }
    const pieces = await trained(() => cut(16, { x: data.x, y }), given)
    expect(pieces).toEqual(await trained({ x: data.x, y }, { ...given, shuffle: false }))
  })

  it('weights of samples and of classes are those of arrays', async () => {
    const y = data.x.map(([first]) => (first > 0 ? [1, 0] : [0, 1]))
    const weights = data.x.map((_, s) => s % 3)
    const weighted = function* (): Generator<FitData> {
      let first = 0
      for (const piece of cut(16, { x: data.x, y })) {
        yield { ...piece, weights: weights.slice(first, first + 16) }
        first += 16
      }
    }
    const given = { batchSize: 8, classWeights: [0.5, 2] }
    const arrays = await trained({ x: data.x, y, weights }, { ...given, shuffle: false })
    expect(await trained(weighted, given)).toEqual(arrays)
    await expect(fresh().fit(stream(weighted), { classWeights: 'balanced' })).rejects.toThrow(
      new RangeError('classWeights: expected a number per class with a stream, got "balanced"'),
    )
    const negative = fresh().fit(stream([{ x: data.x, y, weights: weights.map((v) => -v) }]))
    await expect(negative).rejects.toThrow(
      new RangeError('data[0].weights[1]: expected a number >= 0, got -1'),
    )
  })

  it('a piece is the stream’s again when the next one is asked for', async () => {
    const [x, y] = [new Float32Array(64), new Float32Array(32)]
    const reused = function* (): Generator<FitData> {
      for (const piece of cut(16)) {
        x.set(piece.x.flat())
        y.set(piece.y.flat())
        yield { x, y }
      }
    }
    expect(await trained(reused, { batchSize: 8 })).toEqual(await trained(() => cut(16), { batchSize: 8 }))
  })

  it('what is wrong in a piece is named; the network is that of the last finished epoch', async () => {
    const broken = function* (epoch: number): Generator<FitData> {
      yield* cut(16)
      if (epoch === 3) yield { x: [...data.x.slice(0, 3), [1, NaN, 3, 4]], y: data.y.slice(0, 4) }
    }
    const [one, two] = [fresh(), fresh()]
    const given = { batchSize: 8, optimizer: adam() }
    await expect(one.fit(stream(broken), { ...given, epochs: 4 })).rejects.toThrow(
      new RangeError('data[4].x[3][1]: expected a finite number, got NaN'),
    )
    await two.fit(
      stream(() => cut(16)),
      { ...given, epochs: 2 },
    )
    expect(one.toBytes()).toEqual(two.toBytes())
    await one.fit(data)
  })

  it.each<[string, unknown, Error]>([
    ['a number', 7, new TypeError('data[0]: expected an object, got 7; samples are one object, { x, y }')],
    [
      'one row',
      [1, 2, 3, 4],
      new TypeError('data[0]: expected an object, got an array; samples are one object, { x, y }'),
    ],
    [
      'no targets',
      { x: [1, 2, 3, 4] },
      new TypeError('data[0].y: expected an array of numbers or of rows, got undefined'),
    ],
    ['no rows', { x: [], y: [] }, new RangeError('data[0].x: expected at least 1 sample, got 0')],
    [
      'another number of targets',
      { x: [1, 2, 3, 4], y: [1, 2, 3, 4] },
      new RangeError('data[0].y: expected 1 samples as in x, got 2'),
    ],
  ])('a piece that is %s', async (_, piece, error) => {
    const net = fresh()
    const before = parametersOf(net)
    await expect(net.fit(stream([any(piece)]))).rejects.toThrow(error)
    expect(parametersOf(net)).toEqual(before)
  })

  it('what a stream throws comes out as it is, and the network is that of the last finished epoch', async () => {
    const [one, two] = [fresh(), fresh()]
    const mine = new TypeError('mine')
    const broken = function* (epoch: number): Generator<FitData> {
      yield* cut(16)
      if (epoch === 2) throw mine
    }
    await expect(one.fit(stream(broken), { epochs: 3 })).rejects.toBe(mine)
    await two.fit(stream(() => cut(16)))
    expect(one.toBytes()).toEqual(two.toBytes())
    const failing = (): never => {
      throw mine
    }
    await expect(one.fit(stream(failing))).rejects.toBe(mine)
    await expect(one.fit(stream(() => Promise.reject(mine)))).rejects.toBe(mine)
    const closing = { next: () => ({ done: false, value: 7 }), return: failing }
    // The first error wins.
    await expect(one.fit(stream({ [Symbol.iterator]: () => any(closing) }))).rejects.toThrow(
      'data[0]: expected',
    )
    closing.next = () => ({ done: false, value: any([...cut(64)][0]) })
    const stop = one.fit(stream({ [Symbol.iterator]: () => any(closing) }), { onBatch: () => false })
    await expect(stop).rejects.toBe(mine)
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('no pieces, and options that a stream cannot have', async () => {
    const net = fresh()
    const once = cut(16)
    const rejects = async (source: Pieces, given: FitOptions, error: Error): Promise<void> => {
      const before = parametersOf(net)
      await expect(net.fit(stream(source), given)).rejects.toThrow(error)
      expect(parametersOf(net)).toEqual(before)
    }
    await rejects([], {}, new RangeError('data: expected at least 1 piece in epoch 1, got 0'))
    await rejects(
      any(() => 7),
      {},
      new TypeError('data(1): expected an iterable of pieces { x, y }, got 7'),
    )
    await rejects(
      any(() => () => once),
      {},
      new TypeError('data(1): expected an iterable of pieces { x, y }, got a function'),
    )
    await rejects(
      once,
      { epochs: 2 },
      new RangeError(
        'epochs: expected 1 with an iterable, got 2; give the function that returns one, without ()',
      ),
    )
    expect(() => stream(any(7))).toThrow(
      new TypeError('stream: expected an iterable of pieces { x, y }, or a function that returns one, got 7'),
    )
    expect(() => stream(any(Promise.resolve([])))).toThrow(
      'or a function that returns one, got a Promise; await it',
    )
    expect(() => stream(any(Float32Array.of(1)))).toThrow(
      'or a function that returns one, got a Float32Array',
    )
    const unwrapped = "; stream(pieces) makes one: import { stream } from 'deltaprop'"
    for (const [pieces, got] of [
      [() => once, 'a function'],
      [[data], 'an array'],
      [once, 'a Generator'],
      [cutLater(8), 'an AsyncGenerator'],
    ] as const) {
      await expect(net.fit(any(pieces))).rejects.toThrow(
        new TypeError(`data: expected samples { x, y }, or a stream of them, got ${got}${unwrapped}`),
      )
    }
    await rejects(
      once,
      { threads: 2 },
      new RangeError('threads: expected none with a stream, or "auto", got 2'),
    )
    await rejects(
      once,
      { validation: 0.5 },
      new TypeError('validation: expected samples { x, y } beside a stream, got 0.5'),
    )
    await expect(
      net.fit(
        stream(() => once),
        { epochs: 2 },
      ),
    ).rejects.toThrow(new RangeError('data: expected at least 1 piece in epoch 2, got 0'))
  })

  it('a loss or a weight that stops being finite is found in its piece', async () => {
    const net = new Network([1, 1], { activation: 'sigmoid', initializer: 'zeros', engine: engineOf[engine] })
    const before = parametersOf(net)
    const pieces = [1, 2, 3].map((i) => ({ x: [1e-30, i === 2 ? 3e38 : 1e-30], y: [0.5, i === 2 ? 1 : 0.5] }))
    const given = { batchSize: 1, optimizer: sgd({ learningRate: 100 }) }
    await expect(net.fit(stream(pieces), given)).rejects.toThrow(
      'fit: a weight stopped being a finite number in data[1] of epoch 1; the weights are those before the first epoch',
    )
    expect(parametersOf(net)).toEqual(before)
    const linear = new Network([1, 1], { activation: 'linear', seed: 1, engine: engineOf[engine] })
    const far = { x: [1, 1], y: [0, 3e38] }
    await expect(linear.fit(stream([pieces[0], far]), { batchSize: 1, optimizer: sgd() })).rejects.toThrow(
      'fit: the loss is Infinity in batch 4, data[1] of epoch 1; the weights are those before the first epoch',
    )
  })

  it('an endless stream ends with onBatch, a time limit or a signal, and is told', async () => {
    const byBatch = endless()
    const onBatch = ({ batch }: BatchReport): boolean => batch < 7
    const history = await fresh().fit(stream(byBatch.pieces), { batchSize: 8, onBatch })
    expect([history.ended, history.epochs.map(({ batches }) => batches)]).toEqual(['onBatch', [7]])
    expect(byBatch.told()).toBe(true)

    const byTime = endless()
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1))
    const timed = await fresh().fit(stream(byTime.pieces), { batchSize: 8, timeLimit: 0.1 })
    expect([timed.ended, timed.epochs.length, byTime.told()]).toEqual(['timeLimit', 1, true])
    vi.restoreAllMocks()

    const bySignal = endless()
    const net = fresh()
    const before = parametersOf(net)
    const controller = new AbortController()
    const aborting = ({ batch }: BatchReport): void => {
      if (batch === 7) controller.abort(new Error('stopped by hand'))
    }
    const fit = net.fit(stream(bySignal.pieces), {
      batchSize: 8,
      onBatch: aborting,
      signal: controller.signal,
    })
    await expect(fit).rejects.toThrow('stopped by hand')
    expect(bySignal.told()).toBe(true)
    expect(parametersOf(net)).toEqual(before)
  })

  it('a stream that hangs is not waited for beyond a signal or a time limit', async () => {
    const hanging = async function* (): AsyncGenerator<FitData> {
      yield* cut(16)
      await never
    }
    const net = fresh()
    const before = parametersOf(net)
    for (const source of [hanging(), hanging, (): Promise<never> => never]) {
      const controller = new AbortController()
      setTimeout(() => controller.abort(new Error('enough')), 5)
      await expect(net.fit(stream(source), { signal: controller.signal })).rejects.toThrow('enough')
      expect(parametersOf(net)).toEqual(before)
    }
    const controller = new AbortController()
    const aborting = {
      pieces: cut(16),
      next(): unknown {
        const piece = this.pieces.next()
        if (piece.done !== true) return piece
        controller.abort(new Error('by the stream'))
        return never
      },
    }
    const pieces = { [Symbol.asyncIterator]: (): never => any(aborting) }
    await expect(net.fit(stream(pieces), { signal: controller.signal })).rejects.toThrow('by the stream')
    const [one, two] = [fresh(), fresh()]
    const { ended, epochs } = await one.fit(stream(hanging), { epochs: 9, batchSize: 8, timeLimit: 0.5 })
    await two.fit(data, { batchSize: 8, shuffle: false })
    expect([ended, epochs[0].batches]).toEqual(['timeLimit', 8])
    expect(one.toBytes()).toEqual(two.toBytes())
    const nothing = await net.fit(
      stream(() => never),
      { timeLimit: 0.01 },
    )
    expect(nothing).toEqual({ epochs: [], ended: 'timeLimit' })
    expect(parametersOf(net)).toEqual(before)
  })

  it('epochs() and onEpoch: the function is asked for each epoch, and not beyond the last one wanted', async () => {
    const asked: number[] = []
    const source = (epoch: number): FitPieces => {
      asked.push(epoch)
      return cut(16)
    }
    for await (const { epoch } of fresh().epochs(stream(source), { epochs: 9 })) if (epoch === 3) break
    expect(asked).toEqual([1, 2, 3])
    const onEpoch = ({ epoch }: EpochReport): boolean => epoch < 2
    const { ended } = await fresh().fit(stream(source), { epochs: 9, onEpoch })
    expect([ended, asked]).toEqual(['onEpoch', [1, 2, 3, 1, 2]])
  })

  it('gives the event loop its turns, though the stream never waits', async () => {
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 2))
    let turns = 0
    const count = (): void => {
      turns += 1
      immediate = setImmediate(count)
    }
    let immediate = setImmediate(count)
    await fresh().fit(stream(new Array<FitData>(100).fill(data)), { batchSize: 64 })
    clearImmediate(immediate)
    expect(turns).toBeGreaterThan(20)
  })
})
