import { checkBoolean, checkInteger, checkKeys, checkName, checkNumber, checkObject, show } from '../check.js'
import { checkEncoding, UTF_8 } from './encodings.js'
import type { Kind } from './table.js'

/** What is done about a missing value; a number takes its place in columns of numbers, an empty text in those of text. */
export type Missing = 'error' | 'drop' | 'keep' | number

/** What is read of a CSV file, and how. */
export interface CsvOptions {
  /** Whether the first line holds the names of the columns, true unless given; without, they are called 1, 2 … */
  readonly header?: boolean
  /** Between fields, one ASCII character, a comma unless given. */
  readonly delimiter?: string
  /**
   * What is done about missing values, in columns of either kind: `error`, which it is unless given; `drop` leaves out their rows;
   * `keep` has NaN for them, or an empty text; a number is put in their place.
   */
  readonly missing?: Missing
  /** What stands for a missing value, blanks around it aside; `['', 'NA', 'NaN', '?']` unless given. */
  readonly missingValues?: readonly string[]
  /** Of columns by name. A column that is not given has numbers if all its values that are not missing are numbers. */
  readonly kinds?: Readonly<Record<string, Kind>>
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
  /** as a byte */
  readonly delimiter: number
  readonly missing: Missing
  readonly missingValues: readonly Uint8Array[]
  readonly kinds: ReadonlyMap<string, Kind>
  /** as TextDecoder calls it */
  readonly encoding: string
  readonly maxLineBytes: number
  readonly maxBytes: number
  /** Infinity for all rows in one table */
  readonly batchRows: number
}

const TREATMENTS = ['error', 'drop', 'keep'] as const
const KINDS = ['number', 'text'] as const
const MISSING_VALUES = ['', 'NA', 'NaN', '?']
const OPTIONS = [
  'header',
  'delimiter',
  'missing',
  'missingValues',
  'kinds',
  'encoding',
  'maxLineBytes',
  'maxBytes',
]

/** What a delimiter may be: no part of a number or a word, no quote and no line break. */
const DELIMITER = /^[^A-Za-z0-9.+\-"\r\n\u0080-\uffff]$/

/** @throws TypeError or RangeError that names the option */
export function resolveCsv(options: unknown): CsvSettings {
  return { ...resolve(checkKeys('options', options ?? {}, OPTIONS)), batchRows: Infinity }
}

/** @throws TypeError or RangeError that names the option */
export function resolveCsvBatches(options: unknown): CsvSettings {
  const given = checkKeys('options', options ?? {}, [...OPTIONS, 'batchRows'])
  return { ...resolve(given), batchRows: checkInteger('batchRows', given.batchRows ?? 1024, { min: 1 }) }
}

function resolve(given: Record<string, unknown>): Omit<CsvSettings, 'batchRows'> {
  return {
    header: checkBoolean('header', given.header ?? true),
    delimiter: checkDelimiter('delimiter', given.delimiter ?? ','),
    missing: checkMissing(given.missing ?? 'error'),
    missingValues: checkMissingValues(given.missingValues ?? MISSING_VALUES),
    kinds: checkKinds(given.kinds ?? {}),
    encoding: checkEncoding(given.encoding ?? UTF_8),
    maxLineBytes: checkInteger('maxLineBytes', given.maxLineBytes ?? 2 ** 20, { min: 1, max: 2 ** 30 }),
    maxBytes: checkInteger('maxBytes', given.maxBytes ?? 2 ** 31, { min: 1 }),
  }
}

/** @returns it as a byte */
export function checkDelimiter(name: string, value: unknown): number {
  if (typeof value === 'string' && DELIMITER.test(value)) return value.charCodeAt(0)
  const Kind = typeof value === 'string' ? RangeError : TypeError
  throw new Kind(
    `${name}: expected one ASCII character, no letter, digit, point, sign, quote or line break, got ${show(value)}`,
  )
}

function checkMissing(value: unknown): Missing {
  return typeof value === 'string' ? checkName('missing', value, TREATMENTS) : checkNumber('missing', value)
}

function checkMissingValues(values: unknown): Uint8Array[] {
  if (!Array.isArray(values)) {
    throw new TypeError(`missingValues: expected an array of texts, got ${show(values)}`)
  }
  const encoder = new TextEncoder()
  return values.map((value: unknown, i) => {
    if (typeof value !== 'string') {
      throw new TypeError(`missingValues[${i}]: expected a text, got ${show(value)}`)
    }
    if (value !== value.trim()) {
      throw new RangeError(`missingValues[${i}]: expected no blanks around it, got ${show(value)}`)
    }
    return encoder.encode(value)
  })
}

function checkKinds(kinds: unknown): ReadonlyMap<string, Kind> {
  const entries = Object.entries(checkObject('kinds', kinds))
  return new Map(entries.map(([name, kind]) => [name, checkName(`kinds.${name}`, kind, KINDS)]))
}
