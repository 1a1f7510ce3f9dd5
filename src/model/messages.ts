import { show, showName } from '../check.js'
import { isError } from '../thrown.js'

const LISTED = 10

/** Names or numbers in messages, the first of them where they are many. */
export function showNames(names: readonly (string | number)[]): string {
  const some = names.slice(0, LISTED).map((name) => (typeof name === 'string' ? showName(name) : `${name}`))
  return names.length > LISTED ? `${some.join(', ')}, … (${names.length})` : some.join(', ')
}

/** The error that a value is which is not of the kind of its column, or no finite number. */
export function notOfKind(place: string, kind: 'number' | 'text', value: unknown): Error {
  if (kind === 'text') return new TypeError(`${place}: expected a text, got ${show(value)}`)
  if (typeof value !== 'number') return new TypeError(`${place}: expected a number, got ${show(value)}`)
  return new RangeError(`${place}: expected a finite number, got ${value}`)
}

/**
 * Runs what takes rows, and has errors of a row, which count from 1 there, name it by another number: that of the file, or the data, that they come from.
 *
 * @param numberOf of a row that counts from 1
 */
export function numbered<T>(numberOf: (row: number) => number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const [found, row, rest] = isError(error) ? (/^row (\d+)([^]*)$/.exec(error.message) ?? []) : []
    if (found === undefined) throw error
    throw new RangeError(`row ${numberOf(Number(row))}${rest}`, { cause: error })
  }
}
