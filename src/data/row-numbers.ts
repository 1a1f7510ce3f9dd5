/** The numbers that rows have in messages, where they are not 1, 2 …: a table has them in itself, an array of rows has them here. */
import { isTable, type Table } from './table.js'

type Rows = Table | readonly unknown[]

const ofArrays = new WeakMap<readonly unknown[], ArrayLike<number>>()

/** The number of each row, if they are not 1, 2 …. */
export function rowNumbers(data: Rows): ArrayLike<number> | undefined {
  return isTable(data) ? data.numbers : ofArrays.get(data)
}

/** The rows with these numbers: a table that has them, or the array itself, of which they are known from then on. */
export function withRowNumbers<Data extends Rows>(data: Data, numbers: Uint32Array): Data {
  if (isTable(data)) {
    const table: Table = data
    return { ...table, numbers } as Data
  }
  ofArrays.set(data, numbers)
  return data
}

/** Rows that were picked from others, with the numbers that they have there; `rows` counts from 0. */
export function withNumbersOf<Data extends Rows>(picked: Data, from: Rows, rows: ArrayLike<number>): Data {
  const numbers = rowNumbers(from)
  const own = Uint32Array.from(rows, (row) => numbers?.[row] ?? row + 1)
  return own.every((number, i) => number === i + 1) ? picked : withRowNumbers(picked, own)
}

/** Rows that come behind others, of which there are so many: those without numbers of their own count on. */
export function withNumbersBehind<Data extends Rows>(data: Data, before: number): Data {
  if (before === 0 || rowNumbers(data) !== undefined) return data
  const rows = isTable(data) ? data.rows : data.length
  return withRowNumbers(
    data,
    Uint32Array.from({ length: rows }, (_, row) => before + row + 1),
  )
}
