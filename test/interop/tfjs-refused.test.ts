/** What a network of deltaprop cannot be, and files that are not what they say: sentences that say where. */
import { describe, expect, it } from 'vitest'
import { Network } from '../../src/index.js'
import { fromTensorFlowJS } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { tfjsFile, tfjsWeights } from '../support/tfjs-files.js'

interface Layer {
  class_name: string
  readonly config: Record<string, unknown>
  inbound_nodes: unknown
}

/** Of a model.json, what is changed here. */
interface Changed {
  format: string
  readonly modelTopology: {
    keras_version: string
    readonly config: { readonly layers: readonly Layer[]; output_layers: unknown }
  }
  readonly weightsManifest: readonly {
    readonly paths: string[]
    readonly weights: readonly { name: string; shape: number[]; dtype: string }[]
  }[]
}

/** A changed copy of a model. */
function changed(name: string, change: (model: Changed) => void): object {
  const model = structuredClone(tfjsFile(name)) as Changed
  change(model)
  return model
}

const message = (model: object, weights = tfjsWeights, options = {}): string => {
  try {
    fromTensorFlowJS(model, weights, options)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return String(error)
  }
  return 'read'
}

function layer(model: Changed, l: number): Layer {
  return model.modelTopology.config.layers[l]
}

const functions =
  'linear, sigmoid, tanh, relu, leaky_relu, elu, selu, softplus, softsign, gelu, gelu_new, swish, silu, mish, hard_sigmoid, softmax'

describe('layers', () => {
  it.each<[string, string, (model: Changed) => void]>([
    [
      'dropout: expected a layer of a dense network, such as Dense, Activation, Dropout or BatchNormalization, got "Conv2D"',
      'sequential',
      (model) => (layer(model, 2).class_name = 'Conv2D'),
    ],
    ...['relu6', 'exponential', 'log_softmax'].map((name): [string, string, (model: Changed) => void] => [
      `dense.activation: expected one of ${functions}, got "${name}"`,
      'sequential',
      (model) => (layer(model, 1).config.activation = name),
    ]),
    [
      're_lu_ReLU1.max_value: expected none, got 6',
      'layers',
      (model) => (layer(model, 13).config.max_value = 6),
    ],
    [
      'dense: expected a softmax behind the last layer only, got another',
      'sequential',
      (model) => (layer(model, 1).config.activation = 'softmax'),
    ],
    [
      'dense: expected one row of numbers for each sample, got [10, 4]; Flatten makes one of it',
      'sequential',
      (model) => (layer(model, 0).config.batch_input_shape = [null, 10, 4]),
    ],
    [
      'dense: expected 5 inputs, the numbers that come to it, got 4',
      'sequential',
      (model) => (layer(model, 0).config.batch_input_shape = [null, 5]),
    ],
    [
      'dense.kernel: expected 7 units, as its configuration says, got 6',
      'sequential',
      (model) => (layer(model, 1).config.units = 7),
    ],
    [
      'batch_normalization_BatchNormalization1.axis: expected -1, the units, got 2',
      'layers',
      (model) => (layer(model, 2).config.axis = 2),
    ],
    [
      'reshape_Reshape1.target_shape: expected 4 numbers, as before it, got [3, 2]',
      'layers',
      (model) => (layer(model, 14).config.target_shape = [3, 2]),
    ],
    [
      'dense: expected one weight "dense/kernel", got several, or one that another layer has',
      'sequential',
      (model) => (layer(model, 3).config.name = 'dense'),
    ],
  ])('%s', (expected, name, change) => {
    expect(message(changed(name, change))).toBe(`RangeError: ${expected}`)
  })
})

describe('paths', () => {
  it.each<[string, (model: Changed) => void]>([
    [
      'first: expected one layer before it, and nothing else, got several',
      (model) =>
        (layer(model, 1).inbound_nodes = [
          [
            ['in', 0, 0, {}],
            ['second', 0, 0, {}],
          ],
        ]),
    ],
    [
      'first: expected one layer behind it, got several',
      (model) => (layer(model, 3).inbound_nodes = [[['first', 0, 0, {}]]]),
    ],
    [
      'first: expected a layer on the one path from the input, got another',
      (model) => (layer(model, 1).inbound_nodes = [[['second', 0, 0, {}]]]),
    ],
    ['model.modelTopology: expected one input, got 2', (model) => (layer(model, 1).inbound_nodes = [])],
    [
      'model.modelTopology.config.output_layers: expected "second" alone, the last layer, got several',
      ({ modelTopology }) => {
        modelTopology.config.output_layers = [
          ['second', 0, 0],
          ['first', 0, 0],
        ]
      },
    ],
  ])('%s', (expected, change) => {
    expect(message(changed('functional', change))).toBe(`RangeError: ${expected}`)
  })
})

describe('weights', () => {
  it.each<[string, (model: Changed) => void]>([
    [
      'weight "dense/kernel".dtype: expected one of float32, float16, int32, uint16, uint8, bool, complex64, got "string"',
      ({ weightsManifest }) => (weightsManifest[0].weights[0].dtype = 'string'),
    ],
    [
      'weight "dense/kernel": expected 3.6537540933272573e+47 bytes, got 332: cut off, or another file',
      ({ weightsManifest }) => (weightsManifest[0].weights[0].shape = [2 ** 52, 2 ** 52, 2 ** 52]),
    ],
    [
      'dense.kernel: expected [inputs, units], got [24]',
      ({ weightsManifest }) => (weightsManifest[0].weights[0].shape = [24]),
    ],
    [
      'dense: expected one weight "dense/kernel", got none',
      ({ weightsManifest }) => (weightsManifest[0].weights[0].name = 'x/kernel'),
    ],
    [
      'dense: expected one weight "dense/kernel", got several, or one that another layer has',
      ({ weightsManifest }) => (weightsManifest[0].weights[5].name = 'other/dense/kernel'),
    ],
    [
      'model.weightsManifest[0].paths[1]: expected each file once, got "sequential.bin" again',
      ({ weightsManifest }) => weightsManifest[0].paths.push('sequential.bin'),
    ],
  ])('%s', (expected, change) => {
    expect(message(changed('sequential', change))).toBe(`RangeError: ${expected}`)
  })

  const model = tfjsFile('sequential')
  const { 'sequential.bin': bytes } = tfjsWeights

  it('a file that is missing, or cut off, or too long', () => {
    expect(message(model, { 'other.bin': bytes })).toBe(
      'RangeError: weights: expected the file sequential.bin of the manifest, got other.bin',
    )
    expect(message(model, { 'sequential.bin': bytes.subarray(0, 100) })).toBe(
      'RangeError: weight "dense/bias": expected 24 bytes, got 4: cut off, or another file',
    )
    expect(message(model, { 'sequential.bin': new Uint8Array(1000) })).toBe(
      'RangeError: model.weightsManifest[0]: expected 332 bytes, as its weights have, got 1000',
    )
  })

  it('a NaN: its weight and its place', () => {
    const numbers = new Float32Array(bytes.slice().buffer)
    numbers[9] = NaN
    expect(message(model, { 'sequential.bin': new Uint8Array(numbers.buffer) })).toBe(
      'RangeError: weight "dense/kernel"[1][3]: expected a finite number, got NaN',
    )
  })

  it('names that objects have by themselves are names', () => {
    const named = changed('sequential', (model) => {
      layer(model, 1).config.name = '__proto__'
      const [{ weights, paths }] = model.weightsManifest
      weights[0].name = '__proto__/kernel'
      weights[1].name = '__proto__/bias'
      paths[0] = 'constructor'
    })
    expect(message(named)).toMatch(/^RangeError: weights: expected the file constructor of the manifest/)
    expect(message(named, { ...tfjsWeights, constructor: bytes })).toBe('read')
  })
})

describe('files', () => {
  const model = tfjsFile('sequential')

  it('a graph has no layers', () => {
    expect(message(changed('sequential', (model) => (model.format = 'graph-model')))).toBe(
      'RangeError: model.format: expected "layers-model": a graph has operations, and no layers, got "graph-model"; convert the Keras model itself, with --output_format=tfjs_layers_model',
    )
  })

  it('text, bytes, and other files', () => {
    expect(message('{"format": …' as unknown as object)).toBe(
      'TypeError: model: expected an object, got "{\\"format\\": …"; JSON.parse makes it of model.json',
    )
    expect(message(model, new Uint8Array(3) as unknown as typeof tfjsWeights)).toBe(
      "TypeError: weights: expected an object, got a Uint8Array; such as { 'group1-shard1of1.bin': bytes }",
    )
    expect(message(tfjsFile('ml5-classes.meta'))).toBe(
      'TypeError: model.modelTopology: expected an object, got undefined; model is model.json, and no other file',
    )
  })

  it('ml5: its meta, where it is missing, of another model, or of another kind', () => {
    const ml5 = tfjsFile('ml5-classes')
    expect(() => fromTensorFlowJS(ml5, tfjsWeights).as(Model)).toThrow(/as meta from ml5's model_meta\.json$/)
    expect(message(ml5, tfjsWeights, { meta: null })).toBe(
      'TypeError: meta: expected an object, got null; JSON.parse makes it of model_meta.json',
    )
    expect(message(model, tfjsWeights, { meta: tfjsFile('ml5-classes.meta') })).toBe(
      'RangeError: meta.inputs: expected 4 numbers, the inputs of dense, got 5',
    )
    expect(message(ml5, tfjsWeights, { meta: { inputs: { pixels: { dtype: 'array' } }, outputs: {} } })).toBe(
      'RangeError: meta.inputs["pixels"].dtype: expected "number" or "string", got "array"',
    )
  })
})

describe('functions that Keras 2 and Keras 3 compute differently, or deltaprop', () => {
  it('hard_sigmoid: 0.2 in Keras 2, 1/6 in Keras 3 and here', () => {
    const second = fromTensorFlowJS(tfjsFile('activation-hardSigmoid'), tfjsWeights)
    const third = fromTensorFlowJS(
      changed('activation-hardSigmoid', ({ modelTopology }) => (modelTopology.keras_version = '3.10.0')),
      tfjsWeights,
    )
    expect(third.notes).toEqual([])
    expect(second.notes).toHaveLength(1)
    const [[first], [other]] = [second, third].map((each) => each.as(Network).layers)
    expect(first.weights[0]).toBe(Math.fround(1.2 * other.weights[0]))
  })

  it('leaky_relu has the slope 0.2 as a function, 0.3 as a layer', () => {
    const slopes = ['leaky_relu', { class_name: 'LeakyReLU', config: {} }].map((activation) => {
      const model = changed('sequential', (model) => (layer(model, 1).config.activation = activation))
      return fromTensorFlowJS(model, tfjsWeights).as(Network).layers[0].activation
    })
    expect(slopes).toEqual([
      { type: 'leakyRelu', slope: 0.2 },
      { type: 'leakyRelu', slope: 0.3 },
    ])
  })
})
