/** From fields to a table: the kinds of its columns, missing values. */
import { showName } from '../check.js'
import { LINE_FEED, SPACE, TAB } from './csv-bytes.js'
import { COLUMN_BYTES, Columns, tableTooLarge } from './csv-columns.js'
import { fileError, missingError, showBytes, wrongEncoding } from './csv-errors.js'
import { NumberReader, type Format } from './csv-format.js'
import { MARK, MissingValues, type Mark } from './csv-missing.js'
import { planColumns, type Plan } from './csv-plan.js'
import { findRuns, readRun, type Cursor } from './csv-run.js'
import type { CsvSettings } from './csv-options.js'
import type { Sink } from './csv-scanner.js'
import { recogniseFormat, type Survey } from './csv-survey.js'
import { TextReader } from './csv-text.js'
import type { Kind, Table } from './table.js'
import { inexactError, noNumberError } from './csv-verdict.js'
import { Verdicts } from './csv-verdicts.js'

/** What is decided of a file by its first table. */
export interface Decisions {
  readonly plan: Plan
  readonly format: Format
  readonly kinds: readonly Kind[]
  readonly notes: string[]
}

/** A field of the first record, until that is whole. */
interface FirstField {
  readonly bytes: Uint8Array
  readonly line: number
}

export class Records implements Sink {
  readonly #settings: CsvSettings
  readonly #survey: Survey
  readonly #delimiter: number
  readonly #batchRows: number
  readonly #missingValues: MissingValues
  /** marks that columns of numbers have had, which are missing values among numbers alone */
  readonly #numberMarks = new Set<string>()
  readonly #texts = new TextReader()
  #first: FirstField[] = []
  #plan: Plan | undefined
  /** by column of the file, that of the table, as the plan has it */
  #targets: Int32Array = new Int32Array(0)
  /** columns of the file */
  #width = 0
  #format: Format = { decimal: '.', thousands: undefined }
  #numbers = new NumberReader(this.#format)
  #columns: Columns
  /** by column of the table, as the others below */
  #kinds: Kind[] = []
  #verdicts = new Verdicts([], [], [])
  /** whether texts are judged, see Verdicts */
  #judged = this.#verdicts.judged
  /** see findRuns; undefined while kinds change */
  #runs: Int32Array | undefined
  #notes: string[] = []
  #isDropped = false
  #isDecided: boolean
  #isMistaken = false
  readonly #decisions: Decisions | undefined

  /** @param decisions of a reader of the same file, if there was one */
  constructor(settings: CsvSettings, survey: Survey, decisions?: Decisions) {
    this.#settings = settings
    this.#survey = survey
    this.#delimiter = survey.delimiter
    this.#batchRows = settings.batchRows
    this.#missingValues = new MissingValues(settings.missingValues, settings.missingNumbers)
    this.#columns = new Columns([], 0, settings.maxBytes)
    this.#decisions = decisions
    this.#isDecided = decisions !== undefined
  }

  /** Whether all kinds stay as they are, and no row is to be read again. */
  get isSettled(): boolean {
    return this.#plan !== undefined && !this.#verdicts.hasNumbers && !this.#isMistaken
  }

  field(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    const targets = this.#targets
    if (column < targets.length) {
      const target = targets[column]
      if (target >= 0) this.#value(bytes, start, end, target, line)
    } else if (this.#plan === undefined) {
      this.#firstField(bytes, start, end, column, line)
    }
  }

  run(bytes: Uint8Array, end: number, cursor: Cursor): boolean {
    const runs = this.#runs
    const { at, column } = cursor
    if (runs === undefined || column >= this.#width) return false
    const { block, place } = this.#columns
    const row = place + runs[2 * column + 1]
    readRun(bytes, end, this.#delimiter, cursor, block, row, runs[2 * column], this.#width)
    return cursor.at > at && bytes[cursor.at - 1] === LINE_FEED
  }

  record(fields: number, line: number): boolean {
    if (this.#plan === undefined) {
      this.#open(line)
      if (this.#settings.header) return false
    } else if (fields !== this.#width) {
      throw fileError(line, undefined, count(this.#width), String(fields))
    }
    const columns = this.#columns
    if (this.#isDropped) columns.dropRow()
    else columns.endRow(this.#kinds)
    if (columns.place === 0 && !this.#isDecided) this.#verdicts.settle(columns.records)
    this.#isDropped = false
    this.#runs ??= this.#findRuns()
    return columns.rows >= this.#batchRows
  }

  /** The marks of missing values so far; among numbers alone those that columns of numbers have had. */
  get #marksSeen(): readonly string[] {
    return [...this.#missingValues.seen, ...this.#numberMarks]
  }

  columnName(column: number): string {
    const name = this.#plan?.names.at(column)
    return name === undefined || name === '' ? String(column + 1) : showName(name)
  }

  /**
   * Decides what is open, when the first table is full or the file at its end.
   *
   * @returns decisions with which all is to be read again, as rows hold what they did not know
   * @throws RangeError for what is wrong with a column, as its kind is what it is
   */
  decide(): Decisions | undefined {
    const plan = this.#plan
    if (this.#isDecided || plan === undefined) return undefined
    this.#isDecided = true
    const { missing } = this.#settings
    const { notes, hasMarks } = this.#verdicts.decide(
      this.#kinds.map((kind) => kind === 'text'),
      missing === 'error',
      this.#format,
      () => this.#missingValues.seen,
      this.#columns.records,
    )
    this.#notes.push(...notes)
    if (!this.#isMistaken && !(hasMarks && missing === 'drop')) return undefined
    return { plan, format: this.#format, kinds: this.#kinds, notes: this.#notes }
  }

  /** The rows since the last table. @throws RangeError if there was no record at all */
  take(): Table {
    if (this.#plan === undefined) {
      const what = this.#settings.header ? 'a line with the names of the columns' : 'at least one line'
      throw new RangeError(`source: expected ${what}, got none`)
    }
    const table = this.#columns.take(this.#kinds)
    const { missing } = this.#settings
    if (typeof missing === 'number') fillMissing(table, missing)
    const notes = this.#notes
    this.#notes = []
    return notes.length === 0 ? table : { ...table, notes }
  }

  #firstField(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    if ((column + 1) * COLUMN_BYTES > this.#settings.maxBytes) throw tableTooLarge(this.#settings.maxBytes)
    this.#first.push({ bytes: bytes.slice(start, end), line })
  }

  /** Makes the columns that the first record has names or values of. */
  #open(line: number): void {
    const first = this.#first
    this.#first = []
    if (this.#decisions === undefined) this.#planFrom(first, line)
    else this.#follow(this.#decisions)
    if (this.#settings.header) return
    for (const [column, { bytes, line }] of first.entries()) this.field(bytes, 0, bytes.length, column, line)
  }

  #planFrom(first: readonly FirstField[], line: number): void {
    const { header, batchRows, maxBytes } = this.#settings
    const texts = first.map(({ bytes, line }, column) =>
      header ? this.#text(bytes, 0, bytes.length, column, line) : '',
    )
    const plan = planColumns(texts, line, this.#settings)
    const { sources, given } = plan
    const clues = sources.flatMap((column, target) => {
      const some = this.#survey.clues[column]
      return some === undefined || given[target] === 'text' ? [] : [some]
    })
    const { format, notes } = recogniseFormat(clues, this.#settings)
    this.#plan = plan
    this.#targets = plan.targets
    this.#width = plan.names.length
    this.#format = format
    this.#numbers = new NumberReader(format)
    this.#notes = [...this.#survey.notes, ...notes, ...plan.notes]
    this.#kinds = given.map((kind) => kind ?? 'number')
    this.#columns = new Columns(namesOf(plan), batchRows, maxBytes)
    this.#verdicts = new Verdicts(
      namesOf(plan),
      sources.map((column) => this.columnName(column)),
      given.map((kind) => kind === undefined),
    )
    this.#judged = this.#verdicts.judged
  }

  #follow({ plan, format, kinds, notes }: Decisions): void {
    this.#plan = plan
    this.#targets = plan.targets
    this.#width = plan.names.length
    this.#format = format
    this.#numbers = new NumberReader(format)
    this.#kinds = [...kinds]
    this.#verdicts = new Verdicts(
      namesOf(plan),
      [],
      kinds.map(() => false),
    )
    this.#judged = this.#verdicts.judged
    this.#notes = notes
    this.#columns = new Columns(namesOf(plan), this.#settings.batchRows, this.#settings.maxBytes)
  }

  /** @param column of the table, as below */
  #value(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    let from = start
    let to = end
    while (from < to && isBlank(bytes[from])) ++from
    while (from < to && isBlank(bytes[to - 1])) --to
    if (this.#kinds[column] === 'text') {
      const mark = this.#missingValues.find(bytes, from, to)
      if (mark === MARK.everywhere) {
        this.#missing(column, line, bytes, from, to)
        return
      }
      const text = this.#text(bytes, start, end, column, line)
      this.#columns.setText(column, text)
      if (mark !== MARK.none || this.#judged[column] !== 0)
        this.#judge(text, mark, bytes, from, to, column, line)
      return
    }
    const value = this.#numbers.read(bytes, from, to)
    const isCertain = value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER
    if (isCertain && !this.#missingValues.hasNumbers) this.#columns.setNumber(column, value)
    else this.#oddNumber(value, bytes, start, end, from, to, column, line)
  }

  /** A text of a column whose kind is open. */
  #judge(
    text: string,
    mark: Mark,
    bytes: Uint8Array,
    from: number,
    to: number,
    column: number,
    line: number,
  ): void {
    if (mark !== MARK.none) this.#verdicts.of(column)?.addMark(line, () => text.trim())
    else if (this.#verdicts.isJudged(column, bytes[from], text)) {
      this.#verdicts.judge(column, text, this.#numbers, bytes, from, to, line)
    }
  }

  /** What may be no number, a missing value, or not exact. */
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
      this.#columns.setNumber(column, value)
    }
  }

  #missing(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const { missing } = this.#settings
    if (missing === 'error') throw missingError(line, this.#shownName(column), showBytes(bytes, from, to))
    this.#verdicts.of(column)?.addMissing()
    if (missing === 'drop') this.#isDropped = true
    else if (this.#kinds[column] === 'text') this.#columns.setText(column, '')
    else this.#columns.setNumber(column, NaN)
  }

  /** A mark that is a missing value if the column stays one of numbers. */
  #missingNumber(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    this.#numberMarks.add(this.#text(bytes, from, to, column, line))
    const verdict = this.#verdicts.of(column)
    if (verdict === undefined) {
      this.#missing(column, line, bytes, from, to)
    } else {
      verdict.addMark(line, () => this.#text(bytes, from, to, column, line))
      this.#columns.setNumber(column, NaN)
    }
  }

  #inexact(column: number, line: number, bytes: Uint8Array, from: number, to: number): void {
    const field = { text: this.#text(bytes, from, to, column, line), line }
    const verdict = this.#verdicts.of(column)
    if (verdict === undefined) throw inexactError(field, this.#name(column), this.#shownName(column))
    verdict.addInexact(field.text, line)
  }

  #noNumber(bytes: Uint8Array, start: number, end: number, column: number, line: number): void {
    const shown = this.#shownName(column)
    const verdict = this.#verdicts.of(column)
    if (verdict === undefined) {
      if (this.#plan?.given[column] !== undefined) {
        throw fileError(line, shown, 'a number', showBytes(bytes, start, end))
      }
      throw noNumberError(
        { text: this.#text(bytes, start, end, column, line), line },
        this.#name(column),
        shown,
        this.#marksSeen,
      )
    }
    if (this.#verdicts.becomeText(column, this.#columns.records)) this.#isMistaken = true
    const text = this.#text(bytes, start, end, column, line)
    verdict.addText(text, bytes[start], line)
    this.#kinds[column] = 'text'
    this.#runs = undefined
    this.#columns.becomeText(column)
    this.#columns.setText(column, text)
  }

  #text(bytes: Uint8Array, start: number, end: number, column: number, line: number): string {
    const text = this.#texts.read(bytes, start, end)
    if (text !== undefined) return text
    throw wrongEncoding(line, this.#shownName(column), this.#settings.encoding, showBytes(bytes, start, end))
  }

  #name(column: number): string {
    return this.#plan?.names[this.#plan.sources[column]] ?? ''
  }

  /** As messages have it. */
  #shownName(column: number): string {
    return this.columnName(this.#plan?.sources[column] ?? column)
  }

  #findRuns(): Int32Array {
    const isRun = this.#numbers.isPlain && !this.#missingValues.hasNumbers
    return findRuns(this.#targets, (column) => isRun && this.#kinds[column] === 'number')
  }
}

function namesOf({ names, sources }: Plan): string[] {
  return sources.map((column) => names[column])
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
