// @ts-check
// What happens on the road; nothing here knows a page or a network. Only + − × ÷ and √, so that every browser has the
// same race, to the bit.

/** @typedef {import('./track.js').Track} Track */

/** Seconds that a step takes. */
export const STEP = 1 / 60
/** Ahead, half left and right, left and right: vectors of length 1, to the car's front and to its right. */
export const directions = /** @type {const} */ ([
  [0.28, -0.96],
  [0.8, -0.6],
  [1, 0],
  [0.8, 0.6],
  [0.28, 0.96],
])

/** What a driver is told: how far it is to the wall in each direction, and the speed; and what it says. */
export const INPUTS = directions.length + 1
export const OUTPUTS = 2

/** How far a driver sees. */
export const SIGHT = 300
/** Whoever comes closer to a wall with the middle of the car has driven into it. */
const BODY = 5

export const LEAST_SPEED = 100
export const TOP_SPEED = 520
const FULL_THROTTLE = 400
const FULL_BRAKES = 800
/** Curves cannot be tighter than this, and speed² / radius not more than the tyres hold. */
const LEAST_RADIUS = 30
const GRIP = 1200

/** In a second, or it is out. */
const LEAST_PROGRESS = 20

export class Race {
  /** seconds since the start */
  time = 0
  /** cars on the road */
  running
  /** seconds of the fastest lap, once there is one @type {number | undefined} */
  fastestLap
  #steps = 0

  /**
   * Cars at the start of a road.
   *
   * @param {Track} track
   * @param {number} cars
   * @param {number} limit seconds after which it is over
   */
  constructor(track, cars, limit) {
    this.track = track
    this.limit = limit
    this.cars = cars
    this.running = cars
    const { line, length } = track
    const [x, y] = line
    const [dx, dy] = [line[2] - line[2 * length - 2], line[3] - line[2 * length - 1]]
    const distance = Math.sqrt(dx * dx + dy * dy)
    this.x = new Float64Array(cars).fill(x)
    this.y = new Float64Array(cars).fill(y)
    /** where they look: vectors of length 1 */
    this.dx = new Float64Array(cars).fill(dx / distance)
    this.dy = new Float64Array(cars).fill(dy / distance)
    this.speed = new Float64Array(cars)
    /** the nearest sample of the centre line */
    this.at = new Int32Array(cars)
    /** samples of the centre line that were passed */
    this.progress = new Int32Array(cars)
    /** 1: has driven into a wall, or stands still */
    this.isOut = new Uint8Array(cars)
    this.#before = new Int32Array(cars)
    this.#lapsDone = new Int32Array(cars)
    this.#lapBegan = new Float64Array(cars)
  }

  /** progress a second ago */
  #before
  /** whole laps of each car, once done even if it turns back */
  #lapsDone
  /** when each car began its lap */
  #lapBegan

  get isOver() {
    return this.running === 0 || this.time >= this.limit
  }

  /** The car that has come farthest, of those on the road if there are any. */
  get leader() {
    let best = -1
    for (let i = 0; i < this.cars; ++i) {
      if (this.running > 0 && this.isOut[i] === 1) continue
      if (best < 0 || this.progress[i] > this.progress[best]) best = i
    }
    return best
  }

  /** @param {number} car */
  laps(car) {
    return this.progress[car] / this.track.length
  }

  /**
   * What the drivers see: distances from 0 to 1, where 1 is as far as they see or farther, and the speed from 0 to 1.
   *
   * @param {Float32Array} xs cars × INPUTS, overwritten
   */
  sense(xs) {
    const { track, x, y, dx, dy } = this
    let k = 0
    for (let i = 0; i < this.cars; ++i) {
      if (this.isOut[i] === 1) {
        k += INPUTS
        continue
      }
      for (let d = 0; d < directions.length; ++d) {
        const [front, right] = directions[d]
        const rayX = front * dx[i] - right * dy[i]
        const rayY = front * dy[i] + right * dx[i]
        xs[k++] = track.sight(x[i], y[i], rayX, rayY, SIGHT) / SIGHT
      }
      xs[k++] = this.speed[i] / TOP_SPEED
    }
  }

  /**
   * A step of STEP seconds.
   *
   * @param {Float32Array} actions cars × OUTPUTS: the steering wheel, −1 is left, and the pedal, −1 is full brakes
   */
  step(actions) {
    ++this.#steps
    this.time = this.#steps * STEP
    for (let i = 0; i < this.cars; ++i) {
      if (this.isOut[i] === 0) this.#move(i, actions[OUTPUTS * i], actions[OUTPUTS * i + 1])
    }
    if (this.#steps % 60 === 0) this.#endStandstill()
  }

  /** @param {number} i @param {number} wheel @param {number} pedal */
  #move(i, wheel, pedal) {
    const force = pedal > 0 ? FULL_THROTTLE * pedal * (1 - this.speed[i] / TOP_SPEED) : FULL_BRAKES * pedal
    const speed = Math.max(LEAST_SPEED, this.speed[i] + force * STEP)
    this.speed[i] = speed
    // A turn by the angle of which t is the tangent of one half, without a sine.
    const t = (wheel * Math.min(speed / LEAST_RADIUS, GRIP / (speed + 1)) * STEP) / 2
    const [cos, sin] = [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)]
    const [dx, dy] = [cos * this.dx[i] - sin * this.dy[i], sin * this.dx[i] + cos * this.dy[i]]
    this.dx[i] = dx
    this.dy[i] = dy
    this.x[i] += speed * STEP * dx
    this.y[i] += speed * STEP * dy
    this.#locate(i)
    if (this.track.room(this.x[i], this.y[i]) < BODY) this.#end(i)
  }

  /** @param {number} i */
  #locate(i) {
    const { length } = this.track
    const at = this.track.nearest(this.x[i], this.y[i], this.at[i])
    // Across the start it is a lap more, or less.
    let passed = at - this.at[i]
    if (passed > length / 2) passed -= length
    if (passed < -length / 2) passed += length
    this.at[i] = at
    this.progress[i] += passed
    if (this.laps(i) < this.#lapsDone[i] + 1) return
    this.#lapsDone[i] += 1
    const lap = this.time - this.#lapBegan[i]
    this.#lapBegan[i] = this.time
    if (lap < (this.fastestLap ?? Infinity)) this.fastestLap = lap
  }

  #endStandstill() {
    for (let i = 0; i < this.cars; ++i) {
      if (this.isOut[i] === 0 && this.progress[i] - this.#before[i] < LEAST_PROGRESS) this.#end(i)
      this.#before[i] = this.progress[i]
    }
  }

  /** @param {number} i */
  #end(i) {
    this.isOut[i] = 1
    this.running -= 1
  }
}
