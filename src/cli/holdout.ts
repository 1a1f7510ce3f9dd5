/** Rows that are held out, to test with what the model has never seen. */
import { Random } from '../random.js'
import { isTable, rowCount, type Rows } from './rows.js'

/** Some of the rows of a file. */
export interface Part {
  readonly rows: Rows
  /** the number that a row has in the file; both count from 1 */
  numberOf(row: number): number
}

export interface Holdout {
  readonly train: Part
  /** undefined for a fraction of 0 */
  readonly test: Part | undefined
}

/**
 * A fraction of the rows, chosen by the seed; of every class the same fraction, if the target has classes.
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
  if (fraction === 0) return { train: { rows, numberOf: (row) => row }, test: undefined }
  const total = rowCount(rows)
  const random = new Random(seed, 'holdout')
  const isHeld = new Uint8Array(total)
  // Of the classes up to each: what rounding takes too much of one it leaves to the next.
  let [wanted, taken] = [0, 0]
  for (const members of rowsByClass(total, classes)) {
    random.shuffle(members)
    wanted += fraction * members.length
    // Of every class one row at least is left to learn from.
    const count = Math.min(members.length - 1, Math.max(0, Math.round(wanted) - taken))
    taken += count
    for (const row of members.subarray(0, count)) isHeld[row] = 1
  }
  if (taken === 0) {
    throw new RangeError(
      `--holdout: expected a fraction that leaves rows on both sides, got ${fraction} of ${total}`,
    )
  }
  const places = Array.from(isHeld.keys())
  return {
    train: select(
      rows,
      places.filter((row) => isHeld[row] === 0),
    ),
    test: select(
      rows,
      places.filter((row) => isHeld[row] === 1),
    ),
  }
}

/** The rows of each class, classes in the order of their first row; all rows together without classes. */
function rowsByClass(total: number, classes: ArrayLike<unknown> | undefined): Uint32Array[] {
  const byClass = new Map<unknown, number[]>()
  for (let row = 0; row < total; ++row) {
    const label = classes?.[row]
    const own = byClass.get(label)
    if (own === undefined) byClass.set(label, [row])
    else own.push(row)
  }
  return Array.from(byClass.values(), (members) => Uint32Array.from(members))
}

function select(rows: Rows, places: readonly number[]): Part {
  const numberOf = (row: number): number => places[row - 1] + 1
  if (!isTable(rows)) return { rows: places.map((row) => rows[row]), numberOf }
  const columns = rows.columns.map((column) =>
    column.kind === 'text'
      ? { ...column, values: places.map((row) => column.values[row]) }
      : { ...column, values: Float64Array.from(places, (row) => column.values[row]) },
  )
  return { rows: { rows: places.length, columns }, numberOf }
}
