/**
 * The columns of a table while they grow.
 *
 * Numbers are written row by row into a block, which lies in the cache, and from there column by column:
 *
 *     block    blockRows × columns   row-major; the slots of texts stay unused
 *     numbers  columns × capacity    one array each
 */
import { rangeError } from '../base/argument-error.js'
import { RowNumbers } from './csv-row-numbers.js'
import type { Column, Kind, Table } from './table.js'

/**
 * Bytes that a column takes in addition to its values, everything about it included; about (measured: a million
 * columns).
 */
export const COLUMN_BYTES = 1024

/** Bytes that a text takes in addition to its characters, about. */
const TEXT_BYTES = 32

const BLOCK_BYTES = 2 ** 15

export class Columns {
  /** rows × columns, the numbers of the next rows; those of this row begin at `start` */
  readonly block: Float64Array
  start = 0
  /** complete rows */
  rows = 0
  readonly #names: readonly string[]
  readonly #maxRows: number
  readonly #maxBytes: number
  readonly #blockRows: number
  /** by column, empty for texts */
  readonly #numbers: Float64Array<ArrayBuffer>[]
  /** by column, empty for numbers */
  readonly #texts: string[][]
  readonly #rowNumbers = new RowNumbers()
  /** rows in #numbers, without those of the block */
  #flushed = 0
  #capacity = 0
  /** columns with that capacity */
  #numberColumns = 0
  #nextCapacity: number
  #textBytes = 0

  /** @throws RangeError if that takes more than maxBytes, as the other methods do */
  constructor(names: readonly string[], maxRows: number, maxBytes: number) {
    this.#names = names
    this.#maxRows = maxRows
    this.#maxBytes = maxBytes
    this.#blockRows = Math.min(maxRows, Math.max(1, Math.floor(BLOCK_BYTES / (8 * names.length))))
    this.#check(0, 0)
    this.block = new Float64Array(this.#blockRows * names.length)
    this.#numbers = names.map(() => new Float64Array(0))
    this.#texts = names.map(() => [])
    this.#nextCapacity = Math.min(maxRows, 16 * this.#blockRows)
  }

  /** records of the file, including those that were left out */
  get records(): number {
    return this.#rowNumbers.records(this.rows)
  }

  setNumber(column: number, value: number): void {
    this.block[this.start + column] = value
  }

  setText(column: number, text: string): void {
    this.#texts[column][this.rows] = text
    this.#textBytes += TEXT_BYTES + 2 * text.length
    if (this.#textBytes > this.#maxBytes) throw tableTooLarge(this.#maxBytes)
  }

  /** This row is complete. */
  endRow(kinds: readonly Kind[]): void {
    this.start += this.#names.length
    ++this.rows
    if (this.start === this.block.length) this.#flush(kinds)
  }

  /** This row is left out. */
  dropRow(): void {
    if (this.#rowNumbers.drop(this.rows)) this.#check(this.#capacity, this.#numberColumns)
  }

  /** A column of numbers becomes one of texts; its rows so far are empty texts. */
  becomeText(column: number): void {
    this.#numbers[column] = new Float64Array(0)
    this.#texts[column] = new Array<string>(this.rows).fill('')
  }

  /** The table of these rows; later rows are not added to it. */
  take(kinds: readonly Kind[]): Table {
    this.#flush(kinds)
    const rows = this.#flushed
    const columns = this.#names.map((name, column): Column => {
      if (kinds[column] === 'text') {
        const values = this.#texts[column]
        values.length = rows
        this.#texts[column] = []
        return { name, kind: 'text', values }
      }
      const values = this.#numbers[column]
      this.#numbers[column] = new Float64Array(0)
      return { name, kind: 'number', values: values.length === rows ? values : values.slice(0, rows) }
    })
    this.rows = 0
    this.#flushed = 0
    this.#textBytes = 0
    this.#nextCapacity = Math.max(this.#capacity, this.#blockRows)
    this.#capacity = 0
    const numbers = this.#rowNumbers.take(rows)
    return { rows, columns, ...(numbers === undefined ? {} : { numbers }) }
  }

  #flush(kinds: readonly Kind[]): void {
    const { block, start: end } = this
    const width = this.#names.length
    const rows = end / width
    if (this.#flushed + rows > this.#capacity) this.#grow(kinds)
    for (let column = 0; column < width; ++column) {
      if (kinds[column] === 'text') continue
      const values = this.#numbers[column]
      for (let i = column, row = this.#flushed; i < end; i += width, ++row) values[row] = block[i]
    }
    this.#flushed += rows
    this.start = 0
  }

  #grow(kinds: readonly Kind[]): void {
    const capacity = this.#nextCapacity
    this.#check(capacity, kinds.filter((kind) => kind === 'number').length)
    for (const [column, kind] of kinds.entries()) {
      if (kind === 'text') continue
      const values = new Float64Array(capacity)
      values.set(this.#numbers[column].subarray(0, this.#flushed))
      this.#numbers[column] = values
    }
    this.#capacity = capacity
    this.#nextCapacity = Math.min(this.#maxRows, 2 * capacity)
  }

  #check(capacity: number, numberColumns: number): void {
    this.#numberColumns = numberColumns
    const width = this.#names.length
    const bytes =
      width * (COLUMN_BYTES + 8 * this.#blockRows) + 8 * capacity * numberColumns + this.#rowNumbers.bytes
    if (bytes + this.#textBytes > this.#maxBytes) throw tableTooLarge(this.#maxBytes)
  }
}

export function tableTooLarge(maxBytes: number): RangeError {
  return rangeError('source', `a table of at most ${maxBytes} bytes (maxBytes)`, 'a larger one')
}
