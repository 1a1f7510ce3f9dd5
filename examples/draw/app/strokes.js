// @ts-check
// A drawing becomes a picture like those of the data: 32 × 32 points, the digit as high as they are and at most 22 wide,
// counted in blocks of 4 × 4.

/**
 * What was drawn without lifting the pen: its points in turn, in any unit, y downwards.
 *
 * @typedef {(readonly [x: number, y: number])[]} Stroke
 */

const SIDE = 8
const BLOCK = 4
const POINTS = SIDE * BLOCK
const WIDEST = 22
/** Of the pen: the lines of the data are about 6 of its 32 points thick. */
const RADIUS = 3

export const PIXELS = SIDE * SIDE

/**
 * The ink of a drawing, wherever and however large it was drawn.
 *
 * @param {readonly Stroke[]} strokes
 * @returns {Float32Array} 8 × 8, row by row, from 0 to 1
 */
export function inkOf(strokes) {
  const ink = new Float32Array(PIXELS)
  const segments = fitted(strokes)
  for (let row = 0; row < POINTS; ++row) {
    for (let column = 0; column < POINTS; ++column) {
      const isInked = segments.some(
        (segment) => squaredDistance(column + 0.5, row + 0.5, segment) <= RADIUS ** 2,
      )
      if (isInked) ink[Math.floor(row / BLOCK) * SIDE + Math.floor(column / BLOCK)] += 1 / BLOCK ** 2
    }
  }
  return ink
}

/**
 * @typedef {object} Segment of a line, from a to b
 * @property {number} ax
 * @property {number} ay
 * @property {number} bx
 * @property {number} by
 */

/**
 * Strokes as segments that fill the height of the picture, in its middle; narrower where they would be wider than digits are.
 *
 * @param {readonly Stroke[]} strokes
 * @returns {Segment[]}
 */
function fitted(strokes) {
  const points = strokes.flat()
  const [left, width] = extent(points.map(([x]) => x))
  const [top, height] = extent(points.map(([, y]) => y))
  // A dot is no larger than the pen.
  const scale = (POINTS - 2 * RADIUS) / Math.max(height, width / 4, 1e-9)
  const scaleX = Math.min(scale, (WIDEST - 2 * RADIUS) / Math.max(width, 1e-9))
  /** @param {number} x */
  const toX = (x) => POINTS / 2 + (x - left - width / 2) * scaleX
  /** @param {number} y */
  const toY = (y) => POINTS / 2 + (y - top - height / 2) * scale
  return strokes.flatMap((stroke) =>
    stroke.map(([x, y], i) => {
      const [fromX, fromY] = stroke[Math.max(0, i - 1)]
      return { ax: toX(fromX), ay: toY(fromY), bx: toX(x), by: toY(y) }
    }),
  )
}

/**
 * @param {number[]} values
 * @returns {[least: number, range: number]}
 */
function extent(values) {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity)
  return [least, values.reduce((a, b) => Math.max(a, b), -Infinity) - least]
}

/**
 * From a point to the nearest of a segment.
 *
 * @param {number} x
 * @param {number} y
 * @param {Segment} segment
 */
function squaredDistance(x, y, { ax, ay, bx, by }) {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2
}
