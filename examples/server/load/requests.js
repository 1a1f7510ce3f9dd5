// @ts-check
// What the server is asked under load.
import { readDigits, SIDE } from '../digits.js'
import { toRequest } from './client.js'

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {number} samples of a request
 * @property {{ bytes: Buffer, x: Float32Array }[]} requests that take turns
 */

/** Different requests of each kind. */
const REQUESTS = 32
const INPUTS = SIDE * SIDE

/**
 * All kinds: pictures of digits, most of whose ink is 0 as in MNIST, and numbers of 8 digits, which take the most of JSON.
 *
 * @returns {Kind[]}
 */
export function kinds() {
  const ink = readDigits(1).test.x
  const noise = Float32Array.from({ length: ink.length }, (_, i) => Math.round(1e8 * fraction(i)) / 1e8)
  return [
    kind('1 sample, binary', ink, 1, 'binary'),
    kind('1 sample, JSON', ink, 1, 'json'),
    kind('1 sample, JSON of 8 digits', noise, 1, 'json'),
    kind('16 samples, binary', ink, 16, 'binary'),
    kind('16 samples, JSON', ink, 16, 'json'),
    kind('32 samples, binary', ink, 32, 'binary'),
    kind('32 samples, JSON', ink, 32, 'json'),
  ]
}

/**
 * @param {string} name
 * @param {Float32Array} all samples × INPUTS
 * @param {number} samples
 * @param {'binary' | 'json'} form
 * @returns {Kind}
 */
function kind(name, all, samples, form) {
  const length = samples * INPUTS
  const requests = Array.from({ length: REQUESTS }, (_, i) => {
    const start = (i * length) % (all.length - length)
    const x = all.slice(start - (start % INPUTS), start - (start % INPUTS) + length)
    return { bytes: form === 'json' ? jsonRequest(x) : binaryRequest(x), x }
  })
  return { name, samples, requests }
}

/** @param {Float32Array} x samples × INPUTS */
function binaryRequest(x) {
  return toRequest('application/octet-stream', Buffer.from(x.buffer))
}

/** Numbers of at most 8 digits, as people write them. @param {Float32Array} x samples × INPUTS */
function jsonRequest(x) {
  const numbers = Array.from(x, (value) => Number(value.toPrecision(8)))
  const rows = Array.from({ length: x.length / INPUTS }, (_, i) =>
    numbers.slice(i * INPUTS, (i + 1) * INPUTS),
  )
  return toRequest('application/json', Buffer.from(JSON.stringify({ x: rows })))
}

/** Numbers from 0 to 1 without an order that one sees: multiples of the golden ratio, less what is whole. @param {number} i */
function fraction(i) {
  return (i * 0.6180339887498949) % 1
}
