/** The values that `deltaprop search` chooses from: options of train, each with several values or a range. */
import type { Option } from 'commander'
import { amended, rangeError } from '../base/argument-error.js'
import { checkName, show } from '../base/check.js'
import type { OtherNames } from '../base/suggest.js'
import { allChoices, randomChoices, type Chosen, type Range } from '../selection/space.js'
import { learningOptions, networkOptions, tableOptions } from './commands/train-options.js'

type Scale = Pick<Range, 'scale' | 'integer'>

const whole: Scale = { integer: true }
const byMagnitude: Scale = { scale: 'log' }
const even: Scale = { scale: 'linear' }

/** The options of train that can be tried, and how numbers are drawn from a range of each; undefined for none. */
const triable: Readonly<Record<string, Scale | undefined>> = {
  hidden: whole,
  activation: undefined,
  'learning-rate': byMagnitude,
  epochs: whole,
  'batch-size': whole,
  optimizer: undefined,
  l1: byMagnitude,
  l2: byMagnitude,
  dropout: even,
  'max-gradient-norm': byMagnitude,
  'label-smoothing': even,
  patience: whole,
  scale: undefined,
  precision: undefined,
}

export const triableNames: readonly string[] = Object.keys(triable)

/** Names of such options elsewhere. */
const others: OtherNames = {
  'lr eta learningrateinit': 'learning-rate',
  'niter maxiter iterations': 'epochs',
  'units neurons layers hiddenlayersizes': 'hidden',
  'weightdecay alpha': 'l2',
  'solver optim': 'optimizer',
}

/** An option of train, and what is tried of it. */
export interface Tried {
  /** `learning-rate` */
  readonly name: string
  /** of the option in objects: `learningRate` */
  readonly key: string
  readonly values: readonly unknown[] | Range
}

/** Parses `hidden=8/16/16,8` or `learning-rate=0.001..0.1`; what was parsed before it comes first. */
export function readTried(text: string, before: readonly Tried[] = []): readonly Tried[] {
  const equals = text.indexOf('=')
  if (equals < 0) throw rangeError('--try', 'an option and its values, such as hidden=8/16', show(text))
  const given = text.slice(0, equals).trim().replace(/^--/, '')
  const name = checkName('--try', given, triableNames, others)
  const place = `--try ${name}`
  if (before.some((tried) => tried.name === name)) throw rangeError(place, 'it once', 'it twice')
  const option = optionOf(name)
  const values = inPlace(place, () => readValues(option, text.slice(equals + 1), triable[name]))
  return [...before, { name, key: option.attributeName(), values }]
}

function readValues(option: Option, text: string, scale: Scale | undefined): readonly unknown[] | Range {
  const read = (value: string): unknown => option.parseArg?.(value.trim(), undefined)
  const ends = text.split('..')
  if (scale === undefined || ends.length !== 2) return text.split('/').map(read)
  const [from, to] = ends.map((end) => numberOf(read(end)))
  const range = { from, to, ...scale }
  // Draws a number to check the range.
  randomChoices({ range }, 1, 0)
  return range
}

/** A number, or that of the units of the only hidden layer. */
function numberOf(value: unknown): number {
  const [number, ...more] = Array.isArray(value) ? (value as number[]) : [value as number]
  if (typeof number === 'number' && more.length === 0) return number
  throw rangeError({}, 'one hidden layer at each end of a range', show(value))
}

function optionOf(name: string): Option {
  const options = [...tableOptions(), ...networkOptions(), ...learningOptions()]
  const option = options.find((each) => each.name() === name)
  if (option === undefined) throw new Error(`search: expected an option of train, got ${name}`)
  return option
}

/** Names the option that is tried in errors about its values. */
function inPlace<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw amended(error, () => ({ path: place }))
  }
}

/**
 * The choices in their order: every combination of the values; or so many at random, determined by the seed.
 *
 * @throws RangeError for a range without a number of trials, or too many choices
 */
export function choicesOf(tried: readonly Tried[], trials: number | undefined, seed: number): Chosen[] {
  const space = Object.fromEntries(tried.map(({ key, values }) => [key, values]))
  if (trials !== undefined) return randomChoices(space, trials, seed).map(withLayers)
  const range = tried.find(({ values }) => !Array.isArray(values))
  if (range !== undefined) {
    throw rangeError(
      `--try ${range.name}`,
      'values with / between them, or --trials beside a range',
      'a range',
    )
  }
  return inPlace('--try', () => allChoices(space))
}

/** The number of units that a range gives is that of one hidden layer. */
function withLayers(choice: Chosen): Chosen {
  return typeof choice.hidden === 'number' ? { ...choice, hidden: [choice.hidden] } : choice
}

/** A choice as options of train: `--hidden`, `16,8`. */
export function choiceOptions(tried: readonly Tried[], choice: Chosen): string[] {
  return tried.flatMap(({ name, key }) => [`--${name}`, valueText(choice[key])])
}

function valueText(value: unknown): string {
  if (!Array.isArray(value)) return String(value)
  return value.length === 0 ? 'none' : value.join(',')
}
