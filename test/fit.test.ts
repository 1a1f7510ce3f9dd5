import { describe, expect, it } from 'vitest'
import { adam, Network, sgd, type EpochReport } from '../src/index.js'
import { randomRows } from './support/random-rows.js'

describe.each(['wasm', 'baseline'] as const)('fit, %s', (engine) => {
  const options = { activation: 'tanh', seed: 3, engine } as const
  const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }
  const weights = (net: Network): number[] =>
    net.layers.flatMap((layer) => [...layer.weights, ...layer.biases])

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
    expect(weights(one)).toEqual(weights(two))
    expect(epochs[0].loss).toBeCloseTo(sum / 50, 12)
  })

  it('same seed, same bits; another order in every epoch, also across calls', async () => {
    const train = async (epochs: number[], seed = 3): Promise<number[]> => {
      const net = new Network([4, 6, 2], { ...options, seed })
      for (const count of epochs) await net.fit(data, { epochs: count, batchSize: 7, optimizer: adam() })
      return weights(net)
    }
    const first = await train([4])
    expect(await train([4])).toEqual(first)
    expect(await train([1, 3])).toEqual(first)
    expect(await train([4], 4)).not.toEqual(first)
    const unshuffled = new Network([4, 6, 2], options)
    await unshuffled.fit(data, { epochs: 4, batchSize: 7, optimizer: adam(), shuffle: false })
    expect(weights(unshuffled)).not.toEqual(first)
  })

  it('data larger than the window, and batches larger than it, train as well', async () => {
    const wide = { x: randomRows(1200, 500, 1), y: randomRows(1200, 2, 2) }
    const runs = [32, 700].map(async (batchSize) => {
      const [one, two] = [new Network([500, 3, 2], options), new Network([500, 3, 2], options)]
      const optimizer = sgd({ learningRate: 0.1 })
      await one.fit(wide, { epochs: 1, batchSize, shuffle: false, optimizer })
      for (let first = 0; first < 1200; first += batchSize) {
        two.train(wide.x.slice(first, first + batchSize), wide.y.slice(first, first + batchSize), optimizer)
      }
      expect(weights(one)).toEqual(weights(two))
    })
    await Promise.all(runs)
  })

  it('predicting in between changes nothing', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    await one.fit(data, { epochs: 3, batchSize: 8, optimizer: adam() })
    const onEpoch = (): unknown => two.predict(randomRows(9, 4, 5))
    await two.fit(data, { epochs: 3, batchSize: 8, optimizer: adam(), onEpoch })
    expect(weights(two)).toEqual(weights(one))
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
    await expect(net.fit(data, { epochs: 1 })).rejects.toThrow('fit: this network is being fitted already')
    await first
    await net.fit(data, { epochs: 1 })
  })

  it('a loss that stops being finite ends it, naming epoch and batch, with the weights of the last good epoch', async () => {
    const net = new Network([4, 6, 2], { activation: 'linear', seed: 3, engine })
    const good: number[][] = [weights(net)]
    const fit = net.fit(data, {
      epochs: 5,
      batchSize: 10,
      optimizer: sgd({ learningRate: 0.01 }),
      onEpoch: ({ epoch }) => {
        good.push(weights(net))
        if (epoch === 2) net.layers[1].weights[0] = NaN
      },
    })
    await expect(fit).rejects.toThrow(
      'fit: the loss is NaN in batch 1 of epoch 3; the weights are those after epoch 2',
    )
    // What was written after the second epoch belongs to it.
    const expected = good[2].slice()
    expected[30] = NaN
    expect(weights(net)).toEqual(expected)
  })

  it('weights that overflow in the last batch end it too', async () => {
    const net = new Network([1, 1], { activation: 'linear', seed: 3, engine })
    const before = weights(net)
    const fit = net.fit({ x: [[1e18]], y: [[-1e18]] }, { epochs: 1, optimizer: sgd({ learningRate: 1e30 }) })
    await expect(fit).rejects.toThrow(
      'fit: a weight stopped being a finite number in batch 1 of epoch 1; the weights are those before the first epoch',
    )
    expect(weights(net)).toEqual(before)
  })
})
