// @ts-check
import { fit } from './dom.js'
import { directions, LEAST_SPEED, SIGHT, TOP_SPEED } from './race.js'
import { HALF_ROAD, HEIGHT, WIDTH } from './track.js'

/** @typedef {import('./race.js').Race} Race */
/** @typedef {import('./track.js').Track} Track */
/** @typedef {import('./colors.js').Palette} Palette */

/** Of a car, an arrow: to the front and to the right. */
const ARROW = /** @type {const} */ ([
  [10, 0],
  [-7, 5],
  [-4, 0],
  [-7, -5],
])
/** Has the last of the colours: hardly a car is faster, as there are curves. */
const FAST = 0.85 * TOP_SPEED

/** The road with its cars, in two layers: the ground, which stays, and the cars, painted for each frame. */
export class Scene {
  #ground
  #cars
  /** what is painted on the ground @type {Track | undefined} */
  #track
  #palette

  /**
   * @param {HTMLCanvasElement} ground
   * @param {HTMLCanvasElement} cars
   * @param {Palette} palette
   */
  constructor(ground, cars, palette) {
    this.#ground = ground
    this.#cars = cars
    this.#palette = palette
  }

  /** What depends on size and colours is painted anew. @param {Palette} palette */
  refresh(palette) {
    this.#palette = palette
    this.#track = undefined
  }

  /**
   * @param {Race} race
   * @param {number} leader the car that is to be seen among all
   */
  paint(race, leader) {
    if (this.#track !== race.track) this.#paintGround(race.track)
    const { speeds, soft, ink } = this.#palette
    const colorOf = (/** @type {number} */ i) => {
      const share = (race.speed[i] - LEAST_SPEED) / (FAST - LEAST_SPEED)
      return Math.round(Math.min(1, Math.max(0, share)) * (speeds.length - 1))
    }
    const out = new Path2D()
    const driving = speeds.map(() => new Path2D())
    // On a small screen they are larger than they would be.
    const size = Math.max(1, (0.5 * WIDTH) / this.#cars.clientWidth)
    for (let i = 0; i < race.cars; ++i) {
      if (race.isOut[i] === 1) arrow(out, race, i, 0.6 * size)
      else if (i !== leader) arrow(driving[colorOf(i)], race, i, size)
    }
    const context = this.#start(this.#cars)
    context.globalAlpha = 0.4
    context.fillStyle = soft
    context.fill(out)
    context.globalAlpha = 0.9
    for (const [color, path] of driving.entries()) {
      context.fillStyle = speeds[color]
      context.fill(path)
    }
    paintLeader(context, race, leader, size, speeds[colorOf(leader)], ink)
  }

  /** An empty canvas, with the track's units. @param {HTMLCanvasElement} canvas */
  #start(canvas) {
    const context = fit(canvas)
    const scale = canvas.clientWidth / WIDTH
    context.scale(scale, scale)
    context.clearRect(0, 0, WIDTH, HEIGHT)
    return context
  }

  /** @param {Track} track */
  #paintGround(track) {
    this.#track = track
    const context = this.#start(this.#ground)
    const { line } = track
    context.beginPath()
    for (let i = 0; i < line.length; i += 2) context.lineTo(line[i], line[i + 1])
    context.closePath()
    context.lineJoin = 'round'
    for (const [color, width] of /** @type {const} */ ([
      [this.#palette.kerb, 2 * HALF_ROAD + 6],
      [this.#palette.road, 2 * HALF_ROAD],
    ])) {
      Object.assign(context, { strokeStyle: color, lineWidth: width })
      context.stroke()
    }
    paintStart(context, line)
  }
}

/**
 * @param {Path2D} path
 * @param {Race} race
 * @param {number} i
 * @param {number} size
 */
function arrow(path, race, i, size) {
  const [x, y, dx, dy] = [race.x[i], race.y[i], size * race.dx[i], size * race.dy[i]]
  for (const [k, [front, right]] of ARROW.entries()) {
    const [px, py] = [x + front * dx - right * dy, y + front * dy + right * dx]
    if (k === 0) path.moveTo(px, py)
    else path.lineTo(px, py)
  }
  path.closePath()
}

/**
 * The leader, and what it sees.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Race} race
 * @param {number} i
 * @param {number} size
 * @param {string} color
 * @param {string} ink
 */
function paintLeader(context, race, i, size, color, ink) {
  const [x, y, dx, dy] = [race.x[i], race.y[i], race.dx[i], race.dy[i]]
  Object.assign(context, { strokeStyle: ink, fillStyle: ink, lineWidth: 1.2 * size, lineJoin: 'round' })
  for (const [front, right] of directions) {
    const [rayX, rayY] = [front * dx - right * dy, front * dy + right * dx]
    const distance = race.track.sight(x, y, rayX, rayY, SIGHT)
    const [endX, endY] = [x + distance * rayX, y + distance * rayY]
    context.globalAlpha = 0.35
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(endX, endY)
    context.stroke()
    context.globalAlpha = 0.8
    context.beginPath()
    context.arc(endX, endY, 2.5 * size, 0, 2 * Math.PI)
    context.fill()
  }
  const car = new Path2D()
  arrow(car, race, i, 1.8 * size)
  context.globalAlpha = 1
  context.lineWidth = 4 * size
  context.stroke(car)
  context.fillStyle = color
  context.fill(car)
}

/**
 * Black and white squares across the road.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float64Array} line
 */
function paintStart(context, line) {
  const side = HALF_ROAD / 4
  context.save()
  context.translate(line[0], line[1])
  context.rotate(Math.atan2(line[3] - line[1], line[2] - line[0]))
  for (let row = 0; row < 8; ++row) {
    for (let column = 0; column < 2; ++column) {
      context.fillStyle = (row + column) % 2 === 0 ? '#1d1f24' : '#fffefb'
      context.fillRect(column * side, row * side - HALF_ROAD, side, side)
    }
  }
  context.restore()
}
