/** The rows of a data file, CSV or JSON lines, whole or some at a time. */
import { csvBatches, parseCsv, readCsv, type CsvOptions, type Kind, type Table } from '../data/index.js'
import { showName } from '../check.js'
import { NamedError } from '../node/file-errors.js'
import { chunksOf, inFile } from './files.js'
import { jsonBatches, type JSONRecord } from './jsonl.js'

export const formats = ['csv', 'jsonl'] as const
export type Format = (typeof formats)[number]

/** What a model takes: columns, or records. */
export type Rows = Table | readonly JSONRecord[]

export interface RowOptions extends Pick<CsvOptions, 'missing'> {
  /** that of the file's extension, or of its first byte, unless given */
  readonly format?: Format | undefined
  /** a comma unless given, a tab in files named .tsv */
  readonly delimiter?: string | undefined
  /** of the columns by name; the others are texts. Unless given, kinds follow from the values. */
  readonly kinds?: ReadonlyMap<string, Kind>
  /** columns that are texts, whatever their values; CSV alone */
  readonly texts?: readonly string[] | undefined
}

/** Rows of one batch: enough that a batch costs little beside its rows. */
const BATCH_ROWS = 1024

/** Rows as they come, in memory that does not grow with the file. @throws Error that names the file */
export async function* batchesOf(path: string, options: RowOptions): AsyncGenerator<Rows, void, void> {
  const batches = await open(path, options)
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
    const { format, chunks } = await formatOf(path, options.format)
    if (format === 'csv') {
      const { chunks: all, csv } = await csvOptions(path, chunks, options)
      return await readCsv(all, csv)
    }
    if (options.texts !== undefined) {
      throw new NamedError('--texts', 'expected CSV: JSON lines tell texts from numbers')
    }
    const records: JSONRecord[] = []
    for await (const batch of jsonBatches(chunks, BATCH_ROWS)) records.push(...batch)
    return records
  })
}

/** How many there are. */
export function rowCount(rows: Rows): number {
  return isTable(rows) ? rows.rows : rows.length
}

/** One of them as a record. */
export function recordAt(rows: Rows, index: number): JSONRecord {
  if (!isTable(rows)) return rows[index]
  return Object.fromEntries(rows.columns.map(({ name, values }) => [name, values[index]]))
}

/** The columns of a table, or of the first record, and what they hold. */
export function columnKinds(rows: Rows): readonly { readonly name: string; readonly kind: Kind }[] {
  if (isTable(rows)) return rows.columns
  return Object.entries(rows[0] ?? {}).map(([name, value]) => ({
    name,
    kind: typeof value === 'number' ? 'number' : 'text',
  }))
}

/** The values of a column by row; undefined where there is no such column. */
export function columnOf(rows: Rows, name: string): ArrayLike<unknown> | undefined {
  if (isTable(rows)) return rows.columns.find((column) => column.name === name)?.values
  return rows.map((record) => (Object.hasOwn(record, name) ? record[name] : undefined))
}

export function isTable(rows: Rows): rows is Table {
  return !Array.isArray(rows)
}

async function open(path: string, options: RowOptions): Promise<AsyncGenerator<Rows, void, void>> {
  return await inFile(path, async () => {
    const { format, chunks } = await formatOf(path, options.format)
    if (format === 'jsonl') return jsonBatches(chunks, BATCH_ROWS)
    const { chunks: all, csv } = await csvOptions(path, chunks, options)
    return csvBatches(all, { ...csv, batchRows: BATCH_ROWS })
  })
}

type Chunks = AsyncIterable<Uint8Array>

/** What a file is: as it is said to be, by the end of its name, or by its first byte. */
async function formatOf(
  path: string,
  given: Format | undefined,
): Promise<{ format: Format; chunks: Chunks }> {
  const chunks = chunksOf(path)
  if (given !== undefined) return { format: given, chunks }
  if (/\.(csv|tsv|txt)$/i.test(path)) return { format: 'csv', chunks }
  if (/\.(jsonl|ndjson)$/i.test(path)) return { format: 'jsonl', chunks }
  const first = await chunks.next()
  if (first.done === true) return { format: 'csv', chunks: again([], chunks) }
  const start = new TextDecoder().decode(first.value.subarray(0, 64)).trimStart()
  return { format: start.startsWith('{') ? 'jsonl' : 'csv', chunks: again([first.value], chunks) }
}

async function csvOptions(
  path: string,
  chunks: Chunks,
  { delimiter, missing, kinds, texts = [] }: RowOptions,
): Promise<{ chunks: Chunks; csv: CsvOptions }> {
  const separator = delimiter ?? (/\.tsv$/i.test(path) ? '\t' : ',')
  const { header, all } = await readHeader(chunks)
  const names = parseCsv(header, { delimiter: separator }).columns.map(({ name }) => name)
  const unknown = texts.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new NamedError('--texts', `expected columns of the data (${names.join(', ')}), got ${unknown}`)
  }
  if (delimiter === undefined && names.length === 1 && /[;\t|]/.test(names[0])) {
    const one = showName(names[0])
    throw new RangeError(`expected several columns, got ${one} alone; --delimiter tells what is between them`)
  }
  const known: [string, Kind][] =
    kinds === undefined
      ? texts.map((name) => [name, 'text'])
      : names.map((name) => [name, kinds.get(name) ?? 'text'])
  const csv: CsvOptions = {
    delimiter: separator,
    ...(missing === undefined ? {} : { missing }),
    // Object.fromEntries makes own properties, whatever the names.
    kinds: Object.fromEntries(known),
  }
  return { chunks: all, csv }
}

const LINE_FEED = 0x0a
const QUOTE = 0x22

/** Bytes in which the names of the columns must be found. */
const HEADER_BYTES = 2 ** 20

/** The first record of a CSV file, and the file with it. */
async function readHeader(chunks: Chunks): Promise<{ header: Uint8Array; all: Chunks }> {
  const iterator: AsyncIterator<Uint8Array, unknown> = chunks[Symbol.asyncIterator]()
  const read: Uint8Array[] = []
  let bytes = new Uint8Array(0)
  let end = -1
  while (end < 0 && bytes.length <= HEADER_BYTES) {
    const next = await iterator.next()
    if (next.done === true) break
    read.push(next.value)
    bytes = Buffer.concat([bytes, next.value])
    end = endOfHeader(bytes)
  }
  const rest = { [Symbol.asyncIterator]: () => iterator }
  return { header: end < 0 ? bytes : bytes.subarray(0, end), all: again(read, rest) }
}

/** Behind the line feed that ends the first record with a byte in it; -1 if there is none. */
function endOfHeader(bytes: Uint8Array): number {
  let isQuoted = false
  let isEmpty = true
  for (const [i, byte] of bytes.entries()) {
    if (byte === QUOTE) isQuoted = !isQuoted
    if (byte === LINE_FEED && !isQuoted && !isEmpty) return i + 1
    if (byte > 0x20) isEmpty = false
  }
  return -1
}

/** Chunks that were read before, and the others. */
async function* again(read: readonly Uint8Array[], rest: Chunks): AsyncGenerator<Uint8Array, void, void> {
  yield* read
  yield* rest
}
