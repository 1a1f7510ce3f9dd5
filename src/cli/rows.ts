/** The rows of a data file, CSV or JSON lines, whole or some at a time. */
import { rangeError } from '../base/argument-error.js'
import { csvBatches, readCsv, type CsvOptions, type Kind } from '../data/index.js'
import { utf8Chunks } from '../data/csv-source.js'
import type { Data } from '../model/index.js'
import { chunksOf, inFile } from './files.js'
import { tableOf, type RecordOptions, type Rows } from './json-table.js'
import { jsonBatches, type JSONRecord } from './jsonl.js'

export const formats = ['csv', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** What is said of any data file. */
export interface FileOptions extends Pick<
  CsvOptions,
  'delimiter' | 'decimal' | 'thousands' | 'missingValues'
> {
  /** that of the file's extension, or of its first byte, unless given */
  readonly format?: Format
  /** UTF-8, or what the first bytes say, unless given */
  readonly encoding?: string
}

export interface RowOptions extends FileOptions, Omit<RecordOptions, 'missingValues'> {
  /** of a column by its name, CSV alone; undefined: what its values say */
  readonly kinds?: (name: string) => Kind | undefined
}

/** Rows of one batch: enough that a batch costs little beside its rows. */
const BATCH_ROWS = 1024

/** What JSON lines may take that are read as a whole, as much as CSV: twice their text, and so much beside it for each, about. */
const MOST_BYTES = 2 ** 31
const RECORD_BYTES = 100

/** Rows as they come, in memory that does not grow with the file. @throws Error that names the file */
export async function* batchesOf(path: string, options: RowOptions): AsyncGenerator<Rows, void, void> {
  const batches = await inFile(path, () => open(path, options))
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
export async function readRows(path: string, options: RowOptions): Promise<Rows> {
  return await inFile(path, async () => {
    const { format, chunks } = await contentOf(path, options)
    if (format === 'csv') return await readCsv(chunks, csvOptions(path, options))
    const records: JSONRecord[] = []
    let bytes = 0
    const counted = (async function* (): Chunks {
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

/** Rows as a model takes them: it looks at values where there is no kind. */
export function asData(rows: Rows): Data {
  return rows as Data
}

/** The number that a row has in its file; both count from 1. */
export function numberOf({ numbers }: Rows, row: number): number {
  return numbers?.[row - 1] ?? row
}

/** One of the rows as a record. */
export function recordAt({ columns }: Rows, index: number): JSONRecord {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values[index]]))
}

/** The values of a column by row; undefined where there is no such column. */
export function columnOf({ columns }: Rows, name: string): ArrayLike<unknown> | undefined {
  return columns.find((column) => column.name === name)?.values
}

/** Some rows, in the order given, with the numbers that they have in the file. */
export function selectRows(rows: Rows, places: readonly number[]): Rows {
  return {
    rows: places.length,
    columns: rows.columns.map((column) => ({
      ...column,
      values:
        column.kind === 'number'
          ? Float64Array.from(places, (place) => column.values[place] as number)
          : places.map((place) => column.values[place]),
    })),
    numbers: Uint32Array.from(places, (place) => numberOf(rows, place + 1)),
  }
}

async function open(path: string, options: RowOptions): Promise<AsyncGenerator<Rows, void, void>> {
  const { format, chunks } = await contentOf(path, options)
  if (format === 'csv') return csvBatches(chunks, { ...csvOptions(path, options), batchRows: BATCH_ROWS })
  return tables(chunks, options)
}

async function* tables(chunks: Chunks, options: RowOptions): AsyncGenerator<Rows, void, void> {
  let before = 0
  for await (const batch of jsonBatches(chunks, BATCH_ROWS)) {
    yield tableOf(batch, before, options)
    before += batch.length
  }
}

type Chunks = AsyncGenerator<Uint8Array, void, void>

/** A file's text in UTF-8, and what it is: as it is said to be, by the end of its name, or by its first byte. */
async function contentOf(
  path: string,
  { format, encoding }: FileOptions,
): Promise<{ format: Format; chunks: Chunks }> {
  const chunks = utf8Chunks(chunksOf(path), encoding)
  const name = plainName(path)
  if (format !== undefined) return { format, chunks }
  if (/\.(csv|tsv|txt)$/i.test(name)) return { format: 'csv', chunks }
  if (/\.(jsonl|ndjson)$/i.test(name)) return { format: 'jsonl', chunks }
  const first = await chunks.next()
  if (first.done === true) return { format: 'csv', chunks: again([], chunks) }
  const start = new TextDecoder().decode(first.value.subarray(0, 64)).trimStart()
  if (start.startsWith('[')) {
    throw rangeError({}, 'CSV or JSON lines, an object a line', 'a JSON array')
  }
  // What was read is used again before the next chunk is asked for.
  return { format: start.startsWith('{') ? 'jsonl' : 'csv', chunks: again([first.value], chunks) }
}

/** What a file's name says is between its fields. */
export function delimiterOf(path: string): string | undefined {
  return /\.tsv$/i.test(plainName(path)) ? '\t' : undefined
}

/** A file's name without what says that it is packed. */
function plainName(path: string): string {
  return path.replace(/\.gz$/i, '')
}

function csvOptions(path: string, options: RowOptions): CsvOptions {
  const { decimal, thousands, missing, missingValues, kinds, columns } = options
  const delimiter = options.delimiter ?? delimiterOf(path)
  const given = { delimiter, decimal, thousands, missing, missingValues, kinds, columns }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Chunks that were read before, and the others. */
async function* again(read: readonly Uint8Array[], rest: Chunks): AsyncGenerator<Uint8Array, void, void> {
  yield* read
  yield* rest
}
