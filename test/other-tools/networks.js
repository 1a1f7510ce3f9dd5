// @ts-check
/** Networks and samples to be compared, and how far answers are apart. */
import { Network } from '../../dist/index.js'
import { Model } from '../../dist/model.js'

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

export const precisions = /** @type {const} */ (['f32', 'f64'])

export const INPUTS = 6
export const HIDDEN = /** @type {const} */ ([12, 9])
export const OUTPUTS = 4

/**
 * That of the layers before the last one: a softmax is only behind the last layer, and relu before it.
 *
 * @template {string} T
 * @param {T} activation
 */
export function hiddenOf(activation) {
  return activation === 'softmax' ? 'relu' : activation
}

/**
 * @param {ActivationName} activation
 * @param {'f32' | 'f64'} precision
 * @param {readonly number[]} sizes
 */
export function networkOf(activation, precision, sizes = [INPUTS, ...HIDDEN, OUTPUTS]) {
  const options = {
    activation: { hidden: hiddenOf(activation), output: activation },
    precision,
    seed: 3,
  }
  const net = new Network(sizes, options)
  // Biases begin at 0, which would hide that they are missing.
  for (const { biases } of net.layers) for (const j of biases.keys()) biases[j] = Math.sin(j + 1)
  return net
}

/** 200 samples from −3 to 3, the same each time, in f32. */
export const samples = Float32Array.from({ length: 200 * INPUTS }, (_, i) => 3 * Math.sin(1 + i * i))

/** The same, row by row. */
export const rows = Array.from({ length: samples.length / INPUTS }, (_, s) => {
  return Array.from(samples.subarray(s * INPUTS, (s + 1) * INPUTS))
})

let state = 1

/** Between 0 and 1, the same each time. */
function next() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}

/** For tools that draw their weights from Math.random: the same each time. */
export function seedRandom() {
  state = 1
  Math.random = next
}

/**
 * Numbers from −1 to 1, as many as the shape has.
 *
 * @param {readonly (number | null)[]} shape
 */
export function random(shape) {
  const size = shape.reduce((product, length) => product * (length ?? 1), 1)
  return Array.from({ length: size }, () => 2 * next() - 1)
}

/** A model of numbers and a text, what it answers, and its columns as numbers, row by row. */
export function table() {
  const rows = Array.from({ length: 30 }, (_, i) => {
    return { size: 3 * i + 1, height: 100 * Math.sin(i), colour: ['red', 'green'][i % 2], price: 17 * i + 4 }
  })
  const model = Model.create(rows, { target: 'price', hidden: [5], seed: 1 })
  const own = model.predict(rows).map(({ price }) => Number(price))
  const x = rows.flatMap(({ size, height, colour }) => {
    return [size, height, Number(colour === 'green'), Number(colour === 'red')]
  })
  return { model, own, x }
}

/**
 * The largest difference, relative to the largest number.
 *
 * @param {ArrayLike<number>} own
 * @param {ArrayLike<number>} others
 */
export function difference(own, others) {
  if (own.length !== others.length)
    throw new RangeError(`expected ${others.length} numbers, got ${own.length}`)
  let [most, largest] = [0, 0]
  for (let i = 0; i < own.length; ++i) {
    // NaN, of a number that is not one, stays.
    most = Math.max(most, Math.abs(own[i] - others[i]))
    largest = Math.max(largest, Math.abs(others[i]))
  }
  return most / largest
}

/**
 * @param {Omit<import('./index.js').Comparison, 'difference'>} about
 * @param {ArrayLike<number>} own what deltaprop answers
 * @param {ArrayLike<number> | string} others what the tool answers, or why it does not
 * @returns {import('./index.js').Comparison}
 */
export function compared(about, own, others) {
  return { ...about, difference: typeof others === 'string' ? others : difference(own, others) }
}

/** Of what a tool has and deltaprop has not. */
export const none = 'deltaprop has no such function, and refuses it'

/**
 * Why there is nothing to compare; deltaprop has to say so itself.
 *
 * @param {Omit<import('./index.js').Comparison, 'difference'>} about
 * @param {() => unknown} action
 * @param {RegExp} said in the error
 * @param {string} reason for the table
 * @returns {import('./index.js').Comparison}
 */
export function refused(about, action, said, reason) {
  try {
    action()
  } catch (error) {
    if (said.test(String(error))) return { ...about, difference: reason }
    throw error
  }
  throw new Error(`${about.format}, ${about.direction}, ${about.what}: expected an error, ${String(said)}`)
}
