/** From fields to the columns of a table: their kinds, missing values. */
import { rangeError } from '../base/argument-error.js'
import { isBlank } from './csv-syntax.js'
import { Columns } from './csv-columns.js'
import { missingError, showBytes, wrongEncoding, type ColumnName } from './csv-errors.js'
import { NumberReader, type NumberFormat } from './csv-number-format.js'
import { MARK, MissingValues, type Mark } from './csv-missing.js'
import type { CsvSettings } from './csv-options.js'
import { namesOf, columnName, type Plan } from './csv-plan.js'
import { findRuns } from './csv-run.js'
import type { TextReader } from './csv-text.js'
import type { Kind } from './table.js'
import { inexactError, noNumberError } from './csv-undecided-column.js'
import { UndecidedColumns } from './csv-undecided-columns.js'

export class FieldReader {
  readonly columns: Columns
  /** by column of the table, as in all members */
  readonly kinds: Kind[]
  /** see findRuns; undefined while kinds change */
  runs: Int32Array | undefined
  /** Whether this record must be left out. */
  isDropped = false
  readonly #settings: CsvSettings
  readonly #plan: Plan
  readonly #format: NumberFormat
  readonly #numbers: NumberReader
  readonly #missingValues: MissingValues
  readonly #texts: TextReader
  readonly #undecided: UndecidedColumns
  /** which texts are tested, see UndecidedColumns */
  readonly #tested: Uint8Array
  #isMistaken = false

  /** @param kinds if they are known */
  constructor(
    settings: CsvSettings,
    plan: Plan,
    format: NumberFormat,
    texts: TextReader,
    kinds?: readonly Kind[],
  ) {
    const names = namesOf(plan)
    this.#settings = settings
    this.#plan = plan
    this.#format = format
    this.#numbers = new NumberReader(format)
    this.#missingValues = new MissingValues(settings.missingValues, settings.missingNumbers)
    this.#texts = texts
    this.columns = new Columns(names, settings.batchRows, settings.maxBytes)
    this.kinds = [...(kinds ?? plan.given.map((kind) => kind ?? 'number'))]
    this.#undecided = new UndecidedColumns(
      names,
      plan.sources.map((column) => columnName(plan.names, column)),
      plan.given.map((kind) => kinds === undefined && kind === undefined),
    )
    this.#tested = this.#undecided.tested
  }

  /** Whether all kinds are final, and no row needs to be read again. */
  get isSettled(): boolean {
    return !this.#undecided.mayHaveNumbers && !this.#isMistaken
  }

  /** The record is complete. */
  endRecord(): void {
    const { columns } = this
    if (this.isDropped) columns.dropRow()
    else columns.endRow(this.kinds)
    this.isDropped = false
    if (columns.start === 0) this.#undecided.settle(columns.records)
    this.runs ??= this.#findRuns()
  }

  /**
   * Decides the kinds that are still open.
   *
   * @returns notes on the decisions, and whether rows were read on other assumptions, so that everything must be read
   *   again
   * @throws RangeError for what is wrong with a column of the kind decided
   */
  decide(): { readonly notes: readonly string[]; readonly isIncomplete: boolean } {
    const { missing } = this.#settings
    const { notes, hasMarks } = this.#undecided.decide(
      this.kinds.map((kind) => kind === 'text'),
      missing === 'error',
      this.#format,
      () => this.#missingValues.seen,
      this.columns.records,
    )
    return { notes, isIncomplete: this.#isMistaken || (hasMarks && missing === 'drop') }
  }

  field(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from])) ++from
    while (from < to && isBlank(bytes[to - 1])) --to
    if (this.kinds[column] === 'text') {
      const mark = this.#missingValues.find(bytes, from, to)
      if (mark === MARK.everywhere) {
        this.#missing(column, line, bytes, from, to)
        return
      }
      const text = this.#text(bytes, start, end, column, line)
      this.columns.setText(column, text)
      if (mark !== MARK.none || this.#tested[column] !== 0)
        this.#test(text, mark, bytes, from, to, column, line)
      return
    }
    const value = from < to ? this.#numbers.read(bytes, from, to) : NaN
    const isCertain = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    if (isCertain && !this.#missingValues.hasNumbers) this.columns.setNumber(column, value)
    else this.#oddNumber(value, bytes, start, end, from, to, column, line)
  }

  /** A text in a column whose kind is not decided yet. */
  #test(
    text: string,
    mark: Mark,
    bytes: Uint8Array,
    from: number,
    to: number,
    column: number,
    line: number,
  ): void {
    if (mark !== MARK.none) this.#undecided.of(column)?.addMark(text.trim(), line)
    else if (this.#undecided.isTested(column, bytes[from], text)) {
      this.#undecided.test(column, text, this.#numbers, bytes, from, to, line)
    }
  }

  /** A field that may not be a number, may be a missing value, or may not be exact. */
  #oddNumber(
    value: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    to: number,
    column: number,
    line: number,
  ): void {
    const mark = this.#missingValues.find(bytes, from, to)
    if (mark === MARK.everywhere) {
      this.#missing(column, line, bytes, from, to)
    } else if (mark === MARK.amongNumbers) {
      this.#missingNumber(column, line, bytes, from, to)
    } else if (Number.isNaN(value)) {
      this.#noNumber(bytes, start, end, column, line)
    } else {
      if (this.#numbers.isInexact(bytes, from, to, value)) this.#inexact(column, line, bytes, from, to)
      this.columns.setNumber(column, value)
    }
  }

  #missing(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const { missing } = this.#settings
    if (missing === 'error') throw missingError(line, this.#columnName(column), showBytes(bytes, from, to))
    this.#undecided.of(column)?.addMissing()
    if (missing === 'drop') this.isDropped = true
    else if (this.kinds[column] === 'text') this.columns.setText(column, '')
    else this.columns.setNumber(column, NaN)
  }

  /** A mark that is a missing value if the column turns out to be numbers. */
  #missingNumber(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const mark = this.#missingValues.takeLast()
    const known = this.#undecided.of(column)
    if (known === undefined) {
      this.#missing(column, line, bytes, from, to)
    } else {
      known.addMark(mark, line)
      this.columns.setNumber(column, NaN)
    }
  }

  #inexact(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const field = { text: this.#text(bytes, from, to, column, line), line }
    const known = this.#undecided.of(column)
    if (known === undefined) throw inexactError(field, this.#name(column), this.#columnName(column))
    known.addInexact(field.text, line)
  }

  #noNumber(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    const shown = this.#columnName(column)
    const known = this.#undecided.of(column)
    if (known === undefined) {
      if (this.#plan.given[column] !== undefined) {
        throw rangeError({ line, column: shown }, 'a number', showBytes(bytes, start, end))
      }
      throw noNumberError(
        { text: this.#text(bytes, start, end, column, line), line },
        this.#name(column),
        shown,
        this.#missingValues.seen,
      )
    }
    if (this.#undecided.becomeText(column, this.columns.records)) this.#isMistaken = true
    const text = this.#text(bytes, start, end, column, line)
    known.addText(text, bytes[start], line)
    this.kinds[column] = 'text'
    this.runs = undefined
    this.columns.becomeText(column)
    this.columns.setText(column, text)
  }

  #text(bytes: Uint8Array, start: number, end: number, column: number, line: number): string {
    const text = this.#texts.read(bytes, start, end)
    if (text !== undefined) return text
    throw wrongEncoding(line, this.#columnName(column), this.#settings.encoding, showBytes(bytes, start, end))
  }

  #name(column: number): string {
    return this.#plan.names[this.#plan.sources[column]]
  }

  /** As messages have it. */
  #columnName(column: number): ColumnName {
    return columnName(this.#plan.names, this.#plan.sources[column])
  }

  #findRuns(): Int32Array {
    const isRun = this.#numbers.isPlain && !this.#missingValues.hasNumbers
    return findRuns(this.#plan.targets, (column) => isRun && this.kinds[column] === 'number')
  }
}
