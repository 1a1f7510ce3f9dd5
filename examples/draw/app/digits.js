// @ts-check
import { readCsv } from './deltaprop/data.js'
import { PIXELS } from './strokes.js'

/**
 * Pictures of 8 × 8 pixels, and what they show.
 *
 * @typedef {object} Digits
 * @property {Float32Array} x samples × 64, the ink from 0 to 1
 * @property {Uint8Array} labels samples
 */

/**
 * The digits of examples/data, four fifths of them to learn from and every fifth to be tested on.
 *
 * @returns {Promise<{ train: Digits, test: Digits }>}
 */
export async function loadDigits() {
  const response = await fetch('./data/digits.csv')
  if (!response.ok || response.body === null)
    throw new Error(`digits.csv: expected a file, got ${response.status}`)
  // As it comes: parsed at once, its 490 kB keep the page from its events for 40 ms.
  const { rows, columns } = await readCsv(response.body)
  const all = Array.from({ length: rows }, (_, row) => row)
  /** @param {number[]} chosen rows */
  const take = (chosen) => ({
    x: Float32Array.from(
      chosen.flatMap((row) => columns.slice(0, PIXELS).map(({ values }) => Number(values[row]) / 16)),
    ),
    labels: Uint8Array.from(chosen, (row) => Number(columns[PIXELS].values[row])),
  })
  return { train: take(all.filter((row) => row % 5 < 4)), test: take(all.filter((row) => row % 5 === 4)) }
}

/**
 * What the network is to answer: 1 for the digit and 0 for the others.
 *
 * @param {Uint8Array} labels
 * @returns {Float32Array} samples × 10
 */
export function targets(labels) {
  const y = new Float32Array(labels.length * 10)
  for (const [n, label] of labels.entries()) y[n * 10 + label] = 1
  return y
}
