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
import type { NumberFormat } from './csv-number-format.js'
import { checkEncoding, UTF_8 } from './encodings.js'
import type { OtherNames } from '../base/suggest.js'
import type { Kind } from './table.js'

/** How a missing value is treated; a number replaces it in columns of numbers, an empty text in columns of texts. */
export type Missing = 'error' | 'drop' | 'keep' | number

/** The decimal sign. */
export type Decimal = '.' | ','

/** The sign between groups of three digits. */
export type Thousands = '.' | ',' | ' ' | "'"

/** How a CSV file is read. */
export interface CsvOptions {
  /** Whether the first line holds the names of the columns, true unless given; without, they are called 1, 2 … */
  readonly header?: boolean
  /**
   * The columns to read, by name, in the order of the file; or a function that is given all names once, '' for columns
   * without one, and returns those to read. All that have a name unless given. In the other columns only quotes are
   * looked at.
   */
  readonly columns?: readonly string[] | ((names: readonly string[]) => readonly string[])
  /** The character between fields, in ASCII; unless given, a comma, semicolon, tab or bar is recognised. */
  readonly delimiter?: string
  /** The decimal sign; unless given, it is recognised where the file leaves no doubt, and is a point otherwise. */
  readonly decimal?: Decimal
  /**
   * The sign between groups of three digits; unless given, it is recognised where the file leaves no doubt. `' '`
   * includes the no-break spaces U+00A0 and U+202F, `"'"` includes U+2019.
   */
  readonly thousands?: Thousands
  /**
   * How missing values are treated, in columns of either kind: `error`, the default; `drop` leaves out their rows;
   * `keep` makes them NaN, or an empty text; a number replaces them.
   */
  readonly missing?: Missing
  /**
   * The texts that stand for a missing value, surrounding blanks aside, in columns of either kind. Unless given, those
   * of spreadsheets, databases and pandas: '', ?, N/A, NULL, NaN, #N/A, #DIV/0! and the like in columns of either kind;
   * NA, None, - and -- only among numbers.
   */
  readonly missingValues?: readonly string[]
  /**
   * By the names of columns, or a function that is given the name of each column that is read. A column whose kind is
   * not given has numbers if all its values that are not missing are numbers; if most of them are and some are not,
   * that is an error.
   */
  readonly kinds?: Readonly<Record<string, Kind>> | ((name: string) => Kind | undefined)
  /**
   * The encoding of bytes, by a label that TextDecoder knows; UTF-8 unless given. A byte order mark at the start of the
   * file takes precedence. `latin1` is Windows-1252, as in browsers.
   */
  readonly encoding?: string
  /** The most bytes of one line, or of one record if quoted fields contain line breaks; 2²⁰ unless given. */
  readonly maxLineBytes?: number
  /** The most bytes of memory for a table, with the text that is kept until its kinds are decided; 2³¹ unless given. */
  readonly maxBytes?: number
}

/** How a CSV file is read some rows at a time. */
export interface CsvBatchOptions extends CsvOptions {
  /** The most rows of one table; 1024 unless given. */
  readonly batchRows?: number
}

/** Options, checked and complete. */
export interface CsvSettings {
  readonly header: boolean
  /** all that have a name unless given */
  readonly columns: ReadonlySet<string> | ((names: readonly string[]) => unknown) | undefined
  /** as a byte; undefined: to be recognised */
  readonly delimiter: number | undefined
  readonly decimal: Decimal | undefined
  readonly thousands: Thousands | undefined
  readonly missing: Missing
  /** in columns of either kind */
  readonly missingValues: readonly string[]
  /** only among numbers */
  readonly missingNumbers: readonly string[]
  readonly kinds: ReadonlyMap<string, Kind> | ((name: string) => unknown)
  /** as TextDecoder calls it */
  readonly encoding: string
  readonly maxLineBytes: number
  readonly maxBytes: number
  /** Infinity for all rows in one table */
  readonly batchRows: number
  /** the number format, where the beginning of the file has decided it, see CsvReader.decided */
  readonly numberFormat?: NumberFormat
  /** the line that the first byte is in; 1 unless given */
  readonly firstLine?: number
}

const TREATMENTS = ['error', 'drop', 'keep'] as const
export const KINDS = ['number', 'text'] as const
const DECIMALS = ['.', ','] as const
const THOUSANDS = ['.', ',', ' ', "'"] as const

/** Those of pandas.read_csv and of spreadsheets that are never meant as texts. */
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

/** The names that pandas and others use for our options, see OtherNames. */
const OTHERS: OtherNames = {
  'sep separator': 'delimiter',
  usecols: 'columns',
  'dtype dtypes types': 'kinds',
  'navalues nullvalues': 'missingValues',
  chunksize: 'batchRows',
  'batchrows chunksize': 'it belongs to csvBatches',
  texts: "kinds: { zip: 'text' } makes texts of a column",
  'ignore exclude drop': "columns: (names) => names.filter((name) => name !== 'id') leaves one out",
  'target features task hidden scale': 'it belongs to Model.create(table, options)',
}

/** A delimiter is not part of a number or a word, not a quote and not a line break. */
const DELIMITER = /^[^A-Za-z0-9.+\-"\r\n\u0080-\uffff]$/

/** @throws TypeError or RangeError that names the option */
export function resolveCsv(options: unknown): CsvSettings {
  return { ...resolveShared(checkKeys('options', options ?? {}, OPTIONS, OTHERS)), batchRows: Infinity }
}

/** @throws TypeError or RangeError that names the option */
export function resolveCsvBatches(options: unknown): CsvSettings {
  const given = checkKeys('options', options ?? {}, [...OPTIONS, 'batchRows'], OTHERS)
  return {
    ...resolveShared(given),
    batchRows: checkInteger('batchRows', given.batchRows ?? 1024, { min: 1 }),
  }
}

function resolveShared(given: Record<string, unknown>): Omit<CsvSettings, 'batchRows'> {
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
