import { rangeError, typeError, type ErrorPlace } from '../base/argument-error.js'
import { show, showName } from '../base/check.js'
import type { Category, CategoryKind } from './column.js'
import { isDate, isMissing } from './values.js'

const LISTED = 10

/** Names or numbers in messages, the first of them where they are many. */
export function showNames(names: readonly Category[]): string {
  const some = names.slice(0, LISTED).map((name) => (typeof name === 'string' ? showName(name) : `${name}`))
  return names.length > LISTED ? `${some.join(', ')}, … (${names.length})` : some.join(', ')
}

const nouns: Readonly<Record<CategoryKind, string>> = {
  number: 'a number',
  text: 'a text',
  boolean: 'true or false',
}

/** A value of a kind, as messages expect it. */
export function nounOf(kind: CategoryKind): string {
  return nouns[kind]
}

/** The error that a value is which is not of the kind of its column, or no finite number. */
export function notOfKind(place: ErrorPlace, kind: CategoryKind, value: unknown): Error {
  if (isMissing(value))
    return typeError(place, 'a value', `${String(value)}, a missing one`, {
      hint: 'leave it out, or put a value in its place',
    })
  if (kind === 'number' && typeof value === 'number') {
    return rangeError(place, 'a finite number', value)
  }
  return typeError(place, nouns[kind], showValue(value))
}

/** The error that a value is which no column can have. */
export function notAValue(place: ErrorPlace, value: unknown): Error {
  if (isMissing(value)) return notOfKind(place, 'text', value)
  return typeError(place, 'a number, a text, true or false', showValue(value))
}

/** The error that an integer is which may be another one, rounded. */
export function notExact(place: ErrorPlace, value: number): Error {
  return rangeError(
    place,
    'an integer that a number has exactly',
    `${value}, which may be several, rounded`,
    { hint: 'read it as a text' },
  )
}

/** A value, and what can be made of one that no column can have. */
function showValue(value: unknown): string {
  if (isDate(value)) return `a Date; ${OF_DATES}`
  if (typeof value === 'bigint') return `${value}n; Number(value) makes a number of it, String(value) a text`
  if (typeof value === 'object' && value !== null) return `${show(value)}; make a column of each value in it`
  return show(value)
}

/** What a date is good for. */
export const OF_DATES =
  'make numbers of it first, such as the days since the first one, the month or the weekday'
