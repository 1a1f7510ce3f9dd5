/** Targets that a loss is not defined for, and a softmax of one unit, are errors that say what to do. */
import { describe, expect, it } from 'vitest'
import { Predictor } from '../../src/inference/index.js'
import { evaluate, Network, sgd, type LossName, type Samples, stream } from '../../src/index.js'
import { crossValidate } from '../../src/selection/index.js'
import { randomRows } from '../support/random-rows.js'

type Case = readonly [name: string, y: Samples, message: string]

const binary = 'a number from 0 to 1, as binaryCrossEntropy compares probabilities'
const distribution = 'numbers >= 0 with the sum 1, the probabilities of the classes'
const others = 'other numbers are for the loss halfSquared, meanAbsolute or huber'
const several =
  'several classes a sample are for the loss binaryCrossEntropy and the output activation sigmoid'

function networkOf(loss: LossName, outputs: number): Network {
  const output = loss === 'binaryCrossEntropy' ? 'sigmoid' : 'softmax'
  return new Network([2, 3, outputs], { activation: { hidden: 'tanh', output }, loss, seed: 1 })
}

/** Every method refuses them with the same words, and changes nothing. */
async function expectRefused(loss: LossName, outputs: number, y: Samples, message: string): Promise<void> {
  const rows = Array.isArray(y) && Array.isArray(y[0]) ? y.length : y.length / outputs
  const x = randomRows(rows, 2, 3)
  const net = networkOf(loss, outputs)
  const good = { x: [[1, 2]], y: [outputs === 1 ? [1] : [1, ...new Array<number>(outputs - 1).fill(0)]] }
  const before = net.toBytes()
  expect(() => net.loss(x, y)).toThrow(new RangeError(message))
  expect(() => net.accumulate(x, y)).toThrow(new RangeError(message))
  expect(() => net.train(x, y, sgd())).toThrow(new RangeError(message))
  expect(() => evaluate(net, { x, y })).toThrow(new RangeError(message))
  expect(() => net.checkGradients(x, y)).toThrow(new RangeError(message))
  await expect(net.fit({ x, y })).rejects.toThrow(new RangeError(message))
  await expect(net.epochs({ x, y }).next()).rejects.toThrow(new RangeError(message))
  await expect(net.fit(good, { validation: { x, y } })).rejects.toThrow(
    new RangeError(`validation.${message}`),
  )
  expect(net.toBytes()).toEqual(before)
  await expect(net.fit(stream([good, { x, y }]))).rejects.toThrow(new RangeError(`data[1].${message}`))
}

describe('binaryCrossEntropy: targets are from 0 to 1', () => {
  it.each<Case>([
    ['-1 and 1', [1, -1, 1, -1], `y[1]: expected ${binary}, got -1; -1 and 1 are 0 and 1 here: (y + 1) / 2`],
    [
      '-1, 0, 1',
      [[1], [0], [-1]],
      `y[2][0]: expected ${binary}, got -1; no is 0 here, not -1, and what is not known is left out`,
    ],
    ['1 and 2', [1, 2, 2], `y[1]: expected ${binary}, got 2; 1 and 2 are 0 and 1 here: y - 1`],
    [
      '0 to 255',
      Uint8Array.of(0, 255, 17),
      `y[1]: expected ${binary}, got 255; 0 to 255 are 0 to 1 here: y / 255`,
    ],
    ['percentages', [0.5, 80, 20], `y[1]: expected ${binary}, got 80; if these are percentages: y / 100`],
    [
      'three classes',
      [[0], [1], [2]],
      `y[2][0]: expected ${binary}, got 2; more than two classes are for as many outputs and the output activation softmax`,
    ],
    ['other numbers', [0.5, 1.25, -3.5], `y[1]: expected ${binary}, got 1.25; ${others}`],
    ['less than 0 by rounding', [0, -1e-9], `y[1]: expected ${binary}, got -1e-9; ${others}`],
  ])('%s', (_, y, message) => expectRefused('binaryCrossEntropy', 1, y, message))

  it('of several outputs, where they are', async () => {
    const text = `expected ${binary}, got -1; -1 and 1 are 0 and 1 here: (y + 1) / 2`
    await expectRefused(
      'binaryCrossEntropy',
      2,
      [
        [1, 1],
        [1, -1],
      ],
      `y[1][1]: ${text}`,
    )
    await expectRefused('binaryCrossEntropy', 2, [1, 1, 1, -1], `y[3], sample 1: ${text}`)
  })

  it('what is a probability stays allowed', () => {
    const net = networkOf('binaryCrossEntropy', 2)
    expect(net.loss([1, 2], [0.25, 1])).toBeGreaterThan(0)
    expect(net.loss([1, 2], [-0, 1])).toBeGreaterThan(0)
    expect(net.loss([1, 2], Uint8Array.of(1, 1))).toBeGreaterThan(0)
  })
})

describe('categoricalCrossEntropy: targets are >= 0, and 1 in sum', () => {
  const of = (row: string, hint: string): string => `y[1]: expected ${distribution}, got ${row}; ${hint}`

  it.each<Case>([
    [
      'none of the classes',
      [
        [1, 0, 0],
        [0, 0, 0],
      ],
      of('[0, 0, 0]', 'a sample of none of the classes needs a class of its own, or is left out'),
    ],
    [
      'several',
      [
        [1, 0, 0],
        [1, 1, 0],
      ],
      of('[1, 1, 0]', several),
    ],
    [
      'all',
      [
        [1, 0, 0],
        [1, 1, 1],
      ],
      of('[1, 1, 1]', several),
    ],
    [
      '2 in the place of 1',
      [
        [1, 0, 0],
        [0, 2, 0],
      ],
      of('[0, 2, 0]', 'the class of a sample has a 1, all others have a 0'),
    ],
    [
      '-1 and 1',
      [
        [1, -1, -1],
        [-1, 1, -1],
      ],
      `y[0]: expected ${distribution}, got [1, -1, -1]; -1 and 1 are 0 and 1 here: (y + 1) / 2`,
    ],
    [
      '0 and 255',
      [
        [0, 255, 0],
        [0, 0, 255],
      ],
      `y[0]: expected ${distribution}, got [0, 255, 0]; 0 to 255 are 0 to 1 here: y / 255`,
    ],
    [
      'percentages',
      [
        [50, 25, 25],
        [100, 0, 0],
      ],
      `y[0]: expected ${distribution}, got [50, 25, 25]; if these are percentages: y / 100`,
    ],
    [
      'logits',
      [
        [1, 0, 0],
        [2.5, -1.5, 0],
      ],
      of('[2.5, -1.5, 0]', others),
    ],
    [
      'less than 0, sum 1',
      [
        [1, 0, 0],
        [1.5, -0.5, 0],
      ],
      of('[1.5, -0.5, 0]', others),
    ],
    [
      '1.002 in sum',
      [
        [1, 0, 0],
        [0.5, 0.502, 0],
      ],
      of('[0.5, 0.502, 0]', others),
    ],
    ['flat', [1, 0, 0, 0.5, 0.4, 0], `y, sample 1: expected ${distribution}, got [0.5, 0.4, 0]; ${others}`],
  ])('%s', (_, y, message) => expectRefused('categoricalCrossEntropy', 3, y, message))

  it('of many classes some are shown', () => {
    const net = networkOf('categoricalCrossEntropy', 12)
    expect(() => net.loss([1, 2], [new Array<number>(12).fill(0)])).toThrow(
      `y[0]: expected ${distribution}, got [0, 0, 0, 0, 0, 0, 0, 0, …]; a sample of none`,
    )
  })

  it('soft labels stay allowed, and what rounding leaves', () => {
    const net = networkOf('categoricalCrossEntropy', 3)
    expect(net.loss([1, 2], [0.2, 0.3, 0.5])).toBeGreaterThan(0)
    expect(net.loss([1, 2], [0.333, 0.333, 0.3335])).toBeGreaterThan(0)
    expect(net.loss([1, 2], [1 / 3, 1 / 3, 1 / 3])).toBeGreaterThan(0)
    const many = networkOf('categoricalCrossEntropy', 1000)
    expect(many.loss([1, 2], new Float32Array(1000).fill(1 / 1000))).toBeGreaterThan(0)
  })

  it('other losses take any numbers', () => {
    for (const loss of ['halfSquared', 'meanAbsolute', 'huber'] as const) {
      expect(networkOf(loss, 3).loss([1, 2], [-1, 0, 255])).toBeGreaterThan(0)
    }
  })
})

it('selection names the sample of the data, before any training', async () => {
  const x = randomRows(20, 2, 3)
  const y = x.map((_, row) => (row === 17 ? 2 : row % 2))
  const network = { activation: { output: 'sigmoid' }, loss: 'binaryCrossEntropy' } as const
  const hint = 'more than two classes are for as many outputs and the output activation softmax'
  await expect(crossValidate({ x, y }, { network, seed: 1 })).rejects.toThrow(
    new RangeError(`y[17]: expected ${binary}, got 2; ${hint}`),
  )
})

describe('a softmax of one unit', () => {
  const message =
    'layers[1].units: expected at least 2 units behind a softmax, whose only output is always 1, got 1; a unit for each class, or for two classes one unit with the activation "sigmoid"'

  it('is none, in either form', () => {
    expect(() => new Network([1, 4, 1], { activation: { output: 'softmax' } })).toThrow(
      new RangeError(message),
    )
    expect(() => new Network([1, 1], { activation: 'softmax' })).toThrow(
      new RangeError(message.replace('layers[1]', 'layers[0]')),
    )
    const layers = [{ units: 4 }, { units: 1, activation: 'softmax' }] as const
    expect(() => new Network({ inputs: 1, layers })).toThrow(new RangeError(message))
    for (const loss of ['halfSquared', 'categoricalCrossEntropy', 'huber'] as const) {
      expect(() => new Network({ inputs: 1, layers, loss })).toThrow(new RangeError(message))
    }
  })

  it('nor in files, nor to predict with', () => {
    const net = new Network([1, 4, 1])
    const json = JSON.stringify(net).replace('"linear"', '"softmax"')
    expect(() => Network.fromJSON(JSON.parse(json))).toThrow(new RangeError(message))
    expect(() => Predictor.fromJSON(JSON.parse(json))).toThrow(new RangeError(message))
    const bytes = softened(net.toBytes())
    expect(() => Network.fromBytes(bytes)).toThrow(new RangeError(message))
    expect(() => Predictor.fromBytes(bytes)).toThrow(new RangeError(message))
  })
})

/** The file with a softmax in the place of its linear output; a space less behind the header, which is one longer. */
function softened(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const header = Number(Buffer.from(bytes).readBigUInt64LE(0))
  const changed = text.slice(8, 8 + header).replace('linear', 'softmax')
  const length = Math.ceil(changed.trimEnd().length / 8) * 8
  const start = Buffer.alloc(8)
  start.writeBigUInt64LE(BigInt(length))
  const rest = Buffer.from(text.slice(8 + header), 'latin1')
  return new Uint8Array(Buffer.concat([start, Buffer.from(changed.trimEnd().padEnd(length), 'latin1'), rest]))
}
