import { Records } from './csv-records.js'
import { tableTooLarge } from './csv-columns.js'
import type { CsvSettings } from './csv-options.js'
import { Scanner } from './csv-scanner.js'
import type { Table } from './table.js'

/** Bytes that a piece takes beside its own, about. */
const PIECE_BYTES = 200

/**
 * From pieces of a file to tables: after every `push`, and after `end`, `take` tables while `scan` says that one is full; then `take`
 * the rest.
 *
 * Kinds are decided by the first table. Until then the pieces are kept: a column of numbers in which a text comes later is read
 * again, as its numbers, 007 or 1.50, were texts too.
 */
export class CsvReader {
  readonly #settings: CsvSettings
  #records: Records
  #scanner: Scanner
  #kept: Uint8Array[] | undefined = []
  #keptBytes = 0
  #isEnd = false

  constructor(settings: CsvSettings) {
    this.#settings = settings
    this.#records = new Records(settings)
    this.#scanner = this.#newScanner()
  }

  /** Takes a copy of the piece. */
  push(piece: Uint8Array): void {
    this.#scanner.push(piece)
    if (this.#kept === undefined) return
    this.#keptBytes += piece.length + PIECE_BYTES
    if (this.#keptBytes > this.#settings.maxBytes) throw tableTooLarge(this.#settings.maxBytes)
    this.#kept.push(piece.slice())
  }

  /** No more pieces will come. */
  end(): void {
    this.#isEnd = true
  }

  /** Reads what there is. @returns true if a table is full: to be taken before going on */
  scan(): boolean {
    const isFull = this.#scanner.scan(this.#isEnd)
    if (this.#records.isDecided) this.#kept = undefined
    return isFull
  }

  /** The table of the rows since the last one. */
  take(): Table {
    if (this.#records.isMistaken) this.#again()
    this.#kept = undefined
    return this.#records.take()
  }

  /** Reads the table again, from the first piece on, to the place where it was full or the file at its end. */
  #again(): void {
    this.#records = new Records(this.#settings, this.#records.kinds)
    this.#scanner = this.#newScanner()
    let isFull = false
    for (const piece of this.#kept ?? []) {
      this.#scanner.push(piece)
      isFull = this.#scanner.scan(false)
    }
    if (!isFull && this.#isEnd) this.#scanner.scan(true)
  }

  #newScanner(): Scanner {
    return new Scanner(this.#records, this.#settings.delimiter, this.#settings.maxLineBytes)
  }
}
