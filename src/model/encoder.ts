import { rangeError, type ErrorPlace } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show, showName } from '../base/check.js'
import { newFloats, numberBytes, type Floats, type Precision } from '../base/floats.js'
import { suggestion } from '../base/suggest.js'
import {
  affineOf,
  isCategorical,
  isLabel,
  widthOf,
  type CategoryColumn,
  type LabelColumn,
  type ModelColumn,
  type Unknown,
} from './column.js'
import { textOf } from './learn-column.js'
import { notOfKind, showNames } from './messages.js'
import type { Source } from './source.js'
import { booleanOf, isMissing, kindOfValue, truthOf } from './values.js'

/** Encodes the values of one column as numbers for the network. */
export interface Encoder {
  readonly name: string
  readonly width: number
  /** Writes the numbers of one value into zeroed memory; returns false if the value cannot be encoded. */
  write(x: Floats, at: number, value: unknown): boolean
  /** The error to throw for a value that `write` rejects. */
  error(place: ErrorPlace, value: unknown): Error
}

/** @param unknown undefined for a target, whose categories are all known */
export function encoderOf(column: ModelColumn, unknown: Unknown | undefined): Encoder {
  const { name } = column
  const width = widthOf(column)
  if (isCategorical(column)) return { name, width, ...oneHot(column, unknown) }
  if (isLabel(column)) return { name, width, ...zeroOrOne(column) }
  const { offset, factor } = affineOf(column)
  return {
    name,
    width,
    write(x, at, value) {
      if (typeof value !== 'number') return false
      x[at] = (value - offset) / factor
      return Number.isFinite(x[at])
    },
    error(place, value) {
      if (!Number.isFinite(value)) return notOfKind(place, 'number', value)
      return rangeError(place, 'a number that is finite when scaled', show(value))
    },
  }
}

function oneHot(column: CategoryColumn, unknown: Unknown | undefined): Pick<Encoder, 'write' | 'error'> {
  const { kind, categories } = column
  const indexOf = indicesOf(column)
  return {
    write(x, at, value) {
      const index = indexOf(value)
      if (index === undefined) return unknown === 'zeros' && kindOfValue(value) === kind && !isMissing(value)
      x[at + index] = 1
      return true
    },
    error(place, value) {
      if (kindOfValue(value) !== kind || isMissing(value)) return notOfKind(place, kind, value)
      const hint = suggestion(value, categories.map(String))
      const expected = `one of ${showNames(categories)}`
      if (unknown === undefined || hint !== '') return rangeError(place, expected, show(value), { hint })
      const effect = 'in training takes it for none of them'
      return remediableError(place, expected, show(value), [{ option: 'unknown', value: 'zeros', effect }])
    },
  }
}

/**
 * Maps a value to the index of its category: by equality; for booleans in any spelling; for text categories, a number
 * by its decimal text.
 */
function indicesOf({ kind, categories }: CategoryColumn): (value: unknown) => number | undefined {
  const indices = new Map<unknown, number>(categories.map((category, i) => [category, i]))
  if (kind === 'number') return (value) => indices.get(value)
  const truths = new Map<boolean, number>()
  for (const truth of [false, true]) {
    const spelt = categories.filter((category) => booleanOf(category) === truth)
    const index = indices.get(spelt[0])
    // If True and TRUE are separate categories, a boolean true matches neither.
    if (spelt.length === 1 && index !== undefined) truths.set(truth, index)
  }
  return (value) => {
    const index = indices.get(typeof value === 'number' ? textOf(value) : value)
    if (index !== undefined) return index
    const truth = booleanOf(value)
    return truth === undefined ? undefined : truths.get(truth)
  }
}

function zeroOrOne({ labels }: LabelColumn): Pick<Encoder, 'write' | 'error'> {
  return {
    write(x, at, value) {
      const truth = truthOf(value)
      x[at] = truth === true ? 1 : 0
      return truth !== undefined
    },
    error(place, value) {
      if (isMissing(value)) return notOfKind(place, 'number', value)
      return rangeError(place, `one of ${showNames(labels)}`, show(value))
    },
  }
}

/**
 * Encodes all rows, row-major.
 *
 * @param name of the data, for messages
 * @param missing the substitute for a missing value; undefined to throw an error
 * @throws TypeError or RangeError that names row and column
 */
export function encode(
  name: string,
  source: Source,
  encoders: readonly Encoder[],
  missing: 0 | undefined,
  precision: Precision,
): Floats {
  const width = encoders.reduce((sum, encoder) => sum + encoder.width, 0)
  const x = allocate(name, source.rows, width, precision)
  let first = 0
  for (const encoder of encoders) {
    if (missing === undefined) checkHas(name, source, encoder.name)
    const values = source.column(encoder.name)
    for (let row = 0, at = first; row < source.rows; ++row, at += width) {
      const given = values(row)
      const value = given === undefined ? missing : given
      if (!encoder.write(x, at, value)) throw encoder.error(source.place(row, encoder.name), value)
    }
    first += encoder.width
  }
  return x
}

/** @throws RangeError unless the data has this column */
export function checkHas(name: string, source: Source, column: string): void {
  if (!source.has(column)) throw rangeError(name, `a column ${showName(column)}`)
}

function allocate(name: string, rows: number, width: number, precision: Precision): Floats {
  try {
    return newFloats(rows * width, precision)
  } catch (cause) {
    const bytes = rows * width * numberBytes(precision)
    throw rangeError(name, `fewer rows, ${rows} × ${width} numbers take ${bytes} bytes`, undefined, { cause })
  }
}
