// @ts-check
// What the page was taught travels with the network, as a text among its metadata.
import { PIXELS } from './strokes.js'

/**
 * A drawing, and what it is.
 *
 * @typedef {object} Lesson
 * @property {number} label
 * @property {Float32Array} ink 8 × 8, each n/16
 */

/** Ink is counted from 0 to 16: a digit to the base of 17. */
const BASE = 17

/**
 * `7:004gg…`, one word for each lesson.
 *
 * @param {readonly Lesson[]} lessons
 */
export function writeLessons(lessons) {
  return lessons
    .map(
      ({ label, ink }) =>
        `${label}:${Array.from(ink, (value) => Math.round(value * 16).toString(BASE)).join('')}`,
    )
    .join(' ')
}

const pattern = new RegExp(`^\\d:[0-9a-g]{${PIXELS}}$`)

/**
 * @param {string} text
 * @returns {Lesson[]}
 * @throws RangeError for what writeLessons did not write
 */
export function readLessons(text) {
  const words = text.split(' ').filter((word) => word !== '')
  return words.map((word, i) => {
    if (!pattern.test(word)) {
      throw new RangeError(`lessons[${i}]: expected a digit and ${PIXELS} pixels, got "${word}"`)
    }
    const [label, ink] = word.split(':')
    return { label: Number(label), ink: Float32Array.from(ink, (digit) => parseInt(digit, BASE) / 16) }
  })
}
