import { rangeError, typeError } from '../base/argument-error.js'
import { checkBoolean, checkKeys, checkName, checkNumber, checkObject, show } from '../base/check.js'
import { power } from '../base/elementary.js'
import { Random } from '../base/random.js'

/** Numbers to sample from. */
export interface Range {
  readonly from: number
  /** the upper bound; for integers, included */
  readonly to: number
  /** 'linear' unless given; 'log': 0.001 to 0.01 is as likely as 0.01 to 0.1 */
  readonly scale?: 'linear' | 'log'
  /** integers only; false unless given */
  readonly integer?: boolean
}

/** The values to choose from, by name. */
export type Space = Readonly<Record<string, readonly unknown[] | Range>>

/** One value for each name. */
export type Chosen = Readonly<Record<string, unknown>>

/** One value for each name, with its type. */
export type Choice<S> = {
  readonly [Name in keyof S]: NonNullable<S[Name]> extends readonly (infer Value)[] ? Value : number
}

/** The smallest number with full f64 precision: 2⁻¹⁰²². */
const SMALLEST = 2 ** -1022

/** A larger number is treated as a mistake. */
const MAX_CHOICES = 100_000
/** Each name has at most this many values too. */
const MAX_NAMES = 1000

/**
 * Every combination of the values; the last name varies fastest.
 *
 * @throws TypeError or RangeError that names what is wrong
 */
export function allChoices(space: unknown): Chosen[] {
  const values = Object.entries(checkSpace(space)).map(([name, option]) => {
    if (!Array.isArray(option)) throw typeError(`space.${name}`, 'an array of values', show(option))
    return [name, option as readonly unknown[]] as const
  })
  const count = values.reduce((product, [, each]) => product * each.length, 1)
  if (count > MAX_CHOICES) throw rangeError('space', `at most ${MAX_CHOICES} choices`, count)
  return Array.from({ length: count }, (_, index) => {
    let rest = count
    return Object.fromEntries(
      values.map(([name, each]) => {
        rest /= each.length
        return [name, each[Math.floor(index / rest) % each.length]]
      }),
    )
  })
}

/**
 * Random choices, determined by the seed. Each has its own random stream, so asking for more choices leaves the first
 * ones unchanged.
 *
 * @throws TypeError or RangeError that names what is wrong
 */
export function randomChoices(space: unknown, trials: number, seed: number): Chosen[] {
  const samplers = Object.entries(checkSpace(space)).map(
    ([name, option]) =>
      [name, Array.isArray(option) ? fromValues(option) : fromRange(`space.${name}`, option)] as const,
  )
  return Array.from({ length: trials }, (_, trial) => {
    const random = new Random(seed, `trial ${trial}`)
    return Object.fromEntries(samplers.map(([name, sample]) => [name, sample(random)]))
  })
}

function checkSpace(option: unknown): Record<string, unknown> {
  const space = checkObject('space', option)
  const entries = Object.entries(space)
  if (entries.length === 0) throw rangeError('space', 'at least 1 name', 0)
  if (entries.length > MAX_NAMES) throw rangeError('space', `at most ${MAX_NAMES} names`, entries.length)
  for (const [name, values] of entries) {
    if (!Array.isArray(values)) continue
    if (values.length === 0) throw rangeError(`space.${name}`, 'at least 1 value', 0)
  }
  return space
}

type Sampler = (random: Random) => unknown

function fromValues(values: readonly unknown[]): Sampler {
  return (random) => values[random.below(values.length)]
}

/**
 * Non-integers are rounded to four significant digits, so that they print in full, unless the range is so narrow that
 * all would become equal.
 */
function fromRange(name: string, option: unknown): Sampler {
  const given = checkKeys(name, option, ['from', 'to', 'scale', 'integer'])
  const { scale = 'linear', integer = false } = given
  const isLog = checkName(`${name}.scale`, scale, ['linear', 'log']) === 'log'
  const isWhole = checkBoolean(`${name}.integer`, integer)
  const from = checkNumber(`${name}.from`, given.from, isLog ? { above: 0 } : {})
  const to = checkNumber(`${name}.to`, given.to, { min: from })
  if (isLog && from / to < SMALLEST) throw rangeError(name, `at most 307 powers of ten from ${from} to ${to}`)
  // Integers are rounded down, so the upper bound is exclusive and one higher.
  const [low, high] = isWhole ? [Math.ceil(from), Math.floor(to) + 1] : [from, to]
  if (low >= high && isWhole) throw rangeError(name, `a whole number from ${from} to ${to}`, 'none')
  const isNarrow = high - low < Math.max(Math.abs(low), Math.abs(high)) / 10
  return (random) => {
    const u = random.uniform()
    // (low/high)ᵘ·high lies in (low, high]; 1 − u makes it [low, high).
    const value = isLog ? high * power(low / high, 1 - u) : low + (high - low) * u
    const rounded = isWhole ? Math.floor(value) : isNarrow ? value : Number(value.toPrecision(4))
    return Math.min(Math.max(rounded, low), isWhole ? high - 1 : high)
  }
}
