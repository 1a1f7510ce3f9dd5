import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkNumber } from '../base/check.js'
import { Random } from '../base/random.js'
import { holdOut, inOrder } from '../base/stratify.js'
import { dealFolds, inRandomOrder, rowsBeside } from './folds.js'
import type { Selectable } from './selectable.js'

/** Data to train on, and data to evaluate on. */
export interface Divided {
  readonly train: unknown
  readonly held: unknown
  /** the held-out rows of the data, ascending */
  readonly rows: Uint32Array
}

/** The ways to divide the data: one, or several. */
export interface Division {
  /** of all data */
  readonly rows: number
  readonly count: number
  divide(index: number): Divided
}

/** @throws TypeError or RangeError unless this many folds are possible */
export function divideInFolds(source: Selectable, folds: unknown, seed: number): Division {
  const count = checkInteger('folds', folds, { min: 2 })
  if (count > source.rows) {
    throw rangeError('folds', `an integer <= ${source.rows}, a row for each`, count)
  }
  const dealt = dealFolds(source.groups, count, new Random(seed, 'folds'))
  return { rows: source.rows, count, divide: (fold) => divided(source, rowsBeside(dealt, fold), dealt[fold]) }
}

/** @throws TypeError or RangeError unless it is a fraction that leaves rows on both sides */
export function divideOnce(source: Selectable, validation: unknown, seed: number): Division {
  const fraction = checkNumber('validation', validation, { above: 0, below: 1 })
  const random = new Random(seed, 'validation')
  const { kept, held } = holdOut(inRandomOrder(source.groups, random), fraction, random)
  const [trained, judged] = [inOrder(kept), inOrder(held)]
  if (trained.length === 0 || judged.length === 0) {
    const expected = 'a fraction that leaves rows on both sides'
    throw rangeError('validation', expected, `${fraction} of ${source.rows}`)
  }
  return { rows: source.rows, count: 1, divide: () => divided(source, trained, judged) }
}

function divided(source: Selectable, trained: Uint32Array, held: Uint32Array): Divided {
  const judged = source.judging?.(held) ?? source.select(held)
  return { train: source.select(trained), held: judged, rows: held }
}
