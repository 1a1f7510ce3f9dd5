/** Numbers of classes behind a softmax are the one-hot rows, to the bit, wherever targets go. */
import { describe, expect, it } from 'vitest'
import {
  validationMetrics,
  evaluate,
  adam,
  Network,
  sgd,
  type FitData,
  type FitOptions,
  type Samples,
  stream,
} from '../../src/index.js'
import { Random } from '../../src/base/random.js'
import { resolveSpec } from '../../src/definition/spec.js'
import { createState } from '../../src/state/state.js'
import { readPair } from '../../src/definition/read-pair.js'
import { CopyTrainer } from '../../src/training/copy-trainer.js'
import { areClassNumbers } from '../../src/base/targets.js'
import { resolveOptions } from '../../src/training/options.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'

const CLASSES = 3
const ROWS = 61

const random = new Random(7, 'labels')
const x = randomRows(ROWS, 4, 5)
const labels = Array.from(x, () => random.below(CLASSES))
const oneHot = labels.map((label) => Array.from({ length: CLASSES }, (_, c) => Number(c === label)))
const weights = Array.from(x, (_, s) => (s % 4) / 2)

const engines = (['wasm', 'baseline'] as const).flatMap((engine) =>
  (['f32', 'f64'] as const).map((precision) => ({ name: engine, engine: engineOf[engine], precision })),
)

const fresh = (options: object = {}, classes = CLASSES): Network =>
  new Network([4, 6, classes], { activation: { hidden: 'tanh', output: 'softmax' }, seed: 3, ...options })

/** Both ways to say the same targets come to the same bytes, reports and metrics. */
async function expectSame(
  options: FitOptions,
  kind: object = {},
  extra: Partial<FitData> = {},
): Promise<void> {
  const [one, other] = [fresh(kind), fresh(kind)]
  const trained = await one.fit({ x, y: labels, ...extra }, options)
  const expected = await other.fit({ x, y: oneHot, ...extra }, options)
  expect(one.toBytes()).toEqual(other.toBytes())
  expect(trained.epochs.map((report) => ({ ...report, seconds: 0 }))).toEqual(
    expected.epochs.map((report) => ({ ...report, seconds: 0 })),
  )
}

describe.each(engines)('$name, $precision: numbers of classes are one-hot rows', ({ engine, precision }) => {
  const kind = { engine, precision }
  const forms: [name: string, y: Samples][] = [
    ['an array', labels],
    ['rows of one', labels.map((label) => [label])],
    ['typed rows of one', labels.map((label) => Uint8Array.of(label))],
    ['Float32Array', Float32Array.from(labels)],
    ['Float64Array', Float64Array.from(labels)],
    ['Int32Array', Int32Array.from(labels)],
    ['Uint32Array', Uint32Array.from(labels)],
    ['Uint8Array', Uint8Array.from(labels)],
  ]

  it.each(forms)('%s: loss, accumulate, train, trace, checkGradients, evaluate', (_, y) => {
    const [one, other] = [fresh(kind), fresh(kind)]
    expect(one.loss(x, y)).toBe(other.loss(x, oneHot))
    expect(one.accumulate(x, y)).toBe(other.accumulate(x, oneHot))
    expect(one.toBytes()).toEqual(other.toBytes())
    expect(one.train(x, y, adam())).toBe(other.train(x, oneHot, adam()))
    expect(one.toBytes()).toEqual(other.toBytes())
    expect(evaluate(one, { x, y, weights })).toEqual(evaluate(other, { x, y: oneHot, weights }))
    expect(one.checkGradients(x.slice(0, 5), y.slice(0, 5))).toEqual(
      other.checkGradients(x.slice(0, 5), oneHot.slice(0, 5)),
    )
    const [trace, expected] = [one.trace(x[0], y.slice(0, 1)), other.trace(x[0], oneHot[0])]
    expect(trace).toEqual(expected)
    expect(String(trace)).toBe(String(expected))
  })

  const everything: FitOptions = {
    epochs: 3,
    batchSize: 7,
    dropout: 0.3,
    labelSmoothing: 0.1,
    classWeights: 'balanced',
    validation: 0.2,
    metrics: validationMetrics,
    l2: 0.01,
    optimizer: adam({ learningRate: 0.05 }),
  }

  it.each<[name: string, options: FitOptions]>([
    ['plain', { epochs: 3, batchSize: 8 }],
    ['label smoothing', { epochs: 3, labelSmoothing: 0.1 }],
    ['label smoothing of 1', { epochs: 2, labelSmoothing: 1 }],
    ['balanced classes', { epochs: 3, classWeights: 'balanced' }],
    ['weights of classes', { epochs: 3, classWeights: [1, 0.5, 2] }],
    ['dropout', { epochs: 3, dropout: 0.4 }],
    ['a fraction for validation', { epochs: 3, validation: 0.25, metrics: validationMetrics }],
    ['everything', everything],
  ])('fit: %s', async (_, options) => {
    await expectSame(options, kind)
    await expectSame(options, kind, { weights })
  })

  it('fit: validation of its own, in either way', async () => {
    const held = { x: x.slice(0, 9), y: labels.slice(0, 9) }
    const [one, other] = [fresh(kind), fresh(kind)]
    const trained = await one.fit(
      { x, y: oneHot },
      { epochs: 2, validation: held, metrics: validationMetrics },
    )
    const same = { epochs: 2, validation: { ...held, y: oneHot.slice(0, 9) }, metrics: validationMetrics }
    const expected = await other.fit({ x, y: labels }, same)
    expect(trained.epochs.map(({ validation }) => validation)).toEqual(
      expected.epochs.map(({ validation }) => validation),
    )
    expect(trained.epochs[1].validation?.accuracy).toBeGreaterThan(0)
  })

  it('fit: streams, each piece in its own way', async () => {
    const pieces: FitData[] = [
      { x: x.slice(0, 20), y: labels.slice(0, 20), weights: weights.slice(0, 20) },
      { x: x.slice(20, 23), y: oneHot.slice(20, 23) },
      { x: x.slice(23), y: Uint8Array.from(labels.slice(23)) },
    ]
    const rows = [
      { x: x.slice(0, 20), y: oneHot.slice(0, 20), weights: weights.slice(0, 20) },
      pieces[1],
      { x: x.slice(23), y: oneHot.slice(23) },
    ]
    const options = { epochs: 3, batchSize: 6, labelSmoothing: 0.2, classWeights: [1, 2, 3], shuffle: true }
    const [one, other] = [fresh(kind), fresh(kind)]
    await one.fit(stream(pieces), options)
    await other.fit(stream(rows), options)
    expect(one.toBytes()).toEqual(other.toBytes())
  })

  it.each([2, 5])('more samples, and batches, than a window holds; %i inputs', async (inputs) => {
    // 2 + 700 numbers a sample: a window has room for some hundred.
    const classes = 700
    const many = randomRows(400, inputs, 8)
    const numbers = Array.from(many, () => random.below(classes))
    const rows = numbers.map((label) => Float32Array.from({ length: classes }, (_, c) => Number(c === label)))
    for (const batchSize of [32, 400]) {
      const networks = [numbers, rows].map(async (y) => {
        const net = new Network([inputs, classes], {
          activation: 'softmax',
          seed: 1,
          precision: kind.precision,
          engine: kind.engine,
        })
        await net.fit({ x: many, y }, { epochs: 2, batchSize, optimizer: sgd({ learningRate: 0.1 }) })
        return { bytes: net.toBytes(), loss: net.loss(many, y) }
      })
      const [one, other] = await Promise.all(networks)
      expect(one).toEqual(other)
    }
  })
})

describe('numbers of classes, elsewhere', () => {
  it.each([1, 2, 3])('%i workers: the same bits', async (threads) => {
    const rest = { epochs: 3, batchSize: 16, dropout: 0.2, labelSmoothing: 0.1, validation: 0.2 }
    const options = { ...rest, threads }
    await expectSame(options, {}, { weights })
    const [one, other] = [fresh(), fresh()]
    await one.fit({ x, y: labels }, options)
    await other.fit({ x, y: labels }, rest)
    expect(one.toBytes()).toEqual(other.toBytes())
  })

  it.each(['halfSquared', 'meanAbsolute', 'huber'] as const)('a softmax with %s', async (loss) => {
    await expectSame({ epochs: 2 }, { loss })
  })

  it('two classes, one sample, one sample a call', () => {
    const [one, other] = [fresh({}, 2), fresh({}, 2)]
    expect(one.train(x[0], [1], sgd())).toBe(other.train(x[0], [0, 1], sgd()))
    expect(one.train([x[0]], [[1]], sgd())).toBe(other.train(x[0], [[0, 1]], sgd()))
    expect(one.toBytes()).toEqual(other.toBytes())
  })

  it('what is written to the array during a fit changes nothing', async () => {
    const [one, other] = [fresh(), fresh()]
    const y = Uint32Array.from(labels)
    const fitted = one.fit({ x, y }, { epochs: 3 })
    y.fill(0)
    await fitted
    await other.fit({ x, y: labels }, { epochs: 3 })
    expect(one.toBytes()).toEqual(other.toBytes())
  })

  it('no copy of the network holds one-hot rows that are more numbers than x', () => {
    const rows = 70_000
    const given = { x: new Float32Array(rows * 4), y: new Uint8Array(rows) }
    for (const [hidden, classes, isCopied] of [
      [70, 4, true],
      [70, 5, false],
      [70, 300, false],
      [6, 4, true],
      [6, 5, false],
      [6, 60, false],
    ] as const) {
      const spec = resolveSpec([4, hidden, classes], { activation: { output: 'softmax' }, seed: 1 })
      const [inputs, targets] = readPair(spec, given.x, given.y)
      expect(areClassNumbers(targets)).toBe(true)
      const { optimizer, regularization } = resolveOptions(spec, {}, true)
      const task = {
        spec,
        x: inputs,
        y: targets,
        weights: undefined,
        batchSize: 32,
        optimizer,
        regularization,
        dropout: undefined,
        seed: 1,
      }
      expect(CopyTrainer.create(createState(spec), task) !== undefined).toBe(isCopied)
    }
  })
})

describe('errors of numbers of classes', () => {
  const four = x.slice(0, 4)
  const errors: [name: string, y: unknown, message: string][] = [
    ['too high', [0, 1, 2, 3], 'y[3]: expected an integer >= 0 and < 3, the number of a class, got 3'],
    [
      'counted from 1',
      [1, 3, 2, 1],
      'y[1]: expected an integer >= 0 and < 3, the number of a class, got 3; classes are counted from 0, and these from 1',
    ],
    [
      'counted from 1, in rows',
      [[1], [3], [2], [1]],
      'y[1][0]: expected an integer >= 0 and < 3, the number of a class, got 3; classes are counted from 0, and these from 1',
    ],
    [
      'negative',
      Int8Array.of(0, -1, 2, 1),
      'y[1]: expected an integer >= 0 and < 3, the number of a class, got -1',
    ],
    ['no integer', [0, 0.5, 2, 1], 'y[1]: expected an integer >= 0 and < 3, the number of a class, got 0.5'],
    ['NaN', [0, 1, NaN, 1], 'y[2]: expected an integer >= 0 and < 3, the number of a class, got NaN'],
    [
      'a text',
      [0, 1, 'b', 1],
      'y[2]: expected an integer >= 0 and < 3, the number of a class, got "b"; texts are for Model of deltaprop/model',
    ],
    [
      'a truth',
      [0, 1, true, 1],
      'y[2]: expected an integer >= 0 and < 3, the number of a class, got true; Number(…) makes a number of it',
    ],
    [
      'a hole',
      [0, 1, , 1],
      'y[2]: expected an integer >= 0 and < 3, the number of a class, got undefined; a missing value: leave its sample out, or put a number in its place',
    ],
    [
      'in rows',
      [[0], [1], [7], [1]],
      'y[2][0]: expected an integer >= 0 and < 3, the number of a class, got 7',
    ],
    [
      'a longer row',
      [[0], [1, 0, 0], [1], [1]],
      'y[1]: expected 1 value, the number of a class, as in y[0], got 3',
    ],
    ['no row', [[0], 1, [1], [1]], 'y[1]: expected a row of numbers, got 1'],
    ['too few rows', [[0], [1], [1]], 'y: expected 4 samples as in x, got 3'],
    [
      'too few numbers',
      [0, 1, 2],
      'y: expected 4 × 3 values (outputs) or the numbers of 4 classes, samples as in x, got 3',
    ],
    [
      'too many numbers',
      [0, 1, 2, 0, 1],
      'y: expected 4 × 3 values (outputs) or the numbers of 4 classes, samples as in x, got 5',
    ],
    ['none', [], 'y: expected at least 1 sample, got 0'],
    [
      'one-hot rows, a wrong one',
      [
        [0, 0, 1],
        [0, 1],
        [1, 0, 0],
        [1, 0, 0],
      ],
      'y[1]: expected 3 values (outputs), got 2',
    ],
  ]

  it.each(errors)('%s', async (_, y, message) => {
    const net = fresh()
    const before = net.toBytes()
    const given = y as Samples
    expect(() => net.loss(four, given)).toThrow(message)
    expect(() => net.train(four, given, sgd())).toThrow(message)
    expect(() => evaluate(net, { x: four, y: given })).toThrow(message)
    await expect(net.fit({ x: four, y: given })).rejects.toThrow(message)
    await expect(net.fit({ x, y: labels }, { validation: { x: four, y: given } })).rejects.toThrow(
      message.replaceAll(/\by(?=\[|:)/g, 'validation.y'),
    )
    expect(net.toBytes()).toEqual(before)
    await expect(net.fit(stream([{ x: four, y: given }]))).rejects.toThrow(
      message.replaceAll(/\by(?=\[|:)/g, 'data[0].y'),
    )
  })

  it('x is read first, so its fault is the one that is told', () => {
    expect(() => fresh().loss([[1, 2]], [7])).toThrow('x[0]: expected 4 values (inputs), got 2')
  })

  it.each(['sigmoid', 'linear', 'tanh'] as const)('behind %s: a softmax takes them', (output) => {
    const net = fresh({ activation: { output } })
    const message =
      "y: expected 4 × 3 values (outputs), got 4, one for each sample; activation: { output: 'softmax' } takes them for the numbers of classes"
    expect(() => net.loss(four, [0, 2, 1, 0])).toThrow(message)
    expect(() => net.loss(four, [[0], [2], [1], [0]])).toThrow(message)
    expect(() => net.loss(four, [0.5, 2, 1, 0])).toThrow('y: expected 4 × 3 values (outputs), got 4')
    expect(() => net.loss(four, [0.5, 2, 1, 0])).not.toThrow('softmax')
  })

  it('20 numbers of classes for 10 outputs', () => {
    const net = new Network([4, 10], { seed: 1 })
    expect(() =>
      net.loss(
        x.slice(0, 20),
        Uint8Array.from({ length: 20 }, (_, i) => i % 10),
      ),
    ).toThrow(
      "y: expected 20 × 10 values (outputs), got 20, one for each sample; activation: { output: 'softmax' } takes them for the numbers of classes",
    )
  })
})
