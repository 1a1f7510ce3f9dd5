/** The ASCII bytes that mean something in CSV. */
const TAB = 0x09
export const LINE_FEED = 0x0a
export const CARRIAGE_RETURN = 0x0d
export const SPACE = 0x20
export const QUOTE = 0x22
export const PLUS = 0x2b
export const COMMA = 0x2c
export const MINUS = 0x2d
export const POINT = 0x2e
export const DIGIT_0 = 0x30

/** Whether a byte or a character is one that may surround the value of a field. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

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
