// @ts-check
/** Networks to be compared, and how far answers are apart. */
import { Network } from '../../dist/index.js'

/** @typedef {import('../../dist/index.js').ActivationName} ActivationName */

/** @type {readonly ActivationName[]} */
export const activations = [
  'linear',
  'sigmoid',
  'tanh',
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'softplus',
  'softsign',
  'gelu',
  'geluTanh',
  'silu',
  'mish',
  'hardSigmoid',
  'softmax',
]

export const INPUTS = 6
export const OUTPUTS = 4

/**
 * 6-12-9-4; a softmax is only behind the last layer, and relu before it.
 *
 * @param {ActivationName} activation
 * @param {'f32' | 'f64'} precision
 */
export function networkOf(activation, precision) {
  const hidden = activation === 'softmax' ? 'relu' : activation
  const options = { activation: { hidden, output: activation }, precision, seed: 3 }
  const net = new Network([INPUTS, 12, 9, OUTPUTS], options)
  // Biases begin at 0, which would hide that they are missing.
  for (const { biases } of net.layers) for (const j of biases.keys()) biases[j] = Math.sin(j + 1)
  return net
}

/** 200 samples from −3 to 3, the same each time, in f32. */
export const samples = Float32Array.from({ length: 200 * INPUTS }, (_, i) => 3 * Math.sin(1 + i * i))

/**
 * The largest difference, relative to the largest number.
 *
 * @param {ArrayLike<number>} own
 * @param {ArrayLike<number>} others
 */
export function difference(own, others) {
  if (own.length !== others.length)
    throw new RangeError(`expected ${own.length} numbers, got ${others.length}`)
  let [most, largest] = [0, 0]
  for (let i = 0; i < own.length; ++i) {
    const apart = Math.abs(own[i] - others[i])
    if (!(apart <= most)) most = apart
    largest = Math.max(largest, Math.abs(others[i]))
  }
  return most / largest
}
