/**
 * What JSON.parse makes of the text of a stranger, or any other value in its place: read by own properties alone, to a
 * fixed depth, and number by number before there is memory for them.
 */
import { errorDetails, rangeError, typeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import type { Precision } from '../base/floats.js'
import { isError } from '../base/thrown.js'

/** The most numbers of a file: 300 MB of text, with 18 characters each; texts end at 512 MB in V8. */
const MAX_NUMBERS = 2 ** 24

/** What is said of a value that is not even an object. */
export const fromText = { '': 'JSON.parse makes one of a text' }

/**
 * What `read` returns, which only looks at the value.
 *
 * @throws TypeError or RangeError: that of `read`, or one about a getter or a proxy, which may throw anything
 */
export function readValue<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (errorDetails(cause) !== undefined) throw cause
    const got = isError(cause) ? `an object that throws ${show(cause.message)}` : 'an object that throws'
    throw typeError('json', 'what JSON.parse makes of a text', got, { cause })
  }
}

/** An own property; undefined if it has none of this name, whatever it inherits. */
export function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Readonly<Record<string, unknown>>)[key] : undefined
}

/** Reads numbers, up to a limit for all together. */
export class NumberReader {
  readonly #precision: Precision
  /** how many there have been */
  count = 0

  /** @param precision that they have to fit */
  constructor(precision: Precision) {
    this.#precision = precision
  }

  /** Counts numbers that are about to be read. @throws RangeError if they are too many */
  reserve(path: string, count: number): void {
    this.count += count
    if (this.count > MAX_NUMBERS) throw rangeError(path, `at most ${MAX_NUMBERS} numbers in a file`, 'more')
  }

  /** @throws TypeError or RangeError unless it is a number that is finite in this precision */
  number(place: string | (() => string), value: unknown): number {
    if (typeof value === 'number' && Number.isFinite(this.#round(value))) return value
    const path = typeof place === 'string' ? place : place()
    if (typeof value === 'number')
      throw rangeError(path, `a number within the range of ${this.#precision}`, value)
    const hint = value === null ? 'null stands for NaN in JSON, which training that failed leaves behind' : ''
    throw typeError(path, 'a number', show(value), { hint })
  }

  #round(value: number): number {
    return this.#precision === 'f32' ? Math.fround(value) : value
  }

  /**
   * As many numbers as there should be.
   *
   * @param at the value of each, by its index
   * @param pathOf where it is
   * @throws TypeError or RangeError that names the first that is not one
   */
  numbers(
    path: string,
    length: number,
    at: (i: number) => unknown,
    pathOf = (i: number): string => `${path}[${i}]`,
  ): number[] {
    this.reserve(path, length)
    const numbers: number[] = []
    for (let i = 0; i < length; ++i) numbers.push(this.number(() => pathOf(i), at(i)))
    return numbers
  }

  /** The numbers of an array. @throws TypeError or RangeError unless it has this length, if that is known */
  array(path: string, value: unknown, length?: number): number[] {
    const values = arrayOf(path, value, length, 'numbers')
    return this.numbers(path, values.length, (i) => values[i])
  }
}

/** @throws TypeError unless it is an array; RangeError unless it has this length, if that is known */
export function arrayOf(path: string, value: unknown, length?: number, what = 'entries'): readonly unknown[] {
  if (!Array.isArray(value)) throw typeError(path, 'an array', show(value))
  if (length !== undefined && value.length !== length) {
    throw rangeError(path, `${length} ${what}`, value.length)
  }
  return value
}

/** The rows of a matrix, one after the other. */
export function rowMajor(rows: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(rows.flat())
}
