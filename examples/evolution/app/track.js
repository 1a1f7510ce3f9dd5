// @ts-check
// A closed road, and how far it is to its walls. Only + − × ÷ and √, which are the same in every browser.

/** Of the whole landscape. */
export const WIDTH = 1200
export const HEIGHT = 750

/** Of the road, from the centre line to a wall. */
export const HALF_ROAD = 36

/** Between samples of the centre line, about, and between nodes of the grid. */
const SPACING = 4
/** Distances to the centre line are known up to here. */
const FAR = HALF_ROAD + 24
const COLUMNS = WIDTH / SPACING + 1
const ROWS = Math.ceil(HEIGHT / SPACING) + 1

/** @typedef {readonly [x: number, y: number]} Point */

export class Track {
  /** places on the centre line, in order, at equal distances: x, y, x, y, … */
  line
  /** how many they are */
  length
  /** of each node of the grid, how far the centre line is, at most FAR */
  #field

  /** @param {readonly Point[]} points that the centre line passes through, the first of them being the start */
  constructor(points) {
    this.line = equidistant(curve(points))
    this.length = this.line.length / 2
    this.#field = fieldOf(this.line)
  }

  /**
   * The distance from a place to the nearest wall; negative beyond it.
   *
   * @param {number} x
   * @param {number} y
   */
  room(x, y) {
    const column = x / SPACING
    const row = y / SPACING
    const c = Math.floor(column)
    const r = Math.floor(row)
    if (c < 0 || r < 0 || c >= COLUMNS - 1 || r >= ROWS - 1) return HALF_ROAD - FAR
    // Between the four nodes around it.
    const u = column - c
    const v = row - r
    const i = r * COLUMNS + c
    const field = this.#field
    const above = field[i] + u * (field[i + 1] - field[i])
    const below = field[i + COLUMNS] + u * (field[i + COLUMNS + 1] - field[i + COLUMNS])
    return HALF_ROAD - (above + v * (below - above))
  }

  /**
   * How far one can see from a place, before there is a wall.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} dx direction, a vector of length 1
   * @param {number} dy
   * @param {number} most where to stop looking
   */
  sight(x, y, dx, dy, most) {
    let distance = 0
    // As far as there is room on all sides nothing is in the way; a few such steps, and the wall is reached.
    for (let step = 0; step < 24 && distance < most; ++step) {
      const room = this.room(x + distance * dx, y + distance * dy)
      if (room < 0.5) return distance
      distance += room
    }
    return Math.min(distance, most)
  }

  /**
   * The sample of the centre line that is nearest to a place.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} from the nearest one a moment ago; the search goes on from there
   */
  nearest(x, y, from) {
    let [at, distance] = [from, this.#squared(x, y, from)]
    for (const way of [1, -1]) {
      for (;;) {
        const next = (at + way + this.length) % this.length
        const d = this.#squared(x, y, next)
        if (d >= distance) break
        at = next
        distance = d
      }
    }
    return at
  }

  /** @param {number} x @param {number} y @param {number} i */
  #squared(x, y, i) {
    const [dx, dy] = [this.line[2 * i] - x, this.line[2 * i + 1] - y]
    return dx * dx + dy * dy
  }
}

/**
 * A smooth closed curve that follows points without passing through them: a cubic B-spline.
 *
 * @param {readonly Point[]} points
 * @returns {Point[]}
 */
function curve(points) {
  const n = points.length
  const steps = 100
  return points.flatMap((p1, i) => {
    const [p0, p2, p3] = [points[(i + n - 1) % n], points[(i + 1) % n], points[(i + 2) % n]]
    return Array.from({ length: steps }, (_, step) => {
      const t = step / steps
      const u = 1 - t
      const w0 = (u * u * u) / 6
      const w1 = (3 * t * t * t - 6 * t * t + 4) / 6
      const w3 = (t * t * t) / 6
      const w2 = 1 - w0 - w1 - w3
      /** @param {0 | 1} k */
      const at = (k) => w0 * p0[k] + w1 * p1[k] + w2 * p2[k] + w3 * p3[k]
      return /** @type {const} */ ([at(0), at(1)])
    })
  })
}

/**
 * Places at equal distances along a closed curve, from its first point on.
 *
 * @param {readonly Point[]} points close together
 */
function equidistant(points) {
  const lengths = points.map(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length]
    return Math.sqrt((nextX - x) * (nextX - x) + (nextY - y) * (nextY - y))
  })
  const whole = lengths.reduce((sum, length) => sum + length, 0)
  const samples = Math.round(whole / SPACING)
  const line = new Float64Array(2 * samples)
  let [i, passed] = [0, 0]
  for (let k = 0; k < samples; ++k) {
    const goal = (k * whole) / samples
    while (passed + lengths[i] < goal) passed += lengths[i++]
    const [from, to] = [points[i], points[(i + 1) % points.length]]
    const share = (goal - passed) / lengths[i]
    line[2 * k] = from[0] + share * (to[0] - from[0])
    line[2 * k + 1] = from[1] + share * (to[1] - from[1])
  }
  return line
}

/** @param {Float64Array} line */
function fieldOf(line) {
  const field = new Float32Array(COLUMNS * ROWS).fill(FAR)
  for (let k = 0; k < line.length; k += 2) {
    const [x, y] = [line[k], line[k + 1]]
    const [left, right] = around(x, COLUMNS)
    const [top, bottom] = around(y, ROWS)
    for (let row = top; row <= bottom; ++row) {
      for (let column = left; column <= right; ++column) {
        const [dx, dy] = [column * SPACING - x, row * SPACING - y]
        const i = row * COLUMNS + column
        field[i] = Math.min(field[i], Math.sqrt(dx * dx + dy * dy))
      }
    }
  }
  return field
}

/**
 * The first and the last node of a row or column that are not farther than FAR.
 *
 * @param {number} at
 * @param {number} nodes
 */
function around(at, nodes) {
  return [Math.max(0, Math.ceil((at - FAR) / SPACING)), Math.min(nodes - 1, Math.floor((at + FAR) / SPACING))]
}
