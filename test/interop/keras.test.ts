import { readFileSync } from 'node:fs'
import { strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { adam, evaluate, Network } from '../../src/index.js'
import { fromKeras } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference } from '../support/difference.js'

const folder = 'test/fixtures/interop/keras'
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(`${folder}/${name}`))
const parsed = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))

/** What Keras answers, row by row. */
interface Answer {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly (readonly number[])[]
}

const answers = parsed('answers.json') as Record<string, Answer>
const configs = parsed('activations.json') as Record<string, object>

function apart(net: Network, name: string): number {
  const { x, y } = answers[name]
  return difference(net.predict(x.flat()), y.flat())
}

describe('predicts as Keras does', () => {
  it.each([
    ['sequential.keras', 'sequential', 1e-6],
    ['functional.keras', 'functional', 1e-6],
    ['functional.h5', 'functional', 1e-6],
    ['names.h5', 'names', 1e-6],
    ['nested.h5', 'nested', 1e-6],
    ['various.keras', 'various', 1e-6],
    ['lora.keras', 'lora', 1e-6],
    ['double.keras', 'double', 1e-14],
    ['keras-2.h5', 'keras-2', 1e-6],
  ])('%s', (name, model, bound) => {
    expect(apart(fromKeras(file(name)).as(Network), model)).toBeLessThan(bound)
  })

  it.each(Object.keys(configs))('%s, of weights alone and the configuration', (name) => {
    const net = fromKeras(file('activations.weights.h5'), { config: configs[name] }).as(Network)
    expect(apart(net, `activation-${name}`)).toBeLessThan(1e-6)
  })

  it('of weights alone and an activation', () => {
    const options = { activation: 'tanh', output: 'tanh' } as const
    expect(
      apart(fromKeras(file('activations.weights.h5'), options).as(Network), 'activation-tanh'),
    ).toBeLessThan(1e-6)
    const net = fromKeras(file('keras-2.weights.h5'), { activation: 'sigmoid' }).as(Network)
    const same = fromKeras(file('keras-2.h5')).as(Network)
    expect(net.layers.map(({ weights }) => weights.length)).toEqual([12, 6])
    expect(net.layers[1].weights).toEqual(same.layers[1].weights)
  })
})

it.each([
  ['sequential.keras', 'categoricalCrossEntropy'],
  ['functional.keras', 'meanAbsolute'],
  ['functional.h5', 'meanAbsolute'],
  ['keras-2.h5', 'binaryCrossEntropy'],
  ['double.keras', 'halfSquared'],
])('goes on with the loss of the file: %s', (name, loss) => {
  const saved: unknown = JSON.parse(JSON.stringify(fromKeras(file(name)).as(Network)))
  expect(saved).toMatchObject({ network: { loss } })
})

it('goes on training, and learns', async () => {
  const net = fromKeras(file('sequential.keras')).as(Network)
  const { x } = answers.sequential
  const y = x.map(([a, b]) => (a < b ? 0 : a > 1 ? 1 : 2))
  const before = evaluate(net, { x, y }).loss
  await net.fit({ x, y }, { epochs: 2000, optimizer: adam({ learningRate: 0.02 }) })
  expect(evaluate(net, { x, y })).toMatchObject({ accuracy: 1 })
  expect(evaluate(net, { x, y }).loss).toBeLessThan(before / 10)
})

it('says what it folded', () => {
  expect(fromKeras(file('sequential.keras')).notes).toMatchInlineSnapshot(`
    [
      "batch_normalization: batch normalisation, folded into what is behind it",
      "batch_normalization_1: batch normalisation, folded into dense before it",
    ]
  `)
  expect(fromKeras(file('functional.keras')).notes).toMatchInlineSnapshot(`
    [
      "the scaling of the inputs is folded into dense_2",
    ]
  `)
})

it('says that a model computes in half precision there', () => {
  const files = unzipSync(file('sequential.keras'))
  const text = new TextDecoder()
    .decode(files['config.json'])
    .replaceAll('"name": "float32"', '"name": "mixed_bfloat16"')
  const { notes } = fromKeras(zipSync({ ...files, 'config.json': strToU8(text) }))
  expect(notes.filter((note) => note.includes('mixed'))).toEqual([
    'hidden: computes in mixed_bfloat16 in Keras, and in f32 here',
  ])
})

it('a Model: with the scales of Normalization', () => {
  const model = fromKeras(file('functional.keras'), { columns: ['a', 'b', 'c', 'd'], targets: ['price'] }).as(
    Model,
  )
  expect(model.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  const { x, y } = answers.functional
  const rows = x.map(([a, b, c, d]) => ({ a, b, c, d }))
  const prices = model.predict(rows).map(({ price }) => price as number)
  expect(difference(prices, y.flat())).toBeLessThan(1e-6)
})

it('a ZIP that was compressed again', () => {
  const files = unzipSync(file('sequential.keras'))
  expect(apart(fromKeras(zipSync(files, { level: 9 })).as(Network), 'sequential')).toBeLessThan(1e-6)
})

describe('refused', () => {
  const files = unzipSync(file('sequential.keras'))
  const { 'config.json': config } = files
  const changed = (from: string, to: string, of = files): Uint8Array => {
    const text = new TextDecoder().decode(of['config.json'])
    expect(text).toContain(from)
    return zipSync({ ...of, 'config.json': strToU8(text.replace(from, to)) })
  }
  const functional = unzipSync(file('functional.keras'))

  it.each([
    [
      'weights alone',
      () => fromKeras(file('activations.weights.h5')),
      "activation: expected that of the hidden layers, or config: this file has weights alone, got none; activation: 'relu' says it, if it is that, config has the layers, as model.to_json() says them",
    ],
    [
      'an option for what the file says',
      () => fromKeras(file('functional.h5'), { activation: 'relu' }),
      'activation: expected none, as the file has its layers, got "relu"',
    ],
    [
      'weights of layers of other names',
      () => fromKeras(file('keras-2.weights.h5'), { config: configs.relu }),
      /^dense_\d+: expected a kernel of its own, got none; the layers of the file are dense_1, dense_2$/,
    ],
    [
      'another width',
      () => fromKeras(changed('"units": 5', '"units": 6')),
      'hidden.kernel: expected 6 units, as its configuration says, got 5',
    ],
    [
      'a lambda',
      () => fromKeras(changed('"class_name": "Dropout"', '"class_name": "Lambda"')),
      'dropout: expected a layer of a dense network, such as Dense, Activation, Dropout or BatchNormalization, got "Lambda"',
    ],
    [
      'a layer of a program that has the name of one of Keras',
      () =>
        fromKeras(
          changed(
            '"module": "keras.layers", "class_name": "Dropout"',
            '"module": null, "class_name": "Dropout"',
          ),
        ),
      'dropout: expected a class of Keras itself, got "Dropout" of null',
    ],
    [
      'an operation',
      () =>
        fromKeras(
          changed('"keras.layers", "class_name": "Dropout"', '"keras.src.ops.nn", "class_name": "Dropout"'),
        ),
      'dropout: expected a layer, and no operation, got "Dropout"',
    ],
    [
      'a function of a program that has the name of one of Keras',
      () =>
        fromKeras(
          changed(
            '"activation": "relu"',
            '"activation": {"module": "builtins", "class_name": "function", "config": "relu"}',
          ),
        ),
      'hidden.activation: expected an activation of Keras itself, got a function "relu"',
    ],
    [
      'dropout that goes on in predictions',
      () => fromKeras(changed('"kwargs": {}', '"kwargs": {"training": true}', functional)),
      /^scaled.training: expected none, as it is where a model predicts, got true$/,
    ],
    [
      'fewer weights than the file has',
      () => fromKeras(changed('"use_bias": true', '"use_bias": false')),
      'hidden: expected kernel alone, got 2 weights',
    ],
    [
      'LoRA beside the kernel',
      () => fromKeras(file('lora.h5')),
      'dense: expected kernel and bias alone, got lora_kernel_a too',
    ],
    [
      'a quantised layer',
      () =>
        fromKeras(
          changed(
            '"class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null}, "units": 5',
            '"class_name": "QuantizedDTypePolicy", "config": {"mode": "int8"}, "registered_name": null}, "units": 5',
          ),
        ),
      'hidden.dtype: expected a layer that is not quantised, got "QuantizedDTypePolicy"',
    ],
    [
      'what get_config() returns',
      () =>
        fromKeras(file('activations.weights.h5'), { config: (configs.tanh as { config: object }).config }),
      'config.class_name: expected the name of a class, got undefined; model.get_config() has none: take what model.to_json() returns',
    ],
    [
      'a file of PyTorch',
      () => fromKeras(zipSync({ 'archive/data.pkl': config })),
      'bytes: expected a file of Keras, with metadata.json, got "archive/data.pkl"; it is of PyTorch: fromStateDict reads what safetensors.torch.save_file writes',
    ],
    [
      'a ZIP with one bit changed in its weights',
      () => {
        const bytes = file('sequential.keras').slice()
        bytes[Math.floor(bytes.length / 2)] ^= 1
        return fromKeras(bytes)
      },
      'bytes: expected a sound ZIP: this one is cut off or damaged',
    ],
    [
      'another activation',
      () => fromKeras(changed('"activation": "relu"', '"activation": "relu6"')),
      'hidden.activation: expected one of linear, sigmoid, tanh, relu, leaky_relu, elu, selu, softplus, softsign, gelu, gelu_new, swish, silu, mish, hard_sigmoid, softmax, got "relu6"',
    ],
    [
      'other layers with weights',
      () => fromKeras(files['model.weights.h5'], { activation: 'relu' }),
      'batch_normalization: expected the weights of a layer Dense, got those of another; the option config says of what class it is, and what it does',
    ],
    [
      'no weights',
      () =>
        fromKeras(
          zipSync({ 'config.json': config, 'metadata.json': files['metadata.json'], 'a.npz': config }),
        ),
      'bytes: expected a file of Keras, with model.weights.h5, got "config.json", "metadata.json", "a.npz"',
    ],
    [
      'weights of another kind',
      () => fromKeras(zipSync({ ...files, 'model.weights.h5': strToU8('PK') })),
      'bytes: expected HDF5, which begins with \\x89HDF, got another format',
    ],
    [
      'a larger file than its ZIP is likely to have',
      () => fromKeras(zipSync({ ...files, 'model.weights.h5': new Uint8Array(2 ** 25) })),
      /^model.weights.h5: expected at most \d+ bytes in this ZIP, got 33554432$/,
    ],
    [
      'what is no file of Keras',
      () => fromKeras(strToU8('hello')),
      'bytes: expected a file .keras, .h5 or .weights.h5, got another',
    ],
    [
      'a ZIP that is cut off',
      () => fromKeras(file('sequential.keras').subarray(0, 3000)),
      'bytes: expected a sound ZIP: this one is cut off or damaged',
    ],
    [
      'HDF5 that is cut off',
      () => fromKeras(file('functional.h5').subarray(0, 3000)),
      /^bytes: expected a sound HDF5 file: this one is cut off or damaged, got \d+ bytes at \d+ of 3000$/,
    ],
    [
      'a name for its bytes',
      () => fromKeras('model.keras' as never),
      'bytes: expected a Uint8Array, got "model.keras"',
    ],
  ])('%s', (_, read, message) => {
    expect(read).toThrow(message)
  })
})
