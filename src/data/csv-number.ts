/**
 * Decimal numbers from ASCII bytes, bit for bit those of `Number(text)`.
 *
 * An integer m < 2⁵³ and 10ᵉ with |e| ≤ 22 are exact in f64, so that m·10ᵉ, or m / 10⁻ᵉ, is rounded once and therefore
 * correctly: W. D. Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990. Everything else is left to
 * `Number`.
 */
import { DIGIT_0, MINUS, PLUS, POINT } from './csv-syntax.js'

/** The largest power of ten that f64 has exactly, and all of them up to it. */
export const MAX_POWER = 22
export const POWERS = Float64Array.from({ length: MAX_POWER + 1 }, (_, e) => Number(`1e${e}`))
const INFINITY = Uint8Array.from('Infinity', (letter) => letter.charCodeAt(0))
const LOWER_CASE = 0x20
const LETTER_E = 0x65

/**
 * The number in bytes [start, end): sign, digits, point, exponent, all but one digit optional; or Infinity.
 *
 * @returns NaN for anything else, including blanks and the empty text
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === MINUS
  if (negative || bytes[at] === PLUS) ++at

  // Beyond 2⁵³ m is not exact, but it does not get smaller.
  const first = at
  let m = 0
  for (; at < end; ++at) {
    const digit = bytes[at] - DIGIT_0
    if (digit < 0 || digit > 9) break
    m = m * 10 + digit
  }
  let digits = at - first
  let e = 0
  if (at < end && bytes[at] === POINT) {
    const fraction = ++at
    for (; at < end; ++at) {
      const digit = bytes[at] - DIGIT_0
      if (digit < 0 || digit > 9) break
      m = m * 10 + digit
    }
    e = fraction - at
    digits -= e
  }
  if (digits === 0) {
    if (!isInfinity(bytes, first, end)) return NaN
    return negative ? -Infinity : Infinity
  }
  if (at < end) {
    if ((bytes[at] | LOWER_CASE) !== LETTER_E) return NaN
    e += parseExponent(bytes, at + 1, end)
  }

  if (m <= Number.MAX_SAFE_INTEGER && e >= -MAX_POWER && e <= MAX_POWER) {
    const value = e < 0 ? m / POWERS[-e] : m * POWERS[e]
    return negative ? -value : value
  }
  return Number.isNaN(e) ? NaN : Number(ascii(bytes, start, end))
}

/** A sign and digits; NaN for anything else. */
function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === MINUS
  if (at < end && (negative || bytes[at] === PLUS)) ++at
  if (at >= end) return NaN
  let exponent = 0
  for (; at < end; ++at) {
    const digit = bytes[at] - DIGIT_0
    if (digit < 0 || digit > 9) return NaN
    exponent = exponent * 10 + digit
  }
  return negative ? -exponent : exponent
}

function isInfinity(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === INFINITY.length && INFINITY.every((byte, i) => bytes[start + i] === byte)
}

/** Eight characters in one call: one at a time, numbers of 17 digits take 1.25 times as long. */
function ascii(bytes: Uint8Array, start: number, end: number): string {
  const { fromCharCode } = String
  let text = ''
  let at = start
  for (; at + 8 <= end; at += 8) {
    text += fromCharCode(
      bytes[at],
      bytes[at + 1],
      bytes[at + 2],
      bytes[at + 3],
      bytes[at + 4],
      bytes[at + 5],
      bytes[at + 6],
      bytes[at + 7],
    )
  }
  for (; at < end; ++at) text += fromCharCode(bytes[at])
  return text
}
