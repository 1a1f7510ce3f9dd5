// @ts-check
import { readFileSync } from 'node:fs'

/**
 * Pictures of handwritten digits.
 *
 * @typedef {object} Digits
 * @property {number} rows of pixels in a picture
 * @property {number} columns of pixels in a picture
 * @property {Float32Array} x samples × (rows · columns), the ink from 0 to 1
 * @property {Uint8Array} labels samples, the digits that the pictures show
 */

/**
 * The 1,797 digits of examples/data/digits.csv, of 8 × 8 pixels.
 *
 * @returns {Digits}
 */
export function readUci() {
  const file = new URL('../data/digits.csv', import.meta.url)
  const samples = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const rows = samples.map((line) => line.split(',').map(Number))
  return {
    rows: 8,
    columns: 8,
    x: Float32Array.from(rows.flatMap((row) => row.slice(0, 64).map((ink) => ink / 16))),
    labels: Uint8Array.from(rows, (row) => row[64]),
  }
}

/**
 * Deals the digits out by chance, which follows from the seed.
 *
 * @param {Digits} digits
 * @param {number[]} shares of each part, from 0 to 1; what they leave is one more part
 * @param {number} seed
 */
export function split(digits, shares, seed) {
  const { rows, columns, x, labels } = digits
  const pixels = rows * columns
  const order = shuffled(labels.length, seed)
  const sizes = shares.map((share) => Math.round(share * labels.length))
  return [...sizes, labels.length].map((size) => {
    const part = order.splice(0, size)
    /** @type {Digits} */
    const dealt = {
      rows,
      columns,
      x: new Float32Array(part.length * pixels),
      labels: Uint8Array.from(part, (i) => labels[i]),
    }
    part.forEach((i, n) => dealt.x.set(x.subarray(i * pixels, (i + 1) * pixels), n * pixels))
    return dealt
  })
}

/**
 * What the network is to answer: 1 for the digit and 0 for the others, with label smoothing (Szegedy et al. 2016, section 7)
 * 1 − ε + ε/10 and ε/10.
 *
 * @param {Uint8Array} labels
 * @param {number} epsilon
 * @returns {Float32Array} samples × 10
 */
export function targets(labels, epsilon) {
  const y = new Float32Array(labels.length * 10).fill(epsilon / 10)
  for (const [n, label] of labels.entries()) y[n * 10 + label] += 1 - epsilon
  return y
}

/**
 * The cross entropy of answers that are just these targets, −Σ y·ln y for one sample: no network has a smaller loss.
 *
 * @param {number} epsilon above 0
 */
export function leastLoss(epsilon) {
  return -targets(Uint8Array.of(0), epsilon).reduce((sum, y) => sum + y * Math.log(y), 0)
}

/**
 * 0 to n − 1 in an order that follows from the seed: Fisher and Yates.
 *
 * @param {number} n
 * @param {number} seed
 */
function shuffled(n, seed) {
  const random = mulberry32(seed)
  const order = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; --i) {
    const j = Math.floor(random() * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}

/**
 * Random numbers from 0 to 1, 1 excluded, by T. Ettinger's generator.
 *
 * @param {number} state
 */
function mulberry32(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
