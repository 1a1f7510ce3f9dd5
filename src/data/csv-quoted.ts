import { LINE_FEED, QUOTE } from './csv-bytes.js'

/** A field in quotes. */
export interface Quoted {
  /** index of the closing quote; the end of the bytes if there is none */
  readonly close: number
  /** whether it contains doubled quotes */
  readonly isEscaped: boolean
  /** line breaks that it contains */
  readonly lineFeeds: number
}

/**
 * Searches bytes [open, end) for the quote that closes the one at `open`. A quote at the very end may be half of a
 * doubled one.
 */
export function scanQuoted(bytes: Uint8Array, open: number, end: number): Quoted {
  let isEscaped = false
  let lineFeeds = 0
  let at = open + 1
  for (; at < end; ++at) {
    if (bytes[at] === LINE_FEED) ++lineFeeds
    if (bytes[at] !== QUOTE) continue
    if (at + 1 === end || bytes[at + 1] !== QUOTE) break
    isEscaped = true
    ++at
  }
  return { close: at, isEscaped, lineFeeds }
}

/** A copy of bytes [start, end) with one quote for every two. */
export function unescaped(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const plain = new Uint8Array(end - start)
  let length = 0
  for (let at = start; at < end; ++at) {
    if (bytes[at] === QUOTE) ++at
    plain[length++] = bytes[at]
  }
  return plain.subarray(0, length)
}
