/** Reads the rows of a data file, CSV or JSON lines, whole or in batches. */
import { rangeError } from '../base/argument-error.js'
import { csvBatches, readCsv, type CsvOptions } from '../data/index.js'
import { utf8Chunks } from '../data/csv-source.js'
import type { Data } from '../model/index.js'
import { fileChunks, inFile } from './files.js'
import { tableOf, type RecordOptions, type Rows } from './json-table.js'
import { jsonBatches, type JSONRecord } from './jsonl.js'

export const dataFormats = ['csv', 'jsonl'] as const
export type DataFormat = (typeof dataFormats)[number]

/** Options for any data file. */
export interface FileOptions extends Pick<
  CsvOptions,
  'delimiter' | 'decimal' | 'thousands' | 'missingValues'
> {
  /** by the file's extension, or its first byte, unless given */
  readonly format?: DataFormat
  /** UTF-8, or determined from the first bytes, unless given */
  readonly encoding?: string
}

export type RowOptions = FileOptions & Omit<RecordOptions, 'missingValues'>

/** Rows per batch: enough that the cost of a batch is small compared with its rows. */
const BATCH_ROWS = 1024

/**
 * The memory limit for reading JSON lines whole, the same as for CSV. They take roughly twice their text plus this much
 * per record.
 */
const MOST_BYTES = 2 ** 31
const RECORD_BYTES = 100

/** Streams rows, in memory that does not grow with the file. @throws Error that names the file */
export async function* batchesOf(path: string, options: RowOptions): AsyncGenerator<Rows, void, void> {
  const batches = await inFile(path, () => openBatches(path, options))
  try {
    for (;;) {
      const { done, value } = await inFile(path, () => batches.next())
      if (done === true) return
      yield value
    }
  } finally {
    await batches.return()
  }
}

/** All rows of a file. @throws Error that names the file */
export async function readAllRows(path: string, options: RowOptions): Promise<Rows> {
  return await inFile(path, async () => {
    const { format, chunks } = await contentOf(path, options)
    if (format === 'csv') return await readCsv(chunks, csvOptions(path, options))
    const records: JSONRecord[] = []
    let bytes = 0
    const counted = (async function* (): ByteChunks {
      for await (const chunk of chunks) {
        bytes += chunk.length
        yield chunk
      }
    })()
    for await (const batch of jsonBatches(counted, BATCH_ROWS)) {
      for (const record of batch) records.push(record)
      if (2 * bytes + RECORD_BYTES * records.length <= MOST_BYTES) continue
      throw rangeError({}, `a table of at most ${MOST_BYTES} bytes`, 'a larger one')
    }
    if (records.length === 0) throw rangeError({}, 'at least 1 row', 0)
    return tableOf(records, 0, options)
  })
}

/** Rows as a model takes them: it examines the values of columns without a kind. */
export function asData(rows: Rows): Data {
  return rows as Data
}

/** The number of a row in its file; both count from 1. */
export function rowNumber({ numbers }: Rows, row: number): number {
  return numbers?.[row - 1] ?? row
}

/** One row as a record. */
export function recordAt({ columns }: Rows, index: number): JSONRecord {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values[index]]))
}

/** The values of a column by row; undefined if there is no such column. */
export function columnOf({ columns }: Rows, name: string): ArrayLike<unknown> | undefined {
  return columns.find((column) => column.name === name)?.values
}

/** Selects rows, in the order given, with their numbers in the file. */
export function selectRows(rows: Rows, indices: readonly number[]): Rows {
  return {
    rows: indices.length,
    columns: rows.columns.map((column) => ({
      ...column,
      values:
        column.kind === 'number'
          ? Float64Array.from(indices, (index) => column.values[index] as number)
          : indices.map((index) => column.values[index]),
    })),
    numbers: Uint32Array.from(indices, (index) => rowNumber(rows, index + 1)),
  }
}

async function openBatches(path: string, options: RowOptions): Promise<AsyncGenerator<Rows, void, void>> {
  const { format, chunks } = await contentOf(path, options)
  if (format === 'csv') return csvBatches(chunks, { ...csvOptions(path, options), batchRows: BATCH_ROWS })
  return tables(chunks, options)
}

async function* tables(chunks: ByteChunks, options: RowOptions): AsyncGenerator<Rows, void, void> {
  let before = 0
  for await (const batch of jsonBatches(chunks, BATCH_ROWS)) {
    yield tableOf(batch, before, options)
    before += batch.length
  }
}

type ByteChunks = AsyncGenerator<Uint8Array, void, void>

/** A file's text in UTF-8, and its format: as specified, by its extension, or by its first byte. */
async function contentOf(
  path: string,
  { format, encoding }: FileOptions,
): Promise<{ format: DataFormat; chunks: ByteChunks }> {
  const chunks = utf8Chunks(fileChunks(path), encoding)
  const name = plainName(path)
  if (format !== undefined) return { format, chunks }
  if (/\.(csv|tsv|txt)$/i.test(name)) return { format: 'csv', chunks }
  if (/\.(jsonl|ndjson)$/i.test(name)) return { format: 'jsonl', chunks }
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
export function delimiterOf(path: string): string | undefined {
  return /\.tsv$/i.test(plainName(path)) ? '\t' : undefined
}

/** A file's name without the extension for compression. */
function plainName(path: string): string {
  return path.replace(/\.gz$/i, '')
}

function csvOptions(path: string, options: RowOptions): CsvOptions {
  const { decimal, thousands, missing, missingValues, kinds, columns } = options
  const delimiter = options.delimiter ?? delimiterOf(path)
  const given = { delimiter, decimal, thousands, missing, missingValues, kinds, columns }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Yields chunks already read, then the rest. */
async function* withRead(
  read: readonly Uint8Array[],
  rest: ByteChunks,
): AsyncGenerator<Uint8Array, void, void> {
  yield* read
  yield* rest
}
