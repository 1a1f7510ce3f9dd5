/**
 * CSV: RFC 4180 with LF as well as CRLF, in any encoding, with any delimiter.
 *
 * Numbers are decimal, with blanks around them or in quotes, and read as `Number` reads them, to the bit. Missing
 * values are those of the options, in quotes too. Empty lines are left out. Texts are taken as they are, blanks
 * included.
 *
 * Where the options leave them open, the delimiter and the number format are recognised from the first 100 records, of
 * at most 64 KiB: a first line `sep=;`, semicolons, tabs, bars, decimal commas. Tables have notes on what was
 * recognised.
 */
import {
  resolveCsv,
  resolveCsvBatches,
  type CsvBatchOptions,
  type CsvOptions,
  type CsvSettings,
} from './csv-options.js'
import { CsvReader } from './csv-reader.js'
import { pieces, streamPieces, type CsvSource } from './csv-source.js'
import type { Table } from './table.js'

/**
 * Reads a CSV file that is in memory.
 *
 * @param source text, or bytes: UTF-8, UTF-16 with a byte order mark, or what `encoding` says
 * @returns all rows; the arrays belong to the caller
 * @throws TypeError or RangeError that names the argument; RangeError that names line and column of what is wrong in
 *   the file
 *
 * @example
 * import { parseCsv } from 'deltaprop/data'
 * const { rows, columns } = parseCsv('width,species\n0.2,setosa\n1.4,versicolor\n')
 * // rows is 2, columns[0].values a Float64Array of 0.2 and 1.4, columns[1].values ['setosa', 'versicolor']
 */
export function parseCsv(source: string | Uint8Array, options?: CsvOptions): Table {
  const settings = resolveCsv(options)
  const reader = new CsvReader(settings)
  for (const piece of pieces(source, settings.encoding)) {
    reader.push(piece)
    reader.scan()
  }
  reader.end()
  reader.scan()
  return reader.take()
}

/**
 * Reads a CSV file as its chunks come, into one table.
 *
 * The bytes are kept along with the table until the end, unless `kinds` gives the kind of every column.
 *
 * @param source text or bytes, whole or in chunks that may end anywhere; gzip, recognised by its first bytes, is
 *   unpacked
 * @returns all rows; the arrays belong to the caller
 * @throws as parseCsv
 *
 * @example
 * import { createReadStream } from 'node:fs'
 * import { readCsv } from 'deltaprop/data'
 * const table = await readCsv(createReadStream('examples/data/digits.csv'))
 */
export async function readCsv(source: CsvSource, options?: CsvOptions): Promise<Table> {
  const settings = resolveCsv(options)
  const reader = new CsvReader(settings)
  for await (const piece of streamPieces(source, settings.encoding)) {
    reader.push(piece)
    reader.scan()
  }
  reader.end()
  reader.scan()
  return reader.take()
}

/**
 * Reads a CSV file some rows at a time, in memory that does not grow with the file.
 *
 * The first batch decides what the options leave open: the delimiter, the number format, and which columns are numbers.
 * A later text in a column of numbers is an error. A column without a value in the first batch is taken for numbers.
 *
 * @param source as for readCsv; the rest is not read if you leave the loop early
 * @returns tables of `batchRows` rows, the last one with the rest; none for a file without rows. The arrays belong to
 *   the caller
 * @throws as parseCsv; for options, before the first batch
 *
 * @example
 * import { createReadStream } from 'node:fs'
 * import { csvBatches } from 'deltaprop/data'
 * for await (const { rows, columns } of csvBatches(createReadStream('examples/data/digits.csv'), { batchRows: 256 })) {
 *   console.log(rows, columns.length)
 * }
 */
export function csvBatches(source: CsvSource, options?: CsvBatchOptions): AsyncGenerator<Table, void, void> {
  return batches(source, resolveCsvBatches(options))
}

async function* batches(source: CsvSource, settings: CsvSettings): AsyncGenerator<Table, void, void> {
  yield* csvTables(new CsvReader(settings), streamPieces(source, settings.encoding))
}

/** The tables of a file that comes in pieces of UTF-8. */
export async function* csvTables(
  reader: CsvReader,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Table, void, void> {
  for await (const piece of pieces) {
    reader.push(piece)
    while (reader.scan()) yield reader.take()
  }
  reader.end()
  while (reader.scan()) yield reader.take()
  const rest = reader.take()
  if (rest.rows > 0) yield rest
}
