/** Infers what a column holds from all its values. */
import { placeText, type Remedy } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show } from '../base/check.js'
import { categoryKinds, type CategoryKind } from './column.js'
import { notAValue, nounOf, OF_DATES } from './messages.js'
import type { Source } from './source.js'
import { isDateText, isNumeral, mayBeNumeral } from './numerals.js'
import { booleanOf, isMissing, kindOfValue } from './values.js'

/** How many values there are, and the row of the first. */
interface Some {
  count: number
  first: number
}

/**
 * Whether a column holds numbers, texts or booleans; booleans may also be the texts that CSV has for them.
 *
 * @param texts columns whose values are all treated as texts
 * @throws TypeError that names row and column, for a missing value or one that no column can hold; RangeError that
 *   names the option to use, for values of several kinds, and for texts most of which are numbers or dates
 */
export function inferKind(source: Source, name: string, texts: ReadonlySet<string>): CategoryKind {
  const declared = source.kind(name)
  const isText = texts.has(name)
  // The reader of the numbers checks each one.
  if (declared === 'number' && !isText) return declared
  const values = source.column(name)
  const found: Record<CategoryKind, Some> = { number: noValues(), text: noValues(), boolean: noValues() }
  const [numerals, dates] = [noValues(), noValues()]
  let spelt = 0
  for (let row = 0; row < source.rows; ++row) {
    const value = values(row)
    const kind = kindOfValue(value)
    if (kind === undefined || isMissing(value)) throw notAValue(source.place(row, name), value)
    addValue(found[kind], row)
    if (typeof value !== 'string' || isText) continue
    if (booleanOf(value) !== undefined) ++spelt
    else if (!mayBeNumeral(value)) continue
    else if (isDateText(value)) addValue(dates, row)
    else if (isNumeral(value)) addValue(numerals, row)
  }
  if (isText) return 'text'
  const { text, boolean } = found
  if (spelt === text.count && spelt + boolean.count === source.rows) return 'boolean'
  const kind = declared ?? mostOf(found)
  checkAlike(source, name, found, kind)
  if (kind !== 'text') return kind
  if (2 * dates.count > source.rows) throw asDates(source, name, values(dates.first), dates.first)
  if (2 * numerals.count > source.rows && declared === undefined) {
    throw asNumerals(source, name, values(numerals.first), numerals)
  }
  return kind
}

function noValues(): Some {
  return { count: 0, first: Infinity }
}

function addValue(some: Some, row: number): void {
  if (some.count++ === 0) some.first = row
}

/** The kind of most values; on a tie, the kind that occurs first. */
function mostOf(found: Readonly<Record<CategoryKind, Some>>): CategoryKind {
  return categoryKinds.reduce((best, kind) => {
    const difference = found[kind].count - found[best].count || found[best].first - found[kind].first
    return difference > 0 ? kind : best
  })
}

/** @throws RangeError that names the first value of another kind */
function checkAlike(
  source: Source,
  name: string,
  found: Readonly<Record<CategoryKind, Some>>,
  kind: CategoryKind,
): void {
  const others = categoryKinds.filter((other) => other !== kind && found[other].count > 0)
  if (others.length === 0) return
  const row = Math.min(...others.map((other) => found[other].first))
  const { count, first } = found[kind]
  const where =
    count === 0
      ? ''
      : count > MAX_NAMED
        ? `, as in ${count} of ${source.rows} rows`
        : ` as in ${placeText(source.place(first))}`
  const value = source.column(name)(row)
  throw remediableError(source.place(row, name), `${nounOf(kind)}${where}`, show(value), [
    asTexts(name, 'takes all for texts'),
  ])
}

/** Above this count, messages give the number of values of a kind; otherwise they name the first one. */
const MAX_NAMED = 10

function asDates(source: Source, name: string, value: unknown, row: number): Error {
  return remediableError(
    source.place(row, name),
    'numbers or categories',
    `${show(value)}, a date or time: ${OF_DATES}`,
    [
      asTexts(name, 'takes each for a category'),
      { option: 'features', column: name, effect: 'can leave the column out' },
    ],
  )
}

function asNumerals(source: Source, name: string, value: unknown, { count, first }: Some): Error {
  return remediableError(
    source.place(first, name),
    'a number',
    `the text ${show(value)}, as in ${count} of ${source.rows} rows: make numbers of them`,
    [asTexts(name, 'takes each for a category')],
  )
}

function asTexts(name: string, effect: string): Remedy {
  return { option: 'texts', value: [name], effect }
}
