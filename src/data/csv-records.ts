/** From fields to a table: the names of the columns, their kinds, missing values. */
import { showName } from '../check.js'
import { LINE_FEED, SPACE, TAB } from './csv-bytes.js'
import { COLUMN_BYTES, Columns, tableTooLarge } from './csv-columns.js'
import { fileError, showBytes, wrongEncoding } from './csv-errors.js'
import { MissingValues } from './csv-missing.js'
import { parseNumber } from './csv-number.js'
import { readRun, type Cursor } from './csv-run.js'
import type { CsvSettings } from './csv-options.js'
import type { Sink } from './csv-scanner.js'
import { TextReader } from './csv-text.js'
import type { Kind, Table } from './table.js'

export class Records implements Sink {
  readonly #settings: CsvSettings
  readonly #missingValues: MissingValues
  readonly #texts = new TextReader()
  /** fields of the first record, until it is whole */
  readonly #first: string[] = []
  #names: readonly string[] | undefined
  #columns: Columns
  #kinds: Kind[]
  /** by column, 1 for a kind that stays */
  #isDecided = new Uint8Array(0)
  /** by column, where the columns of numbers from there on end; undefined while kinds change */
  #runEnds: Uint32Array | undefined
  #isDropped = false
  #isMistaken = false

  /** @param kinds by column, if they are known */
  constructor(settings: CsvSettings, kinds: readonly Kind[] = []) {
    this.#settings = settings
    this.#missingValues = new MissingValues(settings.missingValues)
    this.#columns = new Columns([], 0, settings.maxBytes)
    this.#kinds = [...kinds]
  }

  /** rows of the next table */
  get rows(): number {
    return this.#columns.rows
  }

  /** by column */
  get kinds(): readonly Kind[] {
    return this.#kinds
  }

  /** Whether a column that was taken for numbers turned out to be texts: all is to be read again, with the kinds as they are now. */
  get isMistaken(): boolean {
    return this.#isMistaken
  }

  /** Whether all kinds stay as they are, and no column was mistaken. */
  get isDecided(): boolean {
    return !this.#isMistaken && this.#names !== undefined && !this.#isDecided.includes(0)
  }

  field(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    if (this.#names === undefined) this.#firstField(bytes, start, end, column, line)
    else if (column < this.#names.length) this.#value(bytes, start, end, column, line)
  }

  run(bytes: Uint8Array, end: number, cursor: Cursor): boolean {
    const ends = this.#runEnds
    const { at, column } = cursor
    if (ends === undefined || column >= ends.length) return false
    const { block, place } = this.#columns
    readRun(bytes, end, this.#settings.delimiter, cursor, block, place, ends[column], ends.length)
    return cursor.at > at && bytes[cursor.at - 1] === LINE_FEED
  }

  record(fields: number, line: number): boolean {
    if (this.#names === undefined) {
      this.#open(line)
      if (this.#settings.header) return false
    } else if (fields !== this.#names.length) {
      throw fileError(line, undefined, count(this.#names.length), String(fields))
    }
    if (!this.#isDropped) this.#columns.endRow(this.#kinds)
    this.#isDropped = false
    this.#runEnds ??= runEnds(this.#missingValues.hasNumbers ? [] : this.#kinds)
    return this.#columns.rows >= this.#settings.batchRows
  }

  columnName(column: number): string {
    const name = this.#names?.at(column)
    return name === undefined ? String(column + 1) : showName(name)
  }

  /** The rows since the last table; kinds are decided from now on. @throws RangeError if there was no record at all */
  take(): Table {
    if (this.#names === undefined) {
      const what = this.#settings.header ? 'a line with the names of the columns' : 'at least one line'
      throw new RangeError(`source: expected ${what}, got none`)
    }
    this.#isDecided.fill(1)
    const table = this.#columns.take(this.#kinds)
    const { missing } = this.#settings
    if (typeof missing === 'number') fillMissing(table, missing)
    return table
  }

  #firstField(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    if ((column + 1) * COLUMN_BYTES > this.#settings.maxBytes) throw tableTooLarge(this.#settings.maxBytes)
    this.#first.push(this.#text(bytes, start, end, column, line))
  }

  /** Makes the columns that the first record has names or values of. */
  #open(line: number): void {
    const { header, kinds, batchRows, maxBytes } = this.#settings
    const first = this.#first
    const names = header ? first : first.map((_, column) => String(column + 1))
    checkNames(names, line, kinds)
    this.#names = names
    this.#columns = new Columns(names, batchRows, maxBytes)
    const isKnown = this.#kinds.length > 0
    this.#isDecided = Uint8Array.from(names, (name) => Number(isKnown || kinds.has(name)))
    if (!isKnown) this.#kinds = names.map((name) => kinds.get(name) ?? 'number')
    if (header) return
    const encoder = new TextEncoder()
    for (const [column, text] of first.entries()) {
      const bytes = encoder.encode(text)
      this.#value(bytes, 0, bytes.length, column, line)
    }
  }

  #value(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from])) ++from
    while (from < to && isBlank(bytes[to - 1])) --to
    if (this.#missingValues.has(bytes, from, to)) {
      this.#missing(column, line, bytes, from, to)
    } else if (this.#kinds[column] === 'text') {
      this.#columns.setText(column, this.#text(bytes, start, end, column, line))
    } else {
      const value = parseNumber(bytes, from, to)
      if (Number.isNaN(value)) {
        this.#noNumber(bytes, start, end, column, line)
      } else {
        this.#columns.setNumber(column, value)
      }
    }
  }

  #missing(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const { missing } = this.#settings
    if (missing === 'error') {
      throw fileError(
        line,
        this.columnName(column),
        'a value',
        `${showBytes(bytes, from, to)}, a missing one`,
      )
    }
    if (missing === 'drop') this.#isDropped = true
    else if (this.#kinds[column] === 'text') this.#columns.setText(column, '')
    else this.#columns.setNumber(column, NaN)
  }

  #noNumber(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    if (this.#isDecided[column] === 1) {
      throw fileError(line, this.columnName(column), 'a number', showBytes(bytes, start, end))
    }
    if (this.#columns.hasNumber(column)) this.#isMistaken = true
    this.#kinds[column] = 'text'
    this.#isDecided[column] = 1
    this.#runEnds = undefined
    this.#columns.becomeText(column)
    this.#columns.setText(column, this.#text(bytes, start, end, column, line))
  }

  #text(bytes: Uint8Array, start: number, end: number, column: number, line: number): string {
    const text = this.#texts.read(bytes, start, end)
    if (text !== undefined) return text
    throw wrongEncoding(line, this.columnName(column), this.#settings.encoding, showBytes(bytes, start, end))
  }
}

function checkNames(names: readonly string[], line: number, kinds: ReadonlyMap<string, Kind>): void {
  const known = new Set<string>()
  for (const name of names) {
    if (known.has(name))
      throw fileError(line, undefined, 'columns of different names', `${showName(name)} twice`)
    known.add(name)
  }
  for (const name of kinds.keys()) {
    if (known.has(name)) continue
    const some = names.slice(0, 10).map(showName).join(', ')
    throw new RangeError(
      `kinds: expected columns of the file (${some}${names.length > 10 ? ', …' : ''}), got ${showName(name)}`,
    )
  }
}

/** By column, where the columns of numbers that begin there end: at the column itself, if it is one of texts. */
function runEnds(kinds: readonly Kind[]): Uint32Array {
  const ends = new Uint32Array(kinds.length)
  for (let column = kinds.length - 1, end = kinds.length; column >= 0; --column) {
    if (kinds[column] === 'text') end = column
    ends[column] = end
  }
  return ends
}

function fillMissing({ columns }: Table, fill: number): void {
  for (const { kind, values } of columns) {
    if (kind === 'text') continue
    for (let row = 0; row < values.length; ++row) if (Number.isNaN(values[row])) values[row] = fill
  }
}

function count(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}
