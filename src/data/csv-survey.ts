/** What the first records of a file tell: what is between its fields, and what is in its numbers. */
import { CARRIAGE_RETURN, COMMA, DIGIT_0, LINE_FEED, MINUS, PLUS, QUOTE, SPACE, TAB } from './csv-bytes.js'
import { COLUMN_BYTES } from './csv-columns.js'
import { clueOf, type Clue, type Format } from './csv-format.js'
import { MARK, MissingValues } from './csv-missing.js'
import { parseNumber } from './csv-number.js'
import type { CsvSettings, Decimal, Thousands } from './csv-options.js'
import type { Sample } from './csv-sample.js'
import { splitRecords, type TakeField } from './csv-split.js'

const SEMICOLON = 0x3b
const BAR = 0x7c
const CANDIDATES = [COMMA, SEMICOLON, TAB, BAR]

/** Most fields in which numbers are looked at: 3 ms of code that runs once. */
const MAX_FIELDS = 4000

/** What the numbers of one column tell about their format, each with the first that does. */
export interface Clues {
  readonly decimals: Map<Decimal, string>
  readonly thousands: Map<Thousands, string>
}

/** What the first records of a file tell. */
export interface Survey {
  readonly delimiter: number
  /** by column of the file; undefined where not all values are numbers */
  readonly clues: readonly (Clues | undefined)[]
  readonly notes: readonly string[]
}

/** Fields between one delimiter. */
interface Fields {
  readonly delimiter: number
  /** of the first record */
  readonly width: number
  /** how many of the records behind it there are, and have as many fields */
  readonly records: number
  readonly same: number
}

export function surveyOf(sample: Sample, settings: CsvSettings): Survey {
  const records = sample.records()
  const { header, missingValues, missingNumbers } = settings
  const delimiter = settings.delimiter ?? sample.separator?.delimiter ?? recogniseDelimiter(records, header)
  const missing = new MissingValues(missingValues, missingNumbers)
  const isGiven = settings.decimal !== undefined && settings.thousands !== undefined
  const isNoted = settings.delimiter === undefined && delimiter !== COMMA
  return {
    delimiter,
    clues: isGiven ? [] : cluesOf(records, delimiter, header, missing, settings.maxBytes / COLUMN_BYTES),
    notes: isNoted ? [`fields are separated by ${JSON.stringify(String.fromCharCode(delimiter))}`] : [],
  }
}

/**
 * The delimiter of records: of comma, semicolon, tab and bar the one of which the first record has some, and all others as many, or most
 * of them, if there is none that all have.
 *
 * Of several it is the one that leaves the most numbers between, as with 1,5;2,5; then the one that makes the most fields; a comma, if
 * they are as many.
 */
function recogniseDelimiter(records: Uint8Array, header: boolean): number {
  const all = CANDIDATES.map((delimiter) => measure(records, delimiter)).filter(({ width }) => width > 1)
  const whole = all.filter(({ records, same }) => same === records)
  const some = whole.length > 0 ? whole : all.filter(({ records, same }) => 2 * same > records)
  if (some.length < 2) return some[0]?.delimiter ?? COMMA
  const shares = some.map(({ delimiter }) => numberShare(records, delimiter, header))
  const most = Math.max(...shares)
  const best = some.filter((_, i) => shares[i] === most)
  const widest = Math.max(...best.map(({ width }) => width))
  const widths = best.filter(({ width }) => width === widest)
  return widths.length === 1 ? widths[0].delimiter : COMMA
}

/**
 * What the numbers of each column tell; undefined for columns that have other values, or none.
 *
 * @param most columns that a table may have
 */
function cluesOf(
  records: Uint8Array,
  delimiter: number,
  header: boolean,
  missing: MissingValues,
  most: number,
): readonly (Clues | undefined)[] {
  const columns: (ColumnClues | undefined)[] = []
  eachValue(records, delimiter, header, (bytes, start, end, column) => {
    if (column >= most) return
    const clues = (columns[column] ??= new ColumnClues())
    if (clues.isOpen && missing.find(bytes, start, end) === MARK.none) clues.add(bytes, start, end)
  })
  return Array.from(columns, (column) => column?.clues)
}

/** The format of numbers of which some columns have these clues, as far as the settings leave it open, and notes on what was recognised. */
export function recogniseFormat(
  columns: readonly Clues[],
  { decimal, thousands }: Pick<CsvSettings, 'decimal' | 'thousands'>,
): { readonly format: Format; readonly notes: readonly string[] } {
  // The last entry of a key counts: that of the first column.
  const first = [...columns].reverse()
  const decimals = new Map(first.flatMap((clues) => [...clues.decimals]))
  const groups = new Map(first.flatMap((clues) => [...clues.thousands]))
  const notes: string[] = []
  const implied = thousands === '.' ? ',' : thousands === ',' ? '.' : undefined
  const seen = decimals.size === 1 ? [...decimals.keys()][0] : undefined
  const isContrary = decimals.size > 1
  const sign = decimal ?? implied ?? seen ?? '.'
  if (decimal === undefined && implied === undefined && seen === ',') {
    notes.push(`numbers have a decimal comma, as in ${JSON.stringify(decimals.get(','))}`)
  }
  if (thousands !== undefined) return { format: { decimal: sign, thousands }, notes }

  const other = sign === '.' ? ',' : '.'
  const marks = ([' ', "'"] as const).filter((mark) => groups.has(mark))
  const isKnown = decimal !== undefined || implied !== undefined || seen !== undefined
  const between = marks.length === 1 ? marks[0] : marks.length === 0 && isKnown ? other : undefined
  if (isContrary && decimal === undefined) return { format: { decimal: sign, thousands: undefined }, notes }
  const example = between === undefined ? undefined : groups.get(between)
  if (between !== undefined && example !== undefined) {
    notes.push(`numbers have ${NAMES[between]} between thousands, as in ${JSON.stringify(example)}`)
  }
  return { format: { decimal: sign, thousands: between }, notes }
}

const NAMES = { '.': 'a point', ',': 'a comma', ' ': 'a space', "'": 'an apostrophe' } as const

/** The clues of one column, while all of its values are numbers. */
class ColumnClues {
  readonly #decimals = new Map<Decimal, string>()
  readonly #thousands = new Map<Thousands, string>()
  /** the first number with ASCII spaces between thousands, which is a clue beside numbers of another kind only */
  #spaced: string | undefined
  #hasOthers = false
  #isNumbers = true

  get clues(): Clues | undefined {
    if (!this.#isNumbers) return undefined
    if (this.#spaced !== undefined && this.#hasOthers && !this.#thousands.has(' '))
      this.#thousands.set(' ', this.#spaced)
    return { decimals: this.#decimals, thousands: this.#thousands }
  }

  /** Whether all values so far are numbers. */
  get isOpen(): boolean {
    return this.#isNumbers
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    const isKnown = this.#decimals.has('.') && !Number.isNaN(parseNumber(bytes, start, end))
    if (isKnown || isDigits(bytes, start, end)) {
      this.#hasOthers = true
      return
    }
    const text = textOf(bytes, start, end)
    const clue = clueOf(text)
    if (clue === undefined) this.#isNumbers = false
    else this.#addClue(clue, text)
  }

  #addClue({ decimal, thousands, isSpaced }: Clue, text: string): void {
    if (decimal === 'doubt') {
      // beside certain points elsewhere
      if (!this.#thousands.has(',')) this.#thousands.set(',', text)
    } else if (decimal !== undefined && !this.#decimals.has(decimal)) {
      this.#decimals.set(decimal, text)
    }
    if (isSpaced && decimal === undefined) {
      this.#spaced ??= text
      return
    }
    this.#hasOthers = true
    if (thousands !== undefined && !this.#thousands.has(thousands)) this.#thousands.set(thousands, text)
    // 1.234, beside certain commas elsewhere
    const isPointed = decimal === undefined && thousands === undefined && text.includes('.')
    if (isPointed && !this.#thousands.has('.')) this.#thousands.set('.', text)
  }
}

/** @returns a width of 0 without looking at all records where the first line can have one field only */
function measure(records: Uint8Array, delimiter: number): Fields {
  const start = records.findIndex((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN)
  const end = records.indexOf(LINE_FEED, Math.max(0, start))
  const line = records.subarray(Math.max(0, start), end < 0 ? records.length : end)
  if (!line.includes(delimiter) && !line.includes(QUOTE)) return { delimiter, width: 0, records: 0, same: 0 }
  const widths: number[] = []
  const isWhole = splitRecords(
    records,
    delimiter,
    () => undefined,
    (fields) => widths.push(fields) === 1 && fields === 1,
  )
  const [width = 0, ...others] = widths
  const same = others.filter((fields) => fields === width).length
  return { delimiter, width, records: others.length + Number(!isWhole), same }
}

/** Which part of the values between delimiters is numbers, in any format. */
function numberShare(records: Uint8Array, delimiter: number, header: boolean): number {
  let fields = 0
  let numbers = 0
  eachValue(records, delimiter, header, (bytes, start, end) => {
    ++fields
    if (start < end && (isDigits(bytes, start, end) || clueOf(textOf(bytes, start, end)) !== undefined))
      ++numbers
  })
  return fields === 0 ? 0 : numbers / fields
}

/** Fields of records but the first one, without blanks around them, up to the record with which they are more than MAX_FIELDS. */
function eachValue(records: Uint8Array, delimiter: number, header: boolean, take: TakeField): void {
  let isHeader = header
  let count = 0
  splitRecords(
    records,
    delimiter,
    (bytes, start, end, column) => {
      if (isHeader) return
      let from = start
      let to = end
      while (from < to && isBlank(bytes[from])) ++from
      while (from < to && isBlank(bytes[to - 1])) --to
      take(bytes, from, to, column)
    },
    (fields) => {
      isHeader = false
      count += fields
      return count > MAX_FIELDS
    },
  )
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

/** Whether bytes [start, end) are digits, with a sign if need be. */
function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  if (bytes[at] === MINUS || bytes[at] === PLUS) ++at
  if (at >= end) return false
  for (; at < end; ++at) if (bytes[at] < DIGIT_0 || bytes[at] > DIGIT_0 + 9) return false
  return true
}

const decoder = new TextDecoder()

/** As far as a number may go. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return end - start > 64 ? '' : decoder.decode(bytes.subarray(start, end))
}
