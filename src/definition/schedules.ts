/**
 * Learning rates that change while a network is trained, with the meaning of torch.optim.lr_scheduler.
 *
 * t is the update, or with `per: 'epoch'` the epoch, from 0; η is the learning rate of the optimiser, or the result of
 * the schedule before.
 */
import { rangeError, typeError } from '../base/argument-error.js'
import {
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  checkObject,
  show,
  type Bounds,
} from '../base/check.js'
import { otherScheduleOptions, otherSchedules } from './other-names.js'
import { cosPi, power } from '../base/elementary.js'

interface Common {
  /** what t counts from the start of fit; 'update' by default */
  readonly per?: 'update' | 'epoch'
}

/** The learning rate of an update or an epoch t, from that of the optimiser, η. */
export type ScheduleOption =
  /** η·γ^⌊t / stepSize⌋, γ = 0.1 */
  | ({ readonly type: 'step'; readonly stepSize: number; readonly gamma?: number } & Common)
  /** η·γ^(milestones ≤ t), γ = 0.1 */
  | ({ readonly type: 'multiStep'; readonly milestones: readonly number[]; readonly gamma?: number } & Common)
  /** η·γᵗ */
  | ({ readonly type: 'exponential'; readonly gamma: number } & Common)
  /** η·(1 − t / totalSteps)^power, then 0; power = 1 */
  | ({ readonly type: 'polynomial'; readonly totalSteps: number; readonly power?: number } & Common)
  /** from η to the minimum along half a cosine, then the minimum, which is 0 */
  | ({ readonly type: 'cosine'; readonly totalSteps: number; readonly minimum?: number } & Common)
  /** the same repeatedly, each period periodFactor times as long as the last; periodFactor = 1 */
  | ({
      readonly type: 'cosineWarmRestarts'
      readonly period: number
      readonly periodFactor?: number
      readonly minimum?: number
    } & Common)
  /** from maximum / startDivisor along half a cosine to the maximum, and to a start / endDivisor; 0.3, 25 and 10⁴ */
  | ({
      readonly type: 'oneCycle'
      readonly maximum: number
      readonly totalSteps: number
      readonly warmupFraction?: number
      readonly startDivisor?: number
      readonly endDivisor?: number
    } & Common)
  /** linearly from η·startFactor to η, reached after this many steps; startFactor = 1/3 */
  | ({ readonly type: 'linearWarmup'; readonly steps: number; readonly startFactor?: number } & Common)
  /**
   * η·factor each time that the loss (of the validation, if there is one) has not become less than (1 − threshold)
   * times the best for more than `patience` epochs; 0.1, 10, 1e-4, and never less than the minimum, which is 0
   */
  | {
      readonly type: 'reduceOnPlateau'
      readonly factor?: number
      readonly patience?: number
      readonly threshold?: number
      readonly minimum?: number
    }

/**
 * A schedule by its parameters, by its name where all of those have defaults, or any function of the update: the
 * learning rate.
 */
export type Schedule = ScheduleOption | 'reduceOnPlateau' | ((update: number) => number)

type Parameters = Readonly<Record<string, number>>

/** A schedule, checked, with every default filled in. */
type Resolved =
  | { readonly type: 'function'; readonly rate: (update: number) => unknown }
  | {
      readonly type: ScheduleOption['type']
      readonly per: 'update' | 'epoch'
      readonly milestones: readonly number[]
      readonly given: Parameters
    }

/** The range and default of a schedule's number; undefined if it must be given. */
interface Parameter {
  readonly kind: 'number' | 'integer'
  readonly bounds: Bounds
  readonly fallback: number | undefined
}

const whole = (fallback?: number): Parameter => ({ kind: 'integer', bounds: { min: 1 }, fallback })
const notNegative = (fallback?: number): Parameter => ({ kind: 'number', bounds: { min: 0 }, fallback })
const positive = (fallback?: number): Parameter => ({ kind: 'number', bounds: { above: 0 }, fallback })
const fraction = (fallback?: number): Parameter => ({ kind: 'number', bounds: { min: 0, max: 1 }, fallback })

/** The numbers of each schedule and their defaults: those of torch.optim.lr_scheduler. */
const known: Readonly<Record<ScheduleOption['type'], Readonly<Record<string, Parameter>>>> = {
  step: { stepSize: whole(), gamma: notNegative(0.1) },
  multiStep: { gamma: notNegative(0.1) },
  exponential: { gamma: notNegative() },
  polynomial: { totalSteps: whole(), power: notNegative(1) },
  cosine: { totalSteps: whole(), minimum: notNegative(0) },
  cosineWarmRestarts: { period: whole(), periodFactor: whole(1), minimum: notNegative(0) },
  oneCycle: {
    maximum: notNegative(),
    totalSteps: { kind: 'integer', bounds: { min: 2 }, fallback: undefined },
    warmupFraction: { kind: 'number', bounds: { above: 0, below: 1 }, fallback: 0.3 },
    startDivisor: positive(25),
    endDivisor: positive(1e4),
  },
  linearWarmup: { steps: whole(), startFactor: fraction(1 / 3) },
  reduceOnPlateau: {
    factor: { kind: 'number', bounds: { min: 0, below: 1 }, fallback: 0.1 },
    patience: { kind: 'integer', bounds: { min: 0 }, fallback: 10 },
    threshold: fraction(1e-4),
    minimum: notNegative(0),
  },
}

export const scheduleNames = Object.keys(known) as ScheduleOption['type'][]

/** @throws TypeError or RangeError that names the option, what was expected and what came */
function resolve(name: string, option: unknown): Resolved {
  if (typeof option === 'function') return { type: 'function', rate: option as (update: number) => unknown }
  const isName = typeof option === 'string'
  const { type: given, ...rest } = isName ? { type: option } : checkObject(name, option, otherSchedules)
  const type = checkName(isName ? name : `${name}.type`, given, scheduleNames, otherSchedules)
  const keys = Object.keys(known[type])
  if (type === 'multiStep') keys.push('milestones')
  const { [type]: parameters } = known
  const needed = keys.filter((key) => !(key in parameters) || parameters[key].fallback === undefined)
  if (isName && needed.length > 0) {
    const expected = `{ type: '${type}', ${needed.join(', ')} }`
    throw typeError(name, expected, `${show(option)} alone`)
  }
  if (type !== 'reduceOnPlateau') keys.push('per')
  const { per = 'update', milestones, ...values } = checkKeys(name, rest, keys, otherScheduleOptions)
  const numbers: Record<string, number> = {}
  for (const [key, { kind, bounds, fallback }] of Object.entries(known[type])) {
    const { [key]: value = fallback } = values
    const check = kind === 'integer' ? checkInteger : checkNumber
    numbers[key] = check(`${name}.${key}`, value, bounds)
  }
  return {
    type,
    per: checkName(`${name}.per`, per, ['update', 'epoch']),
    milestones: type === 'multiStep' ? checkMilestones(`${name}.milestones`, milestones) : [],
    given: numbers,
  }
}

/** The name of the i-th of several. */
function resolveInTurn(i: number, option: unknown): Resolved {
  const schedule = resolve(`schedule[${i}]`, option)
  if (i === 0 || (schedule.type !== 'function' && schedule.type !== 'oneCycle')) return schedule
  const what = schedule.type === 'function' ? 'a function' : 'oneCycle'
  throw rangeError(`schedule[${i}]`, 'one that changes the learning rate of those before', what)
}

/** Each is evaluated in every update. */
const MOST = 1000

/** @throws RangeError for more than that */
function checkCount(name: string, { length }: readonly unknown[]): void {
  if (length > MOST) throw rangeError(name, `at most ${MOST} entries`, length)
}

function checkMilestones(name: string, milestones: unknown): number[] {
  if (!Array.isArray(milestones)) throw typeError(name, 'an array', show(milestones))
  checkCount(name, milestones)
  return milestones.map((t: unknown, i) => checkInteger(`${name}[${i}]`, t, { min: 0 }))
}

/** The learning rate of step t, by a schedule that depends only on t. */
function rateAt(
  { type, given, milestones }: Exclude<Resolved, { type: 'function' }>,
  t: number,
  base: number,
): number {
  const { gamma, totalSteps, minimum } = given
  switch (type) {
    case 'step':
      return base * power(gamma, Math.floor(t / given.stepSize))
    case 'multiStep':
      return base * power(gamma, milestones.filter((milestone) => milestone <= t).length)
    case 'exponential':
      return base * power(gamma, t)
    case 'polynomial':
      return base * power(1 - Math.min(t / totalSteps, 1), given.power)
    case 'cosine':
      return halfCosine(base, minimum, Math.min(t / totalSteps, 1))
    case 'cosineWarmRestarts':
      return halfCosine(base, minimum, periodic(t, given.period, given.periodFactor))
    case 'oneCycle': {
      const start = given.maximum / given.startDivisor
      const top = given.warmupFraction * totalSteps - 1
      if (t < top) return halfCosine(start, given.maximum, t / top)
      return halfCosine(
        given.maximum,
        start / given.endDivisor,
        Math.min((t - top) / (totalSteps - 1 - top), 1),
      )
    }
    case 'linearWarmup':
      return base * (given.startFactor + (1 - given.startFactor) * Math.min(t / given.steps, 1))
    case 'reduceOnPlateau':
      return base
  }
}

/** From `from` to `to` along half a cosine, 0 ≤ share ≤ 1. */
function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + cosPi(share))) / 2
}

/** How much of its period has passed at step t; each period is `factor` times as long as the one before. */
function periodic(t: number, period: number, factor: number): number {
  if (factor === 1) return (t % period) / period
  while (t >= period) {
    t -= period
    period *= factor
  }
  return t / period
}

/** What a reduceOnPlateau has seen so far. */
export interface PlateauState {
  reductions: number
  best: number
  /** in a row that were no better */
  epochs: number
}

/** Counts how often a loss has stopped decreasing. */
class Plateau implements PlateauState {
  reductions = 0
  best = Infinity
  epochs = 0

  add(loss: number, { patience, threshold }: Parameters): void {
    if (loss < this.best * (1 - threshold)) {
      this.best = loss
      this.epochs = 0
    } else if (++this.epochs > patience) {
      this.reductions += 1
      this.epochs = 0
    }
  }
}

/** The learning rate in the course of a fit. */
export class LearningRate {
  readonly #base: number
  readonly #schedules: readonly { readonly schedule: Resolved; readonly plateau: Plateau }[]

  /**
   * @param option one schedule, or several, each applied to the result of the one before
   * @param base the optimiser's learning rate
   * @throws TypeError or RangeError that names the option, what was expected and what came
   */
  constructor(option: unknown, base: number) {
    this.#base = base
    if (Array.isArray(option)) checkCount('schedule', option)
    this.#schedules = Array.isArray(option)
      ? option.map((each: unknown, i) => ({
          schedule: resolveInTurn(i, each),
          plateau: new Plateau(),
        }))
      : [{ schedule: resolve('schedule', option), plateau: new Plateau() }]
  }

  /** Of each reduceOnPlateau; live. */
  get plateaus(): PlateauState[] {
    return this.#schedules
      .filter(({ schedule }) => schedule.type === 'reduceOnPlateau')
      .map(({ plateau }) => plateau)
  }

  /** The schedules without their state; a function only as the word `function`. */
  toJSON(): unknown {
    return this.#schedules.map(({ schedule }) => (schedule.type === 'function' ? schedule.type : schedule))
  }

  /** @throws TypeError or RangeError if a function gives no learning rate */
  at(update: number, epoch: number): number {
    let rate = this.#base
    for (const { schedule, plateau } of this.#schedules) {
      if (schedule.type === 'function') {
        rate = checkNumber(`schedule(${update})`, schedule.rate(update), { min: 0 })
      } else if (schedule.type === 'reduceOnPlateau') {
        const { factor, minimum } = schedule.given
        if (plateau.reductions > 0)
          rate = Math.max(rate * power(factor, plateau.reductions), Math.min(rate, minimum))
      } else {
        rate = rateAt(schedule, schedule.per === 'epoch' ? epoch : update, rate)
      }
    }
    return rate
  }

  /** Reports the monitored loss, after each epoch. */
  endEpoch(loss: number): void {
    for (const { schedule, plateau } of this.#schedules) {
      if (schedule.type === 'reduceOnPlateau') plateau.add(loss, schedule.given)
    }
  }
}
