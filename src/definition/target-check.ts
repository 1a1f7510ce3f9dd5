/** Targets that a loss is defined for. */
import { rangeError } from '../base/argument-error.js'
import { shortestF32, type Floats } from '../base/floats.js'
import { fusedActivation, lossNames, type LossName } from './losses.js'
import { isRow, rowOf, type Matrix } from '../base/samples.js'

/** How far the sum of a row of probabilities may be from 1, because of rounding to f32 or in a file. */
const SUM_TOLERANCE = 1e-3

/**
 * A cross entropy compares probabilities: from 0 to 1 for each output separately; or over all classes, non-negative
 * with the sum 1.
 *
 * @param given the values that the targets were read from, for messages
 * @throws RangeError that names the sample, says what is expected, and what the numbers look like
 */
export function checkTargets(loss: LossName, y: Matrix, given: unknown, name: string): void {
  switch (loss) {
    case 'halfSquared':
    case 'meanAbsolute':
    case 'huber':
      return
    case 'binaryCrossEntropy':
      checkProbabilities(y, given, name)
      return
    case 'categoricalCrossEntropy':
      checkDistributions(y, given, name)
  }
}

/** Whether the loss is defined for the targets of one sample, the first n of these numbers: as checkTargets. */
export function areTargets(loss: LossName, y: Floats, n: number): boolean {
  switch (loss) {
    case 'halfSquared':
    case 'meanAbsolute':
    case 'huber':
      return true
    case 'binaryCrossEntropy':
      for (let j = 0; j < n; ++j) if (!isProbability(y[j])) return false
      return true
    case 'categoricalCrossEntropy':
      return isDistribution(y, 0, n)
  }
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1
}

/** Whether n numbers from `first` on are not negative, and have the sum 1. */
function isDistribution(values: Floats, first: number, n: number): boolean {
  let sum = 0
  for (let i = first; i < first + n; ++i) {
    if (!(values[i] >= 0)) return false
    sum += values[i]
  }
  return Math.abs(sum - 1) <= SUM_TOLERANCE
}

function checkProbabilities(y: Matrix, given: unknown, name: string): void {
  const { values, columns } = y
  for (let i = 0; i < values.length; ++i) {
    if (isProbability(values[i])) continue
    const row = Math.floor(i / columns)
    const flat = columns === 1 ? `${name}[${i}]` : `${name}[${i}], sample ${row},`
    const place = isRow(given) ? flat.replace(/,$/, '') : `${name}[${row}][${i % columns}]`
    const expected = 'a number from 0 to 1, as binaryCrossEntropy compares probabilities'
    throw rangeError(place, expected, asGiven(values[i], values), { hint: probabilityHint(y) })
  }
}

function checkDistributions(y: Matrix, given: unknown, name: string): void {
  const { values, columns, rows } = y
  for (let row = 0; row < rows; ++row) {
    if (isDistribution(values, row * columns, columns)) continue
    const place = isRow(given) ? `${name}, sample ${row}` : `${name}[${row}]`
    const expected = 'numbers >= 0 with the sum 1, the probabilities of the classes'
    const wrong = rowOf(y, row)
    throw rangeError(place, expected, show(wrong), { hint: distributionHint(wrong, y) })
  }
}

/** Numbers of a row that are shown. */
const SHOWN = 8

function show(row: Floats): string {
  const shown = Array.from(row.subarray(0, SHOWN), (value) => asGiven(value, row))
  return `[${shown.join(', ')}${row.length > SHOWN ? ', …' : ''}]`
}

/** A number with the digits it was given with, before it was rounded to f32. */
function asGiven(value: number, values: Floats): number {
  return values instanceof Float32Array ? shortestF32(value) : value
}

/** What numbers that are not probabilities look like, for one or several outputs. */
function probabilityHint({ values, columns }: Matrix): string {
  const known = usualHint(values)
  if (known !== '') return known
  const isCount = values.every((value) => Number.isInteger(value) && value >= 0)
  if (isCount && columns === 1) {
    return 'more than two classes are for as many outputs and the output activation softmax'
  }
  return otherNumbers()
}

function distributionHint(row: Floats, { values }: Matrix): string {
  const isBinary = row.every((value) => value === 0 || value === 1)
  if (isBinary && row.includes(1)) {
    return 'several classes a sample are for the loss binaryCrossEntropy and the output activation sigmoid'
  }
  if (isBinary) return 'a sample of none of the classes needs a class of its own, or is left out'
  const known = usualHint(values)
  if (known !== '') return known
  const isOneClass = row.filter((value) => value !== 0).length === 1 && row.every((value) => value >= 0)
  if (isOneClass) return 'the class of a sample has a 1, all others have a 0'
  return otherNumbers()
}

/** The losses that take any numbers. */
function otherNumbers(): string {
  const names = lossNames.filter((name) => fusedActivation(name) === null)
  return `other numbers are for the loss ${names.slice(0, -1).join(', ')} or ${names[names.length - 1]}`
}

/** Labels encoded in another way than 0 and 1, and shares of another total. */
function usualHint(values: Floats): string {
  const are = (...codes: readonly number[]): boolean => values.every((value) => codes.includes(value))
  if (are(-1, 1)) return '-1 and 1 are 0 and 1 here: (y + 1) / 2'
  if (are(-1, 0, 1)) return 'no is 0 here, not -1, and what is not known is left out'
  if (are(1, 2)) return '1 and 2 are 0 and 1 here: y - 1'
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)]
  if (least < 0) return ''
  if (most === 255) return '0 to 255 are 0 to 1 here: y / 255'
  if (most > 10 && most <= 100) return 'if these are percentages: y / 100'
  return ''
}
