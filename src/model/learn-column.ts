import { rangeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import { isConstant } from '../base/floats.js'
import type { Category, CategoryColumn, CategoryKind, LabelColumn, Scale, ScaledColumn } from './column.js'
import { notExact, notOfKind } from './messages.js'
import type { Source } from './source.js'
import { answersOf, booleanOf, isMissing, truthOf } from './values.js'

/**
 * @param missing the substitute for a missing value; an error unless given
 * @throws TypeError or RangeError that names row and column, unless all values are finite numbers
 */
export function readNumberColumn(source: Source, name: string, missing?: 0): Float64Array {
  const values = source.column(name)
  const numbers = new Float64Array(source.rows)
  for (let row = 0; row < source.rows; ++row) {
    const given = values(row)
    const value = given === undefined ? missing : given
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw notOfKind(source.place(row, name), 'number', value)
    numbers[row] = value
  }
  return numbers
}

/** The weight of each row. @throws TypeError or RangeError that names row and column, unless all are numbers >= 0 */
export function readRowWeights(source: Source, name: string): Float64Array {
  const weights = readNumberColumn(source, name)
  const row = weights.findIndex((weight) => weight < 0)
  if (row < 0) return weights
  throw rangeError(source.place(row, name), 'a number >= 0, how often the row counts', weights[row])
}

/**
 * Fits the scaling of a column. Sums are taken in row order:
 *
 *     mean = Σ v / n        deviation = √(Σ (v − mean)² / n)
 *
 * @throws RangeError if the numbers are too large for these to be finite
 */
export function learnScale(name: string, values: Float64Array, scale: Scale): ScaledColumn {
  if (scale === 'none') return { name, kind: 'number', scale }
  let [min, max, sum] = [Infinity, -Infinity, 0]
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
    sum += value
  }
  const isFlat = isConstant(min, max)
  if (scale === 'minMax') {
    checkFiniteStatistic(name, 'a range', max - min)
    return { name, kind: 'number', scale, min: min + 0, max: (isFlat ? min : max) + 0 }
  }
  const mean = isFlat ? min : sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const deviation = Math.sqrt(squares / values.length)
  checkFiniteStatistic(name, 'a mean and a deviation', mean + deviation)
  // + 0 turns −0 into 0: JSON writes zero without a sign.
  return {
    name,
    kind: 'number',
    scale,
    mean: mean + 0,
    deviation: !isFlat && deviation > 0 ? deviation : 1,
  }
}

function checkFiniteStatistic(name: string, what: string, value: number): void {
  if (Number.isFinite(value)) return
  throw rangeError({ column: name }, `numbers with ${what} that are finite`)
}

/**
 * The categories of a column. In a text column, a number is converted to its decimal text.
 *
 * @throws TypeError or RangeError that names row and column, for a value of another kind or one category too many
 */
export function learnCategories(
  source: Source,
  name: string,
  kind: CategoryKind,
  maxCategories: number,
): CategoryColumn {
  const values = source.column(name)
  const known = new Set<Category>()
  for (let row = 0; row < source.rows; ++row) {
    const value = values(row)
    const category = categoryOf(kind, value)
    if (category === undefined) throw notOfKind(source.place(row, name), kind, value)
    if (typeof value === 'number' && !isExact(value)) throw notExact(source.place(row, name), value)
    known.add(category)
    if (known.size > maxCategories) {
      throw rangeError({ column: name }, `at most ${maxCategories} categories (maxCategories)`, 'more')
    }
  }
  const categories = Array.from(known).sort((one, other) => (one < other ? -1 : 1))
  return { name, kind, categories }
}

/** Converts a value to a category; undefined if it is not of this kind. */
function categoryOf(kind: CategoryKind, value: unknown): Category | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : textOf(value)
    case 'number':
      return Number.isFinite(value) ? (value as number) + 0 : undefined
    case 'boolean':
      return booleanOf(value)
  }
}

/** The text of a number or boolean in a text column. */
export function textOf(value: unknown): string | undefined {
  return Number.isFinite(value) || typeof value === 'boolean' ? String(value) : undefined
}

/** False for an integer so large that it may be another one, rounded. */
function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}

/**
 * A column that says whether each row has a label: 0 and 1, true and false, or texts such as no and yes.
 *
 * @throws RangeError that names row and column, for any other value
 */
export function learnLabel(source: Source, name: string, kind: CategoryKind): LabelColumn {
  const values = source.column(name)
  const labels = labelsOf(kind, values(0))
  for (let row = 0; row < source.rows; ++row) {
    const value = values(row)
    const isOne = kind === 'text' ? labels.some((label) => label === value) : truthOf(value) !== undefined
    if (isOne) continue
    if (isMissing(value)) throw notOfKind(source.place(row, name), kind, value)
    const expected = kind === 'text' ? 'yes or no, or such a pair' : '0 or 1'
    throw rangeError(source.place(row, name), `${expected}, for a label`, show(value))
  }
  return { name, kind: 'label', labels }
}

function labelsOf(kind: CategoryKind, first: unknown): LabelColumn['labels'] {
  switch (kind) {
    case 'number':
      return [0, 1]
    case 'boolean':
      return [false, true]
    case 'text':
      return (typeof first === 'string' ? answersOf(first) : undefined) ?? ['no', 'yes']
  }
}
