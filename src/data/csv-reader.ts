import { LINE_FEED } from './csv-syntax.js'
import { tableTooLarge } from './csv-columns.js'
import type { NumberFormat } from './csv-number-format.js'
import type { CsvSettings } from './csv-options.js'
import { TableBuilder, type Decisions } from './csv-table-builder.js'
import { Sample } from './csv-sample.js'
import { Scanner } from './csv-scanner.js'
import { recogniseDialect } from './csv-dialect.js'
import type { Table } from './table.js'

/** Bytes that a piece takes in addition to its own, about. */
const PIECE_BYTES = 200

/** Reads a file once its first records are known. */
interface Pass {
  readonly builder: TableBuilder
  readonly scanner: Scanner
}

/** How all records of a file are read, by its first ones. */
export interface CsvBeginning {
  readonly delimiter: number
  /** whether a line before the header names the delimiter */
  readonly isNamed: boolean
  /** of all columns of the file; empty for those without one */
  readonly names: readonly string[]
  readonly numberFormat: NumberFormat
}

/**
 * From pieces of a file to tables: after every `push`, and after `end`, `take` tables while `scan` says that one is
 * full; then `take` the rest.
 *
 *     sample → delimiter and number format → first table → kinds → the other tables
 *
 * Until the first table is complete the pieces are kept: a column of numbers in which a text appears later is read
 * again, since its numbers, 007 or 1.50, were texts too; and everything is if rows must be dropped for a mark that is a
 * missing value only among numbers.
 */
export class CsvReader {
  readonly #settings: CsvSettings
  #sample: Sample | undefined
  #pass: Pass | undefined
  /** makes a new one; undefined until the sample is complete */
  #newPass: ((decisions?: Decisions) => Pass) | undefined
  #kept: Uint8Array[] | undefined = []
  #keptBytes = 0
  #isEnd = false
  #dialect: Pick<CsvBeginning, 'delimiter' | 'isNamed'> | undefined

  constructor(settings: CsvSettings) {
    this.#settings = settings
    this.#sample = new Sample(settings)
  }

  /** What the beginning of the file has decided; undefined until it is read. */
  get decided(): CsvBeginning | undefined {
    const decisions = this.#pass?.builder.decisions
    if (this.#dialect === undefined || decisions === undefined) return undefined
    return { ...this.#dialect, names: decisions.plan.names, numberFormat: decisions.format }
  }

  /** Takes a copy of the piece. */
  push(piece: Uint8Array): void {
    if (this.#kept !== undefined) {
      this.#keptBytes += piece.length + PIECE_BYTES
      if (this.#keptBytes > this.#settings.maxBytes) throw tableTooLarge(this.#settings.maxBytes)
    }
    if (this.#sample !== undefined) {
      this.#sample.push(piece)
      if (this.#sample.isWhole) this.#start(this.#sample)
    } else {
      this.#pass?.scanner.push(piece)
      this.#kept?.push(piece.slice())
    }
  }

  /** No more pieces will come. */
  end(): void {
    this.#isEnd = true
    if (this.#sample === undefined) return
    this.#sample.end()
    this.#start(this.#sample)
  }

  /** Reads what there is. @returns true if a table is full: take it before the next call */
  scan(): boolean {
    if (this.#pass === undefined) return false
    const { builder: records, scanner } = this.#pass
    const isFull = scanner.scan(this.#isEnd)
    if (this.#kept === undefined) {
      // Kinds may be settled before they are decided.
      if (isFull || this.#isEnd) records.decide()
      return isFull
    }
    if (isFull || this.#isEnd) {
      const decisions = records.decide()
      const kept = this.#kept
      this.#kept = undefined
      return decisions === undefined ? isFull : this.#again(kept, decisions)
    }
    if (records.isSettled) this.#kept = undefined
    return false
  }

  /** The table of the rows since the last one. */
  take(): Table {
    if (this.#pass === undefined) throw new Error('CsvReader: expected end before take')
    return this.#pass.builder.take()
  }

  /** Begins to read, with the pieces of the sample. */
  #start(sample: Sample): void {
    this.#sample = undefined
    const settings = this.#settings
    const dialect = recogniseDialect(sample, settings)
    const end = sample.separator?.end ?? 0
    const { firstLine = 1 } = settings
    const line = firstLine + sample.bytes.subarray(0, end).filter((byte) => byte === LINE_FEED).length
    this.#dialect = { delimiter: dialect.delimiter, isNamed: end > 0 }
    this.#newPass = (decisions) => {
      const records = new TableBuilder(settings, dialect, decisions)
      return {
        builder: records,
        scanner: new Scanner(records, dialect.delimiter, settings.maxLineBytes, line),
      }
    }
    const bytes = sample.bytes.subarray(end)
    this.#kept = [bytes]
    this.#pass = this.#newPass()
    this.#pass.scanner.push(bytes)
  }

  /** Reads kept pieces again, until the table is full or the file ends. @returns as scan */
  #again(kept: readonly Uint8Array[], decisions: Decisions): boolean {
    if (this.#newPass === undefined) return false
    this.#pass = this.#newPass(decisions)
    const { scanner } = this.#pass
    let isFull = false
    for (const piece of kept) {
      scanner.push(piece)
      isFull = scanner.scan(false)
    }
    return !isFull && this.#isEnd ? scanner.scan(true) : isFull
  }
}
