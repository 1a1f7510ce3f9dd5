import { describe, expect, it, vi } from 'vitest'
import { adam, Network, sgd, type EpochReport } from '../../src/index.js'
import { CopyTrainer } from '../../src/training/copy-trainer.js'
import { parametersOf } from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf, like } from '../support/ways.js'

describe.each(['wasm', 'baseline'] as const)('fit, %s', (engine) => {
  const options = { activation: 'tanh', seed: 3, engine: engineOf[engine] } as const
  const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }

  it('learns XOR', async () => {
    const net = new Network([2, 8, 1], { ...options, precision: 'f64' })
    const xor = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
    await net.fit(xor, { epochs: 500, batchSize: 4, optimizer: adam({ learningRate: 0.05 }) })
    expect([...net.predict(xor.x)].map(Math.round)).toEqual(xor.y)
  })

  it('is one train per batch, the last batch being what is left', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    const optimizer = adam()
    const { epochs } = await one.fit(data, { epochs: 1, batchSize: 16, shuffle: false, optimizer })
    let sum = 0
    for (const first of [0, 16, 32, 48]) {
      const [x, y] = [data.x.slice(first, first + 16), data.y.slice(first, first + 16)]
      sum += two.train(x, y, optimizer) * x.length
    }
    expect(parametersOf(one)).toEqual(parametersOf(two))
    expect(epochs[0].loss).toBeCloseTo(sum / 50, 12)
  })

  it('same seed, same bits; another order in every epoch, also across calls', async () => {
    const train = async (epochs: number[], seed = 3): Promise<number[]> => {
      const net = new Network([4, 6, 2], { ...options, seed })
      for (const count of epochs) await net.fit(data, { epochs: count, batchSize: 7, optimizer: adam() })
      return parametersOf(net)
    }
    const first = await train([4])
    expect(await train([4])).toEqual(first)
    expect(await train([1, 3])).toEqual(first)
    expect(await train([4], 4)).not.toEqual(first)
    const unshuffled = new Network([4, 6, 2], options)
    await unshuffled.fit(data, { epochs: 4, batchSize: 7, optimizer: adam(), shuffle: false })
    expect(parametersOf(unshuffled)).not.toEqual(first)
  })

  it('data larger than the window train as well, and batches of several chunks', async () => {
    const wide = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    const runs = [32, 700].map(async (batchSize) => {
      const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
      const optimizer = sgd({ learningRate: 0.1 })
      await one.fit(wide, { epochs: 1, batchSize, shuffle: false, optimizer })
      for (let first = 0; first < 1200; first += batchSize) {
        two.train(wide.x.slice(first, first + batchSize), wide.y.slice(first, first + batchSize), optimizer)
      }
      expect(parametersOf(one)).toEqual(parametersOf(two))
    })
    await Promise.all(runs)
  })

  it('where memory for all samples is lacking, they are staged piece by piece: the same bits', async () => {
    const samples = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    for (const batchSize of [32, 700, 1000]) {
      const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
      const fitOptions = { epochs: 2, batchSize, optimizer: adam() }
      await one.fit(samples, fitOptions)
      const create = vi.spyOn(CopyTrainer, 'create').mockReturnValue(undefined)
      await two.fit(samples, fitOptions)
      expect(create).toHaveBeenCalledOnce()
      create.mockRestore()
      expect(two.toBytes()).toEqual(one.toBytes())
    }
  })

  it('samples are those of the call, whatever happens to its arrays later', async () => {
    for (const rows of [50, 1200]) {
      const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
      const [x, y] = [new Float32Array(rows * 500).fill(0.5), new Float32Array(rows * 2).fill(0.25)]
      await one.fit({ x, y }, { epochs: 2, optimizer: adam() })
      const done = two.fit({ x, y }, { epochs: 2, optimizer: adam() })
      x.fill(NaN)
      y.fill(NaN)
      await done
      expect(two.toBytes()).toEqual(one.toBytes())
    }
  })

  it('predicting in between changes nothing', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    await one.fit(data, { epochs: 3, batchSize: 8, optimizer: adam() })
    const onEpoch = (): unknown => two.predict(randomRows(9, 4, 5))
    await two.fit(data, { epochs: 3, batchSize: 8, optimizer: adam(), onEpoch })
    expect(parametersOf(two)).toEqual(parametersOf(one))
  })

  it('reports every epoch, awaits the callback, and stops when it returns false', async () => {
    const seen: EpochReport[] = []
    const net = new Network([4, 6, 2], options)
    const history = await net.fit(data, {
      epochs: 10,
      onEpoch: async (report) => {
        await Promise.resolve()
        seen.push(report)
        return report.epoch < 3
      },
    })
    expect(seen.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    expect(history.epochs).toEqual(seen)
    expect(seen.every(({ loss, seconds }) => loss > 0 && seconds >= 0)).toBe(true)
    expect(seen[2].loss).toBeLessThan(seen[0].loss)
  })

  it('gives the event loop its turns', async () => {
    const net = new Network([100, 200, 10], { ...options })
    const big = { x: new Float32Array(100 * 3000), y: new Float32Array(10 * 3000) }
    let turns = 0
    const timer = setInterval(() => ++turns, 0)
    await net.fit(big, { epochs: 3, batchSize: 10, optimizer: sgd() })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(2)
  })

  it('one fit at a time', async () => {
    const net = new Network([4, 6, 2], options)
    const first = net.fit(data, { epochs: 1 })
    await expect(net.fit(data, { epochs: 1 })).rejects.toThrow(
      'fit: expected a network that is not being fitted',
    )
    await first
    await net.fit(data, { epochs: 1 })
  })

  it('nothing else may train the network meanwhile', async () => {
    const net = new Network([4, 6, 2], options)
    const errors: string[] = []
    const onEpoch = (): void => {
      const [x, y] = [data.x[0], data.y[0]]
      for (const action of [
        () => net.train(x, y, sgd()),
        () => net.accumulate(x, y),
        () => net.update(sgd()),
        () => net.zeroGradients(),
      ]) {
        try {
          action()
        } catch (error) {
          errors.push(String(error))
        }
      }
    }
    await net.fit(data, { epochs: 1, onEpoch })
    const methods = ['train', 'accumulate', 'update', 'zeroGradients']
    expect(errors).toEqual(
      methods.map((method) => `Error: ${method}: expected a network that is not being fitted`),
    )
    net.accumulate(data.x, data.y)
    await expect(net.fit(data, { epochs: 1 })).rejects.toThrow(
      'fit: expected no accumulated gradients, call update or zeroGradients first',
    )
  })

  it('losses are added batch by batch, whatever the runs that the clock made of them', async () => {
    const losses = async (pause: boolean): Promise<number[]> => {
      const net = new Network([4, 6, 2], { ...options, precision: 'f64' })
      // A clock that always runs out gives runs of one batch, one that stands still gives the longest.
      let time = 0
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => (time += pause ? 100 : 0))
      const { epochs } = await net.fit(data, {
        epochs: 5,
        batchSize: 3,
        optimizer: sgd({ learningRate: 0.1 }),
      })
      clock.mockRestore()
      return epochs.map(({ loss }) => loss)
    }
    expect(await losses(true)).toEqual(await losses(false))
  })

  it('a loss that stops being finite ends it, naming epoch and batch, with the weights of the last good epoch', async () => {
    const net = new Network([4, 6, 2], { activation: 'linear', seed: 3, engine: engineOf[engine] })
    const good: number[][] = [parametersOf(net)]
    const fit = net.fit(data, {
      epochs: 5,
      batchSize: 10,
      optimizer: sgd({ learningRate: 0.01 }),
      onEpoch: ({ epoch }) => {
        good.push(parametersOf(net))
        if (epoch === 2) net.layers[1].weights[0] = NaN
      },
    })
    await expect(fit).rejects.toThrow(
      'fit: the loss is NaN in batch 1 of epoch 3; the weights are those after epoch 2',
    )
    // What was written after the second epoch belongs to it.
    const expected = good[2].slice()
    expected[30] = NaN
    expect(parametersOf(net)).toEqual(expected)
  })

  it.each([1, 3])('weights that overflow end it too, and batch %i is found', async (bad) => {
    // The gradient of one weight overflows; the loss of a saturated sigmoid is finite whatever the weights.
    const net = new Network([1, 1], { activation: 'sigmoid', initializer: 'zeros', engine: engineOf[engine] })
    const before = net.toBytes()
    const fit = net.fit(
      {
        x: [1, 2, 3, 4].map((i) => (i === bad ? 3e38 : 1e-30)),
        y: [1, 2, 3, 4].map((i) => (i === bad ? 1 : 0.5)),
      },
      { epochs: 1, batchSize: 1, shuffle: false, optimizer: sgd({ learningRate: 100 }) },
    )
    await expect(fit).rejects.toThrow(
      `fit: a weight stopped being a finite number in batch ${bad} of epoch 1; the weights are those before the first epoch`,
    )
    expect(net.layers[0].weights).toEqual(Network.fromBytes(before, like(net)).layers[0].weights)
    expect(net.layers[0].biases[0]).toBe(0)
  })

  it('after a failure training goes on from the state of the last good epoch, the optimiser’s too', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    await one.fit(data, { epochs: 2, optimizer: adam() })
    await two.fit(data, { epochs: 2, optimizer: adam() })
    const broken = { x: data.x, y: data.y.map((row, i) => (i === 40 ? [3e38, -3e38] : row)) }
    await expect(one.fit(broken, { epochs: 1, batchSize: 10, optimizer: adam() })).rejects.toThrow(
      /^fit: the loss is/,
    )
    for (const net of [one, two]) await net.fit(data, { epochs: 2, optimizer: adam() })
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('a failure in a batch larger than the window, too, changes nothing', async () => {
    const net = new Network([500, 3, 2], options)
    const before = parametersOf(net)
    const x = randomRows(2100, 500, 1)
    const y = randomRows(2100, 2, 2).map((row, i) => (i === 2050 ? [3e38, -3e38] : row))
    const create = vi.spyOn(CopyTrainer, 'create').mockReturnValue(undefined)
    const fit = net.fit({ x, y }, { epochs: 1, batchSize: 1000, shuffle: false, optimizer: sgd() })
    await expect(fit).rejects.toThrow(/^fit: the loss is \w+ in batch 3 of epoch 1/)
    expect(create).toHaveBeenCalledOnce()
    create.mockRestore()
    expect(parametersOf(net)).toEqual(before)
    expect(net.layers.every(({ weightGradients }) => weightGradients.every((g) => g === 0))).toBe(true)
    expect(() => net.train(x, y, sgd())).toThrow('train: expected a finite loss')
    expect(parametersOf(net)).toEqual(before)
  })
})

it('fit: a machine without memory for a copy of all samples trains all the same', async () => {
  const options = { activation: 'tanh', seed: 3, engine: 'wasm' } as const
  const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
  const samples = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
  await one.fit(samples, {})
  const Memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
    throw new RangeError('could not allocate memory')
  })
  await two.fit(samples, {})
  // Once more, to tell whether bytes or addresses are missing.
  expect(Memory).toHaveBeenCalledTimes(2)
  Memory.mockRestore()
  expect(two.toBytes()).toEqual(one.toBytes())
})
