// @ts-check
import { HUES, hueOf } from './colors.js'
import { fit } from './dom.js'
import { directions, SIGHT } from './race.js'
import { HALF_ROAD, WIDTH } from './track.js'

/** @typedef {import('./race.js').Race} Race */
/** @typedef {import('./track.js').Track} Track */
/** @typedef {import('./colors.js').Palette} Palette */

/** Of an arrow, to the front and to the right. */
const ARROW = /** @type {const} */ ([
  [9, 0],
  [-6, 4.5],
  [-3.5, 0],
  [-6, -4.5],
])

/** The road with its cars, in three layers: the ground, which stays; trails, which fade; cars, painted for each frame. */
export class Scene {
  #ground
  #trails
  #cars
  #hasTrails
  /** @type {Track | undefined} */
  #track
  /** whose trails are there @type {Race | undefined} */
  #race
  #before = { x: new Float64Array(), y: new Float64Array() }
  #palette

  /**
   * @param {Record<'ground' | 'trails' | 'cars', HTMLCanvasElement>} canvases
   * @param {Palette} palette
   * @param {boolean} hasTrails
   */
  constructor({ ground, trails, cars }, palette, hasTrails) {
    this.#ground = ground
    this.#trails = trails
    this.#cars = cars
    this.#palette = palette
    this.#hasTrails = hasTrails
  }

  /** What depends on size and colours is painted anew. @param {Palette} palette */
  refresh(palette) {
    this.#palette = palette
    this.#track = undefined
    this.#race = undefined
  }

  /**
   * @param {Race} race
   * @param {Float64Array} familyOf each car
   * @param {number} leader the car that is to be seen among all
   */
  paint(race, familyOf, leader) {
    if (this.#track !== race.track) this.#paintGround(race.track)
    const { families, pale, ink } = this.#palette
    const groups = groupsOf(familyOf)
    this.#paintTrails(race, groups)
    const context = this.#start(this.#cars)
    context.clearRect(0, 0, WIDTH, WIDTH)
    // On a small screen they are larger than they would be.
    const size = Math.max(1, (0.5 * WIDTH) / this.#cars.clientWidth)
    for (const isOut of [1, 0]) {
      for (const [color, cars] of groups.entries()) {
        context.beginPath()
        for (const i of cars) {
          if (race.isOut[i] === isOut && i !== leader)
            arrow(context, race, i, isOut === 1 ? 0.6 * size : size)
        }
        context.fillStyle = (isOut === 1 ? pale : families)[color]
        context.fill()
      }
    }
    paintLeader(context, race, leader, size, families[hueOf(familyOf[leader])], ink)
  }

  /** With the track's units. @param {HTMLCanvasElement} canvas */
  #start(canvas) {
    const context = fit(canvas)
    const scale = canvas.clientWidth / WIDTH
    context.scale(scale, scale)
    return context
  }

  /** @param {Track} track */
  #paintGround(track) {
    this.#track = track
    const context = this.#start(this.#ground)
    context.clearRect(0, 0, WIDTH, WIDTH)
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

  /** @param {Race} race @param {number[][]} groups of cars */
  #paintTrails(race, groups) {
    if (!this.#hasTrails) return
    const isNew = this.#race !== race
    const context = this.#start(this.#trails)
    const { x, y } = this.#before
    if (isNew) {
      this.#race = race
      context.clearRect(0, 0, WIDTH, WIDTH)
    } else if (race.time > 0) {
      context.globalCompositeOperation = 'destination-out'
      context.fillStyle = 'rgb(0 0 0 / 5%)'
      context.fillRect(0, 0, WIDTH, WIDTH)
      context.globalCompositeOperation = 'source-over'
      context.lineWidth = 2.5
      for (const [color, cars] of groups.entries()) {
        context.beginPath()
        for (const i of cars) {
          if (x[i] === race.x[i] && y[i] === race.y[i]) continue
          context.moveTo(x[i], y[i])
          context.lineTo(race.x[i], race.y[i])
        }
        context.strokeStyle = this.#palette.pale[color]
        context.stroke()
      }
    }
    this.#before = { x: race.x.slice(), y: race.y.slice() }
  }
}

/** The cars of each colour. @param {Float64Array} families */
function groupsOf(families) {
  const groups = Array.from({ length: HUES }, () => /** @type {number[]} */ ([]))
  for (const [i, family] of families.entries()) groups[hueOf(family)].push(i)
  return groups
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Race} race
 * @param {number} i
 * @param {number} size
 */
function arrow(context, race, i, size) {
  const [x, y, dx, dy] = [race.x[i], race.y[i], size * race.dx[i], size * race.dy[i]]
  for (const [k, [front, right]] of ARROW.entries()) {
    const [px, py] = [x + front * dx - right * dy, y + front * dy + right * dx]
    if (k === 0) context.moveTo(px, py)
    else context.lineTo(px, py)
  }
  context.closePath()
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
  context.globalAlpha = 1
  context.beginPath()
  arrow(context, race, i, 2 * size)
  context.lineWidth = 4 * size
  context.stroke()
  context.fillStyle = color
  context.fill()
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
