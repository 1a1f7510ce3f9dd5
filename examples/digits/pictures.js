// @ts-check
import { colors, percent, width } from './terminal.js'

/** @typedef {import('./data.js').Digits} Digits */
/** @typedef {import('./recognize.js').Reading} Reading */

// A character is about twice as high as it is wide.
const LINES = 8
const CHARACTERS = 2 * LINES
const GAP = 3
// Less ink than this does not keep a margin from being blank.
const FAINT = 0.2
const SHADES = ' ░▒▓█'

/** Pictures that fit side by side. */
export const picturesInRow = Math.floor((width + GAP) / (CHARACTERS + GAP))

/**
 * Pictures side by side; below each its label, what was read, and how probable the network took that to be.
 *
 * @param {Digits} digits
 * @param {Reading[]} readings of the pictures to draw, at most picturesInRow
 */
export function drawPictures(digits, readings) {
  const pictures = readings.map((reading) => [...drawPicture(digits, reading.index), caption(reading)])
  return Array.from({ length: LINES + 1 }, (_, line) =>
    pictures.map((picture) => picture[line]).join(' '.repeat(GAP)),
  ).join('\n')
}

/**
 * `✗ 8 → 1   61.2 %`
 *
 * @param {Reading} reading
 */
function caption({ label, digit, probability }) {
  const isRight = digit === label
  const text = `${isRight ? '✓' : '✗'} ${label} → ${digit}`
  return (isRight ? colors.green : colors.red)(text + percent(probability).padStart(CHARACTERS - text.length))
}

/**
 * @param {Digits} digits
 * @param {number} index
 * @returns {string[]} lines of characters, each as dark as the part of the picture that it covers
 */
function drawPicture({ rows, columns, x }, index) {
  const pixels = x.subarray(index * rows * columns, (index + 1) * rows * columns)
  /** @param {number} row @param {number} column */
  const ink = (row, column) => pixels[row * columns + column]
  const margin = blankMargin(rows, columns, ink)
  const high = (rows - 2 * margin) / LINES
  const wide = (columns - 2 * margin) / CHARACTERS
  return Array.from({ length: LINES }, (_, line) => {
    const shades = Array.from({ length: CHARACTERS }, (_, character) => {
      const darkness = mean(ink, margin + line * high, margin + character * wide, high, wide)
      return SHADES[Math.round(darkness * (SHADES.length - 1))]
    })
    return shades.join('')
  })
}

/**
 * How many pixels are blank on every side, less than half of the picture.
 *
 * @param {number} rows
 * @param {number} columns
 * @param {(row: number, column: number) => number} ink
 */
function blankMargin(rows, columns, ink) {
  let margin = Math.ceil(Math.min(rows, columns) / 2) - 1
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ++column) {
      if (ink(row, column) < FAINT) continue
      margin = Math.min(margin, row, column, rows - 1 - row, columns - 1 - column)
    }
  }
  return margin
}

/**
 * The mean ink of a rectangle, pixels at its border counted as far as they are inside.
 *
 * @param {(row: number, column: number) => number} ink
 * @param {number} top
 * @param {number} left
 * @param {number} high
 * @param {number} wide
 */
function mean(ink, top, left, high, wide) {
  let sum = 0
  for (let row = Math.floor(top); row < top + high; ++row) {
    for (let column = Math.floor(left); column < left + wide; ++column) {
      const insideHigh = Math.min(row + 1, top + high) - Math.max(row, top)
      const insideWide = Math.min(column + 1, left + wide) - Math.max(column, left)
      sum += ink(row, column) * insideHigh * insideWide
    }
  }
  return sum / (high * wide)
}
