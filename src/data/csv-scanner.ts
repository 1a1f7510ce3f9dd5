/**
 * From bytes to fields: RFC 4180, with LF as well as CRLF, and any delimiter.
 *
 * Bytes come in pieces and stay in one window until their field is complete:
 *
 *     bytes  | scanned | incomplete field | free | 1 byte, a line feed, so that every search ends
 *            0       start               end
 */
import { rangeError } from '../base/argument-error.js'
import type { Cursor } from './csv-run.js'
import { showByte, type ColumnName } from './csv-errors.js'
import { CARRIAGE_RETURN, LINE_FEED, QUOTE, scanQuoted, unescaped, type Quoted } from './csv-syntax.js'

/** Receives the fields. */
export interface Sink {
  /**
   * @param bytes that hold the field in [start, end), without its quotes; they change after the call
   * @param column from 0
   * @param line from 1, where the field begins
   */
  field(bytes: Uint8Array, start: number, end: number, column: number, line: number): void
  /**
   * Reads as many fields of a record as it can itself, and moves the cursor past them and their delimiters.
   *
   * @param bytes that may be read up to `end`, where a line feed is that does not count
   * @returns true if the record has ended, with a line feed
   */
  run(bytes: Uint8Array, end: number, cursor: Cursor): boolean
  /** The record is complete. @returns true to pause after it */
  record(fields: number, line: number): boolean
  /** The name of a column in messages. */
  columnName(column: number): ColumnName
}

const STOP = { none: 0, delimiter: 1, lineFeed: 2, carriageReturn: 3, quote: 4 } as const
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

export class Scanner {
  readonly #sink: Sink
  readonly #maxLineBytes: number
  /** by byte, what it means outside of quotes */
  readonly #stops = new Uint8Array(256)
  #bytes = new Uint8Array(0)
  /** where the next field begins */
  readonly #cursor: Cursor = { at: 0, column: 0 }
  #end = 0
  /** how many bytes must be there before the next search: twice as many as the last one searched in vain */
  #enough = BYTE_ORDER_MARK.length
  #isBegun = false
  /** where this record begins; below 0 once its first bytes are gone from the window */
  #recordStart = 0
  #recordLine = 1
  #line = 1

  /** @param line that the first byte is in */
  constructor(sink: Sink, delimiter: number, maxLineBytes: number, line = 1) {
    this.#line = line
    this.#recordLine = line
    this.#sink = sink
    this.#maxLineBytes = maxLineBytes
    this.#stops[delimiter] = STOP.delimiter
    this.#stops[LINE_FEED] = STOP.lineFeed
    this.#stops[CARRIAGE_RETURN] = STOP.carriageReturn
    this.#stops[QUOTE] = STOP.quote
  }

  /** Takes a copy of bytes. */
  push(piece: Uint8Array): void {
    const rest = this.#end - this.#cursor.at
    const old = this.#bytes
    if (rest + piece.length >= old.length) {
      this.#bytes = new Uint8Array(2 * (rest + piece.length))
      this.#bytes.set(old.subarray(this.#cursor.at, this.#end))
    } else {
      old.copyWithin(0, this.#cursor.at, this.#end)
    }
    this.#bytes.set(piece, rest)
    this.#recordStart -= this.#cursor.at
    this.#cursor.at = 0
    this.#end = rest + piece.length
  }

  /**
   * Passes all complete fields to the sink.
   *
   * @param isFinal no more bytes will come: what is there is complete
   * @returns true if the sink wants to pause, false if more bytes are wanted
   */
  scan(isFinal: boolean): boolean {
    if (!isFinal && this.#end - this.#cursor.at < this.#enough) return false
    this.#begin()
    const isPaused = this.#scanFields(isFinal)
    this.#enough = isPaused ? 0 : 2 * (this.#end - this.#cursor.at)
    return isPaused
  }

  /**
   * The loop of `scan`, with nothing after it: V8 may compile it before it has ended once, with no information on code
   * after it.
   */
  #scanFields(isFinal: boolean): boolean {
    const sink = this.#sink
    const bytes = this.#bytes
    const stops = this.#stops
    const cursor = this.#cursor
    const end = this.#end
    bytes[end] = LINE_FEED
    let isPaused = false

    while (!isPaused && (cursor.at < end || (isFinal && cursor.column > 0))) {
      if (sink.run(bytes, end, cursor)) {
        const lineEnd = cursor.at - (bytes[cursor.at - 2] === CARRIAGE_RETURN ? 2 : 1)
        if (lineEnd - this.#recordStart > this.#maxLineBytes) throw this.#tooLong()
        isPaused = this.#endRecord(cursor.at)
        continue
      }
      const start = cursor.at
      const quoted = start < end && bytes[start] === QUOTE ? scanQuoted(bytes, start, end) : undefined
      let at = quoted === undefined ? start : Math.min(quoted.close + 1, end)
      if (quoted === undefined) while (stops[bytes[at]] === STOP.none) ++at

      if (at - this.#recordStart > this.#maxLineBytes) throw this.#tooLong()
      const isWhole = at < end && (bytes[at] !== CARRIAGE_RETURN || at + 1 < end)
      if (!isWhole && !isFinal) break
      const isLast = at === end || stops[bytes[at]] !== STOP.delimiter
      const next = isLast ? this.#recordEnd(at, quoted) : at + 1

      if (isLast && at === start && cursor.column === 0) {
        this.#nextLine(next)
        continue
      }
      if (quoted === undefined) sink.field(bytes, start, at, cursor.column, this.#line)
      else this.#quotedField(start + 1, quoted)
      cursor.at = next
      ++cursor.column
      if (isLast) isPaused = this.#endRecord(next)
    }
    return isPaused
  }

  /** Past the byte order mark, if there is one. */
  #begin(): void {
    if (this.#isBegun) return
    this.#isBegun = true
    if (this.#end >= 3 && BYTE_ORDER_MARK.every((byte, i) => this.#bytes[i] === byte)) {
      this.#cursor.at = 3
      this.#recordStart = 3
    }
  }

  #quotedField(start: number, { close, isEscaped, lineFeeds }: Quoted): void {
    if (isEscaped) {
      const plain = unescaped(this.#bytes, start, close)
      this.#sink.field(plain, 0, plain.length, this.#cursor.column, this.#line)
    } else {
      this.#sink.field(this.#bytes, start, close, this.#cursor.column, this.#line)
    }
    this.#line += lineFeeds
  }

  /** @returns true if the sink wants to pause */
  #endRecord(next: number): boolean {
    const isPaused = this.#sink.record(this.#cursor.column, this.#recordLine)
    this.#nextLine(next)
    return isPaused
  }

  #nextLine(start: number): void {
    this.#cursor.at = start
    this.#cursor.column = 0
    this.#recordStart = start
    this.#recordLine = ++this.#line
  }

  /** Where the next record begins, if this one ends at `at`. */
  #recordEnd(at: number, quoted: Quoted | undefined): number {
    const bytes = this.#bytes
    const end = this.#end
    const got = (place: number): string => (place < end ? showByte(bytes[place]) : 'the end')
    if (quoted !== undefined && quoted.close === end) throw this.#error('a closing quote', 'the end')
    if (at === end) return end
    switch (this.#stops[bytes[at]]) {
      case STOP.lineFeed:
        return at + 1
      case STOP.carriageReturn:
        if (at + 1 < end && bytes[at + 1] === LINE_FEED) return at + 2
        throw this.#error('a line feed after the carriage return', got(at + 1))
      default:
        throw quoted === undefined
          ? this.#error('quotes around the whole field or none', 'one within')
          : this.#error('a delimiter or the end of the line after the closing quote', got(at))
    }
  }

  #error(expected: string, got: string): RangeError {
    return rangeError({ line: this.#line, column: this.#sink.columnName(this.#cursor.column) }, expected, got)
  }

  #tooLong(): RangeError {
    return rangeError(
      { line: this.#recordLine },
      `at most ${this.#maxLineBytes} bytes (maxLineBytes)`,
      'more',
    )
  }
}
