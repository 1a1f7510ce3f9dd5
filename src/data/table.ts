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
