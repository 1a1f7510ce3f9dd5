import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { adam, Network } from '../../src/index.js'
import { fromTensorFlowJS, toTensorFlowJS, type Exportable } from '../../src/interop/index.js'
import { Model } from '../../src/model/index.js'
import { difference } from '../support/difference.js'
import { tfjsFile } from '../support/tfjs-files.js'

function networkOf(activation: (typeof activationNames)[number], precision: 'f32' | 'f64' = 'f32'): Network {
  const hidden = activation === 'softmax' ? 'relu' : activation
  const net = new Network([6, 12, 9, 4], { activation: { hidden, output: activation }, precision, seed: 3 })
  for (const { biases } of net.layers) biases.forEach((_, j) => (biases[j] = Math.sin(j)))
  return net
}

/** Written, as text, and read again. */
function again(net: Exportable): Network {
  const { model, weights } = toTensorFlowJS(net)
  return fromTensorFlowJS(JSON.parse(JSON.stringify(model)) as object, weights).as(Network)
}

/** All parameters, and the activations. */
function contents({ layers }: Network): unknown[] {
  return layers.map(({ weights, biases, activation }) => [weights, biases, activation])
}

const inputs = Array.from({ length: 30 }, (_, i) => 3 * Math.sin(i))

describe('out and in again', () => {
  const exact = activationNames.filter((name) => name !== 'hardSigmoid' && name !== 'geluTanh')

  it.each(exact)('%s: the same bits, the same activations', (activation) => {
    const net = networkOf(activation)
    expect(contents(again(net))).toEqual(contents(net))
  })

  it('hardSigmoid: the weights are divided by 1.2 and multiplied again, which rounds', () => {
    const net = networkOf('hardSigmoid')
    expect(again(net).layers.map(({ activation }) => activation)).toEqual(Array(3).fill('hardSigmoid'))
    expect(difference(again(net).predict(inputs), net.predict(inputs))).toBeLessThan(1e-6)
    expect(toTensorFlowJS(net).notes[0]).toBe(
      'dense_1: the factor of hard_sigmoid, 0.2 in TensorFlow.js and 1/6 here, is folded into its weights',
    )
  })

  it('leakyRelu with a slope of its own', () => {
    const net = new Network([2, 3, 1], { activation: { type: 'leakyRelu', slope: 0.3 } })
    expect(contents(again(net))).toEqual(contents(net))
  })

  it('f64 becomes f32', () => {
    const net = networkOf('tanh', 'f64')
    expect(difference(again(net).predict(inputs), net.predict(inputs))).toBeLessThan(1e-6)
    expect(toTensorFlowJS(net).notes).toEqual(['the weights are f32, all that TensorFlow.js has'])
  })
})

/** What TensorFlow.js answers for a network, and a hash of the files that it was given. */
interface Written {
  readonly x: readonly number[]
  readonly answers: Record<
    (typeof activationNames)[number],
    {
      readonly hidden: Exclude<(typeof activationNames)[number], 'softmax'>
      readonly hash: string
      readonly y: readonly number[]
    }
  >
}

describe('TensorFlow.js predicts as the network does that was written', () => {
  const { x, answers } = tfjsFile('written') as Written
  it.each(activationNames.filter((name) => name !== 'geluTanh'))('%s', (output) => {
    const { hidden, hash, y } = answers[output]
    const net = new Network([6, 12, 4], { activation: { hidden, output }, seed: 3 })
    const { model, weights } = toTensorFlowJS(net)
    const written = createHash('sha256').update(JSON.stringify(model)).update(weights['weights.bin'])
    expect(written.digest('hex')).toBe(hash)
    expect(difference(net.predict(x), y)).toBeLessThan(1e-6)
  })
})

describe('what TensorFlow.js lacks', () => {
  it('geluTanh', () => {
    expect(() => toTensorFlowJS(networkOf('geluTanh'))).toThrow(
      new RangeError(
        'dense_1: expected an activation that TensorFlow.js reads, got geluTanh; gelu is there, and differs by less than 0.001; or toONNX',
      ),
    )
  })

  it('elu with another alpha', () => {
    const net = new Network([2, 3, 1], { activation: { type: 'elu', alpha: 0.5 } })
    expect(() => toTensorFlowJS(net)).toThrow(
      new RangeError('dense_1: expected elu with alpha 1, the only one that TensorFlow.js has, got 0.5'),
    )
  })

  it('numbers beyond f32', () => {
    const net = new Network([1, 1], { precision: 'f64' })
    net.layers[0].weights[0] = 1e300
    expect(() => toTensorFlowJS(net)).toThrow(
      new RangeError('dense_1.kernel[0]: expected a finite number, got Infinity'),
    )
  })

  it('anything but a network', () => {
    expect(() => toTensorFlowJS({} as unknown as Exportable)).toThrow(
      new TypeError('net: expected a Network, or a Model, got an object'),
    )
  })
})

describe('a model', () => {
  const rows = [
    { size: 1, colour: 'red', price: 100, kind: 'apple' },
    { size: 2, colour: 'green', price: 300, kind: 'melon' },
    { size: 5, colour: 'red', price: 250, kind: 'apple' },
  ]

  it('numbers: the scales of inputs and outputs are folded', () => {
    const data = rows.map(({ size, price }) => ({ size, price }))
    const model = Model.create(data, { target: 'price', hidden: [5], seed: 1 })
    const own = model.predict(data).map(({ price }) => price as number)
    expect(difference(again(model).predict([1, 2, 5]), own)).toBeLessThan(1e-5)
    expect(toTensorFlowJS(model).notes).toEqual([
      'the scales of the inputs are folded into dense_1',
      'the scales of the outputs are folded into dense_2',
      'the inputs are size, which the model does not say',
    ])
  })

  it('texts are one-hot, classes have an order: notes say so', () => {
    const data = rows.map(({ size, colour, kind }) => ({ size, colour, kind }))
    const model = Model.create(data, { target: 'kind', hidden: [5], seed: 1 })
    const own = model.predict(data).flatMap(({ probabilities }) => {
      const { apple, melon } = probabilities as unknown as Record<string, number>
      return [apple, melon]
    })
    const encoded = rows.flatMap(({ size, colour }) => [size, ...(colour === 'green' ? [1, 0] : [0, 1])])
    expect(difference(again(model).predict(encoded), own)).toBeLessThan(1e-6)
    expect(toTensorFlowJS(model).notes).toEqual([
      'the scales of the inputs are folded into dense_1',
      'colour is one-hot, in the order green, red, which the model does not say',
      'the classes are apple, melon, which the model does not say',
      'the inputs are size, colour, which the model does not say',
    ])
  })
})

it('training goes on from an import', async () => {
  const { model, weights } = toTensorFlowJS(new Network([2, 8, 1], { activation: 'tanh', seed: 2 }))
  const net = fromTensorFlowJS(model, weights).as(Network)
  const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
  await net.fit(data, { epochs: 500, optimizer: adam({ learningRate: 0.02 }) })
  expect(difference(net.predict(data.x), data.y)).toBeLessThan(0.1)
})
