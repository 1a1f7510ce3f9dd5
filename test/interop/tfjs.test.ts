import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromTensorFlowJS, toTensorFlowJS } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference } from '../support/difference.js'
import { tfjsFile, tfjsWeights } from '../support/tfjs-files.js'

/** What TensorFlow.js answers for a model: inputs and outputs, row by row. */
interface Answer {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/** For a model of ml5. */
interface NamedAnswer {
  readonly rows: readonly Record<string, number | string>[]
  readonly classes?: readonly string[]
  readonly y: readonly number[]
}

const answers = tfjsFile('answers') as Record<string, Answer | NamedAnswer>

describe('predicts as TensorFlow.js does', () => {
  for (const [name, answer] of Object.entries(answers)) {
    if (!('x' in answer)) continue
    const { x, y } = answer
    it(name, () => {
      const net = fromTensorFlowJS(tfjsFile(name), tfjsWeights).as(Network)
      expect(difference(net.predict(x), y)).toBeLessThan(1e-6)
    })
  }
})

describe('a model in memory, as tf.io.withSaveHandler gives it', () => {
  const net = new Network([3, 4, 2], { activation: 'tanh', seed: 1 })
  const { model, weights } = toTensorFlowJS(net)
  const { modelTopology, weightsManifest } = model
  const [{ weights: weightSpecs }] = weightsManifest
  const bytes = weights['weights.bin']
  const parts = [bytes.slice(0, 30).buffer, bytes.slice(30).buffer]

  it.each([
    ['an ArrayBuffer', bytes.slice().buffer],
    ['several', parts],
  ])('%s', (_, weightData) => {
    const read = fromTensorFlowJS({ modelTopology, weightSpecs, weightData }).as(Network)
    expect(read.layers).toEqual(net.layers)
  })

  it.each([
    ['cut off', { modelTopology, weightSpecs, weightData: parts[0] }, /expected \d+ bytes, got \d+: cut off/],
    [
      'of numbers',
      { modelTopology, weightSpecs, weightData: [1, 2] },
      /"weightData 0"\]: expected a Uint8Array, got 1/,
    ],
    ['without any', { modelTopology, weightSpecs }, /^model.weightsManifest: expected an array/],
    ['without files', model, /^weights: expected an object, got undefined; such as/],
  ])('%s', (_, artifacts, message) => {
    expect(() => fromTensorFlowJS(artifacts)).toThrow(message)
  })
})

describe('the loss with which training goes on', () => {
  const { model, weights } = toTensorFlowJS(new Network([3, 2], { activation: { output: 'softmax' } }))

  it.each([
    [undefined, 'categoricalCrossEntropy'],
    ['meanSquaredError', 'halfSquared'],
    [['meanAbsoluteError'], 'meanAbsolute'],
    [{ y: 'sparseCategoricalCrossentropy' }, 'categoricalCrossEntropy'],
    [{ class_name: 'Huber', config: { delta: 1 } }, 'huber'],
    [{ class_name: 'Huber', config: { delta: 2 } }, 'categoricalCrossEntropy'],
    [{ class_name: 'function', config: 'mse' }, 'halfSquared'],
    // It has formulas for a sigmoid alone.
    ['binaryCrossentropy', 'categoricalCrossEntropy'],
    [{ a: 'mse', b: 'mae' }, 'categoricalCrossEntropy'],
    [['mse', 'mae'], 'categoricalCrossEntropy'],
    ['constructor', 'categoricalCrossEntropy'],
    [7, 'categoricalCrossEntropy'],
    [{ class_name: 'BinaryCrossentropy', config: { label_smoothing: 0.1 } }, 'categoricalCrossEntropy'],
  ])('%j: %s', (said, loss) => {
    const compiled = { ...model, trainingConfig: { loss: said } }
    const read = JSON.parse(JSON.stringify(fromTensorFlowJS(compiled, weights).as(Network))) as object
    expect(read).toMatchObject({ network: { loss } })
  })
})

describe('a loss that is not taken', () => {
  const { model, weights } = toTensorFlowJS(new Network([3, 2]))
  const compiled = (loss: unknown): object => ({ ...model, trainingConfig: { loss } })

  it.each([
    ['mape', 'dense_1: trained with mape, training goes on with halfSquared'],
    [
      { class_name: 'BinaryCrossentropy', config: { from_logits: true } },
      "dense_1: trained with BinaryCrossentropy of logits, training goes on with halfSquared; { output: 'sigmoid' } makes probabilities of its logits",
    ],
    [
      { class_name: 'Huber', config: { delta: 2 } },
      'dense_1: trained with Huber of delta 2, training goes on with halfSquared',
    ],
    [{ a: 'mse', b: 'mae' }, 'dense_1: trained with several losses, training goes on with halfSquared'],
  ])('is in the notes: %j', (loss, note) => {
    expect(fromTensorFlowJS(compiled(loss), weights).notes).toEqual([note])
  })

  it('gives way to the output that is asked for', () => {
    const converted = fromTensorFlowJS(compiled('mse'), weights, { output: 'softmax' })
    const saved: unknown = JSON.parse(JSON.stringify(converted.as(Network)))
    expect(saved).toMatchObject({ network: { loss: 'categoricalCrossEntropy' } })
  })
})

describe('ml5', () => {
  it('classes: numbers scaled by their ranges, texts by their legend', () => {
    const { rows, classes, y } = answers['ml5-classes'] as Required<NamedAnswer>
    const model = fromTensorFlowJS(tfjsFile('ml5-classes'), tfjsWeights, {
      meta: tfjsFile('ml5-classes.meta'),
    }).as(Model)
    expect(model.inputs).toEqual([
      { name: 'r', kind: 'number', scale: 'minMax', min: 0, max: 255 },
      { name: 'size', kind: 'text', categories: ['huge', 'large', 'small'] },
      { name: 'g', kind: 'number', scale: 'minMax', min: -1, max: 3 },
    ])
    const own = model.predict([...rows]).flatMap(({ probabilities }) => {
      return classes.map((each) => (probabilities as Record<string, number>)[each])
    })
    expect(difference(own, y)).toBeLessThan(1e-6)
  })

  it('numbers: scaled back to their range', () => {
    const { rows, y } = answers['ml5-numbers'] as NamedAnswer
    const model = fromTensorFlowJS(tfjsFile('ml5-numbers'), tfjsWeights, {
      meta: tfjsFile('ml5-numbers.meta'),
    }).as(Model)
    const own = model.predict([...rows]).map(({ z }) => z as number)
    expect(difference(own, y)).toBeLessThan(1e-6)
  })

  it('fold: with texts, too', () => {
    const options = { meta: tfjsFile('ml5-classes.meta'), fold: true }
    const folded = fromTensorFlowJS(tfjsFile('ml5-classes'), tfjsWeights, options)
    const { rows, classes, y } = answers['ml5-classes'] as Required<NamedAnswer>
    const own = folded
      .as(Model)
      .predict([...rows])
      .flatMap(({ probabilities }) => {
        return classes.map((each) => (probabilities as unknown as Record<string, number>)[each])
      })
    expect(difference(own, y)).toBeLessThan(1e-6)
    expect(folded.notes).toEqual([
      'the scaling of the inputs is folded into dense_Dense35',
      'the outputs are in the order of the classes, ascending: "blue", "green", "red"',
    ])
  })

  it('fold: the network takes what a row has', () => {
    const options = { meta: tfjsFile('ml5-numbers.meta'), fold: true }
    const folded = fromTensorFlowJS(tfjsFile('ml5-numbers'), tfjsWeights, options)
    const { rows, y } = answers['ml5-numbers'] as NamedAnswer
    const outputs = folded.as(Network).predict(rows.flatMap(({ x, y }) => [x as number, y as number]))
    expect(
      difference(
        outputs.map((value) => value * 400 + 100),
        y,
      ),
    ).toBeLessThan(1e-6)
  })
})

describe('a Model', () => {
  it('has the scales of a Normalization, where its columns have names', () => {
    const { x, y } = answers['keras3-normalization'] as Answer
    const options = { columns: ['a', 'b'] }
    const model = fromTensorFlowJS(tfjsFile('keras3-normalization'), tfjsWeights, options).as(Model)
    expect(model.inputs).toEqual([
      { name: 'a', kind: 'number', scale: 'standardize', mean: 3, deviation: 2 },
      { name: 'b', kind: 'number', scale: 'standardize', mean: -2, deviation: 0.5 },
    ])
    const rows = Array.from({ length: x.length / 2 }, (_, i) => ({ a: x[2 * i], b: x[2 * i + 1] }))
    const own = model.predict(rows).flatMap(({ y0, y1, y2 }) => [y0, y1, y2] as number[])
    expect(difference(own, y)).toBeLessThan(1e-6)
  })

  it('has classes, in ascending order, where the options name them', () => {
    const { x, y } = answers.sequential as Answer
    const options = { columns: ['a', 'b', 'c', 'd'], classes: ['z', 'x', 'y'] }
    const model = fromTensorFlowJS(tfjsFile('sequential'), tfjsWeights, options).as(Model)
    const [a, b, c, d] = x
    const { probabilities } = model.predict({ a, b, c, d })
    const own = options.classes.map((each) => (probabilities as unknown as Record<string, number>)[each])
    expect(difference(own, y.slice(0, 3))).toBeLessThan(1e-6)
  })
})
