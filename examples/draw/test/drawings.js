// @ts-check
/** @typedef {import('../app/strokes.js').Stroke} Stroke */

/**
 * Points on an ellipse, from one angle to another, in quarter turns from the right on, clockwise.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} rx
 * @param {number} ry
 * @param {number} from
 * @param {number} to
 * @returns {Stroke}
 */
function arc(x, y, rx, ry, from, to) {
  return Array.from({ length: 9 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 8) * Math.PI) / 2
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)]
  })
}

/** Each digit as somebody may write it, on a sheet of 1 × 1. @type {Stroke[][]} */
export const drawings = [
  [arc(0.5, 0.5, 0.2, 0.32, -1, 3)],
  [
    [
      [0.38, 0.3],
      [0.52, 0.18],
      [0.52, 0.82],
    ],
  ],
  [[...arc(0.5, 0.34, 0.18, 0.17, -2, 0.6), [0.32, 0.82], [0.72, 0.82]]],
  [[...arc(0.48, 0.33, 0.18, 0.16, -1.8, 1), ...arc(0.48, 0.66, 0.2, 0.17, -1, 1.8)]],
  [
    [
      [0.5, 0.18],
      [0.3, 0.6],
      [0.72, 0.6],
    ],
    [
      [0.6, 0.4],
      [0.58, 0.84],
    ],
  ],
  [[[0.66, 0.18], [0.38, 0.18], [0.36, 0.48], ...arc(0.48, 0.63, 0.2, 0.19, -1.2, 1.8)]],
  [[[0.58, 0.16], [0.4, 0.4], ...arc(0.5, 0.65, 0.17, 0.18, -2, 2)]],
  [
    [
      [0.32, 0.2],
      [0.7, 0.2],
      [0.46, 0.82],
    ],
  ],
  [[...arc(0.5, 0.33, 0.15, 0.15, 1, -3), ...arc(0.5, 0.66, 0.18, 0.18, -1, 3)]],
  [[...arc(0.5, 0.34, 0.17, 0.17, 0, -4), [0.66, 0.5], [0.6, 0.84]]],
]

/** A letter, which is none of the digits. @type {Stroke[]} */
export const letter = [
  [
    [0.25, 0.2],
    [0.4, 0.8],
    [0.5, 0.4],
    [0.6, 0.8],
    [0.75, 0.2],
  ],
]
