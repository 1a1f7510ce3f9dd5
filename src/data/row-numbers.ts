/**
 * The row numbers of messages, where they are not 1, 2 …: a table holds its own, an array of selected rows has them
 * under a symbol.
 */
import { isTable, type Table } from './table.js'

type Rows = Table | readonly unknown[]

/** Registered, so that all bundles share it. */
const NUMBERS = Symbol.for('deltaprop.rowNumbers')

/** The number of each row, if they are not 1, 2 …. */
export function rowNumbers(data: Rows): ArrayLike<number> | undefined {
  if (isTable(data)) return data.numbers
  return Object.getOwnPropertyDescriptor(data, NUMBERS)?.value as ArrayLike<number> | undefined
}

/**
 * Selected rows, with their numbers in the data that they come from.
 *
 * @param picked a new table or array
 * @param rows of `from`, from 0
 */
export function withNumbersOf<Data extends Rows>(picked: Data, from: Rows, rows: ArrayLike<number>): Data {
  const before = rowNumbers(from)
  const numbers = Uint32Array.from(rows, (row) => before?.[row] ?? row + 1)
  if (numbers.every((number, i) => number === i + 1)) return picked
  if (isTable(picked)) return withNumbers(picked, numbers) as Data
  return Object.defineProperty(picked, NUMBERS, { value: numbers })
}

function withNumbers(table: Table, numbers: Uint32Array): Table {
  return { ...table, numbers }
}
