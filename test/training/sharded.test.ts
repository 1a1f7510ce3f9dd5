/**
 * Samples that stay apart. What their training is, is written out here once more, with engines alone; and where they are
 * changes no bit.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import {
  adam,
  checkpointFile,
  Network,
  openShards,
  sgd,
  sharded,
  type FitData,
  type FitOptions,
  type Floats,
  type LongOptions,
  type ShardElsewhere,
  type ShardStep,
  type SharedWithoutData,
  type ShardSum,
  type SumsElsewhere,
} from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import type { Spec } from '../../src/definition/spec.js'
import { resolveOptimizer } from '../../src/definition/optimizers.js'
import { createEngine } from '../../src/engine/create.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'
import { stateOf } from '../../src/network/network.js'
import { LocalSums } from '../../src/training/local-sums.js'
import { resolveRegularization } from '../../src/training/regularization.js'
import { Shares } from '../../src/training/sharded-sums.js'
import fc from '../support/fast-check.js'
import { randomRows } from '../support/random-rows.js'
import { any } from '../support/rows.js'
import { engineOf } from '../support/ways.js'

type Rows = readonly number[][]
type Shards = readonly { readonly x: Rows; readonly y: Rows; readonly weights?: readonly number[] }[]

/** How many samples each shard has had among the first p, of small sizes. */
function had(sizes: readonly number[], p: number): number[] {
  if (sizes.length === 1) return [p]
  const sum = (some: readonly number[]): number => some.reduce((total, size) => total + size, 0)
  const cuts = sizes.slice(1).map((_, i) => i + 1)
  const uneven = cuts.map((cut) => Math.abs(sum(sizes.slice(0, cut)) - sum(sizes.slice(cut))))
  const cut = cuts[uneven.indexOf(Math.min(...uneven))]
  const [left, right] = [sizes.slice(0, cut), sizes.slice(cut)]
  const first = Math.floor((p * sum(left)) / sum(sizes) + 0.5)
  return [...had(left, first), ...had(right, p - first)]
}

/** Whose sample is the next. */
function turnsOf(sizes: readonly number[]): number[] {
  const samples = sizes.reduce((sum, size) => sum + size, 0)
  return Array.from({ length: samples }, (_, p) => {
    const [before, after] = [had(sizes, p), had(sizes, p + 1)]
    return after.findIndex((count, i) => count > before[i])
  })
}

/** Sums of one shard after the other, and one update a batch: as few lines as possible, on engines with room for all. */
function train(
  spec: Spec,
  initial: Floats,
  shards: Shards,
  options: FitOptions,
): { readonly losses: number[]; readonly parameters: Floats } {
  const { epochs = 1, batchSize = 32, accumulate = 1, shuffle = true } = options
  const sizes = shards.map(({ x }) => x.length)
  const turns = turnsOf(sizes)
  const total = createEngine(spec)
  total.parameters.set(initial)
  total.setOptimizer(resolveOptimizer(options.optimizer ?? 'adam'), resolveRegularization({ ...options }))
  const parts = shards.map(({ x, y, weights }) => {
    const part = createEngine(spec, x.length)
    part.x.set(x.flat())
    part.y.set(y.flat())
    if (weights !== undefined) part.weights.set(weights)
    return part
  })
  const losses = []
  for (let epoch = 0; epoch < epochs; ++epoch) {
    const orders = sizes.map((size, i) => {
      const order = Uint32Array.from({ length: size }, (_, k) => k)
      if (shuffle) new Random(spec.seed, `shuffle ${epoch} ${i}`).shuffle(order)
      return order
    })
    const key = new Random(spec.seed, `dropout ${epoch}`).bits()
    const taken = sizes.map(() => 0)
    let loss = 0
    for (let first = 0; first < turns.length; first += batchSize * accumulate) {
      const batch = turns.slice(first, first + batchSize * accumulate)
      let batchLoss = 0
      for (const [i, part] of parts.entries()) {
        const count = batch.filter((turn) => turn === i).length
        if (count === 0) continue
        const begin = taken[i]
        taken[i] += count
        part.parameters.set(total.parameters)
        part.gradients.fill(0)
        part.order.set(orders[i].subarray(begin, begin + count))
        const before = sizes.slice(0, i).reduce((sum, size) => sum + size, 0)
        const rates = options.dropout as readonly number[] | undefined
        batchLoss += part.accumulate(count, 0, {
          weighted: shards[i].weights !== undefined,
          dropout: rates && { rates: [...rates, 0], key, position: before + begin },
        })
        for (const [p, sum] of part.gradients.entries()) total.gradients[p] += sum
      }
      total.update(1 / batch.length)
      loss += batchLoss
    }
    losses.push(loss / turns.length)
  }
  return { losses, parameters: total.parameters }
}

const sizes = [7, 40, 1, 22]
const shards: Shards = sizes.map((size, i) => ({
  x: randomRows(size, 3, i),
  y: randomRows(size, 2, i + 100),
}))
const weighted: Shards = shards.map((shard) => {
  return { ...shard, weights: shard.x.map((_, s) => 0.5 + (s % 4)) }
})
const layers = { inputs: 3, layers: [{ units: 5, activation: 'tanh' }, { units: 2 }], seed: 3 } as const

describe.each(['wasm', 'baseline'] as const)('%s: sharded data', (engine) => {
  describe.each(['f32', 'f64'] as const)('%s', (precision) => {
    const create = (): Network => new Network({ ...layers, precision, engine: engineOf[engine] })

    it.each<[string, Shards, FitOptions]>([
      ['batches of 16', shards, { batchSize: 16 }],
      ['without an order', shards, { batchSize: 16, shuffle: false, optimizer: sgd({ momentum: 0.9 }) }],
      ['batches of one', shards, { batchSize: 1 }],
      ['one batch, of more than there are', shards, { batchSize: 100 }],
      ['accumulated', shards, { batchSize: 5, accumulate: 3 }],
      ['weights', weighted, { batchSize: 9 }],
      ['dropout', shards, { batchSize: 9, dropout: [0.4] }],
      ['all of it', weighted, { batchSize: 9, dropout: [0.4], l2: 0.01, clipGradients: { globalNorm: 1 } }],
      ['a single shard', shards.slice(1, 2), { batchSize: 16 }],
    ])('%s: is what it says', async (_, data, options) => {
      const net = create()
      const expected = train(stateOf('net', net).spec, net.parameters.slice(), data, {
        ...options,
        epochs: 3,
      })
      const { epochs } = await net.fit(sharded(data), { ...options, epochs: 3 })
      expect(epochs.map(({ loss }) => loss)).toEqual(expected.losses)
      expect(net.parameters).toEqual(expected.parameters)
    })

    it('one shard in its own order: shards: 1', async () => {
      const [one, other] = [create(), create()]
      const options = { epochs: 3, batchSize: 16, shuffle: false }
      await one.fit(sharded([shards[1]]), options)
      await other.fit(shards[1], { ...options, shards: 1 })
      expect(one.toBytes()).toEqual(other.toBytes())
    })

    it('is the mean over all samples, as of whole batches, but for rounding', async () => {
      const [one, other] = [create(), create()]
      const options = { epochs: 20, batchSize: 70, shuffle: false, optimizer: sgd({ learningRate: 0.1 }) }
      await one.fit(sharded(shards), options)
      const all = { x: shards.flatMap(({ x }) => x), y: shards.flatMap(({ y }) => y) }
      await other.fit(all, options)
      const most = precision === 'f64' ? 1e-14 : 1e-6
      for (const [p, value] of one.parameters.entries()) {
        expect(Math.abs(value - other.parameters[p])).toBeLessThan(most)
      }
    })
  })
})

describe('the shares of a batch', () => {
  it.each([
    [[1]],
    [[3, 3]],
    [[1, 2, 3]],
    [[100, 1]],
    [[1, 100]],
    [[7, 40, 1, 22]],
    [[1, 1, 1]],
    [[5, 1, 1, 1, 5]],
  ])('of %j: what each has had, at each point', (given) => {
    const shares = new Shares(given)
    const samples = given.reduce((sum, size) => sum + size, 0)
    for (let p = 0; p <= samples; ++p) expect(shares.of(p)).toEqual(had(given, p))
  })

  it('fewer than two samples more or less than its size asks for, of whatever sizes; never fewer than before', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 300 }))
    const some = fc.oneof(
      fc.array(size, { minLength: 1, maxLength: 12 }),
      // One that is large, among many alike.
      fc
        .tuple(
          fc.integer({ min: 1, max: 1000 }),
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 1, max: 300 }),
        )
        .map(([large, small, count]) => [large, ...new Array<number>(count).fill(small)]),
      fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 1000 })).map(([at, large]) => {
        return Array.from({ length: 9 }, (_, i) => (i === at ? large : 1))
      }),
    )
    fc.assert(
      fc.property(some, (given) => {
        const shares = new Shares(given)
        const samples = given.reduce((sum, each) => sum + each, 0)
        let before = given.map(() => 0)
        const step = Math.ceil(samples / 50)
        for (let p = 0; p <= samples; p += 1 + (p % step)) {
          const now = shares.of(p)
          expect(now.reduce((sum, count) => sum + count, 0)).toBe(p)
          const away = now.map((count, i) => Math.abs(count - (p * given[i]) / samples))
          expect(Math.max(...away)).toBeLessThan(2)
          expect(now.every((count, i) => count >= before[i])).toBe(true)
          before = now
        }
        expect(shares.of(samples)).toEqual(given)
      }),
      { numRuns: 200 },
    )
  })

  it('of as many samples as there may be', () => {
    const given = [2 ** 31, 2 ** 31 - 2, 1]
    const shares = new Shares(given)
    for (const p of [0, 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]) {
      expect(shares.of(p).reduce((sum, count) => sum + count)).toBe(p)
    }
    expect(shares.of(2 ** 32 - 1)).toEqual(given)
  })
})

/** As on another machine: all that is known there came as JSON would bring it. */
class Elsewhere implements ShardElsewhere {
  readonly name = 'shard'
  readonly #data: unknown
  open = 0
  /** Called before each sum. */
  before: () => unknown = () => undefined

  constructor(data: unknown) {
    this.#data = data
  }

  readonly openShard = (shared: SharedWithoutData): Promise<SumsElsewhere> => {
    const told = JSON.parse(JSON.stringify(shared)) as SharedWithoutData
    const there = openShards({ ...told, data: this.#data as FitData })
    this.open += 1
    let isOpen = true
    const before = (): unknown => this.before()
    return Promise.resolve({
      samples: there.samples,
      fingerprint: there.fingerprint(),
      mayHang: true,
      async *sums({
        parameters,
        stream,
        dropoutKey,
        offset,
        shards,
      }: ShardStep): AsyncGenerator<ShardSum, void> {
        const sent = parameters.slice()
        await before()
        for (const { first, n } of shards) {
          yield await there.sum({ parameters: sent, stream, dropoutKey, offset, first, n })
        }
      },
      end: () => {
        if (isOpen) this.open -= 1
        isOpen = false
      },
    })
  }
}

describe('samples elsewhere', () => {
  const network: LongOptions = {
    inputs: 3,
    layers: [
      { units: 5, activation: 'relu' },
      { units: 3, activation: 'softmax' },
    ],
    loss: 'categoricalCrossEntropy',
    seed: 4,
  }
  const classes = shards.map(({ x }) => ({ x, y: x.map((_, s) => (s * s) % 3) }))
  const options: FitOptions = {
    epochs: 4,
    batchSize: 16,
    optimizer: adam(),
    dropout: 0.3,
    labelSmoothing: 0.1,
    classWeights: [1, 2, 0.5],
    validation: classes[1],
  }

  it.each<[string, Partial<LongOptions>]>([
    ['f32', {}],
    ['f64', { precision: 'f64' }],
  ])('%s: the same bits, of all, some or none', async (_, more) => {
    const [here, ...others] = await Promise.all(
      [[], [0], [1, 3], [0, 1, 2, 3]].map(async (away) => {
        const net = new Network({ ...network, ...more })
        const given = classes.map((shard, i) => (away.includes(i) ? new Elsewhere(shard) : shard))
        const { epochs } = await net.fit(sharded(given), options)
        for (const each of given) if (each instanceof Elsewhere) expect(each.open).toBe(0)
        return [net.toBytes(), epochs.map(({ loss, validation }) => [loss, validation?.loss])]
      }),
    )
    for (const other of others) expect(other).toEqual(here)
  })

  it('are summed at the same time', async () => {
    const both = [new Elsewhere(classes[0]), new Elsewhere(classes[1])]
    let [waiting, most] = [0, 0]
    for (const each of both) {
      each.before = async () => {
        most = Math.max(most, ++waiting)
        await new Promise((resolve) => setTimeout(resolve, 5))
        waiting -= 1
      }
    }
    await new Network(network).fit(sharded(both), { epochs: 1, batchSize: 16 })
    expect(most).toBe(2)
  })

  it('one that fails ends the fit, and all others', async () => {
    const both = [new Elsewhere(classes[0]), new Elsewhere(classes[1])]
    let steps = 0
    both[1].before = () => {
      if (++steps === 4) throw new Error('no worker has it any more')
    }
    const net = new Network(network)
    const failed = net.fit(sharded([...both, classes[2]]), { epochs: 3, batchSize: 24 })
    await expect(failed).rejects.toThrow(
      'fit: no worker has it any more in epoch 2; the weights are those after epoch 1',
    )
    expect(both.map(({ open }) => open)).toEqual([0, 0])
  })

  it('one that cannot be opened ends the fit, and all others', async () => {
    const one = new Elsewhere(classes[0])
    const wrong = new Elsewhere({ x: [[1]], y: [0] })
    const net = new Network(network)
    const failed = net.fit(sharded([one, wrong]), { epochs: 3 })
    await expect(failed).rejects.toThrow('x[0]: expected 3 values (inputs), got 1')
    await new Promise((resolve) => setTimeout(resolve))
    expect(one.open).toBe(0)
  })

  it('one that is never open is waited for until the signal aborts, or the time is up', async () => {
    const one = new Elsewhere(classes[0])
    const never: ShardElsewhere = { name: 'shard', openShard: () => new Promise(() => undefined) }
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 5)
    const net = new Network(network)
    await expect(net.fit(sharded([one, never]), { signal: controller.signal })).rejects.toThrow('enough')
    const { ended } = await net.fit(sharded([one, never]), { timeLimit: 0.01 })
    expect([ended, one.open]).toEqual(['timeLimit', 0])
  })

  it('what they say is not taken on trust', async () => {
    const net = new Network(network)
    const saying = (more: object): ShardElsewhere => ({
      name: 'shard',
      openShard: async (shared) => ({ ...(await new Elsewhere(classes[0]).openShard(shared)), ...more }),
    })
    const first = new Elsewhere(classes[0])
    for (const samples of [0, -1, 1.5, NaN, '7', undefined, 2 ** 32]) {
      await expect(net.fit(sharded([first, saying({ samples })]))).rejects.toThrow(
        /^data\[1\]\.samples: expected an integer >= 1 and <= 4294967288, got /,
      )
    }
    for (const fingerprint of ['', 7, undefined]) {
      await expect(net.fit(sharded([first, saying({ fingerprint })]))).rejects.toThrow(
        /^data\[1\]\.fingerprint: expected a text, got /,
      )
    }
    const nothing = { name: 'shard', openShard: () => Promise.resolve(undefined) }
    await expect(net.fit(sharded(any([first, nothing])))).rejects.toThrow('data[1]: expected an object')
    await new Promise((resolve) => setTimeout(resolve))
    expect(first.open).toBe(0)
    const sums = (answer: object) => () =>
      (async function* () {
        yield await Promise.resolve(answer)
      })()
    for (const answer of [{ sums: new Float32Array(3), loss: 1 }, { sums: new Float32Array(38) }, {}]) {
      await expect(net.fit(sharded([saying({ sums: sums(answer) })]))).rejects.toThrow(
        'fit: expected a loss and 38 sums of a shard, got others in epoch 1',
      )
    }
    const none = async function* (): AsyncGenerator<ShardSum> {}
    await expect(net.fit(sharded([saying({ sums: none })]))).rejects.toThrow(
      'fit: expected the sums of a shard in',
    )
  })

  it('this thread sums what is here while others are awaited', async () => {
    const one = new Elsewhere(classes[0])
    const [net, expected] = [new Network(network), new Network(network)]
    const sums = vi.spyOn(LocalSums.prototype, 'sums')
    const begun: number[] = []
    one.before = async () => {
      const before = sums.mock.calls.length
      await new Promise((resolve) => setTimeout(resolve, 5))
      begun.push(sums.mock.calls.length - before)
    }
    await net.fit(sharded([one, classes[1], classes[3]]), { batchSize: 100 })
    sums.mockRestore()
    // Elsewhere is a LocalSums as well, which has not begun yet.
    expect(begun).toEqual([2])
    await expected.fit(sharded([classes[0], classes[1], classes[3]]), { batchSize: 100 })
    expect(net.parameters).toEqual(expected.parameters)
  })

  it('an end that throws ends all others, and the fit', async () => {
    const [one, other] = [new Elsewhere(classes[0]), new Elsewhere(classes[1])]
    const throwing: ShardElsewhere = {
      name: 'shard',
      openShard: async (shared) => ({
        ...(await one.openShard(shared)),
        end: () => {
          throw new Error('no end')
        },
      }),
    }
    const net = new Network(network)
    await net.fit(sharded([throwing, other]))
    expect(other.open).toBe(0)
    await expect(net.fit(sharded([other]))).resolves.toMatchObject({ ended: 'epochs' })
  })

  it.each<[string, Partial<LongOptions>, string]>([
    ['the baseline', { engine: engineOf.baseline }, 'baseline, exact'],
    ['relaxed arithmetic', { arithmetic: relaxed }, 'wasm, relaxed'],
  ])('are none of %s, which has other bits elsewhere', async (_, more, got) => {
    const net = new Network({ ...network, ...more })
    await expect(net.fit(sharded([classes[0], new Elsewhere(classes[1])]))).rejects.toThrow(
      `data[1]: expected a network of the engine 'wasm' with exact arithmetic, got ${got}`,
    )
  })
})

describe('checkpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sharded-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const create = (): Network => new Network(layers)
  const options: FitOptions = { epochs: 6, batchSize: 16, dropout: [0.2] }

  it.each([
    ['between two epochs', 3, 5],
    ['within an epoch', 3, 2],
  ])('stopped %s: the same bits, wherever the shards are then', async (name, epoch, batch) => {
    const path = join(folder, name)
    const [whole, stopped] = [create(), create()]
    await whole.fit(sharded(shards), options)
    await stopped.fit(sharded([shards[0], new Elsewhere(shards[1]), ...shards.slice(2)]), {
      ...options,
      checkpoint: checkpointFile(path),
      onBatch: (report) => report.epoch < epoch || report.batch < batch,
    })
    const resumed = create()
    const { epochs } = await resumed.fit(sharded([new Elsewhere(shards[0]), ...shards.slice(1)]), {
      ...options,
      checkpoint: checkpointFile({ path, resume: true }),
    })
    expect(epochs).toHaveLength(6)
    expect(resumed.parameters).toEqual(whole.parameters)
  })

  it('other shards are refused, unless they are meant', async () => {
    const path = join(folder, 'others')
    await create().fit(sharded(shards), { ...options, epochs: 2, checkpoint: checkpointFile(path) })
    const resume = (data: FitData | ReturnType<typeof sharded>, otherData = false): Promise<unknown> =>
      create().fit(data, { ...options, checkpoint: checkpointFile({ path, resume: true, otherData }) })
    const changed = { ...shards[1], x: randomRows(40, 3, 77) }
    const other = [shards[0], changed, ...shards.slice(2)]
    await expect(resume(sharded(other))).rejects.toThrow(
      'checkpoint.data[1]: expected the samples that it was trained on, got others',
    )
    const merged = { x: shards.flatMap(({ x }) => x), y: shards.flatMap(({ y }) => y) }
    await expect(resume(merged)).rejects.toThrow(
      'checkpoint.data: expected 4 shards, as there were, got none',
    )
    await expect(resume(sharded([merged]))).rejects.toThrow(
      'checkpoint.data: expected 4 shards, as there were, got 1',
    )
    await expect(resume(sharded(other), true)).resolves.toMatchObject({ ended: 'epochs' })
    await create().fit(merged, { ...options, epochs: 2, checkpoint: checkpointFile(path) })
    await expect(resume(sharded(shards))).rejects.toThrow(
      'checkpoint.data: expected no shards, as there were, got 4',
    )
  })
})

describe('what is wrong is named', () => {
  const net = new Network(layers)

  it.each([
    [[], 'sharded: expected 1 to 1024 shards, got 0'],
    [new Array(1025).fill(shards[0]), 'sharded: expected 1 to 1024 shards, got 1025'],
    [shards[0], 'sharded: expected an array of samples { x, y }, got an object'],
    [undefined, 'sharded: expected an array of samples { x, y }, got undefined'],
  ])('%#', (given, message) => {
    expect(() => sharded(any(given))).toThrow(message)
  })

  it.each<[string, unknown[], string]>([
    ['no samples', [shards[0], 7], 'data[1]: expected an object'],
    [
      'other inputs',
      [shards[0], { x: [[1]], y: [[1, 2]] }],
      'data[1].x[0]: expected 3 values (inputs), got 1',
    ],
    ['no y', [{ x: shards[0].x }], 'data[0].y: expected'],
  ])('%s', async (_, given, message) => {
    await expect(net.fit(sharded(any(given)))).rejects.toThrow(message)
  })

  it.each<[FitOptions, string]>([
    [{ shards: 2 }, 'shards: expected none with sharded data, which has its own, got 2'],
    [{ threads: 2 }, 'threads: expected none with sharded data, or "auto", got 2'],
    [
      { classWeights: 'balanced' },
      'classWeights: expected a number per class with sharded data, got "balanced"',
    ],
    [{ validation: 0.2 }, 'validation: expected samples { x, y } beside sharded data, got 0.2'],
    [
      { on: { name: 'cluster', openSums: () => Promise.reject(new Error('never')) } },
      'on: expected none with sharded data, whose shards say where they are',
    ],
  ])('%j', async (options, message) => {
    await expect(net.fit(sharded(shards), options)).rejects.toThrow(message)
  })

  it('a loss or a weight that is not finite any more, by its batch', async () => {
    const fit = (learningRate: number, y: Rows = shards[1].y): Promise<unknown> =>
      new Network(layers).fit(sharded([shards[0], { x: shards[1].x, y }]), {
        epochs: 3,
        batchSize: 16,
        optimizer: sgd({ learningRate }),
      })
    const huge = shards[1].y.map((row) => row.map(() => 3e38))
    await expect(fit(0.1, huge)).rejects.toThrow(/^fit: the loss is (NaN|Infinity) in batch 1 of epoch 1; /)
    await expect(fit(3e38)).rejects.toThrow(
      /^fit: (the loss is|a weight stopped being) .* batch \d of epoch 1; /,
    )
  })

  it('what the caller writes to afterwards is not seen', async () => {
    const [one, other] = [new Network(layers), new Network(layers)]
    const flat = { x: new Float32Array(shards[1].x.flat()), y: new Float32Array(shards[1].y.flat()) }
    await other.fit(sharded([flat, shards[0]]), { epochs: 2 })
    const fitted = one.fit(sharded([flat, shards[0]]), { epochs: 2 })
    flat.x.fill(0)
    flat.y.fill(0)
    await fitted
    expect(one.parameters).toEqual(other.parameters)
  })
})
