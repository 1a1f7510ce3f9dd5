/**
 * A batch in shards: their gradients are summed apart, each from zero, and added in their order. What that is, is written
 * out here once more, with engines alone; and who computes the sums, and when, changes no bit.
 */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  adam,
  checkpointFile,
  epochOrder,
  Network,
  nadam,
  sgd,
  stream,
  type FitData,
  type FitOptions,
  type Floats,
  type LongOptions,
} from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import type { Spec } from '../../src/definition/spec.js'
import { resolveOptimizer } from '../../src/definition/optimizers.js'
import { createEngine } from '../../src/engine/create.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'
import { stateOf } from '../../src/network/network.js'
import { LocalSums, sumsFor } from '../../src/training/local-sums.js'
import { resolveRegularization } from '../../src/training/regularization.js'
import { shardsOf, type ShardStep, type ShardSum } from '../../src/training/shards.js'
import { randomRows } from '../support/random-rows.js'
import { any } from '../support/rows.js'
import { engineOf } from '../support/ways.js'

afterEach(() => vi.restoreAllMocks())

/** Sums of one shard after the other, and one update a batch: as few lines as possible, on engines with room for all. */
class Reference {
  readonly losses: number[] = []
  readonly parameters: Floats

  constructor(spec: Spec, initial: Floats, data: FitData, options: FitOptions & { readonly shards: number }) {
    const { epochs = 1, batchSize = 32, shards, schedule, shuffle = true } = options
    const [x, y] = [data.x, data.y].map((all) => (all as readonly number[][]).flat())
    const n = x.length / spec.inputs
    const shard = Math.ceil(Math.min(batchSize, n) / shards)
    const [total, part] = [createEngine(spec, n), createEngine(spec, n)]
    total.parameters.set(initial)
    total.average.set(total.parameters)
    const optimizer = resolveOptimizer(options.optimizer ?? 'adam')
    const regularization = resolveRegularization({ ...options })
    total.setOptimizer(optimizer, regularization)
    part.x.set(x)
    part.y.set(y)
    if (data.weights !== undefined) part.weights.set(data.weights)
    for (let epoch = 1, update = 0; epoch <= epochs; ++epoch) {
      const order = shuffle ? epochOrder(spec.seed, epoch, n) : Uint32Array.from({ length: n }, (_, i) => i)
      const key = new Random(spec.seed, `dropout ${epoch - 1}`).bits()
      let loss = 0
      for (let first = 0; first < n; first += batchSize) {
        const size = Math.min(batchSize, n - first)
        let batchLoss = 0
        for (let s = 0; s < shards; ++s) {
          const begin = Math.min(first + s * shard, first + size)
          const count = Math.min(shard, first + size - begin)
          part.parameters.set(total.parameters)
          part.gradients.fill(0)
          part.order.set(order.subarray(begin, begin + count))
          batchLoss += part.accumulate(count, 0, {
            weighted: data.weights !== undefined,
            dropout:
              options.dropout === undefined
                ? undefined
                : {
                    rates: [...(options.dropout as number[]), 0],
                    key,
                    position: begin,
                  },
          })
          for (const [i, sum] of part.gradients.entries()) total.gradients[i] += sum
        }
        if (typeof schedule === 'function') {
          total.setOptimizer({ ...optimizer, learningRate: schedule(update++) }, regularization)
        }
        total.update(1 / size)
        loss += batchLoss
      }
      this.losses.push(loss / n)
    }
    this.parameters = regularization.averageTake > 0 ? total.average : total.parameters
  }
}

/** A network that is fitted, beside the reference. */
async function expectReference(
  net: Network,
  data: FitData,
  options: FitOptions & { readonly shards: number },
): Promise<void> {
  const { spec } = stateOf('net', net)
  const initial = net.parameters.slice()
  const { epochs } = await net.fit(data, options)
  const { parameters, losses } = new Reference(spec, initial, data, options)
  expect(epochs.map(({ loss }) => loss)).toEqual(losses)
  expect(net.parameters).toEqual(parameters)
}

const sizes = [
  [4, 6, 2],
  [80, 70, 2],
]
const ways = (['wasm', 'baseline'] as const).flatMap((engine) =>
  (['f32', 'f64'] as const).flatMap((precision) => sizes.map((layers) => ({ engine, precision, layers }))),
)
const tanh = (layers: readonly number[], given: object = {}): Network =>
  new Network(layers, { activation: 'tanh', seed: 3, ...given })

const dataOf = (samples: number, inputs: number): FitData & { x: number[][]; y: number[][] } => {
  return { x: randomRows(samples, inputs, 1), y: randomRows(samples, 2, 2) }
}

describe.each(ways)('fit in shards, $engine, $precision, $layers', ({ engine, precision, layers }) => {
  const create = (seed = 3): Network => tanh(layers, { seed, precision, engine: engineOf[engine] })
  const data = dataOf(50, layers[0])
  const weighted = { ...data, weights: Array.from(data.x, (_, s) => (s % 4) / 2) }

  it.each([1, 2, 3, 4, 8])('%d shards: the sums of each from zero, in their order', async (shards) => {
    await expectReference(create(), data, { epochs: 3, batchSize: 16, shards, optimizer: adam() })
    await expectReference(create(), data, {
      epochs: 2,
      batchSize: 24,
      shards,
      optimizer: sgd({ learningRate: 0.1 }),
    })
  })

  it.each<[string, FitOptions]>([
    ['a schedule', { schedule: (update) => 0.1 / (1 + update) }],
    ['dropout', { dropout: [0.4] }],
    ['regularised', { l1: 0.001, l2: 0.01, clipGradients: { globalNorm: 0.3 }, maxWeightNorm: 1 }],
    ['an average', { averageWeights: 0.9 }],
    ['not shuffled', { shuffle: false }],
    ['one batch', { batchSize: 64 }],
    ['batches of fewer samples than shards', { batchSize: 3 }],
    ['several batches to an update', { batchSize: 24 }],
  ])('%s', async (_, options) => {
    const given = { epochs: 3, batchSize: 16, shards: 5, optimizer: nadam(), ...options }
    await expectReference(create(), weighted, given)
    await expectReference(create(), data, given)
  })

  it('one shard is no shards, and batches to accumulate are one', async () => {
    const [one, two, three, four] = [create(), create(), create(), create()]
    await one.fit(data, { epochs: 3, batchSize: 16, shards: 1 })
    await two.fit(data, { epochs: 3, batchSize: 16 })
    expect(one.toBytes()).toEqual(two.toBytes())
    await three.fit(data, { epochs: 3, batchSize: 8, accumulate: 2, shards: 3 })
    await four.fit(data, { epochs: 3, batchSize: 16, shards: 3 })
    expect(three.toBytes()).toEqual(four.toBytes())
    expect(three.toBytes()).not.toEqual(two.toBytes())
  })

  it('a stream has its batches in shards, too', async () => {
    const [one, two] = [create(), create()]
    const given = { epochs: 2, batchSize: 16, shards: 3, shuffle: false, dropout: 0.3 }
    await one.fit(data, given)
    const cut = (from: number, to?: number): FitData => ({
      x: data.x.slice(from, to),
      y: data.y.slice(from, to),
    })
    await two.fit(stream([cut(0, 32), cut(32)]), given)
    expect(two.toBytes()).toEqual(one.toBytes())
  })

  it('validation, early stopping and callbacks see what they see without', async () => {
    const seen: number[] = []
    const net = create()
    const { epochs, ended, bestEpoch } = await net.fit(data, {
      epochs: 30,
      batchSize: 16,
      shards: 3,
      validation: 0.3,
      earlyStopping: { patience: 2, minDelta: 0.01 },
      onBatch: ({ batch, loss }) => {
        net.predict(data.x)
        expect(loss).toBeGreaterThan(0)
        seen.push(batch)
      },
    })
    expect(seen.slice(0, 6)).toEqual([1, 2, 3, 1, 2, 3])
    expect([ended, epochs.length]).toEqual(['earlyStopping', Number(bestEpoch) + 2])
    expect(epochs[0].validation?.loss).toBeGreaterThan(0)
  })

  it.each<[string, FitOptions]>([
    ['between epochs', { epochs: 3 }],
    ['in the middle of an epoch', { onBatch: ({ epoch, batch }) => epoch < 3 || batch < 2 }],
  ])('resumed %s, it is what it would have been', async (_, stop) => {
    const path = join(tmpdir(), `shards-${process.pid}-${Math.random()}.safetensors`)
    try {
      const given: FitOptions = { epochs: 6, batchSize: 16, shards: 3, optimizer: adam(), dropout: 0.2 }
      const checkpoint = checkpointFile({ path, resume: true })
      const whole = create()
      await whole.fit(data, given)
      await create().fit(data, { ...given, checkpoint, ...stop })
      for (const shards of [2, undefined]) {
        const message = `RangeError: checkpoint.shards: expected ${shards ?? 'undefined'} as here, got 3; delete ${path} or give another path; resume left out overwrites it`
        const other = create().fit(data, any({ ...given, shards, checkpoint }))
        await expect(other.then(String, String)).resolves.toBe(message)
      }
      const resumed = create()
      await resumed.fit(data, { ...given, checkpoint })
      expect(resumed.toBytes()).toEqual(whole.toBytes())
    } finally {
      rmSync(path, { force: true })
    }
  })

  it('a loss or a weight that is no number any more ends it, and says where', async () => {
    const net = create()
    const before = net.parameters.slice()
    const options = { batchSize: 16, shards: 3, optimizer: sgd({ learningRate: 1e30 }) }
    const linear = new Network(layers, { activation: 'linear', seed: 3, precision, engine: engineOf[engine] })
    const infinite = linear.fit(data, { ...options, epochs: 40 }).then(String, String)
    await expect(infinite).resolves.toMatch(
      /^Error: fit: (the loss is (Infinity|NaN) in|a weight stopped being a finite number in) batch \d of epoch \d+; the weights are those (before the first epoch|after epoch \d+)$/,
    )
    expect(linear.gradients.every((value) => value === 0)).toBe(true)
    const schedule = (update: number): number => (update === 3 ? Number.MAX_VALUE : 1e-20)
    const heavy = { ...data, weights: new Array<number>(50).fill(1e10) }
    const overflow = net.fit(heavy, { ...options, schedule }).then(String, String)
    const message =
      'Error: fit: a weight stopped being a finite number in batch 4 of epoch 1; the weights are those before the first epoch'
    await expect(overflow).resolves.toBe(message)
    expect(net.parameters).toEqual(before)
  })
})

describe('fit in shards', () => {
  it('shards larger than a chunk and than a window, of a batch that is too', async () => {
    const data = dataOf(1200, 500)
    for (const engine of ['wasm', 'baseline'] as const) {
      const net = tanh([500, 3, 2], { engine: engineOf[engine] })
      await expectReference(net, data, {
        epochs: 2,
        batchSize: 1000,
        shards: 3,
        optimizer: sgd({ learningRate: 0.1 }),
      })
      const wide = tanh([500, 3, 2], { engine: engineOf[engine] })
      await expectReference(wide, data, { epochs: 1, batchSize: 1200, shards: 2, dropout: [0.5] })
    }
  })

  it('a wide network, whose chunks are smaller', async () => {
    await expectReference(tanh([4, 40_000, 2]), dataOf(500, 4), {
      batchSize: 450,
      shards: 2,
      optimizer: sgd(),
    })
  })

  it('relaxed arithmetic', async () => {
    for (const layers of sizes) {
      const [one, two] = [tanh(layers, { arithmetic: relaxed }), tanh(layers, { arithmetic: relaxed })]
      const data = dataOf(50, layers[0])
      await one.fit(data, { epochs: 2, shards: 3, batchSize: 30, shuffle: false, optimizer: sgd() })
      for (let epoch = 0; epoch < 2; ++epoch) {
        for (const [first, n] of [
          [0, 30],
          [30, 20],
        ]) {
          const part = tanh(layers, { arithmetic: relaxed })
          for (const shard of shardsOf(first, n, 10)) {
            const [x, y] = [data.x, data.y].map((all) => all.slice(shard.first, shard.first + shard.n))
            part.parameters.set(two.parameters)
            part.zeroGradients()
            part.accumulate(x, y)
            two.addGradients(part.gradients, shard.n)
          }
          two.update(sgd())
        }
      }
      expect(two.parameters).toEqual(one.parameters)
    }
  })

  it('on the default engine, shards of 256 samples have the bits of the whole batch', async () => {
    const data = dataOf(1300, 20)
    for (const precision of ['f32', 'f64'] as const) {
      const fit = async (options: FitOptions): Promise<Uint8Array> => {
        const net = tanh([20, 70, 2], { precision })
        await net.fit(data, { epochs: 2, optimizer: adam(), ...options })
        return net.toBytes()
      }
      expect(await fit({ batchSize: 512, shards: 2, shuffle: false })).toEqual(
        await fit({ batchSize: 512, shuffle: false }),
      )
      expect(await fit({ batchSize: 512, shards: 4 })).not.toEqual(await fit({ batchSize: 512 }))
    }
  })

  it('gives the event loop its turns within a batch', async () => {
    const net = new Network([100, 300, 10], { seed: 1 })
    const [x, y] = [new Float32Array(100 * 6000).fill(0.5), new Float32Array(10 * 6000)]
    const gaps: number[] = []
    let last = performance.now()
    const timer = setInterval(() => {
      gaps.push(performance.now() - last)
      last = performance.now()
    }, 0)
    await net.fit({ x, y }, { epochs: 2, batchSize: 6000, shards: 2, optimizer: sgd() })
    clearInterval(timer)
    expect(gaps.length).toBeGreaterThan(10)
  })

  it.each(['wasm', 'baseline'] as const)(
    'an abort in the middle of a batch leaves the last epoch, %s',
    async (engine) => {
      const net = new Network([100, 200, 10], { seed: 1, engine: engineOf[engine] })
      const data = { x: new Float32Array(100 * 4000).fill(0.5), y: new Float32Array(10 * 4000) }
      const options = { batchSize: 4000, shards: 4, optimizer: adam() }
      const before = net.toBytes()
      const controller = new AbortController()
      let turns = 0
      const timer = setInterval(() => {
        if (++turns === 3) controller.abort(new Error('enough'))
      }, 0)
      await expect(net.fit(data, { ...options, epochs: 1000, signal: controller.signal })).rejects.toThrow(
        'enough',
      )
      clearInterval(timer)
      expect(net.gradients.every((value) => value === 0)).toBe(true)
      const kept = net.toBytes()
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(net.toBytes()).toEqual(kept)
      const other = Network.fromBytes(before, { engine: engineOf[engine] })
      const short = { x: data.x.subarray(0, 1000), y: data.y.subarray(0, 100) }
      await other.fit(short, options)
      net.parameters.set(Network.fromBytes(before, { engine: engineOf[engine] }).parameters)
      await expect(net.fit(short, options)).resolves.toMatchObject({ ended: 'epochs' })
    },
  )

  it('dispose and a time limit end it', async () => {
    const data = { x: new Float32Array(100 * 4000).fill(0.5), y: new Float32Array(10 * 4000) }
    const options = { epochs: 1e6, batchSize: 4000, shards: 4 }
    const net = new Network([100, 200, 10], { seed: 1 })
    const fitting = net.fit(data, options)
    setTimeout(() => net.dispose(), 30)
    await expect(fitting).rejects.toThrow('fit: expected a network that is not disposed')
    const limited = new Network([100, 200, 10], { seed: 1 })
    await expect(limited.fit(data, { ...options, timeLimit: 0.05 })).resolves.toMatchObject({
      ended: 'timeLimit',
    })
  })

  it('wrong numbers of shards, and threads with them', async () => {
    const net = new Network([2, 1], { seed: 1 })
    const data = { x: [1, 2], y: [1] }
    const before = net.toBytes()
    for (const [options, message] of [
      [{ shards: 0 }, 'RangeError: shards: expected an integer >= 1 and <= 1024, got 0'],
      [{ shards: 1025 }, 'RangeError: shards: expected an integer >= 1 and <= 1024, got 1025'],
      [{ shards: 1.5 }, 'RangeError: shards: expected an integer >= 1 and <= 1024, got 1.5'],
      [{ shards: 'auto' }, 'TypeError: shards: expected an integer >= 1 and <= 1024, got "auto"'],
      [{ shards: 2, threads: 2 }, 'RangeError: threads: expected none with shards, or "auto", got 2'],
    ] as const) {
      await expect(net.fit(data, any(options)).then(String, String)).resolves.toBe(message)
    }
    expect(net.toBytes()).toEqual(before)
    await expect(net.fit(data, { shards: 1024, threads: 'auto' })).resolves.toMatchObject({ ended: 'epochs' })
  })
})

describe('shardsOf', () => {
  it('all have the same size, but for the last, which has what is left', () => {
    expect(shardsOf(7, 10, 4)).toEqual([
      { first: 7, n: 4 },
      { first: 11, n: 4 },
      { first: 15, n: 2 },
    ])
    expect(shardsOf(0, 8, 4).map(({ n }) => n)).toEqual([4, 4])
    expect(shardsOf(0, 3, 4).map(({ n }) => n)).toEqual([3])
  })
})

describe('sums from elsewhere', () => {
  const network = {
    inputs: 6,
    layers: [
      { units: 9, activation: 'tanh' },
      { units: 3, activation: 'softmax' },
    ],
    seed: 4,
  } as const satisfies LongOptions
  const data = {
    x: randomRows(50, 6, 1),
    y: Array.from({ length: 50 }, (_, i) => (i * i) % 3),
    weights: Array.from({ length: 50 }, (_, i) => 0.5 + (i % 3)),
  }
  const counting = { classWeights: 'balanced', labelSmoothing: 0.1, dropout: 0.3 } as const
  const options: FitOptions = { epochs: 3, batchSize: 16, shards: 5, optimizer: adam(), ...counting }

  const here: Pick<LocalSums, 'sums'> = LocalSums.prototype
  /** As it is before a test replaces it. */
  const { sums: sumsOf } = here

  /** As over a network: others have made the sums from the same options, whoever is free, the last shards first. */
  class Elsewhere {
    readonly #workers: readonly LocalSums[]

    constructor(workers: number, given: typeof network & Partial<LongOptions>) {
      this.#workers = Array.from({ length: workers }, () => sumsFor(given, data, counting).sums)
    }

    async *sums(step: ShardStep): AsyncGenerator<ShardSum, void> {
      const parameters = step.parameters.slice()
      const found = new Map<number, ShardSum>()
      for (let s = step.shards.length - 1; s >= 0; --s) {
        const worker = this.#workers[s % this.#workers.length]
        await new Promise((resolve) => setTimeout(resolve, s % 2))
        const alone = { ...step, parameters, shards: [step.shards[s]] }
        for await (const { sums, loss } of sumsOf.call(worker, alone)) {
          found.set(s, { sums: sums.slice(), loss })
        }
      }
      for (const [s] of step.shards.entries()) yield found.get(s) ?? expect.fail()
    }
  }

  it.each([1, 2, 3])('of %d others have the same bits', async (workers) => {
    for (const more of [{}, { precision: 'f64' }, { engine: engineOf.baseline }] as const) {
      const given = { ...network, ...more }
      const [one, two] = [new Network(given), new Network(given)]
      const expected = await one.fit(data, options)
      const elsewhere = new Elsewhere(workers, given)
      const replaced = vi.spyOn(here, 'sums').mockImplementation((step) => elsewhere.sums(step))
      const history = await two.fit(data, options)
      replaced.mockRestore()
      expect(history.epochs.map(({ loss }) => loss)).toEqual(expected.epochs.map(({ loss }) => loss))
      expect(two.toBytes()).toEqual(one.toBytes())
    }
  })

  it('what they throw ends the fit, with the network of the last epoch', async () => {
    const net = new Network(network)
    const before = net.parameters.slice()
    let steps = 0
    vi.spyOn(here, 'sums').mockImplementation(async function* (this: LocalSums, step) {
      yield* sumsOf.call(this, { ...step, shards: step.shards.slice(0, 2) })
      if (++steps === 2) throw new Error('no worker is left')
      yield* sumsOf.call(this, { ...step, shards: step.shards.slice(2) })
    })
    const message = 'Error: fit: no worker is left in epoch 1; the weights are those before the first epoch'
    await expect(net.fit(data, options).then(String, String)).resolves.toBe(message)
    expect(net.parameters).toEqual(before)
    expect(net.gradients.every((value) => value === 0)).toBe(true)
  })

  it('refuse what fit refuses', () => {
    expect(() => sumsFor(network, { x: [[1]], y: [0] })).toThrow('x[0]: expected 6 values (inputs), got 1')
    expect(() => sumsFor(network, data, { dropout: 2 })).toThrow(
      'dropout: expected a number >= 0 and < 1, got 2',
    )
  })
})
