import type { CsvBatchOptions, CsvOptions } from '../../src/data/csv-options.js'
import { csvBatches, parseCsv, readCsv } from '../../src/data/csv.js'
import type { Table } from '../../src/data/table.js'

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Columns by name. */
export function plain({ columns }: Table): Record<string, unknown[]> {
  return Object.fromEntries(columns.map(({ name, values }) => [name, [...values]]))
}

/** Bytes cut at these places, taken modulo their length. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)
  return [...sorted, bytes.length].map((end, i) => bytes.slice(i === 0 ? 0 : sorted[i - 1], end))
}

/** What is read of a file. */
export interface Outcome {
  readonly columns?: Record<string, unknown[]>
  readonly notes?: readonly string[]
  readonly numbers?: readonly number[]
  readonly error?: string
}

/** Columns, notes and numbers, or the error. */
export async function outcomeOf(read: () => Table | Promise<Table>): Promise<Outcome> {
  try {
    const table = await read()
    return {
      columns: plain(table),
      ...(table.notes === undefined ? {} : { notes: table.notes }),
      ...(table.numbers === undefined ? {} : { numbers: [...table.numbers] }),
    }
  } catch (error) {
    return { error: String(error) }
  }
}

export async function allBatches(source: Iterable<Uint8Array>, options: CsvBatchOptions): Promise<Table[]> {
  const tables: Table[] = []
  for await (const table of csvBatches(source, options)) tables.push(table)
  return tables
}

/** What all readers make of a file: whole, byte by byte and as one batch. @throws Error if they do not agree */
export async function readAll(text: string, options: CsvOptions = {}): Promise<Outcome> {
  const bytes = encode(text)
  const whole = await outcomeOf(() => parseCsv(text, options))
  const others = [
    await outcomeOf(() => parseCsv(bytes, options)),
    await outcomeOf(() => readCsv(cut(bytes, [...bytes.keys()]), options)),
    await outcomeOf(() => readCsv(cut(bytes, [1, 7, 30]), options)),
    await outcomeOf(async () => {
      const tables = await allBatches(cut(bytes, [2, 9]), { ...options, batchRows: 10_000 })
      return tables.at(0) ?? parseCsv(text, options)
    }),
  ]
  for (const other of others) {
    if (JSON.stringify(other) !== JSON.stringify(whole)) {
      throw new Error(`expected ${JSON.stringify(whole)}, got ${JSON.stringify(other)}`)
    }
  }
  return whole
}
