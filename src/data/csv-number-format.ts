/** Numbers as people write them: the signs between their digits, and what those reveal. */
import { COMMA, DIGIT_0, isBlank, MINUS, PLUS, POINT, SPACE } from './csv-syntax.js'
import { parseNumber } from './csv-number.js'
import type { Decimal, Thousands } from './csv-options.js'

/** The signs between digits, in all numbers of a file. */
export interface NumberFormat {
  readonly decimal: Decimal
  readonly thousands: Thousands | undefined
}

/** What a number reveals about the format of its file; nothing if it has only digits. */
export interface Clue {
  /** the decimal sign, if it is certain; `doubt` for 1,234, which may be either */
  readonly decimal: Decimal | 'doubt' | undefined
  /** the sign between thousands, if it is certain */
  readonly thousands: Thousands | undefined
  /** Whether that is an ASCII space, which phone numbers have, too. */
  readonly isSpaced: boolean
}

/** The most characters of a number that is considered. */
const MAX_LENGTH = 64

const EXPONENT = /[eE][+-]?\d+$/
const GROUPS = /^[1-9]\d{0,2}(?:([ \u00a0\u202f'\u2019])\d{3})(?:\1\d{3})*([.,]\d+)?$/
const POINT_GROUPS = /^[1-9]\d{0,2}(?:\.\d{3})+(,\d+)?$/
const COMMA_GROUPS = /^[1-9]\d{0,2}(?:,\d{3})+(\.\d+)?$/
const ONE_SIGN = /^(?:\d+[.,]?|\d*([.,])\d+)$/

const SIGNS =
  '[%‰€$£¥₹₽]|EUR|USD|GBP|CHF|JPY|kr|zł|kg|mg|lbs?|oz|km|cm|mm|mi|ft|ml|cc|°C|°F|kWh|kW|hp|MB|GB|ms|min|mph'
const SIGNED = new RegExp(String.raw`^[+-]?(${SIGNS})?\s?([+-]?[\d.,'\u2019\s]*\d)\s?(${SIGNS})?$`, 'u')

/** The most letters of a number: those of an exponent and a unit. */
const MAX_LETTERS = 4

/** @returns undefined unless it is a number in some format */
export function clueOf(text: string): Clue | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const digits = text.replace(/^[+-]/, '')
  const mantissa = digits.replace(EXPONENT, '')
  const groups = GROUPS.exec(mantissa)
  if (groups !== null && mantissa === digits) {
    const [, sign, fraction = ''] = groups
    const thousands = sign === "'" || sign === '\u2019' ? "'" : ' '
    return { decimal: decimalOf(fraction), thousands, isSpaced: sign === ' ' }
  }
  const one = ONE_SIGN.exec(mantissa)
  const commas = COMMA_GROUPS.exec(digits)
  const points = POINT_GROUPS.exec(digits)
  if (one !== null) {
    // 1.234 is read as everywhere, unless other numbers have commas; of 1,234 nobody knows.
    if (points !== null) return clue(undefined)
    if (commas !== null) return clue('doubt')
    return mantissa.endsWith(',') ? undefined : clue(decimalOf(mantissa.replace(/^\d+/, '')))
  }
  if (commas !== null) return clue('.', ',')
  return points === null ? undefined : clue(',', '.')
}

/** A street, a date in words: half of what texts that begin with digits take was the search for signs in them. */
export function hasManyLetters(text: string): boolean {
  let letters = 0
  for (let i = 0; i < text.length; ++i) {
    const letter = text.charCodeAt(i) | 0x20
    if (letter >= 0x61 && letter <= 0x7a && ++letters > MAX_LETTERS) return true
  }
  return false
}

/** The currency, per cent or unit of a number. */
export function signOf(text: string): string | undefined {
  const match = SIGNED.exec(text)
  if (match === null) return undefined
  const [, before, digits = '', behind] = match as readonly (string | undefined)[]
  return clueOf(digits.trim()) === undefined ? undefined : (before ?? behind)
}

/** Without surrounding blanks; other white space is part of it. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && isBlank(text.charCodeAt(start))) ++start
  while (end > start && isBlank(text.charCodeAt(end - 1))) --end
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

function clue(decimal: Clue['decimal'], thousands?: Thousands): Clue {
  return { decimal, thousands, isSpaced: false }
}

function decimalOf(fraction: string): Decimal | undefined {
  return fraction.startsWith(',') ? ',' : fraction.startsWith('.') ? '.' : undefined
}

/** Reads numbers of a format. */
export class NumberReader {
  /** Whether numbers are written as in programs: then everything that `readRun` reads is a number of the same value. */
  readonly isPlain: boolean
  readonly #decimal: number
  readonly #thousands: Thousands | undefined
  /** the last number in the format of programs */
  #plain = new Uint8Array(64)

  constructor({ decimal, thousands }: NumberFormat) {
    this.isPlain = decimal === '.'
    this.#decimal = decimal === '.' ? POINT : COMMA
    this.#thousands = thousands
  }

  /** @returns NaN unless it is a number */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (this.isPlain) {
      const value = parseNumber(bytes, start, end)
      if (this.#thousands === undefined || !Number.isNaN(value)) return value
    }
    return parseNumber(this.#plain, 0, this.#translate(bytes, start, end))
  }

  /** Whether bytes [start, end), which were read as `value`, are an integer of another value. */
  isInexact(bytes: Uint8Array, start: number, end: number, value: number): boolean {
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return false
    const length = this.#translate(bytes, start, end)
    const plain = length === 0 ? bytes.subarray(start, end) : this.#plain.subarray(0, length)
    const text = String.fromCharCode(...plain.subarray(0, 400))
    if (!/^[+-]?\d+$/.test(text)) return false
    return plain.length > 400 || !Number.isFinite(value) || BigInt(text.replace('+', '')) !== BigInt(value)
  }

  /**
   * Writes bytes [start, end) without thousands and with a point.
   *
   * @returns how many bytes that are; 0 if they are not of this format
   */
  #translate(bytes: Uint8Array, start: number, end: number): number {
    if (this.#plain.length < end - start) this.#plain = new Uint8Array(2 * (end - start))
    const plain = this.#plain
    let length = 0
    let at = start
    if (bytes[at] === MINUS || bytes[at] === PLUS) plain[length++] = bytes[at++]
    const first = at
    /** digits since the last sign; groups come after the first one */
    let digits = 0
    let isGrouped = false
    for (; at < end;) {
      const byte = bytes[at]
      if (byte >= DIGIT_0 && byte <= DIGIT_0 + 9) {
        plain[length++] = byte
        ++digits
        ++at
        continue
      }
      const sign = this.#thousandsAt(bytes, at, end)
      if (sign === 0) break
      if (isGrouped ? digits !== 3 : digits < 1 || digits > 3 || bytes[first] === DIGIT_0) return 0
      isGrouped = true
      digits = 0
      at += sign
    }
    if (isGrouped && digits !== 3) return 0
    if (at < end && bytes[at] === this.#decimal) {
      plain[length++] = POINT
      ++at
    } else if (at < end && bytes[at] === POINT) {
      return 0
    }
    for (; at < end; ++at) {
      if (bytes[at] === POINT) return 0
      plain[length++] = bytes[at]
    }
    return length
  }

  /** The length in bytes of the sign between thousands at `at`; 0 if there is none. */
  #thousandsAt(bytes: Uint8Array, at: number, end: number): number {
    switch (this.#thousands) {
      case undefined:
        return 0
      case '.':
      case ',':
        return bytes[at] === this.#thousands.charCodeAt(0) ? 1 : 0
      case ' ':
        if (bytes[at] === SPACE) return 1
        if (at + 1 < end && bytes[at] === 0xc2 && bytes[at + 1] === 0xa0) return 2
        return isThree(bytes, at, end, 0xaf) ? 3 : 0
      case "'":
        if (bytes[at] === 0x27) return 1
        return isThree(bytes, at, end, 0x99) ? 3 : 0
    }
  }
}

/** Whether U+202F or U+2019, by its last byte, is at `at`. */
function isThree(bytes: Uint8Array, at: number, end: number, last: number): boolean {
  return at + 2 < end && bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && bytes[at + 2] === last
}
