import { CARRIAGE_RETURN, LINE_FEED, QUOTE } from './csv-syntax.js'
import type { CsvSettings } from './csv-options.js'

/** The most bytes and records from which the dialect of a file is recognised; at least two records, whatever their length. */
const SAMPLE_BYTES = 2 ** 16
const SAMPLE_RECORDS = 100
const MIN_RECORDS = 2

const SEPARATOR_LINE = /^("?)sep=([^A-Za-z0-9.+\-"\r\n\u0080-\uffff])\1\r?\n?$/i

/**
 * The first records of a file, from which its delimiter and number format are recognised. They are the same however the
 * file is cut into pieces.
 *
 *     bytes  | byte order mark | sep=; | record | record | … | what came with them
 *                                      start             end
 */
export class Sample {
  readonly #maxBytes: number
  readonly #maxLineBytes: number
  readonly #records: number
  readonly #delimiter: number | undefined
  #bytes = new Uint8Array(2 ** 12)
  #length = 0
  /** ends of the complete records */
  readonly #ends: number[] = []
  #at = 0
  #isQuoted = false
  #isBlank = true
  #isTooLong = false
  /** the delimiter of a first line `sep=;`, and where that line ends */
  #separator: { readonly delimiter: number; readonly end: number } | undefined

  /** Batches need no more records than their first one has. */
  constructor({ header, delimiter, batchRows, maxBytes, maxLineBytes }: CsvSettings) {
    this.#delimiter = delimiter
    this.#maxBytes = Math.min(SAMPLE_BYTES, maxBytes / 2)
    this.#maxLineBytes = maxLineBytes
    this.#records = Math.min(SAMPLE_RECORDS, batchRows) + Number(header)
  }

  /** all that was pushed */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /**
   * The delimiter of a first line `sep=;`, and where that line ends; undefined if there is none, or not of the
   * delimiter that is given.
   */
  get separator(): { readonly delimiter: number; readonly end: number } | undefined {
    return this.#separator
  }

  /** Whether no more bytes are wanted. */
  get isWhole(): boolean {
    const more = this.#separator === undefined ? 0 : 1
    const records = this.#ends.length
    if (this.#isTooLong || records >= this.#records + more) return true
    return this.#at >= this.#maxBytes && records >= MIN_RECORDS + more
  }

  /** Takes a copy of bytes. */
  push(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) {
      const old = this.bytes
      this.#bytes = new Uint8Array(Math.max(length, 2 * this.#bytes.length))
      this.#bytes.set(old)
    }
    this.#bytes.set(piece, this.#length)
    this.#length = length
    while (this.#at < length && !this.isWhole) this.#scan()
  }

  /** No more bytes will come: the last record is complete. */
  end(): void {
    if (!this.isWhole && !this.#isBlank) this.#endRecord(this.#length)
  }

  /** The records as they are written, without the line that names the delimiter. */
  records(): string {
    const more = this.#separator === undefined ? 0 : 1
    const ends = this.#ends.slice(0, this.#records + more)
    const some = ends.filter((end, i) => end <= this.#maxBytes || i < MIN_RECORDS + more)
    return new TextDecoder().decode(this.#bytes.subarray(this.#separator?.end ?? 0, some.at(-1) ?? 0))
  }

  /** To the end of a line, or of what there is. */
  #scan(): void {
    const start = this.#at
    const rest = this.#bytes.subarray(start, this.#length)
    const feed = rest.indexOf(LINE_FEED)
    const line = feed < 0 ? rest : rest.subarray(0, feed)
    for (let at = line.indexOf(QUOTE); at >= 0; at = line.indexOf(QUOTE, at + 1))
      this.#isQuoted = !this.#isQuoted
    this.#isBlank &&= line.every((byte) => byte === CARRIAGE_RETURN)
    this.#at = start + line.length
    this.#isTooLong = this.#at - (this.#ends.at(-1) ?? 0) > this.#maxLineBytes
    if (feed < 0 || this.#isTooLong) return
    ++this.#at
    if (!this.#isQuoted && !this.#isBlank) this.#endRecord(this.#at)
  }

  #endRecord(end: number): void {
    this.#ends.push(end)
    this.#isBlank = true
    if (this.#ends.length > 1 || end > 16) return
    const line = new TextDecoder().decode(this.#bytes.subarray(0, end))
    const named = SEPARATOR_LINE.exec(line)?.[2].charCodeAt(0)
    if (named === undefined || named !== (this.#delimiter ?? named)) return
    this.#separator = { delimiter: named, end }
  }
}
