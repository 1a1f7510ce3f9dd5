/** Copies, changes, children and predictions of many networks. */
import { describe, expect, it } from 'vitest'
import { adam, clone, crossover, mutate, Network, predictAll } from '../../src/index.js'
import { engineOf } from '../support/ways.js'

const engines = ['wasm', 'baseline'] as const
const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }

describe.each(engines)('%s', (engine) => {
  const create = (seed: number, sizes = [2, 8, 1]): Network =>
    new Network(sizes, { activation: 'tanh', seed, engine: engineOf[engine] })

  it('a clone has the same numbers and the state of its training, and shares nothing', async () => {
    const net = create(1)
    net.metadata = { author: 'me' }
    await net.fit(data, { epochs: 5, batchSize: 2, optimizer: adam })
    net.accumulate([0, 1], [1])
    const copy = clone(net)
    expect(copy.toBytes()).toEqual(net.toBytes())
    net.zeroGradients()
    expect(copy.layers[0].weightGradients.some((g) => g !== 0)).toBe(true)
    copy.zeroGradients()
    for (const each of [net, copy]) await each.fit(data, { epochs: 3, batchSize: 2, optimizer: adam })
    expect(copy.toBytes()).toEqual(net.toBytes())
    copy.layers[0].weights[0] += 1
    expect(copy.predict([1, 1])).not.toEqual(net.predict([1, 1]))
    net.dispose()
    expect(copy.predict([1, 1])).toHaveLength(1)
  })

  it('mutate changes as many parameters as it should, by as much as it should, always the same', () => {
    const net = create(1, [20, 40, 3])
    const before = valuesOf(net)
    expect(mutate(net, { rate: 0.25, scale: 0.5, seed: 3 })).toBe(net)
    const steps = valuesOf(net).map((value, i) => value - before[i])
    const changed = steps.filter((step) => step !== 0)
    expect(changed.length / steps.length).toBeCloseTo(0.25, 1)
    const deviation = Math.sqrt(changed.reduce((sum, step) => sum + step ** 2, 0) / changed.length)
    expect(deviation).toBeGreaterThan(0.4)
    expect(deviation).toBeLessThan(0.6)
    const twin = mutate(create(1, [20, 40, 3]), { rate: 0.25, scale: 0.5, seed: 3 })
    expect(valuesOf(twin)).toEqual(valuesOf(net))
    expect(valuesOf(mutate(create(1, [20, 40, 3]), { rate: 0, seed: 3 }))).toEqual(before)
    expect(
      valuesOf(mutate(create(1, [20, 40, 3]), { seed: 3 })).every((value, i) => value !== before[i]),
    ).toBe(true)
  })

  it('mutate keeps the optimiser and what it has learnt', () => {
    const net = create(1)
    net.train(data.x, data.y, adam({ learningRate: 0.1 }))
    const slots = net.toJSON()
    mutate(net, { scale: 0, seed: 1 })
    expect(net.toJSON()).toEqual(slots)
  })

  it('of a child, each neuron is that of one parent', () => {
    const [a, b] = [create(1, [5, 40, 30]), create(2, [5, 40, 30])]
    const child = crossover(a, b, { seed: 7 })
    let fromA = 0
    for (const [l, { weights, biases, inputs, units }] of child.layers.entries()) {
      for (let j = 0; j < units; ++j) {
        const row = (net: Network): number[] => [
          ...net.layers[l].weights.subarray(j * inputs, (j + 1) * inputs),
          net.layers[l].biases[j],
        ]
        const own = [...weights.subarray(j * inputs, (j + 1) * inputs), biases[j]]
        expect([row(a), row(b)]).toContainEqual(own)
        fromA += Number(own[0] === row(a)[0])
      }
    }
    expect(fromA).toBeGreaterThan(20)
    expect(fromA).toBeLessThan(50)
    expect(child.seed).toBe(7)
    expect(valuesOf(crossover(a, b, { seed: 7 }))).toEqual(valuesOf(child))
    expect(valuesOf(crossover(a, b, { seed: 8 }))).not.toEqual(valuesOf(child))
  })

  it('predictAll is predict of each', () => {
    const nets = Array.from({ length: 50 }, (_, i) => create(i))
    const others = [...nets, create(99, [2, 3, 4, 1]), create(98, [2, 1])]
    const rows = others.map((_, i) => [i / 10, 1 - i / 7])
    const expected = others.flatMap((net, i) => Array.from(net.predict(rows[i])))
    expect(Array.from(predictAll(others, rows))).toEqual(expected)
    const out = new Float32Array(others.length)
    expect(predictAll(others, Float32Array.from(rows.flat()), out)).toBe(out)
    expect(Array.from(out)).toEqual(expected)
  })

  it('a network that is being fitted can be copied and asked, but not changed', async () => {
    const net = create(1)
    const fitted = net.fit(data, { epochs: 3, onEpoch: () => new Promise((resolve) => setTimeout(resolve)) })
    await new Promise((resolve) => setTimeout(resolve))
    expect(valuesOf(clone(net))).toEqual(valuesOf(net))
    expect(predictAll([net], [1, 2])).toEqual(net.predict([1, 2]))
    expect(() => mutate(net)).toThrow('mutate: expected a network that is not being fitted')
    await fitted
  })
})

function valuesOf({ layers }: Network): number[] {
  return layers.flatMap(({ weights, biases }) => [...weights, ...biases])
}

describe('what is wrong', () => {
  const net = new Network([2, 3, 1], { seed: 1 })
  const leaky = (slope: number): Network =>
    new Network([2, 3, 1], { activation: { hidden: { type: 'leakyRelu', slope } } })
  const elu = (alpha: number): Network =>
    new Network([2, 3, 1], { activation: { hidden: { type: 'elu', alpha } } })
  const differs = (type: string, name: string, a: number, b: number): string => {
    const [expected, got] = [a, b].map((value) => JSON.stringify({ type, [name]: value }))
    return `b: expected ${expected} in layers[0], as a, got ${got}`
  }
  const broken = (): Network => {
    const found = new Network([2, 3, 1])
    found.layers[0].weights[1] = NaN
    return found
  }
  /** Networks that are read share their layers, whatever their precision is. */
  const read = (precision: 'f32' | 'f64'): Network =>
    Network.fromBytes(new Network([2, 3, 1], { seed: 1, precision }).toBytes())

  it.each<[string, () => unknown, string]>([
    ['no network', () => clone({} as never), 'clone: expected a Network, got an object'],
    ['no mother', () => crossover(3 as never, net), 'a: expected a Network, got 3'],
    ['no father', () => crossover(net, 3 as never), 'b: expected a Network, got 3'],
    ['a rate', () => mutate(net, { rate: 2 }), 'rate: expected a number >= 0 and <= 1, got 2'],
    [
      'an option',
      () => mutate(net, { amount: 1 } as never),
      'options: expected one of rate, scale, seed, got "amount"',
    ],
    [
      'a scale',
      () => mutate(net, { scale: 1e40, seed: 1 }),
      'scale: expected one with which the weights stay finite in f32, got 1e+40',
    ],
    [
      'another shape',
      () => crossover(net, new Network([2, 4, 1])),
      'b: expected 2 → 3 relu → 1 linear; 13 parameters, f32, halfSquared, wasm, exact, as a, got 2 → 4 relu → 1 linear; 17 parameters, f32, halfSquared, wasm, exact',
    ],
    ['another slope', () => crossover(leaky(0.1), leaky(0.9)), differs('leakyRelu', 'slope', 0.1, 0.9)],
    ['another alpha', () => crossover(elu(1), elu(2)), 'b: expected "elu" in layers[0], as a, got {"type":'],
    [
      'another loss',
      () => crossover(net, new Network([2, 3, 1], { loss: 'huber' })),
      'b: expected 2 → 3 relu → 1 linear; 13 parameters, f32, halfSquared, wasm, exact, as a, got 2 → 3 relu → 1 linear; 13 parameters, f32, huber, wasm, exact',
    ],
    [
      'weights that are not finite',
      () => mutate(broken(), { scale: 0.1 }),
      'net: expected weights and biases that are finite numbers, got NaN',
    ],
    ['no list', () => predictAll(net as never, [1, 2]), 'networks: expected an array of networks, got'],
    ['an empty list', () => predictAll([], [1, 2]), 'networks: expected at least 1 network, got 0'],
    [
      'a list of others',
      () => predictAll([net, 3 as never], [1, 2]),
      'networks[1]: expected a Network, got 3',
    ],
    [
      'other outputs',
      () => predictAll([net, new Network([2, 2])], [1, 2, 3, 4]),
      'networks[1]: expected 2 inputs and 1 outputs, as networks[0], got 2 and 2',
    ],
    [
      'another precision',
      () => predictAll([net, new Network([2, 3, 1], { precision: 'f64' })], [1, 2, 3, 4]),
      'networks[1]: expected the precision f32, as networks[0], got f64',
    ],
    [
      'another precision of shared layers',
      () => predictAll([read('f64'), read('f64'), read('f32')], [1, 2, 3, 4, 5, 6]),
      'networks[2]: expected the precision f64, as networks[0], got f32',
    ],
    [
      'too few rows',
      () => predictAll([net, net], [1, 2]),
      'xs: expected 2 rows, one for each network, got 1',
    ],
    [
      'a wrong out',
      () => predictAll([net], [1, 2], new Float64Array(1)),
      'out: expected a Float32Array, as the precision is f32, got a Float64Array',
    ],
  ])('%s', (_, use, message) => {
    expect(use).toThrow(message)
  })

  it('changes nothing', () => {
    expect(() => mutate(net, { scale: 1e40, seed: 1 })).toThrow()
    expect(net.toBytes()).toEqual(new Network([2, 3, 1], { seed: 1 }).toBytes())
  })

  it('a disposed network', () => {
    const gone = new Network([2, 1])
    gone.dispose()
    for (const use of [clone, mutate, () => crossover(gone, net)] as ((net: Network) => unknown)[]) {
      expect(() => use(gone)).toThrow(/^(clone|mutate|a): expected a network that is not disposed$/)
    }
    expect(() => predictAll([net, gone], [1, 2, 3, 4])).toThrow(
      'networks[1]: expected a network that is not disposed',
    )
  })
})
