// @ts-check
import { readUci, split } from '../digits/data.js'

/** @typedef {import('../digits/data.js').Digits} Digits */

/** Pixels along each side of a picture: those of MNIST. */
export const SIDE = 28

/** How much the 8 × 8 pixels of the digits grow, and the empty frame that makes 28 of 24. */
const SCALE = 3
const FRAME = 2

/**
 * The digits of examples/data as pictures of MNIST's size, dealt out by the seed: 70 % to train, what is left to test.
 *
 * @param {number} seed
 * @returns {{ train: Digits, test: Digits }}
 */
export function readDigits(seed) {
  const [train, test] = split(enlarged(readUci()), [0.7], seed)
  return { train, test }
}

/**
 * Every pixel as a square of SCALE × SCALE.
 *
 * @param {Digits} digits
 * @returns {Digits}
 */
function enlarged({ rows, columns, x, labels }) {
  const large = new Float32Array(labels.length * SIDE * SIDE)
  for (let n = 0; n < labels.length; ++n) {
    for (let row = 0; row < rows * SCALE; ++row) {
      for (let column = 0; column < columns * SCALE; ++column) {
        const from = (n * rows + Math.floor(row / SCALE)) * columns + Math.floor(column / SCALE)
        large[(n * SIDE + row + FRAME) * SIDE + column + FRAME] = x[from]
      }
    }
  }
  return { rows: SIDE, columns: SIDE, x: large, labels }
}
