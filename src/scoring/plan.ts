/** What the beginning of a file decides about all its rows, and their answers. */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkBoolean, checkKeys, checkNumber, checkName, isObject, show } from '../base/check.js'
import type { Decimal, Thousands } from '../data/csv-options.js'
import type { CsvReader } from '../data/csv-reader.js'
import { checkEncoding, markedEncoding, UTF_8 } from '../data/encodings.js'
import { headOf } from '../data/file-kinds.js'
import { isGzip } from '../data/unpack.js'
import type { Model } from '../model/index.js'
import { AnswerWriter, answerTexts, type AnswerFormat } from './answers.js'
import { knownColumns } from './known-columns.js'
import { dataFormats, delimiterOf, openRows, type DataFormat, type FileOptions } from './rows.js'

/** How a file is read, and how its answers are written: as the options of `deltaprop predict` say. */
export interface ScoringOptions extends FileOptions {
  /** of the file: its ending tells the format, and that tabs separate; none unless given */
  readonly name?: string | undefined
  /** what missing numbers are taken for; they are an error unless given */
  readonly missing?: number | undefined
  /** whether answers are JSON lines, exact to the bit, instead of CSV */
  readonly json?: boolean | undefined
  /** whether an apostrophe is written before texts that a spreadsheet would take for formulas */
  readonly escapeFormulas?: boolean | undefined
}

/** How CSV is read after its header. */
export interface CsvPlan {
  /** of all columns of the file, empty for those without one */
  readonly names: readonly string[]
  /** records before the first row: the header, and a line that names the delimiter */
  readonly skip: number
  readonly delimiter: string
  readonly decimal: Decimal
  readonly thousands: Thousands | undefined
}

/** How all pieces of a file are read, and their answers written: plain data, which JSON has but for undefined. */
export interface ScoringPlan {
  /** undefined for JSON lines */
  readonly csv: CsvPlan | undefined
  /** as TextDecoder calls it */
  readonly encoding: string
  readonly missing: number | 'keep'
  readonly missingValues: readonly string[] | undefined
  readonly answers: AnswerFormat
  /** what comes before the first answer; empty for JSON lines */
  readonly header: string
  /** bytes of an answer, in the mean of the first rows; 0 for a file without rows */
  readonly answerBytes: number
  /** what was recognised in the file, in words for people */
  readonly notes: readonly string[]
}

const OPTIONS = [
  ...['name', 'format', 'delimiter', 'decimal', 'thousands', 'encoding', 'missingValues', 'missing'],
  ...['json', 'escapeFormulas'],
]

/**
 * Reads the beginning of a file, and decides how all its rows are read: what separates fields, how numbers are written,
 * which columns there are. The first 1024 rows are predicted, so that what is wrong with all of them is known at once.
 *
 * @param model that will predict
 * @param source the bytes of the file, in chunks, from its beginning; the rest of it is not read
 * @returns plain data, for cutRows and predictPiece, here or on another machine
 * @throws TypeError or RangeError that names an option; RangeError that names line, row and column of what is wrong in
 *   the first rows, or says that pieces of the file cannot be read by themselves: it is packed, or in UTF-16
 * @example
 * import { createReadStream, writeFileSync } from 'node:fs'
 * import { Model } from 'deltaprop/model'
 * import { planRows } from 'deltaprop/scoring'
 * writeFileSync('sizes.csv', 'size;colour\n1,5;red\n')
 * const model = Model.create([{ size: 1, kind: 'apple' }, { size: 5, kind: 'melon' }], { target: 'kind' })
 * const { header, csv } = await planRows(model, createReadStream('sizes.csv'))
 * // header is 'kind,P(apple),P(melon)\n', csv.delimiter ';', csv.decimal ','
 */
export async function planRows(
  model: Model,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ScoringOptions = {},
): Promise<ScoringPlan> {
  checkOptions(model, source, options)
  const { name = '', json = false, escapeFormulas = false } = options
  const missing: number | 'keep' = options.missing ?? 'keep'
  const answers = { json, escapeFormulas, delimiter: options.delimiter ?? delimiterOf(name) ?? ',' }
  const notes: string[] = []
  const onNotes = (rows: { readonly notes?: readonly string[] }): void =>
    void notes.push(...(rows.notes ?? []))
  const writer = new AnswerWriter(model, answers, { onNotes })
  const head = new Head(source)
  const rowOptions = { ...options, missing, ...knownColumns(model.inputs) }
  const { format, batches, reader } = await openRows(name, head.chunks(), rowOptions)
  let rows = 0
  const counted = (async function* () {
    for await (const batch of batches) {
      rows = batch.rows
      yield batch
    }
  })()
  const texts = answerTexts(model, counted, writer)
  const first = await texts.next()
  const text = first.done === true ? '' : first.value
  await texts.return()
  return {
    csv: csvPlan(format, reader),
    encoding: encodingOf(head.bytes, options.encoding),
    missing,
    missingValues: options.missingValues,
    answers,
    header: writer.header,
    answerBytes: rows === 0 ? 0 : new TextEncoder().encode(text).length / rows,
    notes,
  }
}

function checkOptions(model: unknown, source: unknown, options: ScoringOptions): void {
  if (!isObject(model) || !('predict' in model && 'inputs' in model)) {
    throw typeError('model', 'a Model', show(model))
  }
  if (!isObject(source) || ArrayBuffer.isView(source)) {
    throw typeError('source', 'chunks of bytes, such as createReadStream(…) of node:fs', show(source))
  }
  const { missing, json, escapeFormulas, format } = checkKeys('options', options, OPTIONS)
  if (missing !== undefined) checkNumber('missing', missing)
  if (json !== undefined) checkBoolean('json', json)
  if (escapeFormulas !== undefined) checkBoolean('escapeFormulas', escapeFormulas)
  if (format !== undefined) checkName('format', format, dataFormats)
}

function csvPlan(format: DataFormat, reader: CsvReader | undefined): CsvPlan | undefined {
  const decided = reader?.decided
  if (format !== 'csv' || decided === undefined) return undefined
  const { names, isNamed, delimiter, numberFormat } = decided
  return { names, skip: isNamed ? 2 : 1, delimiter: String.fromCharCode(delimiter), ...numberFormat }
}

/** @throws RangeError for an encoding in which the byte of a line feed may be part of something else */
function encodingOf(head: Uint8Array, given: string | undefined): string {
  const encoding = markedEncoding(headOf(head)) ?? checkEncoding(given ?? UTF_8)
  if (!/^(utf-16|iso-2022)/.test(encoding)) return encoding
  throw rangeError({}, 'an encoding whose line feed is a byte of its own, such as UTF-8', encoding, {
    hint: 'iconv makes UTF-8 of it',
  })
}

/** Bytes that tell gzip, or a byte order mark. */
const HEAD_BYTES = 4

/** The chunks of a file, and its first bytes as they are. */
class Head {
  bytes = new Uint8Array(0)
  readonly #source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#source = source
  }

  /** @throws RangeError if it is packed: what lies at a place within it cannot be read by itself */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of this.#source) {
      if (this.bytes.length < HEAD_BYTES) {
        this.bytes = Uint8Array.from([...this.bytes, ...chunk.subarray(0, HEAD_BYTES - this.bytes.length)])
        if (isGzip(this.bytes)) {
          throw rangeError({}, 'a file whose pieces can be read by themselves', 'gzip', { hint: 'unpack it' })
        }
      }
      yield chunk
    }
  }
}
