/** From records to tables: the columns, and the decisions made with the first table. */
import { rangeError } from '../base/argument-error.js'
import { LINE_FEED } from './csv-syntax.js'
import { COLUMN_BYTES, tableTooLarge } from './csv-columns.js'
import { showBytes, wrongEncoding, type ColumnName } from './csv-errors.js'
import type { NumberFormat } from './csv-number-format.js'
import { planColumns, columnName, type Plan } from './csv-plan.js'
import { readRun, type Cursor } from './csv-run.js'
import type { CsvSettings } from './csv-options.js'
import type { Sink } from './csv-scanner.js'
import { recogniseNumberFormat, type Dialect } from './csv-dialect.js'
import { TextReader } from './csv-text.js'
import { FieldReader } from './csv-field-reader.js'
import type { Kind, Table } from './table.js'

/** What the first record and the first table decide about a file. */
export interface Decisions {
  readonly plan: Plan
  readonly format: NumberFormat
  readonly notes: readonly string[]
  /** by column of the table; undefined until they are decided */
  readonly kinds: readonly Kind[] | undefined
}

/** A field of the first record, until that is complete. */
interface FirstField {
  readonly bytes: Uint8Array
  readonly line: number
}

export class TableBuilder implements Sink {
  readonly #settings: CsvSettings
  readonly #dialect: Dialect
  readonly #delimiter: number
  readonly #batchRows: number
  readonly #texts = new TextReader()
  #first: FirstField[] = []
  #decisions: Decisions | undefined
  #notes: readonly string[] = []
  /** undefined until the first record is complete */
  #reader: FieldReader | undefined
  /** by column of the file, that of the table, as the plan has it */
  #targets: Int32Array = new Int32Array(0)
  /** columns of the file */
  #width = 0

  /** @param decisions of a reader of the same file, if there was one */
  constructor(settings: CsvSettings, dialect: Dialect, decisions?: Decisions) {
    this.#settings = settings
    this.#dialect = dialect
    this.#delimiter = dialect.delimiter
    this.#batchRows = settings.batchRows
    this.#decisions = decisions
  }

  /** What the first record has decided; undefined until it is complete. */
  get decisions(): Decisions | undefined {
    return this.#decisions
  }

  /** Whether all kinds are final, and no row needs to be read again. */
  get isSettled(): boolean {
    return this.#reader?.isSettled === true
  }

  field(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    const reader = this.#reader
    if (reader === undefined) {
      this.#firstField(bytes, start, end, column, line)
    } else if (column < this.#width) {
      const target = this.#targets[column]
      if (target >= 0) reader.field(bytes, start, end, target, line)
    }
  }

  run(bytes: Uint8Array, end: number, cursor: Cursor): boolean {
    const reader = this.#reader
    const runs = reader?.runs
    const { at, column } = cursor
    if (reader === undefined || runs === undefined || column >= this.#width) return false
    const { block, start: rowStart } = reader.columns
    const row = rowStart + runs[2 * column + 1]
    readRun(bytes, end, this.#delimiter, cursor, block, row, runs[2 * column], this.#width)
    return cursor.at > at && bytes[cursor.at - 1] === LINE_FEED
  }

  record(fields: number, line: number): boolean {
    const reader = this.#reader ?? this.#open(line)
    if (reader === undefined) return false
    if (fields !== this.#width) throw rangeError({ line }, fieldCount(this.#width), fields)
    reader.endRecord()
    return reader.columns.rows >= this.#batchRows
  }

  columnName(column: number): ColumnName {
    return columnName(this.#decisions?.plan.names ?? [], column)
  }

  /**
   * Decides what is still open, when the first table is full or the file ends.
   *
   * @returns decisions with which everything must be read again, if rows were read on other assumptions
   * @throws RangeError for what is wrong with a column of the kind decided
   */
  decide(): Decisions | undefined {
    const decisions = this.#decisions
    const reader = this.#reader
    if (decisions?.kinds !== undefined || decisions === undefined || reader === undefined) return undefined
    const { notes, isIncomplete } = reader.decide()
    this.#notes = [...decisions.notes, ...notes]
    this.#decisions = { ...decisions, notes: this.#notes, kinds: reader.kinds }
    return isIncomplete ? this.#decisions : undefined
  }

  /** The rows since the last table. @throws RangeError if there was no record at all */
  take(): Table {
    const reader = this.#reader
    const { header, missing } = this.#settings
    if (reader === undefined) {
      const what = header ? 'a line with the names of the columns' : 'at least one line'
      throw rangeError('source', what, 'none')
    }
    const table = reader.columns.take(reader.kinds)
    if (typeof missing === 'number') fillMissing(table, missing)
    const notes = this.#notes
    this.#notes = []
    return notes.length === 0 ? table : { ...table, notes }
  }

  #firstField(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    if ((column + 1) * COLUMN_BYTES > this.#settings.maxBytes) throw tableTooLarge(this.#settings.maxBytes)
    this.#first.push({ bytes: bytes.slice(start, end), line })
  }

  /** Makes the columns from their names or values in the first record. @returns undefined if it has their names */
  #open(line: number): FieldReader | undefined {
    const first = this.#first
    this.#first = []
    const decisions = (this.#decisions ??= this.#decideNumberFormat(first, line))
    const { plan, format, notes, kinds } = decisions
    const reader = new FieldReader(this.#settings, plan, format, this.#texts, kinds)
    this.#reader = reader
    this.#targets = plan.targets
    this.#width = plan.names.length
    this.#notes = notes
    if (this.#settings.header) return undefined
    for (const [column, { bytes, line }] of first.entries()) this.field(bytes, 0, bytes.length, column, line)
    return reader
  }

  #decideNumberFormat(first: readonly FirstField[], line: number): Decisions {
    const { header, numberFormat } = this.#settings
    const texts = first.map((field, column) => (header ? this.#nameIn(field, column) : ''))
    const plan = planColumns(texts, line, this.#settings)
    const clues = plan.sources.flatMap((column, target) => {
      const some = this.#dialect.clues.at(column)
      return some === undefined || plan.given[target] === 'text' ? [] : [some]
    })
    const { format, notes } =
      numberFormat === undefined
        ? recogniseNumberFormat(clues, this.#settings)
        : { format: numberFormat, notes: [] }
    return { plan, format, notes: [...this.#dialect.notes, ...notes, ...plan.notes], kinds: undefined }
  }

  #nameIn({ bytes, line }: FirstField, column: number): string {
    const name = this.#texts.read(bytes, 0, bytes.length)
    if (name !== undefined) return name
    const got = showBytes(bytes, 0, bytes.length)
    throw wrongEncoding(line, this.columnName(column), this.#settings.encoding, got)
  }
}

function fillMissing({ columns }: Table, fill: number): void {
  for (const { kind, values } of columns) {
    if (kind === 'text') continue
    for (let row = 0; row < values.length; ++row) if (Number.isNaN(values[row])) values[row] = fill
  }
}

function fieldCount(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`
}
