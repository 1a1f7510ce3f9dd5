/** Rows that are held out, to test with what the model has never seen. */
import { split } from '../selection/index.js'
import { withNumbersOf } from '../data/row-numbers.js'
import { isTable, rowCount, type Rows } from './rows.js'

/** Some of the rows of a file, with the numbers that they have there. */
export interface Part {
  readonly rows: Rows
}

export interface Holdout {
  readonly train: Part
  /** undefined for a fraction of 0 */
  readonly test: Part | undefined
}

/**
 * The rows that `split(rows, { test: fraction, validation: 0, seed, target })` of deltaprop/selection chooses; but a class all of whose
 * rows were held out is kept, for who has not learnt it cannot be tested with it.
 *
 * @param classes the target's values by row; undefined where they are no classes
 * @throws RangeError unless there are rows on both sides
 */
export function holdOut(
  rows: Rows,
  fraction: number,
  seed: number,
  classes: ArrayLike<unknown> | undefined,
): Holdout {
  if (fraction === 0) return { train: { rows }, test: undefined }
  const total = rowCount(rows)
  const count = Math.round(fraction * total)
  if (count === 0 || count === total) {
    throw new RangeError(
      `--holdout: expected a fraction that leaves rows on both sides, got ${fraction} of ${total}`,
    )
  }
  const places = Array.from({ length: total }, (_, row) => ({ row, label: classes?.[row] }))
  const options = { validation: 0, test: fraction, seed }
  const { train, test } = split(places, classes === undefined ? options : { ...options, target: 'label' })
  const known = new Set(train.map(({ label }) => label))
  const isTested = new Set(test.flatMap(({ row, label }) => (known.has(label) ? [row] : [])))
  if (isTested.size === 0) {
    throw new RangeError(
      `--holdout: expected a class with rows on both sides, got none; 0 holds out no row of ${total}`,
    )
  }
  const side = (isTest: boolean): number[] =>
    places.flatMap(({ row }) => (isTested.has(row) === isTest ? [row] : []))
  return { train: select(rows, side(false)), test: select(rows, side(true)) }
}

function select(rows: Rows, places: readonly number[]): Part {
  return { rows: withNumbersOf(pick(rows, places), rows, places) }
}

function pick(rows: Rows, places: readonly number[]): Rows {
  if (!isTable(rows)) return places.map((row) => rows[row])
  const columns = rows.columns.map((column) =>
    column.kind === 'text'
      ? { ...column, values: places.map((row) => column.values[row]) }
      : { ...column, values: Float64Array.from(places, (row) => column.values[row]) },
  )
  return { rows: places.length, columns }
}
