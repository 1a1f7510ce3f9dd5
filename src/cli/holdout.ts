/** Holds out rows, to test on data the model has never seen. */
import { rangeError } from '../base/argument-error.js'
import { split } from '../selection/index.js'
import { selectRows } from './rows.js'
import type { Rows } from '../scoring/json-table.js'

export interface Holdout {
  readonly train: Rows
  /** undefined for a fraction of 0 */
  readonly test: Rows | undefined
}

/**
 * Holds out the rows that `split(rows, { test: fraction, validation: 0, seed, target })` of deltaprop/selection
 * chooses, except that a class is kept for training if all its rows were chosen: a model that has not learnt a class
 * cannot be tested on it.
 *
 * @param classes the target's values by row; undefined if they are not classes
 * @throws RangeError unless there are rows on both sides
 */
export function holdOutRows(
  rows: Rows,
  fraction: number,
  seed: number,
  classes: ArrayLike<unknown> | undefined,
): Holdout {
  if (fraction === 0) return { train: rows, test: undefined }
  const total = rows.rows
  const count = Math.round(fraction * total)
  if (count === 0 || count === total) {
    throw rangeError('--holdout', 'a fraction that leaves rows on both sides', `${fraction} of ${total}`)
  }
  const entries = Array.from({ length: total }, (_, row) => ({ row, label: classes?.[row] }))
  const options = { validation: 0, test: fraction, seed }
  const { train, test } = split(entries, classes === undefined ? options : { ...options, target: 'label' })
  const known = new Set(train.map(({ label }) => label))
  const isTested = new Set(test.flatMap(({ row, label }) => (known.has(label) ? [row] : [])))
  if (isTested.size === 0) {
    throw rangeError('--holdout', 'a class with rows on both sides', 'none', {
      hint: `0 holds out no row of ${total}`,
    })
  }
  const side = (isTest: boolean): number[] =>
    entries.flatMap(({ row }) => (isTested.has(row) === isTest ? [row] : []))
  return { train: selectRows(rows, side(false)), test: selectRows(rows, side(true)) }
}
