import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromConvNetJS } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference, survivesMutation } from './foreign-json.js'

/** A network of ConvNetJS, with what it answers for some inputs. */
interface Answers {
  readonly json: { readonly layers: readonly object[] }
  readonly x: readonly number[][]
  readonly y: readonly number[][]
}

const text = readFileSync('test/fixtures/interop/convnetjs/convnetjs.json', 'utf8')
const files = JSON.parse(text) as Record<string, Answers>

describe('predicts as ConvNetJS does', () => {
  it.each(Object.entries(files))('%s', (_, { json, x, y }) => {
    const net = fromConvNetJS(json).as(Network)
    expect(net.layers[0].weights).toBeInstanceOf(Float64Array)
    expect(difference(net.predict(x), y.flat())).toBeLessThan(1e-12)
  })

  it.each(Object.entries(files))('%s, f32', (_, { json, x, y }) => {
    const net = fromConvNetJS(json, { precision: 'f32' }).as(Network)
    expect(difference(net.predict(x), y.flat())).toBeLessThan(1e-6)
  })
})

it('says that a dropout multiplies', () => {
  expect(fromConvNetJS(files.dropout.json).notes).toContain(
    'layers[3]: the dropout of ConvNetJS, which multiplies by 0.2 when it predicts, folded into what is behind it',
  )
})

it('is a Model with the classes of the options', () => {
  const { json, x, y } = files.softmax
  const classes = ['no', 'yes', 'maybe']
  const model = fromConvNetJS(json, { classes, columns: ['a', 'b', 'c'], targets: ['answer'] }).as(Model)
  const [[a, b, c]] = x
  const { answer, probabilities } = model.predict({ a, b, c })
  expect(answer).toBe(classes[y[0].indexOf(Math.max(...y[0]))])
  expect((probabilities as Record<string, number>).maybe).toBeCloseTo(y[0][2], 12)
})

it('takes typed arrays, as toJSON returns them, and arrays', () => {
  const file = (w: (...numbers: number[]) => unknown): unknown => ({
    layers: [
      { layer_type: 'input', out_sx: 1, out_sy: 1, out_depth: 2 },
      { layer_type: 'fc', num_inputs: 2, filters: [{ w: w(1, -2) }], biases: { w: w(0.5) } },
    ],
  })
  for (const w of [Float64Array.of.bind(Float64Array), Array.of]) {
    expect(Array.from(fromConvNetJS(file(w)).as(Network).predict([3, 1]))).toEqual([1.5])
  }
})

/** The same with one layer changed. */
function changed(at: number, change: object): unknown {
  const copy = structuredClone(files.softmax.json) as { layers: object[] }
  Object.assign(copy.layers[at], change)
  return copy
}

describe('refuses', () => {
  it.each([
    ['{}', {}, 'json: expected layers, as toJSON of a Net of ConvNetJS returns them, got none'],
    [
      'a MagicNet',
      { nets: [] },
      'json: expected layers, as toJSON of a Net of ConvNetJS returns them, got none; of a MagicNet, give one of its nets',
    ],
    [
      'a convolution',
      changed(2, { layer_type: 'conv' }),
      /^layers\[2\].layer_type: expected one of .*, got "conv"; deltaprop has dense layers only$/,
    ],
    [
      'maxout',
      changed(2, { layer_type: 'maxout' }),
      /, got "maxout"; deltaprop has activations of one number only$/,
    ],
    [
      'two inputs',
      changed(1, { layer_type: 'input' }),
      'layers[1].layer_type: expected one input layer, got "input"',
    ],
    [
      'no input',
      changed(0, { layer_type: 'relu' }),
      'layers[0].layer_type: expected input, of the first layer, got "relu"',
    ],
    [
      'a softmax in the middle',
      changed(2, { layer_type: 'softmax' }),
      'layers[2]: expected softmax at the end only, got layers behind it',
    ],
    [
      'other inputs',
      changed(0, { out_depth: 4 }),
      'layers[1].num_inputs: expected 4, as layers[0] has outputs, got 3',
    ],
    [
      'a row that is cut off',
      changed(1, { num_inputs: 4 }),
      'layers[1].filters[0].w: expected 4 numbers, got 3',
    ],
    [
      'failed training',
      changed(1, { biases: { w: { 0: 1, 1: null, 2: 3, 3: 4 } } }),
      'layers[1].biases.w[1]: expected a number, got null; null stands for NaN in JSON, which training that failed leaves behind',
    ],
    ['no layers', { layers: [] }, 'expected at least one dense layer, got none'],
  ])('%s', (_, json, message) => {
    expect(() => fromConvNetJS(json)).toThrow(message)
  })
})

it.each(Object.entries(files))('reads files that were changed, or says what is wrong: %s', (_, { json }) => {
  survivesMutation(json, (changed) => fromConvNetJS(changed).as(Network))
})
