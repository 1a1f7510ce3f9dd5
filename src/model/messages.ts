import { rangeError, typeError, type ErrorPlace } from '../base/argument-error.js'
import { show, showName } from '../base/check.js'
import type { Category, CategoryKind } from './column.js'
import { isDate, isMissing } from './values.js'

const LISTED = 10

/** Lists names or numbers for a message; long lists are truncated. */
export function showNames(names: readonly Category[]): string {
  const some = names.slice(0, LISTED).map((name) => (typeof name === 'string' ? showName(name) : `${name}`))
  return names.length > LISTED ? `${some.join(', ')}, … (${names.length})` : some.join(', ')
}

const nouns: Readonly<Record<CategoryKind, string>> = {
  number: 'a number',
  text: 'a text',
  boolean: 'true or false',
}

/** How messages describe an expected value of a kind. */
export function nounOf(kind: CategoryKind): string {
  return nouns[kind]
}

/** The error for a value that is not of its column's kind, or not a finite number. */
export function notOfKind(place: ErrorPlace, kind: CategoryKind, value: unknown): Error {
  if (isMissing(value))
    return typeError(place, 'a value', `${String(value)}, a missing one`, {
      hint: 'leave it out, or put a value in its place',
    })
  if (kind === 'number' && typeof value === 'number') {
    return rangeError(place, 'a finite number', value)
  }
  return typeError(place, nouns[kind], showWithAdvice(value))
}

/** The error for a value that no column can hold. */
export function notAValue(place: ErrorPlace, value: unknown): Error {
  if (isMissing(value)) return notOfKind(place, 'text', value)
  return typeError(place, 'a number, a text, true or false', showWithAdvice(value))
}

/** The error for an integer too large to be exact, which may have been rounded. */
export function notExact(place: ErrorPlace, value: number): Error {
  return rangeError(
    place,
    'an integer that a number has exactly',
    `${value}, which may be several, rounded`,
    { hint: 'read it as a text' },
  )
}

/** Shows a value, with advice on converting one that no column can hold. */
function showWithAdvice(value: unknown): string {
  if (isDate(value)) return `a Date; ${OF_DATES}`
  if (typeof value === 'bigint') return `${value}n; Number(value) makes a number of it, String(value) a text`
  if (typeof value === 'object' && value !== null) return `${show(value)}; make a column of each value in it`
  return show(value)
}

/** Advice on converting dates. */
export const OF_DATES =
  'make numbers of it first, such as the days since the first one, the month or the weekday'
