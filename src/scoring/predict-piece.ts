import { csvTables } from '../data/csv.js'
import { CsvReader } from '../data/csv-reader.js'
import { Utf8Maker, UTF_8 } from '../data/encodings.js'
import type { Model } from '../model/index.js'
import { AnswerWriter, answerTexts } from './answers.js'
import { inQuotes } from './csv-fields.js'
import type { Piece } from './cut.js'
import type { Rows } from './json-table.js'
import { knownColumns } from './known-columns.js'
import type { CsvPlan, ScoringPlan } from './plan.js'
import { csvSettings, tables, type RowOptions } from './rows.js'

/** What is told while a piece is predicted. */
export interface PieceOptions {
  /** called once, with the first text that is a formula to spreadsheets, and is written as it is */
  readonly onFormula?: (text: string) => void
}

/** Bytes that are read at once. */
const CHUNK = 2 ** 16

/**
 * Predicts the rows of a piece: all pieces of a file in their order, after the plan's header, have the answers that
 * `deltaprop predict` prints for the file, to the byte.
 *
 * @param plan of planRows, for the whole file
 * @param piece of cutRows; or bytes that were read again from where it says
 * @returns the answers as text, 1024 rows at a time; with turns for other work only where its caller awaits some
 * @throws RangeError or TypeError that names line or row, and column, as they are numbered in the whole file
 * @example
 * import { Model } from 'deltaprop/model'
 * import { planRows, predictPiece } from 'deltaprop/scoring'
 * const bytes = new TextEncoder().encode('size\n1\n5\n')
 * const model = Model.create([{ size: 1, kind: 'apple' }, { size: 5, kind: 'melon' }], { target: 'kind' })
 * const plan = await planRows(model, [bytes])
 * const piece = { bytes: bytes.subarray(5), start: 5, rows: 0, line: 2 }
 * for await (const text of predictPiece(model, plan, piece)) console.log(text) // a line for each of the two rows
 */
export function predictPiece(
  model: Model,
  plan: ScoringPlan,
  piece: Pick<Piece, 'bytes' | 'rows' | 'line'>,
  options: PieceOptions = {},
): AsyncGenerator<string, void, void> {
  const { missing, missingValues } = plan
  const rowOptions = { missing, missingValues, ...knownColumns(model.inputs) }
  const chunks = utf8(piece.bytes, plan.encoding)
  const batches =
    plan.csv === undefined
      ? tables(chunks, rowOptions, piece.rows, piece.line)
      : numbered(csvRows(chunks, plan.csv, piece.line, rowOptions), piece.rows)
  return answerTexts(model, batches, new AnswerWriter(model, plan.answers, options))
}

/** Reads rows as those of a file that has the header right before them. */
function csvRows(
  chunks: Iterable<Uint8Array>,
  { names, delimiter, decimal, thousands }: CsvPlan,
  line: number,
  options: RowOptions,
): AsyncGenerator<Rows, void, void> {
  const header = `${names.map(inQuotes).join(delimiter)}\n`
  const reader = new CsvReader({
    ...csvSettings({ ...options, delimiter }),
    numberFormat: { decimal, thousands },
    firstLine: line - (header.split('\n').length - 1),
  })
  return csvTables(reader, withHeader(header, chunks))
}

function* withHeader(header: string, chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, void> {
  yield new TextEncoder().encode(header)
  yield* chunks
}

/** Rows with their numbers in the whole file. */
async function* numbered(batches: AsyncIterable<Rows>, before: number): AsyncGenerator<Rows, void, void> {
  for await (const batch of batches) {
    const numbers = Uint32Array.from(
      { length: batch.rows },
      (_, row) => before + (batch.numbers?.[row] ?? row + 1),
    )
    yield { ...batch, numbers }
  }
}

function* utf8(bytes: Uint8Array, encoding: string): Generator<Uint8Array, void, void> {
  const maker = encoding === UTF_8 ? undefined : new Utf8Maker(encoding)
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = bytes.subarray(at, at + CHUNK)
    yield maker?.push(chunk) ?? chunk
  }
  if (maker !== undefined) yield maker.end()
}
