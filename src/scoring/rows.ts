/** The rows of a data file, CSV or JSON lines, in batches: from the beginning of the file, or from a place within it. */
import { rangeError } from '../base/argument-error.js'
import { csvTables } from '../data/csv.js'
import {
  resolveCsvBatches,
  type CsvOptions,
  type CsvSettings,
  type Decimal,
  type Thousands,
} from '../data/csv-options.js'
import { CsvReader } from '../data/csv-reader.js'
import { streamPieces, utf8Chunks } from '../data/csv-source.js'
import { UTF_8 } from '../data/encodings.js'
import type { Data } from '../model/index.js'
import { tableOf, type RecordOptions, type Rows } from './json-table.js'
import { jsonBatches } from './jsonl.js'

export const dataFormats = ['csv', 'jsonl'] as const

/** How rows are written: as CSV, or as JSON lines, an object a line. */
export type DataFormat = (typeof dataFormats)[number]

/** Options for any data file; what is not given is recognised, as csvBatches of deltaprop/data does. */
export interface FileOptions {
  /** the character between fields of CSV; of a file whose name ends in .tsv, a tab */
  readonly delimiter?: string | undefined
  /** the decimal sign in CSV */
  readonly decimal?: Decimal | undefined
  /** the sign between groups of three digits in CSV */
  readonly thousands?: Thousands | undefined
  /** the texts that stand for a missing value */
  readonly missingValues?: readonly string[] | undefined
  /** by the file's extension, or its first byte, unless given */
  readonly format?: DataFormat | undefined
  /** UTF-8, or determined from the first bytes, unless given */
  readonly encoding?: string | undefined
}

export type RowOptions = FileOptions & Omit<RecordOptions, 'missingValues'>

/**
 * Rows per batch: enough that the cost of a batch is small compared with its rows. Whatever is decided by batch, such as
 * which of two wrong rows is named, is the same for who reads a part of a file that begins with a batch.
 */
export const BATCH_ROWS = 1024

export type ByteChunks = AsyncGenerator<Uint8Array, void, void>

/** A file whose format is known. */
export interface OpenRows {
  readonly format: DataFormat
  readonly batches: AsyncGenerator<Rows, void, void>
  /** what reads CSV; after the first batch it knows what the beginning of the file has decided */
  readonly reader: CsvReader | undefined
}

/**
 * Opens a file, to stream its rows in memory that does not grow with it.
 *
 * @param name whose ending may tell the format
 * @param chunks packed by gzip or not
 */
export async function openRows(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  options: RowOptions,
): Promise<OpenRows> {
  const { format, chunks: utf8 } = await contentOf(name, chunks, options)
  if (format === 'jsonl') return { format, batches: tables(utf8, options), reader: undefined }
  const reader = new CsvReader(csvSettings({ ...options, delimiter: options.delimiter ?? delimiterOf(name) }))
  return { format, batches: csvTables(reader, streamPieces(utf8, UTF_8)), reader }
}

/** Rows of JSON lines that begin in a line of their file, after so many records. */
export async function* tables(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: RowOptions,
  rowsBefore = 0,
  firstLine = 1,
): AsyncGenerator<Rows, void, void> {
  let before = rowsBefore
  for await (const batch of jsonBatches(chunks, BATCH_ROWS, firstLine)) {
    yield tableOf(batch, before, options)
    before += batch.length
  }
}

/** A file's text in UTF-8, and its format: as specified, by its extension, or by its first byte. */
export async function contentOf(
  name: string,
  bytes: AsyncIterable<Uint8Array>,
  { format, encoding }: FileOptions,
): Promise<{ format: DataFormat; chunks: ByteChunks }> {
  const chunks = utf8Chunks(bytes, encoding)
  const plain = plainName(name)
  if (format !== undefined) return { format, chunks }
  if (/\.(csv|tsv|txt)$/i.test(plain)) return { format: 'csv', chunks }
  if (/\.(jsonl|ndjson)$/i.test(plain)) return { format: 'jsonl', chunks }
  const first = await chunks.next()
  if (first.done === true) return { format: 'csv', chunks: withRead([], chunks) }
  const start = new TextDecoder().decode(first.value.subarray(0, 64)).trimStart()
  if (start.startsWith('[')) {
    throw rangeError({}, 'CSV or JSON lines, an object a line', 'a JSON array')
  }
  // The first chunk is used before the next one is requested.
  return { format: start.startsWith('{') ? 'jsonl' : 'csv', chunks: withRead([first.value], chunks) }
}

/** The delimiter implied by a file's name. */
export function delimiterOf(name: string): string | undefined {
  return /\.tsv$/i.test(plainName(name)) ? '\t' : undefined
}

/** A file's name without the extension for compression. */
function plainName(name: string): string {
  return name.replace(/\.gz$/i, '')
}

/** The options that CSV is read with. */
export function csvOptions(options: RowOptions): CsvOptions {
  const { delimiter, decimal, thousands, missing, missingValues, kinds, columns } = options
  const given = { delimiter, decimal, thousands, missing, missingValues, kinds, columns }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** The same, checked, for batches. */
export function csvSettings(options: RowOptions): CsvSettings {
  return resolveCsvBatches({ ...csvOptions(options), batchRows: BATCH_ROWS })
}

/** Rows as a model takes them: it examines the values of columns without a kind. */
export function asData(rows: Rows): Data {
  return rows as Data
}

/** The number of a row in its file; both count from 1. */
export function rowNumber({ numbers }: Rows, row: number): number {
  return numbers?.[row - 1] ?? row
}

/** Yields chunks already read, then the rest. */
async function* withRead(read: readonly Uint8Array[], rest: ByteChunks): ByteChunks {
  yield* read
  yield* rest
}
