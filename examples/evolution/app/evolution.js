// @ts-check
// A thousand drivers, each with a network of its own. Nobody tells them how to drive: those that come farthest have the
// children. The same seed gives the same evolution, to the bit, in every browser.
import { clone, crossover, mutate, Network, predictAll } from 'deltaprop'
import { INPUTS, OUTPUTS, Race } from './race.js'
import { integers } from './random.js'

/** @typedef {import('./track.js').Track} Track */

/**
 * What came of a generation.
 *
 * @typedef {object} Report
 * @property {number} best laps of the car that came farthest
 * @property {number} median laps that half of the cars came
 * @property {number} driving cars that were still on the road
 */

export const CARS = 1000
const SIZES = [INPUTS, 6, OUTPUTS]
/** So many of the best drive again, and are the parents of all the others. */
const PARENTS = 20
/** Of a child: the share of its weights that change, and by how much. */
const MUTATION = { rate: 0.1, scale: 0.4 }

export class Evolution {
  generation = 1
  /** of the generations before this one @type {Report[]} */
  reports = []
  /** seconds of the fastest lap of all, once there is one @type {number | undefined} */
  fastestLap
  #random
  #inputs = new Float32Array(CARS * INPUTS)
  #actions = new Float32Array(CARS * OUTPUTS)

  /**
   * @param {number} seed an integer
   * @param {Track} track
   */
  constructor(seed, track) {
    const random = (this.#random = integers(seed))
    this.drivers = Array.from({ length: CARS }, () => {
      return new Network(SIZES, { activation: 'tanh', seed: random() })
    })
    this.race = new Race(track, CARS, secondsOf(1))
  }

  /** Lets all cars drive for a step; after the last one of a race comes the next generation. */
  step() {
    this.race.sense(this.#inputs)
    predictAll(this.drivers, this.#inputs, this.#actions)
    this.race.step(this.#actions)
    if (this.race.isOver) this.#next()
  }

  /** The same drivers begin their race anew on another road. @param {Track} track */
  moveTo(track) {
    this.race = new Race(track, CARS, secondsOf(this.generation))
    this.fastestLap = undefined
  }

  /** What a driver saw last, a view. @param {number} car */
  seenBy(car) {
    return this.#inputs.subarray(car * INPUTS, (car + 1) * INPUTS)
  }

  #next() {
    const { race, drivers } = this
    const random = this.#random
    const ranking = Array.from(drivers.keys()).sort((a, b) => race.progress[b] - race.progress[a])
    this.#report(ranking)

    const parents = ranking.slice(0, PARENTS).map((i) => drivers[i])
    const any = () => parents[random() % PARENTS]
    const nextDrivers = [...parents]
    while (nextDrivers.length < CARS) {
      const [mother, father] = [any(), any()]
      const isCopy = random() % 2 === 0
      const child = isCopy ? clone(mother) : crossover(mother, father, { seed: random() })
      nextDrivers.push(mutate(child, { ...MUTATION, seed: random() }))
    }
    this.drivers = nextDrivers
    this.generation += 1
    this.race = new Race(race.track, CARS, secondsOf(this.generation))
  }

  /** @param {readonly number[]} ranking of the cars, the best first */
  #report(ranking) {
    const { race } = this
    this.reports.push({
      best: race.laps(ranking[0]),
      median: race.laps(ranking[CARS / 2]),
      driving: race.running,
    })
    this.fastestLap = least(this.fastestLap, race.fastestLap)
  }
}

/** Of a race: at first they get no farther than the first curve anyway. @param {number} generation from 1 */
function secondsOf(generation) {
  return Math.min(3 + generation, 20)
}

/** @param {number | undefined} a @param {number | undefined} b */
function least(a, b) {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)
}
