/** What the first records of a file reveal: its delimiter and the format of its numbers. */
import { COLUMN_BYTES } from './csv-columns.js'
import { clueOf, trimmed, type Clue, type NumberFormat } from './csv-number-format.js'
import type { CsvSettings, Decimal, Thousands } from './csv-options.js'
import type { Sample } from './csv-sample.js'
import { splitRecords } from './csv-split.js'

const CANDIDATES = [',', ';', '\t', '|']

const DIGITS = /^[+-]?\d+$/
const POINTED = /^[+-]?\d*\.\d*$/

/** The most fields whose numbers are examined: this code runs only once. */
const MAX_FIELDS = 2000

/** What the numbers of one column reveal about their format, each clue with its first number. */
export interface Clues {
  readonly decimals: Map<Decimal, string>
  readonly thousands: Map<Thousands, string>
}

/** What the first records of a file reveal. */
export interface Dialect {
  readonly delimiter: number
  /** by column of the file; undefined where not all values are numbers */
  readonly clues: readonly (Clues | undefined)[]
  readonly notes: readonly string[]
}

/** Fields between one delimiter. */
interface Fields {
  readonly delimiter: string
  /** of the first record */
  readonly width: number
  /** how many records there are, including a malformed one, and how many have as many fields as the first */
  readonly count: number
  readonly same: number
  readonly records: readonly (readonly string[])[]
}

export function recogniseDialect(sample: Sample, settings: CsvSettings): Dialect {
  const records = sample.records()
  const { decimal, thousands, missingValues, missingNumbers, numberFormat } = settings
  const given = settings.delimiter ?? sample.separator?.delimiter
  const fields =
    given === undefined
      ? recogniseDelimiter(records, settings)
      : splitBy(records, String.fromCharCode(given), mostColumns(settings))
  const { delimiter } = fields
  const isNoted = settings.delimiter === undefined && delimiter !== ','
  const isGiven = numberFormat !== undefined || (decimal !== undefined && thousands !== undefined)
  const missing = new Set([...missingValues, ...missingNumbers])
  return {
    delimiter: delimiter.charCodeAt(0),
    clues: isGiven ? [] : cluesOf(valuesOf(fields, settings), missing),
    notes: isNoted ? [`fields are separated by ${JSON.stringify(delimiter)}`] : [],
  }
}

/**
 * The delimiter: of comma, semicolon, tab and bar, one that splits all records into as many fields as the first, and at
 * least two; or most records, if none splits all.
 *
 * Of several it is the one that makes the most fields numbers, as with 1,5;2,5; then the one that makes the most
 * fields; then the comma.
 */
function recogniseDelimiter(sample: string, settings: CsvSettings): Fields {
  const most = mostColumns(settings)
  const first = /[^\r\n]+/.exec(sample)?.[0] ?? ''
  const all = CANDIDATES.filter((delimiter) => first.includes(delimiter) || first.includes('"'))
    .map((delimiter) => splitBy(sample, delimiter, most))
    .filter(({ width }) => width > 1)
  const whole = all.filter(({ count, same }) => same === count)
  const some = whole.length > 0 ? whole : all.filter(({ count, same }) => 2 * same > count)
  if (some.length === 1) return some[0]
  const shares = some.map((fields) => numberShare(valuesOf(fields, settings)))
  const highest = Math.max(...shares)
  const best = some.filter((_, i) => shares[i] === highest)
  const widest = Math.max(...best.map(({ width }) => width))
  const widths = best.filter(({ width }) => width === widest)
  return widths.length === 1 ? widths[0] : splitBy(sample, ',', most)
}

/** @param most columns that a table may have: records that are wider are refused later on, and all the same here */
function splitBy(sample: string, delimiter: string, most: number): Fields {
  const { records, isWhole } = splitRecords(sample, delimiter, most)
  const width = records.at(0)?.length ?? 0
  const same = records.filter(({ length }) => length === width).length
  return { delimiter, width, count: records.length + Number(!isWhole), same, records }
}

/** The values of the records after the names, by record: MAX_FIELDS of them at most. */
function valuesOf({ records, width }: Fields, { header }: CsvSettings): readonly (readonly string[])[] {
  const start = Number(header)
  const count = Math.max(1, Math.floor(MAX_FIELDS / Math.max(1, width)))
  return records.slice(start, start + count).map((record) => record.map(trimmed))
}

/** The share of values that are numbers, in any format. */
function numberShare(records: readonly (readonly string[])[]): number {
  const values = records.flat()
  const numbers = values.filter((value) => DIGITS.test(value) || clueOf(value) !== undefined)
  return values.length === 0 ? 0 : numbers.length / values.length
}

/** What the numbers of each column reveal; undefined for columns with other values. */
function cluesOf(
  records: readonly (readonly string[])[],
  missing: ReadonlySet<string>,
): readonly (Clues | undefined)[] {
  const columns: ColumnClues[] = []
  for (const record of records) {
    for (const [column, value] of record.entries()) {
      const clues = (columns[column] ??= new ColumnClues())
      if (clues.isOpen && !missing.has(value)) clues.add(value)
    }
  }
  return columns.map(({ clues }) => clues)
}

/**
 * The number format that the clues of the columns suggest, where the settings leave it open, and notes on what was
 * recognised.
 */
export function recogniseNumberFormat(
  columns: readonly Clues[],
  { decimal, thousands }: Pick<CsvSettings, 'decimal' | 'thousands'>,
): { readonly format: NumberFormat; readonly notes: readonly string[] } {
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
  /**
   * the first number with ASCII spaces between thousands, which is a clue only together with numbers of another kind
   */
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

  add(value: string): void {
    if (DIGITS.test(value) || (this.#decimals.has('.') && POINTED.test(value))) {
      this.#hasOthers = true
      return
    }
    const clue = clueOf(value)
    if (clue === undefined) this.#isNumbers = false
    else this.#addClue(clue, value)
  }

  #addClue({ decimal, thousands, isSpaced }: Clue, text: string): void {
    if (decimal === 'doubt') {
      // together with certain points elsewhere
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
    // 1.234, together with certain commas elsewhere
    const isPointed = decimal === undefined && thousands === undefined && text.includes('.')
    if (isPointed && !this.#thousands.has('.')) this.#thousands.set('.', text)
  }
}

function mostColumns({ maxBytes }: CsvSettings): number {
  return Math.ceil(maxBytes / COLUMN_BYTES) + 1
}
