import { argumentError, rangeError, typeError } from '../base/argument-error.js'
import {
  checkBoolean,
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  checkObject,
  show,
  showName,
} from '../base/check.js'
import { checkEncoding, UTF_8 } from './encodings.js'
import type { OtherNames } from '../base/suggest.js'
import type { Kind } from './table.js'

/** What is done about a missing value; a number takes its place in columns of numbers, an empty text in those of text. */
export type Missing = 'error' | 'drop' | 'keep' | number

/** What stands between the digits before and behind. */
export type Decimal = '.' | ','

/** What stands between groups of three digits. */
export type Thousands = '.' | ',' | ' ' | "'"

/** What is read of a CSV file, and how. */
export interface CsvOptions {
  /** Whether the first line holds the names of the columns, true unless given; without, they are called 1, 2 … */
  readonly header?: boolean
  /**
   * The columns that are read, by name, in the order of the file; or a function that is given all names once, '' for columns without one,
   * and returns those to be read. All that have a name unless given. Of the others only the quotes are looked at.
   */
  readonly columns?: readonly string[] | ((names: readonly string[]) => readonly string[])
  /** Between fields, one ASCII character; recognised, of comma, semicolon, tab and bar, unless given. */
  readonly delimiter?: string
  /** Between the digits before and behind; recognised, where the file leaves no doubt, unless given, else a point. */
  readonly decimal?: Decimal
  /**
   * Between groups of three digits; recognised, where the file leaves no doubt, unless given. `' '` stands for the no-break spaces
   * U+00A0 and U+202F, too, `"'"` for U+2019.
   */
  readonly thousands?: Thousands
  /**
   * What is done about missing values, in columns of either kind: `error`, which it is unless given; `drop` leaves out their rows;
   * `keep` has NaN for them, or an empty text; a number is put in their place.
   */
  readonly missing?: Missing
  /**
   * What stands for a missing value, blanks around it aside, in columns of either kind. Unless given, the marks of spreadsheets, databases
   * and pandas: '', ?, N/A, NULL, NaN, #N/A, #DIV/0! and the like in columns of either kind; NA, None, - and -- among numbers alone.
   */
  readonly missingValues?: readonly string[]
  /**
   * Of columns by name. A column that is not given has numbers if all its values that are not missing are numbers; if most of them are and
   * some are not, that is an error. Or a function that is asked for each column that is read.
   */
  readonly kinds?: Readonly<Record<string, Kind>> | ((name: string) => Kind | undefined)
  /**
   * Of bytes, a label that TextDecoder knows; UTF-8 unless given, or what a byte order mark at the start of the file says, which has the
   * last word. `latin1` is Windows-1252, as in browsers.
   */
  readonly encoding?: string
  /** Most bytes of one line, or of one record, if quotes have line breaks in them; 2²⁰ unless given. */
  readonly maxLineBytes?: number
  /** Most bytes of memory that a table may take, and the text kept beside it while its kinds are open; 2³¹ unless given. */
  readonly maxBytes?: number
}

/** What is read of a CSV file some rows at a time. */
export interface CsvBatchOptions extends CsvOptions {
  /** Most rows of one table; 1024 unless given. */
  readonly batchRows?: number
}

/** Options, checked and complete. */
export interface CsvSettings {
  readonly header: boolean
  /** all that have a name unless given */
  readonly columns: ReadonlySet<string> | ((names: readonly string[]) => unknown) | undefined
  /** as a byte; to be recognised unless given */
  readonly delimiter: number | undefined
  readonly decimal: Decimal | undefined
  readonly thousands: Thousands | undefined
  readonly missing: Missing
  /** in columns of either kind */
  readonly missingValues: readonly string[]
  /** among numbers alone */
  readonly missingNumbers: readonly string[]
  readonly kinds: ReadonlyMap<string, Kind> | ((name: string) => unknown)
  /** as TextDecoder calls it */
  readonly encoding: string
  readonly maxLineBytes: number
  readonly maxBytes: number
  /** Infinity for all rows in one table */
  readonly batchRows: number
}

const TREATMENTS = ['error', 'drop', 'keep'] as const
export const KINDS = ['number', 'text'] as const
const DECIMALS = ['.', ','] as const
const THOUSANDS = ['.', ',', ' ', "'"] as const

/** Those of pandas.read_csv and of spreadsheets that no text is. */
const MISSING_VALUES = [
  ...['', '?', '#N/A', '#N/A N/A', '#NA', '<NA>', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'nan', '-NaN', '-nan'],
  ...['#NULL!', '#DIV/0!', '#VALUE!', '#REF!', '#NUM!', '#NAME?'],
]

/** Those that may be texts: Namibia, a name, a bullet. */
const MISSING_NUMBERS = ['NA', 'None', '-', '--', '1.#IND', '1.#QNAN', '-1.#IND', '-1.#QNAN']

const OPTIONS = [
  ...['header', 'columns', 'delimiter', 'decimal', 'thousands', 'missing', 'missingValues', 'kinds'],
  ...['encoding', 'maxLineBytes', 'maxBytes'],
]

/** What pandas and others call what is here, see OtherNames. */
const OTHERS: OtherNames = {
  'sep separator': 'delimiter',
  usecols: 'columns',
  'dtype dtypes types': 'kinds',
  'navalues nullvalues': 'missingValues',
  chunksize: 'batchRows',
}

/** What a delimiter may be: no part of a number or a word, no quote and no line break. */
const DELIMITER = /^[^A-Za-z0-9.+\-"\r\n\u0080-\uffff]$/

/** @throws TypeError or RangeError that names the option */
export function resolveCsv(options: unknown): CsvSettings {
  return { ...resolve(checkKeys('options', options ?? {}, OPTIONS, OTHERS)), batchRows: Infinity }
}

/** @throws TypeError or RangeError that names the option */
export function resolveCsvBatches(options: unknown): CsvSettings {
  const given = checkKeys('options', options ?? {}, [...OPTIONS, 'batchRows'], OTHERS)
  return { ...resolve(given), batchRows: checkInteger('batchRows', given.batchRows ?? 1024, { min: 1 }) }
}

function resolve(given: Record<string, unknown>): Omit<CsvSettings, 'batchRows'> {
  const { delimiter, decimal, thousands, missingValues } = given
  const settings = {
    header: checkBoolean('header', given.header ?? true),
    columns: checkColumns(given.columns),
    delimiter: delimiter === undefined ? undefined : checkDelimiter('delimiter', delimiter),
    decimal: decimal === undefined ? undefined : checkName('decimal', decimal, DECIMALS),
    thousands: thousands === undefined ? undefined : checkName('thousands', thousands, THOUSANDS),
    missing: checkMissing(given.missing ?? 'error'),
    missingValues: missingValues === undefined ? MISSING_VALUES : checkMissingValues(missingValues),
    missingNumbers: missingValues === undefined ? MISSING_NUMBERS : [],
    kinds: checkKinds(given.kinds ?? {}),
    encoding: checkEncoding(given.encoding ?? UTF_8),
    maxLineBytes: checkInteger('maxLineBytes', given.maxLineBytes ?? 2 ** 20, { min: 1, max: 2 ** 30 }),
    maxBytes: checkInteger('maxBytes', given.maxBytes ?? 2 ** 31, { min: 1 }),
  }
  if (settings.decimal !== undefined && settings.decimal === settings.thousands) {
    throw rangeError('thousands', 'another character than decimal', show(thousands))
  }
  return settings
}

function checkColumns(columns: unknown): CsvSettings['columns'] {
  if (columns === undefined) return undefined
  if (typeof columns === 'function') return columns as (names: readonly string[]) => unknown
  const names = checkColumnNames(columns, 'an array of names or a function')
  const seen = new Set<string>()
  const twice = (columns as readonly string[]).find((name) => seen.size === seen.add(name).size)
  if (twice === undefined) return names
  throw rangeError('columns', 'different names', `${showName(twice)} twice`)
}

/** @throws TypeError or RangeError that names the option columns */
export function checkColumnNames(names: unknown, expected: string): ReadonlySet<string> {
  if (!Array.isArray(names)) throw typeError('columns', expected, show(names))
  for (const [i, name] of names.entries()) {
    if (typeof name !== 'string') throw typeError(`columns[${i}]`, 'a name', show(name))
  }
  if (names.length === 0) throw rangeError('columns', 'the name of one column at least', 'none')
  return new Set(names as string[])
}

/** @returns it as a byte */
export function checkDelimiter(name: string, value: unknown): number {
  if (typeof value === 'string' && DELIMITER.test(value)) return value.charCodeAt(0)
  const Kind = typeof value === 'string' ? RangeError : TypeError
  throw argumentError(
    Kind,
    name,
    'one ASCII character, no letter, digit, point, sign, quote or line break',
    show(value),
  )
}

function checkMissing(value: unknown): Missing {
  return typeof value === 'string' ? checkName('missing', value, TREATMENTS) : checkNumber('missing', value)
}

function checkMissingValues(values: unknown): string[] {
  if (!Array.isArray(values)) {
    throw typeError('missingValues', 'an array of texts', show(values))
  }
  return values.map((value: unknown, i) => {
    if (typeof value !== 'string') {
      throw typeError(`missingValues[${i}]`, 'a text', show(value))
    }
    if (value !== value.trim()) {
      throw rangeError(`missingValues[${i}]`, 'no blanks around it', show(value))
    }
    return value
  })
}

function checkKinds(kinds: unknown): CsvSettings['kinds'] {
  if (typeof kinds === 'function') return kinds as (name: string) => unknown
  const entries = Object.entries(checkObject('kinds', kinds))
  return new Map(entries.map(([name, kind]) => [name, checkName(`kinds.${name}`, kind, KINDS)]))
}
