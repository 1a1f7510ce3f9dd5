import { show, showName } from '../check.js'
import type { Category, CategoryColumn, Scale, ScaledColumn } from './column.js'
import { notOfKind } from './messages.js'
import type { Source } from './source.js'

/** Whether a column has numbers or texts, which its first value tells. */
export function kindOf(source: Source, name: string): 'number' | 'text' {
  const value = source.column(name)(0)
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'text'
  throw new TypeError(`${source.place(0, name)}: expected a number or a text, got ${show(value)}`)
}

/**
 * @param missing what stands for a value that is not there; an error unless given
 * @throws TypeError or RangeError that names row and column, unless all values are finite numbers
 */
export function readNumbers(source: Source, name: string, missing?: 0): Float64Array {
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

/**
 * How numbers are scaled. Sums are taken in the order of the rows:
 *
 *     mean = Σ v / n        deviation = √(Σ (v − mean)² / n)
 *
 * @throws RangeError if they are so large that these are not finite
 */
export function learnScale(name: string, values: Float64Array, scale: Scale): ScaledColumn {
  if (scale === 'none') return { name, kind: 'number', scale }
  let [min, max, sum] = [Infinity, -Infinity, 0]
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
    sum += value
  }
  if (scale === 'minMax') {
    checkFinite(name, 'a range', max - min)
    return { name, kind: 'number', scale, min: min + 0, max: max + 0 }
  }
  const mean = min === max ? min : sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const deviation = Math.sqrt(squares / values.length)
  checkFinite(name, 'a mean and a deviation', mean + deviation)
  // + 0: the zero of JSON has no sign.
  return { name, kind: 'number', scale, mean: mean + 0, deviation: deviation > 0 ? deviation : 1 }
}

function checkFinite(name: string, what: string, value: number): void {
  if (Number.isFinite(value)) return
  throw new RangeError(`column ${showName(name)}: expected numbers with ${what} that are finite`)
}

/**
 * The categories of a column.
 *
 * @throws TypeError or RangeError that names row and column, for a value of another kind or one category too many
 */
export function learnCategories(
  source: Source,
  name: string,
  kind: 'number' | 'text',
  maxCategories: number,
): CategoryColumn {
  const values = source.column(name)
  const known = new Set<Category>()
  for (let row = 0; row < source.rows; ++row) {
    const value = values(row)
    const category = kind === 'text' ? asText(value) : asNumber(value)
    if (category === undefined) throw notOfKind(source.place(row, name), kind, value)
    known.add(category)
    if (known.size > maxCategories) {
      throw new RangeError(
        `column ${showName(name)}: expected at most ${maxCategories} categories (maxCategories), got more`,
      )
    }
  }
  const categories = Array.from(known).sort((one, other) => (one < other ? -1 : 1))
  return { name, kind, categories }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined
}
