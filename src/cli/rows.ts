/** Reads the rows of a data file, CSV or JSON lines, whole or in batches. */
import { rangeError } from '../base/argument-error.js'
import { readCsv } from '../data/index.js'
import { tableOf, type Rows } from '../scoring/json-table.js'
import { jsonBatches, type JSONRecord } from '../scoring/jsonl.js'
import {
  BATCH_ROWS,
  contentOf,
  csvOptions,
  delimiterOf,
  openRows,
  rowNumber,
  type ByteChunks,
  type RowOptions,
} from '../scoring/rows.js'
import { fileChunks, inFile } from './files.js'

/**
 * The memory limit for reading JSON lines whole, the same as for CSV. They take roughly twice their text plus this much
 * per record.
 */
const MOST_BYTES = 2 ** 31
const RECORD_BYTES = 100

/** Streams rows, in memory that does not grow with the file. @throws Error that names the file */
export async function* batchesOf(path: string, options: RowOptions): AsyncGenerator<Rows, void, void> {
  const batches = await inFile(path, async () => (await openRows(path, fileChunks(path), options)).batches)
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
    const { format, chunks } = await contentOf(path, fileChunks(path), options)
    if (format === 'csv')
      return await readCsv(
        chunks,
        csvOptions({ ...options, delimiter: options.delimiter ?? delimiterOf(path) }),
      )
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
