/** Classifies single values: numbers, texts, booleans, dates and missing values; what texts look like, in numerals.ts. */
import { tagOf } from '../base/show.js'
import type { CategoryKind } from './column.js'

/** Whether a value is missing: null of JSON, NaN of a table, undefined if a row lacks the column. */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value)
}

/** The kind of a value; undefined for any other type. */
export function kindOfValue(value: unknown): CategoryKind | undefined {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'text'
  return typeof value === 'boolean' ? 'boolean' : undefined
}

/** Reads a boolean, also from the texts that CSV has for them: true, True, TRUE. */
export function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || value.length < 4 || value.length > 5) return undefined
  const text = value.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/** Text pairs that say whether a row has a label. */
const answers = [
  ['no', 'yes'],
  ['n', 'y'],
  ['f', 't'],
  ['off', 'on'],
] as const

const styles = [
  (text: string): string => text,
  (text: string): string => text.toUpperCase(),
  (text: string): string => text[0].toUpperCase() + text.slice(1),
]

/** The pair of texts that contains this one, in its letter case: `Yes` belongs to No and Yes. */
export function answersOf(text: string): readonly [no: string, yes: string] | undefined {
  for (const style of styles) {
    const found = answers.find((pair) => pair.some((each) => style(each) === text))
    if (found !== undefined) return [style(found[0]), style(found[1])]
  }
  return undefined
}

/** Whether a value says that a row has a label: 1 and 0, true and false, yes and no; undefined for any other value. */
export function truthOf(value: unknown): boolean | undefined {
  if (value === 0 || value === 1) return value === 1
  const answer = typeof value === 'string' ? answersOf(value) : undefined
  return answer === undefined ? booleanOf(value) : answer[1] === value
}

/** Whether a value is a Date, from any realm. */
export function isDate(value: unknown): boolean {
  return tagOf(value) === 'Date'
}
