// @ts-check
import { largest, paintNumbers } from './colors.js'
import { make } from './dom.js'
import { PIXELS } from './strokes.js'

/** @typedef {import('./colors.js').Palette} Palette */

const SIDE = Math.sqrt(PIXELS)
/** Neurons that are shown, the first ones. */
export const SHOWN = 32

/**
 * An 8 × 8 picture of ink.
 *
 * @param {HTMLCanvasElement} canvas of 8 × 8
 * @param {Float32Array} ink from 0 to 1
 * @param {Palette} palette
 */
export function paintInk(canvas, ink, palette) {
  paintNumbers(canvas, ink, 1, { more: palette.ink, less: palette.ink, zero: palette.zero })
}

/** @param {number} columns @param {number} rows */
export function makePicture(columns = SIDE, rows = SIDE) {
  return Object.assign(make('canvas', ''), { width: columns, height: rows })
}

/**
 * Rows of a matrix, each a picture of 8 × 8; all with the colours of one scale.
 *
 * @param {HTMLElement} grid
 * @param {import('deltaprop').Layer['weights']} matrix rows of 64 numbers
 * @param {Palette} palette
 */
export function paintRows(grid, matrix, palette) {
  const rows = Math.min(SHOWN, matrix.length / PIXELS)
  const shown = matrix.subarray(0, rows * PIXELS)
  while (grid.children.length > rows) grid.lastElementChild?.remove()
  while (grid.children.length < rows) grid.append(makePicture())
  const scale = largest(shown)
  for (const [row, canvas] of Array.from(grid.children).entries()) {
    if (canvas instanceof HTMLCanvasElement) {
      paintNumbers(canvas, shown.subarray(row * PIXELS, (row + 1) * PIXELS), scale, palette)
    }
  }
}
