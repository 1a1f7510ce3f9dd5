/** What a training loop of one's own needs: flat views, gradients from elsewhere, the order of fit. */
import { describe, expect, it } from 'vitest'
import { adam, epochOrder, Network, sgd, type ShortOptions } from '../../src/index.js'
import { parametersOf } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { any } from '../support/rows.js'
import { engineOf } from '../support/ways.js'

/** A small engine, and one with a memory of its own. */
const sizes = [
  [4, 6, 2],
  [80, 70, 2],
]

const ways = (['wasm', 'baseline'] as const).flatMap((engine) =>
  (['f32', 'f64'] as const).flatMap((precision) => sizes.map((layers) => ({ engine, precision, layers }))),
)

describe.each(ways)('$engine, $precision, $layers', ({ engine, precision, layers }) => {
  const options: ShortOptions = { activation: 'tanh', seed: 3, precision, engine: engineOf[engine] }
  const create = (): Network => new Network(layers, options)
  const x = randomRows(50, layers[0], 1)
  const y = randomRows(50, 2, 2)

  it('parameters and gradients are all of those of the layers, in their order', () => {
    const net = create()
    net.accumulate(x, y)
    expect(Array.from(net.parameters)).toEqual(parametersOf(net))
    const gradients = net.layers.flatMap((layer) => [...layer.weightGradients, ...layer.biasGradients])
    expect(Array.from(net.gradients)).toEqual(gradients)
    expect(net.parameters).toBeInstanceOf(precision === 'f64' ? Float64Array : Float32Array)
  })

  it('they are live, and the same whenever they are asked for', async () => {
    const [net, other] = [create(), create()]
    const { parameters, gradients } = net
    expect(net.parameters).toBe(parameters)
    expect(net.gradients).toBe(gradients)
    await net.fit({ x, y }, { epochs: 2 })
    await other.fit({ x, y }, { epochs: 2 })
    expect(Array.from(parameters)).toEqual(parametersOf(other))
    net.accumulate(x[0], y[0])
    expect(gradients.some((value) => value !== 0)).toBe(true)
    net.zeroGradients()
    expect(gradients.every((value) => value === 0)).toBe(true)
    parameters.fill(0)
    expect(Array.from(net.predict(x[0]))).toEqual([0, 0])
    expect(net.layers[0].weights.every((value) => value === 0)).toBe(true)
  })

  it('adds number by number, rounded once, and updates with the mean over all samples', () => {
    const [net, one, two, expected] = [create(), create(), create(), create()]
    const optimizer = adam({ learningRate: 0.1 })
    for (let step = 0; step < 3; ++step) {
      for (const other of [one, two]) other.parameters.set(net.parameters)
      one.accumulate(x.slice(0, 30), y.slice(0, 30))
      two.accumulate(x.slice(30), y.slice(30))
      net.addGradients(one.gradients, 30)
      net.addGradients(two.gradients, 20)
      expect(net.gradients).toEqual(one.gradients.map((sum, i) => sum + two.gradients[i]))
      expected.accumulate(x, y)
      expected.gradients.set(net.gradients)
      for (const each of [net, expected]) each.update(optimizer)
      expect(net.toBytes()).toEqual(expected.toBytes())
      for (const other of [one, two]) other.zeroGradients()
    }
  })

  it('counts samples as accumulate does, and is saved with them', () => {
    const [one, two, other] = [create(), create(), create()]
    one.accumulate(x, y)
    other.accumulate(x, y)
    two.addGradients(other.gradients, 50)
    expect(two.toBytes()).toEqual(one.toBytes())
    one.train(x[0], y[0], 'adam')
    two.train(x[0], y[0], 'adam')
    expect(two.toBytes()).toEqual(one.toBytes())
  })

  it('takes numbers as arrays, too; adds its own gradients to themselves', () => {
    const [one, two] = [create(), create()]
    for (const net of [one, two]) net.accumulate(x, y)
    one.addGradients(one.gradients, 50)
    two.addGradients(Array.from(two.gradients), 50)
    expect(two.toBytes()).toEqual(one.toBytes())
  })

  it('wrong sums and samples change nothing', async () => {
    const net = create()
    const { length } = net.parameters
    const zeros = (): number[] => new Array<number>(length).fill(0)
    const before = net.toBytes()
    const wrong: readonly (readonly [unknown, unknown, string])[] = [
      ['abc', 1, 'TypeError: sums: expected an array of numbers, got "abc"'],
      [undefined, 1, 'TypeError: sums: expected an array of numbers, got undefined'],
      [
        [[1]],
        1,
        'TypeError: sums: expected an array of numbers, got an array; flat() takes a level of arrays away',
      ],
      [[], 1, `RangeError: sums: expected ${length} numbers (one per parameter), got 0`],
      [
        new Float32Array(length + 1),
        1,
        `RangeError: sums: expected ${length} numbers (one per parameter), got ${length + 1}`,
      ],
      [
        [...zeros().slice(1), '1'],
        1,
        `TypeError: sums[${length - 1}]: expected a number, got "1"; Number(…) makes a number of it`,
      ],
      [[NaN, ...zeros().slice(1)], 1, 'RangeError: sums[0]: expected a finite number, got NaN'],
      [
        Float64Array.from(zeros()).fill(Infinity, 2, 3),
        1,
        'RangeError: sums[2]: expected a finite number, got Infinity',
      ],
      [zeros(), 0, 'RangeError: samples: expected an integer >= 1, got 0'],
      [zeros(), 1.5, 'RangeError: samples: expected an integer >= 1, got 1.5'],
      [zeros(), undefined, 'TypeError: samples: expected an integer >= 1, got undefined'],
    ]
    const errorOf = (action: () => unknown): string => {
      try {
        action()
      } catch (error) {
        return String(error)
      }
      return 'none'
    }
    for (const [sums, samples, message] of wrong) {
      expect(errorOf(() => net.addGradients(any(sums), any(samples)))).toBe(message)
    }
    if (precision === 'f32') {
      const large = zeros().fill(1e39, 1, 2)
      const message = 'RangeError: sums[1]: expected a number within the range of f32, got 1e+39'
      expect(errorOf(() => net.addGradients(large, 1))).toBe(message)
    }
    expect(net.toBytes()).toEqual(before)
    const fitting = net.fit({ x, y })
    const busy = 'Error: addGradients: expected a network that is not being fitted'
    expect(errorOf(() => net.addGradients(zeros(), 1))).toBe(busy)
    await fitting
    net.dispose()
    for (const name of ['parameters', 'gradients'] as const)
      expect(errorOf(() => net[name])).toBe(`Error: ${name}: expected a network that is not disposed`)
    expect(errorOf(() => net.addGradients(zeros(), 1))).toBe(
      'Error: addGradients: expected a network that is not disposed',
    )
  })

  it('epochOrder is the order of fit: by hand, batch by batch, it has the same bits', async () => {
    const [one, two] = [create(), create()]
    const optimizer = adam()
    const losses: number[] = []
    for (const epochs of [2, 1]) {
      const history = await one.fit({ x, y }, { epochs, batchSize: 16, optimizer })
      losses.push(...history.epochs.map(({ loss }) => loss))
    }
    for (let epoch = 1; epoch <= 3; ++epoch) {
      const order = Array.from(epochOrder(3, epoch, 50))
      let sum = 0
      for (let first = 0; first < 50; first += 16) {
        const rows = order.slice(first, first + 16)
        const [batchX, batchY] = [x, y].map((all) => rows.map((row) => all[row]))
        sum += two.train(batchX, batchY, optimizer) * rows.length
      }
      expect(losses[epoch - 1]).toBeCloseTo(sum / 50, 12)
    }
    expect(Array.from(two.parameters)).toEqual(Array.from(one.parameters))
  })
})

describe('epochOrder', () => {
  it('has every sample once, another order for each seed and epoch, and the same again', () => {
    const order = epochOrder(7, 1, 1000)
    expect(order).toBeInstanceOf(Uint32Array)
    expect(Array.from(order.slice().sort())).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(epochOrder(7, 1, 1000)).toEqual(order)
    expect(epochOrder(7, 2, 1000)).not.toEqual(order)
    expect(epochOrder(8, 1, 1000)).not.toEqual(order)
    expect(Array.from(epochOrder(7, 1, 1))).toEqual([0])
  })

  it('is that of many samples, too, which fit orders in parts', async () => {
    const samples = 600_000
    const x = Float32Array.from({ length: samples }, (_, i) => Math.sin(i))
    const options: ShortOptions = { seed: 5 }
    const [one, two] = [new Network([1, 1], options), new Network([1, 1], options)]
    const given = { batchSize: 4096, optimizer: sgd({ learningRate: 0.1 }) }
    await one.fit({ x, y: x }, given)
    const ordered = Float32Array.from(epochOrder(5, 1, samples), (row) => x[row])
    await two.fit({ x: ordered, y: ordered }, { ...given, shuffle: false })
    expect(two.parameters).toEqual(one.parameters)
  })

  it.each([
    [[-1, 1, 1], 'RangeError: seed: expected an integer >= 0, got -1'],
    [['1', 1, 1], 'TypeError: seed: expected an integer >= 0, got "1"'],
    [[1, 0, 1], 'RangeError: epoch: expected an integer >= 1, got 0'],
    [[1, 1, 0], 'RangeError: samples: expected an integer >= 1 and <= 4294967295, got 0'],
    [[1, 1, 2 ** 32], 'RangeError: samples: expected an integer >= 1 and <= 4294967295, got 4294967296'],
  ])('%j: %s', (given, message) => {
    const [seed, epoch, samples] = given as [number, number, number]
    let error: unknown
    try {
      epochOrder(seed, epoch, samples)
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toBe(message)
  })
})
