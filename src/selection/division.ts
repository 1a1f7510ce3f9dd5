import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkNumber } from '../base/check.js'
import { Random } from '../base/random.js'
import { holdOut, inOrder } from '../base/stratify.js'
import type { Selectable } from './selectable.js'

/** Data to train on, and data to evaluate on. */
export interface DividedData {
  readonly train: unknown
  readonly test: unknown
  /** the held-out rows of the data, ascending */
  readonly rows: Uint32Array
}

/** The ways to divide the data: one, or several. */
export interface Division {
  /** of all data */
  readonly rows: number
  readonly count: number
  divide(index: number): DividedData
}

/** @throws TypeError or RangeError unless this many folds are possible */
export function divideInFolds(source: Selectable, folds: unknown, seed: number): Division {
  const count = checkInteger('folds', folds, { min: 2 })
  if (count > source.rows) {
    throw rangeError('folds', `an integer <= ${source.rows}, a row for each`, count)
  }
  const dealt = dealFolds(source.groups, count, new Random(seed, 'folds'))
  return {
    rows: source.rows,
    count,
    divide: (fold) => dividedData(source, rowsExcept(dealt, fold), dealt[fold]),
  }
}

/** @throws TypeError or RangeError unless it is a fraction that leaves rows on both sides */
export function divideOnce(source: Selectable, validation: unknown, seed: number): Division {
  const fraction = checkNumber('validation', validation, { above: 0, below: 1 })
  const random = new Random(seed, 'validation')
  const { kept, held } = holdOut(inRandomOrder(source.groups, random), fraction, random)
  const [train, test] = [inOrder(kept), inOrder(held)]
  if (train.length === 0 || test.length === 0) {
    const expected = 'a fraction that leaves rows on both sides'
    throw rangeError('validation', expected, `${fraction} of ${source.rows}`)
  }
  return { rows: source.rows, count: 1, divide: () => dividedData(source, train, test) }
}

function dividedData(source: Selectable, train: Uint32Array, test: Uint32Array): DividedData {
  const data = source.toTest?.(test) ?? source.select(test)
  return { train: source.select(train), test: data, rows: test }
}

/**
 * Deals the rows out to folds, group by group, each shuffled. Fold sizes differ by at most one row, both within each
 * group and in total.
 *
 * @param groups are shuffled in place
 * @returns the rows of each fold, ascending
 */
export function dealFolds(groups: readonly Uint32Array[], folds: number, random: Random): Uint32Array[] {
  const ordered = inRandomOrder(groups, random)
  for (const rows of ordered) random.shuffle(rows)
  const dealt = ordered.flatMap((rows) => Array.from(rows))
  return Array.from({ length: folds }, (_, fold) =>
    Uint32Array.from(dealt.filter((_row, i) => i % folds === fold)).sort(),
  )
}

/** All rows except those of one fold, ascending. */
function rowsExcept(folds: readonly Uint32Array[], fold: number): Uint32Array {
  return inOrder(folds.filter((_, other) => other !== fold))
}

/** The groups in a uniformly random order, so that chance decides which of them gain from rounding. */
export function inRandomOrder(groups: readonly Uint32Array[], random: Random): Uint32Array[] {
  const order = Uint32Array.from(groups, (_, i) => i)
  random.shuffle(order)
  return Array.from(order, (i) => groups[i])
}
