/** Shards that are summed elsewhere: fit's option `on`, with a cluster that hands plain copies of everything to openShards. */
import { describe, expect, it } from 'vitest'
import {
  adam,
  Network,
  openShards,
  stream,
  type FitData,
  type FitOptions,
  type ShardCluster,
  type ShardSum,
  type ShardSums,
} from '../../src/index.js'
import { baseline } from '../../src/engine/baseline/index.js'
import { randomRows } from '../support/random-rows.js'

const x = randomRows(50, 4, 5)
const y = x.map(([a, b]) => Number(a > b) + Number(a > 2 * b))
const rows = y.map((label) => [0, 1, 2].map((c) => Number(c === label)))
const softmax = { activation: { hidden: 'tanh', output: 'softmax' }, seed: 3 } as const
const fit = { epochs: 3, batchSize: 20, shards: 3, optimizer: adam({ learningRate: 0.02 }) } as const
const weights = x.map(([a]) => Math.abs(a))

/** Sums each shard at a machine of its own, to which everything is copied, the last shard first. */
const copies: ShardCluster = {
  name: 'cluster',
  openSums(shared, { shards }): Promise<ShardSums> {
    const machines = Array.from({ length: shards }, () => openShards(structuredClone(shared)))
    async function* sums({
      shards: parts,
      ...step
    }: Parameters<ShardSums['sums']>[0]): AsyncGenerator<ShardSum> {
      const found: ShardSum[] = []
      for (let s = parts.length - 1; s >= 0; --s) {
        found[s] = structuredClone(await machines[s].sum(structuredClone({ ...step, ...parts[s] })))
      }
      yield* found
    }
    return Promise.resolve({ mayHang: true, sums })
  },
}

describe('on a cluster', () => {
  it.each<[string, FitData, object, FitOptions]>([
    ['rows of outputs', { x, y: rows }, {}, {}],
    ['class numbers', { x, y }, {}, {}],
    [
      'class numbers, smoothed, with class weights',
      { x, y },
      {},
      { labelSmoothing: 0.1, classWeights: 'balanced' },
    ],
    ['rows, smoothed, weighted', { x, y: rows, weights }, {}, { labelSmoothing: 0.1 }],
    [
      'f64, dropout, a schedule, a validation',
      { x, y },
      { precision: 'f64' },
      {
        dropout: 0.2,
        schedule: { type: 'cosine', totalSteps: 9 },
        validation: 0.2,
      },
    ],
    [
      'penalties, clipping, an average',
      { x, y },
      {},
      { l2: 0.01, clipGradients: { globalNorm: 0.5 }, averageWeights: 0.9 },
    ],
    ['no shuffling', { x, y }, {}, { shuffle: false }],
  ])('%s: the bits of shards here', async (_, data, network, options) => {
    const [here, there] = [
      new Network([4, 6, 3], { ...softmax, ...network }),
      new Network([4, 6, 3], { ...softmax, ...network }),
    ]
    const expected = await here.fit(data, { ...fit, ...options })
    const history = await there.fit(data, { ...fit, ...options, on: copies })
    expect(there.toBytes()).toEqual(here.toBytes())
    expect(history.epochs.map(({ loss }) => loss)).toEqual(expected.epochs.map(({ loss }) => loss))
  })

  const saying = (sums: ShardSum[]): ShardCluster => ({
    name: 'cluster',
    openSums: () =>
      Promise.resolve({
        mayHang: true,
        async *sums() {
          yield* await Promise.resolve(sums)
        },
      }),
  })
  const sum = { sums: new Float32Array(51), loss: 1 }

  it.each([
    [[sum, sum], 'expected the sums of 3 shards, got 2'],
    [[sum, sum, sum, sum], 'expected the sums of 3 shards, got more'],
    [[{ ...sum, sums: new Float32Array(50) }], 'expected a loss and 51 sums of a shard, got others'],
    [[{ ...sum, sums: new Float64Array(51) }], 'expected a loss and 51 sums of a shard, got others'],
    [
      [{ sums: sum.sums, loss: '1' as unknown as number }],
      'expected a loss and 51 sums of a shard, got others',
    ],
  ])('that answers what it should not: %#', async (sums, message) => {
    const net = new Network([4, 6, 3], softmax)
    const before = net.toBytes()
    const run = net.fit({ x, y }, { ...fit, on: saying(sums) }).then(String, String)
    expect(await run).toBe(`Error: fit: ${message} in epoch 1; the weights are those before the first epoch`)
    expect(net.parameters).toEqual(Network.fromBytes(before).parameters)
  })

  it.each([
    [
      { on: 'nats://localhost' },
      'RangeError: on: expected cluster, which is imported, got "nats://localhost"; import { cluster } from \'deltaprop-cluster\'',
    ],
    [{ shards: undefined, on: copies }, 'RangeError: on: expected the option shards with it'],
  ])('refuses %#', async (options, message) => {
    const run = new Network([4, 6, 3], softmax).fit({ x, y }, { ...fit, ...options } as unknown as FitOptions)
    expect(await run.then(String, String)).toBe(message)
  })

  it('refuses a stream, and an engine with other bits', async () => {
    const net = new Network([4, 6, 3], softmax)
    expect(await net.fit(stream([{ x, y }]), { ...fit, epochs: 1, on: copies }).then(String, String)).toBe(
      'RangeError: on: expected none with a stream',
    )
    const other = new Network([4, 6, 3], { ...softmax, engine: baseline })
    expect(await other.fit({ x, y }, { ...fit, on: copies }).then(String, String)).toBe(
      "RangeError: on: expected a network of the engine 'wasm' with exact arithmetic, got baseline, exact",
    )
  })
})

describe('openShards', () => {
  const network = { inputs: 1, layers: [{ units: 1, activation: 'linear' as const }], seed: 1 }
  const shared = { network, data: { x: [1, 2, 3], y: [2, 4, 6] }, options: {} }
  const request = { parameters: new Float32Array([1, 0]), stream: undefined, dropoutKey: 0, first: 0, n: 3 }

  it('sums as accumulate does', async () => {
    const net = new Network(network)
    net.parameters.set([1, 0])
    const loss = net.accumulate([1, 2, 3], [2, 4, 6])
    const sum = await openShards(shared).sum(request)
    expect(sum.sums).toEqual(net.gradients)
    expect(sum.loss).toBe(loss)
  })

  it.each([
    [
      { parameters: new Float32Array(3) },
      "TypeError: request.parameters: expected 2 finite numbers in the network's precision, got a Float32Array",
    ],
    [
      { parameters: new Float64Array(2) },
      "TypeError: request.parameters: expected 2 finite numbers in the network's precision, got a Float64Array",
    ],
    [
      { parameters: new Float32Array([NaN, 0]) },
      "TypeError: request.parameters: expected 2 finite numbers in the network's precision, got a Float32Array",
    ],
    [{ first: 3 }, 'RangeError: request.first: expected an integer >= 0 and <= 2, got 3'],
    [{ n: 4 }, 'RangeError: request.n: expected an integer >= 1 and <= 3, got 4'],
    [{ offset: -1 }, 'RangeError: request.offset: expected an integer >= 0, got -1'],
    [{ stream: 4 }, 'TypeError: request.stream: expected a text or undefined, got 4'],
    [
      { more: 4 },
      'RangeError: request: expected one of parameters, stream, dropoutKey, offset, first, n, got "more"',
    ],
  ])('refuses %#', async (more, message) => {
    const run = openShards(shared).sum({ ...request, ...more } as typeof request)
    expect(await run.then(String, String)).toBe(message)
  })

  it('says what it has: how many samples, in which precision, and which', () => {
    const prints = [
      {},
      { data: { x: [1, 2, 3], y: [2, 4, 7] } },
      { data: { x: [1, 2, 3], y: [2, 4, 6], weights: [1, 1, 1] } },
      { network: { ...network, precision: 'f64' as const } },
    ].map((more) => openShards({ ...shared, ...more }).fingerprint())
    expect(new Set(prints).size).toBe(4)
    const again = openShards(structuredClone(shared))
    expect([again.fingerprint(), again.fingerprint()]).toEqual([prints[0], prints[0]])
    expect([again.samples, again.parameters, again.precision]).toEqual([3, 2, 'f32'])
    const double = openShards({ ...shared, network: { ...network, precision: 'f64' } })
    expect(double.precision).toBe('f64')
  })

  it('counts dropout from the offset on', async () => {
    const wide = { inputs: 1, layers: [{ units: 40 }, { units: 1, activation: 'linear' as const }], seed: 1 }
    const given = { network: wide, data: shared.data, options: { dropout: [0.5] } }
    const shards = openShards(given)
    const parameters = new Float32Array(shards.parameters).fill(0.1)
    const summed = async (more: object): Promise<unknown> =>
      (await shards.sum({ ...request, parameters, dropoutKey: 7, n: 1, ...more })).sums
    const [none, zero, one] = [await summed({}), await summed({ offset: 0 }), await summed({ offset: 1 })]
    expect(zero).toEqual(none)
    expect(one).not.toEqual(none)
    // Afterwards it is 0 again.
    expect(await summed({})).toEqual(none)
  })

  it('refuses weights of classes that need all samples', () => {
    const options = { classWeights: 'balanced' as unknown as number[] }
    expect(() => openShards({ ...shared, options })).toThrow(
      'options.classWeights: expected a number per class, got "balanced"',
    )
  })

  it('refuses what Network and fit refuse', () => {
    expect(() => openShards({ ...shared, data: { x: [1, 2], y: [1] } })).toThrow(/^y: /)
    expect(() => openShards({ ...shared, options: { dropout: [2] } })).toThrow(/^dropout/)
    expect(() => openShards({ ...shared, more: 1 } as typeof shared)).toThrow(/^shared: .*"more"$/)
  })
})
