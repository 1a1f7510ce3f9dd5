/** Converts JSON lines objects to a table. */
import { rangeError } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import type { JSONRecord } from './jsonl.js'
import type { Kind, Missing, Table } from '../data/index.js'

/** A column of a file; columns from JSON lines have no declared kind, and may hold values of any kind. */
export interface FileColumn {
  readonly name: string
  readonly kind?: Kind
  readonly values: ArrayLike<unknown>
}

/** Rows stored by column, as in a Table. */
export interface Rows extends Pick<Table, 'rows' | 'numbers' | 'notes'> {
  readonly columns: readonly FileColumn[]
}

/** The most values in a table, each of at least 8 bytes: as many as fit in the largest table. */
const MOST_VALUES = 2 ** 28

/** Which columns of the records to read, and how. */
export interface RecordOptions {
  /** selects the columns to read, given all names; all unless given */
  readonly columns?: ((names: readonly string[]) => readonly string[]) | undefined
  /**
   * how to treat absent or null values; they are kept unless given. A number replaces them, or an empty text in a text
   * column
   */
  readonly missing?: Missing | undefined
  /**
   * whether a name absent from a record is a missing value; by default it is, unless missing values are kept. Otherwise
   * the reader decides
   */
  readonly absentIsMissing?: boolean | undefined
  /** the kind of a column by its name; undefined to infer it from the values */
  readonly kinds?: ((name: string) => Kind | undefined) | undefined
  /** texts that stand for missing values */
  readonly missingValues?: readonly string[] | undefined
}

/**
 * Records by column, in the order in which names first appear.
 *
 * @param before the number of earlier records in the file
 * @throws RangeError that names row and column of a missing value
 */
export function tableOf(records: readonly JSONRecord[], before: number, options: RecordOptions): Rows {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  const wanted = options.columns?.(Array.from(names)) ?? Array.from(names)
  // If every record has its own names, the table size is quadratic in the number of records.
  if (wanted.length * records.length > MOST_VALUES) {
    const expected = `a table of at most ${MOST_VALUES} values`
    throw rangeError({}, expected, `${records.length} rows of ${wanted.length} columns`)
  }
  const values = wanted.map((name) =>
    records.map((record) => (Object.hasOwn(record, name) ? record[name] : undefined)),
  )
  const columns = wanted.map((name, c): FileColumn => ({ name, values: values[c] }))
  return withoutMissing(columns, records.length, before, options)
}

function withoutMissing(
  columns: readonly FileColumn[],
  rows: number,
  before: number,
  { missing = 'keep', missingValues = [], absentIsMissing = missing !== 'keep', kinds }: RecordOptions,
): Rows {
  const isMissing = (value: unknown): boolean =>
    value === undefined
      ? absentIsMissing
      : value === null || (typeof value === 'string' && missingValues.includes(value))
  const numbered = (kept: readonly number[]): Rows['numbers'] =>
    before === 0 && kept.length === rows ? undefined : Uint32Array.from(kept, (row) => before + row + 1)
  const all = Array.from({ length: rows }, (_, row) => row)
  if (missing === 'drop') {
    const kept = all.filter((row) => !columns.some(({ values }) => isMissing(values[row])))
    const picked = columns.map((column) => ({ ...column, values: kept.map((row) => column.values[row]) }))
    return table(picked, kept.length, numbered(kept))
  }
  const filled = columns.map((column): FileColumn => {
    const values = Array.from(column.values)
    const first = values.findIndex(isMissing)
    if (first < 0) return column
    if (missing === 'error') throw missingValue(column, before + first + 1, values[first])
    const kind = kinds?.(column.name) ?? typeof values.find((value) => !isMissing(value))
    const isText = kind === 'text' || kind === 'string'
    const filling = missing === 'keep' ? null : isText ? '' : missing
    return { ...column, values: values.map((value) => (isMissing(value) ? filling : value)) }
  })
  return table(filled, rows, numbered(all))
}

function table(columns: readonly FileColumn[], rows: number, numbers: Rows['numbers']): Rows {
  return { rows, columns, ...(numbers === undefined ? {} : { numbers }) }
}

function missingValue({ name }: FileColumn, row: number, value: unknown): RangeError {
  const got = value === undefined ? 'none' : JSON.stringify(value)
  return remediableError({ row, column: name }, 'a value', `${got}, a missing one`, [
    { option: 'missing', value: 'drop', effect: 'leaves out such rows' },
  ])
}
