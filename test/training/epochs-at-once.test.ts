/**
 * Epochs between which nobody looks are trained at once, and their reports are made when somebody reads them. That is
 * indistinguishable from one epoch after the other: the same bits, reports and errors.
 */
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'
import {
  adam,
  Network,
  sgd,
  type FitData,
  type FitOptions,
  type History,
  type ShortOptions,
} from '../../src/index.js'
import { randomRows } from '../support/random-rows.js'
import { any } from '../support/rows.js'

const xor = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
const seven = { x: randomRows(7, 3, 1), y: randomRows(7, 2, 2) }
const classes = { x: randomRows(7, 3, 1), y: [0, 1, 2, 2, 1, 0, 1] }

afterEach(() => vi.restoreAllMocks())

/** How many epochs each call into the module has trained, with a clock that stands still: each time 16 times as many. */
function countRuns(): number[] {
  vi.restoreAllMocks()
  const runs: number[] = []
  const engine: Pick<WasmEngine, 'trainEpochs'> = WasmEngine.prototype
  const { trainEpochs } = engine
  vi.spyOn(engine, 'trainEpochs').mockImplementation(function (this: WasmEngine, plan) {
    runs.push(plan.epochs)
    return trainEpochs.call(this, plan)
  })
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now)
  return runs
}

/** A history without what depends on the clock. */
function timeless({ epochs, ...rest }: History): unknown {
  return { ...rest, epochs: epochs.map(({ seconds, ...report }) => [report, seconds >= 0]) }
}

/** The network, and the history or the message. */
async function outcomeOf(net: Network, data: FitData, options: FitOptions): Promise<unknown> {
  try {
    return timeless(await net.fit(data, options))
  } catch (error) {
    return String(error)
  }
}

/** Fits one network as it is, and another while somebody looks; they are the same afterwards. */
async function compare(
  create: () => Network,
  data: FitData,
  ...fits: readonly FitOptions[]
): Promise<readonly [Network, unknown[]]> {
  const [one, other] = [create(), create()]
  const found: unknown[] = []
  for (const options of fits) {
    found.push(await outcomeOf(one, data, options))
    const expected = await outcomeOf(other, data, { ...options, onEpoch: () => undefined })
    expect(found.at(-1)).toEqual(expected)
    expect(one.toBytes()).toEqual(other.toBytes())
  }
  return [one, found]
}

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  const create = (sizes: readonly number[], options: ShortOptions = {}) => {
    return () => new Network(sizes, { activation: 'tanh', precision, seed: 5, ...options })
  }

  it.each([1, 2, 4, 18, 33, 1025, 2600])('%d epochs', async (epochs) => {
    for (const shuffle of [true, false]) {
      const runs = countRuns()
      await compare(create([2, 8, 1]), xor, { epochs, batchSize: 4, shuffle, optimizer: adam() })
      const expected: number[] = []
      // One is trained by itself, first or last, as are those that are watched.
      for (let [done, most] = [1, 16]; done < epochs - 1; most *= 16) {
        const many = Math.min(most, 1024, epochs - done)
        expected.push(many)
        done += many
      }
      expect(runs).toEqual(expected)
      vi.restoreAllMocks()
    }
  })

  it.each([
    ['small', [3, 5, 2]],
    ['wider than a vector', [3, 20, 2]],
    ['with a memory of its own', [3, 70, 2]],
    ['of one layer', [3, 2]],
  ] as const)('batches of every size, full or not: a network %s', async (_, sizes) => {
    const runs = countRuns()
    for (const batchSize of [1, 2, 3, 4, 7, 100]) {
      const optimizer = sgd({ learningRate: 0.05 })
      for (const shuffle of [true, false]) {
        await compare(create(sizes), seven, { epochs: 20, batchSize, optimizer, shuffle })
      }
    }
    expect(runs.length).toBeGreaterThan(0)
  })

  it.each([
    ['sgd', { optimizer: sgd({ momentum: 0.9, nesterov: true }) }],
    ['rprop', { optimizer: 'rprop' }],
    ['amsgrad', { optimizer: adam({ amsgrad: true, weightDecay: 0.01 }) }],
    ['l1 and l2', { l1: 0.01, l2: 0.1 }],
    ['clipped gradients', { clipGradients: { globalNorm: 0.1 } }],
    ['limited weights', { maxWeightNorm: 0.5 }],
    ['an average of the weights', { averageWeights: 0.9 }],
  ] as readonly (readonly [string, FitOptions])[])('%s', async (_, options) => {
    const runs = countRuns()
    await compare(
      create([3, 5, 2]),
      seven,
      { epochs: 30, batchSize: 3, ...options },
      { epochs: 3, ...options },
    )
    expect(runs.length).toBeGreaterThan(0)
  })

  it('weights of samples, and classes', async () => {
    const runs = countRuns()
    const weights = [1, 0, 2, 3, 0.5, 1, 1]
    await compare(create([3, 5, 2]), { ...seven, weights }, { epochs: 30, batchSize: 2 })
    const softmax = create([3, 5, 3], { activation: { hidden: 'tanh', output: 'softmax' } })
    await compare(softmax, classes, { epochs: 30, batchSize: 4 })
    await compare(softmax, { ...classes, weights }, { epochs: 30, batchSize: 4, shuffle: false })
    const without = create([3, 5, 2])()
    await without.fit(seven, { epochs: 30, batchSize: 2 })
    const [weighted] = await compare(create([3, 5, 2]), { ...seven, weights }, { epochs: 30, batchSize: 2 })
    expect(weighted.toBytes()).not.toEqual(without.toBytes())
    expect(runs.length).toBeGreaterThan(0)
  })

  it('one fit after the other: the order of an epoch is that of its number', async () => {
    countRuns()
    const fits = [3, 6, 1, 89, 2, 30].map((epochs) => ({ epochs, batchSize: 1, optimizer: sgd() }))
    const [several] = await compare(create([3, 5, 2]), seven, ...fits)
    const once = create([3, 5, 2])()
    const { epochs } = await once.fit(seven, { epochs: 131, batchSize: 1, optimizer: sgd() })
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 131 }, (_, i) => i + 1))
    expect(several.toBytes()).toEqual(once.toBytes())
  })

  it('the loss stops being finite in the middle: the network is that of the last good epoch', async () => {
    const data = { x: seven.x, y: seven.y.map((row) => row.map((y) => 10 * y)) }
    const linear = create([3, 4, 2], { activation: 'linear' })
    const gentle = { epochs: 30, batchSize: 2, optimizer: sgd({ learningRate: 1e-4 }) }
    const failed = new Set<number>()
    for (let step = 0; step < 24; ++step) {
      const diverging = { epochs: 400, batchSize: 4, optimizer: sgd({ learningRate: 0.1 * 1.07 ** step }) }
      const runs = countRuns()
      const [, [message]] = await compare(linear, data, diverging, gentle)
      if (typeof message !== 'string') continue
      const [, what, epoch] = /^Error: fit: (.+) is \w+ in batch \d of epoch (\d+);/.exec(message) ?? []
      expect(what).toBe('the loss')
      failed.add(Number(epoch))
      expect(runs.length).toBeGreaterThan(0)
    }
    expect(failed.size).toBeGreaterThan(5)
    expect(Math.max(...failed)).toBeGreaterThan(40)
  })

  it('a weight stops being finite in the middle, with a loss that is', async () => {
    // It grows by a fortieth of the largest number in each epoch; the bias, by turns, by nothing.
    const largest = precision === 'f64' ? Number.MAX_VALUE : 3.4e38
    const data = { x: [0.1, -0.1], y: [0.2 * largest, -0.2 * largest] }
    const diverging = { epochs: 400, batchSize: 2, optimizer: sgd({ learningRate: largest / 4 }) }
    const runs = countRuns()
    const single = create([1, 1], { activation: 'linear', loss: 'meanAbsolute' })
    const [net, [message]] = await compare(single, data, diverging, { ...diverging, epochs: 2 })
    expect(message).toMatch(/^Error: fit: a weight stopped being a finite number in batch 1 of epoch 4\d;/)
    const good = Number(/epoch (\d+)/.exec(String(message))?.[1]) - 1
    // All that were begun at once; then those that had ended well, again.
    expect(runs.slice(0, 3)).toEqual([16, 256, good - 17])
    const same = single()
    await same.fit(data, { ...diverging, epochs: good })
    await outcomeOf(same, data, { ...diverging, epochs: 2 })
    expect(net.toBytes()).toEqual(same.toBytes())
  })
})

describe('what ends a fit', () => {
  const create = (): Network => new Network([2, 8, 1], { activation: 'tanh', seed: 5 })
  /** More than can be trained before it ends. */
  const options = { epochs: 1e9, batchSize: 2, optimizer: sgd({ learningRate: 0.1 }) }

  /** The network is that of a fit of so many epochs. */
  async function expectEpochs(net: Network, epochs: number): Promise<History> {
    const same = create()
    const history = await same.fit(xor, { ...options, epochs })
    expect(net.toBytes()).toEqual(same.toBytes())
    return history
  }

  /** As the file has them. */
  function epochsOf(net: Network): number {
    const text = JSON.stringify(net)
    return Number(/"epochs":(\d+)/.exec(text)?.[1])
  }

  it('the time limit: as many reports as epochs', async () => {
    const net = create()
    const history = await net.fit(xor, { ...options, timeLimit: 0.03 })
    expect(history.ended).toBe('timeLimit')
    const { length } = history.epochs
    expect(length).toBeGreaterThan(100)
    const expected = await expectEpochs(net, length)
    expect(timeless({ ...history, ended: 'epochs' })).toEqual(timeless(expected))
  })

  it('a signal, in a later turn', async () => {
    const net = create()
    const controller = new AbortController()
    const fitted = net.fit(xor, { ...options, signal: controller.signal })
    setTimeout(() => {
      controller.abort(new Error('enough'))
    }, 20)
    await expect(fitted).rejects.toThrow('enough')
    const epochs = epochsOf(net)
    expect(epochs).toBeGreaterThan(100)
    await expectEpochs(net, epochs)
  })

  it('dispose, in a later turn', async () => {
    const net = create()
    const fitted = net.fit(xor, options)
    setTimeout(() => {
      net.dispose()
    }, 20)
    await expect(fitted).rejects.toThrow('fit: expected a network that is not disposed')
  })

  it('nothing else: other networks compute in the turns between', async () => {
    const [first, second, third] = [create(), create(), create()]
    const epochs = 30_000
    let turns = 0
    let isOver = false
    const disturb = (): void => {
      if (isOver) return
      ++turns
      third.train([0, 1], [1], options.optimizer)
      first.predict([3, 4])
      setImmediate(disturb)
    }
    setImmediate(disturb)
    await Promise.all([first, second].map((net) => net.fit(xor, { ...options, epochs })))
    isOver = true
    expect(turns).toBeGreaterThan(1)
    await expectEpochs(first, epochs)
    expect(second.toBytes()).toEqual(first.toBytes())
  })
})

describe('what looks between two epochs', () => {
  it.each([
    ['nobody', {}, true],
    ['onEpoch', { onEpoch: () => undefined }, false],
    ['onBatch', { onBatch: () => undefined }, false],
    ['a validation', { validation: seven }, false],
    ['early stopping', { earlyStopping: { patience: 100 } }, false],
    ['a schedule', { schedule: () => 0.001 }, false],
    ['dropout', { dropout: 0.5 }, false],
  ] as readonly (readonly [string, FitOptions, boolean])[])('%s', async (_, options, atOnce) => {
    const runs = countRuns()
    const [net, alone] = [0, 1].map(() => new Network([3, 5, 2], { seed: 5 }))
    const given = { epochs: 33, batchSize: 3, optimizer: adam() }
    const history = await net.fit(seven, { ...given, ...options })
    expect(history.epochs).toHaveLength(33)
    expect(runs.length > 0).toBe(atOnce)
    if (options.dropout !== undefined) return
    const { epochs } = await alone.fit(seven, given)
    expect(history.epochs.map(({ loss }) => loss)).toEqual(epochs.map(({ loss }) => loss))
    expect(net.toBytes()).toEqual(alone.toBytes())
  })
})

describe('a history', () => {
  const fitted = async (options: FitOptions = {}): Promise<History> => {
    countRuns()
    const net = new Network([2, 8, 1], { activation: 'tanh', seed: 5 })
    return net.fit(xor, { epochs: 20, batchSize: 4, optimizer: adam(), ...options })
  }

  /** With everything that nobody has looked at yet. */
  it.each([
    ['JSON', (history: History) => JSON.stringify(history)],
    ['structuredClone', (history: History) => structuredClone(history)],
    ['inspect', (history: History) => inspect(history, { depth: 5 })],
    ['spread', (history: History) => ({ ...history })],
    ['Object.assign', (history: History) => Object.assign({}, history)],
    ['keys', (history: History) => Object.keys(history)],
    ['entries', (history: History) => Object.entries(history)],
    ['for in', (history: History) => namesOf(history)],
    ['in', (history: History) => ['epochs' in history, Object.hasOwn(history, 'epochs')]],
    ['its prototype', (history: History) => Object.getPrototypeOf(history) as unknown],
    ['is frozen', (history: History) => Object.isFrozen(Object.freeze(history)) && history.epochs.length],
    ['destructuring', ({ epochs, ...rest }: History) => [epochs, rest]],
  ])('%s: like an object that has its reports', async (_, look) => {
    const history = look(await fitted())
    const [expected] = [look(await fitted({ onEpoch: () => undefined }))]
    expect(history).toEqual(expected)
  })

  it('reports are made once, and are in order', async () => {
    const history = await fitted()
    expect(history.epochs).toBe(history.epochs)
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    for (const { loss, batches, learningRate, seconds } of history.epochs) {
      expect([batches, learningRate, seconds]).toEqual([1, 0.001, 0])
      expect(loss).toBeGreaterThan(0)
    }
  })

  it('it may be written to', async () => {
    for (const look of [() => undefined, (history: History) => history.epochs]) {
      const history: Record<string, unknown> = any(await fitted())
      look(any(history))
      history.epochs = [1]
      history.note = 'x'
      expect(history.epochs).toEqual([1])
      expect({ ...history }).toEqual({ epochs: [1], ended: 'epochs', note: 'x' })
      expect(JSON.parse(JSON.stringify(history))).toEqual({ epochs: [1], ended: 'epochs', note: 'x' })
      expect(inspect(history)).toBe(inspect({ epochs: [1], ended: 'epochs', note: 'x' }))
      delete history.epochs
      expect('epochs' in history).toBe(false)
    }
  })
})

function namesOf(history: object): string[] {
  const names: string[] = []
  for (const name in history) names.push(name)
  return names
}
