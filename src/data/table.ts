/** What a column holds. */
export type Kind = 'number' | 'text'

/** A column of numbers. */
export interface NumberColumn {
  readonly name: string
  readonly kind: 'number'
  /** one per row; NaN where a missing value was kept */
  readonly values: Float64Array
}

/** A column of texts. */
export interface TextColumn {
  readonly name: string
  readonly kind: 'text'
  /** one per row; empty where a missing value was kept */
  readonly values: string[]
}

/** A column of either kind. */
export type Column = NumberColumn | TextColumn

/** Samples by column: every column has one value per row. */
export interface Table {
  readonly rows: number
  readonly columns: readonly Column[]
  /** the number of each row in its file, from 1, including rows that were left out; 1, 2 … unless given */
  readonly numbers?: Uint32Array
  /** what was recognised in the file, and what was left out, in words for people; none unless given */
  readonly notes?: readonly string[]
}

/** Whether data has the shape of a table; a row of values by name has no array. */
export function isTable(data: unknown): data is Table {
  return typeof data === 'object' && data !== null && 'columns' in data && Array.isArray(data.columns)
}

/**
 * What has rows with numbers for messages, where they are not 1, 2 …: a table holds its own, an array of selected rows
 * has them under a symbol.
 */
type Numbered = Table | readonly unknown[]

/** Registered, so that all bundles share it. */
const NUMBERS = Symbol.for('deltaprop.rowNumbers')

/** The number of each row, if they are not 1, 2 …. */
export function rowNumbers(data: Numbered): ArrayLike<number> | undefined {
  if (isTable(data)) return data.numbers
  return Object.getOwnPropertyDescriptor(data, NUMBERS)?.value as ArrayLike<number> | undefined
}

/**
 * Selected rows, with their numbers in the data that they come from.
 *
 * @param picked a new table or array
 * @param rows of `from`, from 0
 */
export function withNumbersOf<Data extends Numbered>(
  picked: Data,
  from: Numbered,
  rows: ArrayLike<number>,
): Data {
  const before = rowNumbers(from)
  const numbers = Uint32Array.from(rows, (row) => before?.[row] ?? row + 1)
  if (numbers.every((number, i) => number === i + 1)) return picked
  return withNumbers(picked, numbers)
}

/** The same data, whose rows have these numbers: an array is given them, a table is a new one. */
export function withNumbers<Data extends Numbered>(data: Data, numbers: Uint32Array): Data {
  if (Array.isArray(data)) return Object.defineProperty(data, NUMBERS, { value: numbers })
  return { ...(data as Table), numbers } as Data
}
