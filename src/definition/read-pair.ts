/** Reads the inputs and targets that a network is given. */
import { amended, argumentError, rangeError, typeError } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import type { Architecture } from './architecture.js'
import { show } from '../base/check.js'
import { hintFor } from '../base/sample-hints.js'
import { isRow, readSamples, type Matrix, type Row } from '../base/samples.js'
import { checkTargets } from './target-check.js'
import type { ClassNumbers, Targets } from '../base/targets.js'

/**
 * The inputs and targets of a network: checked as by readSamples, equal in number, with targets that the loss is
 * defined for. With a softmax at the output, targets may be class numbers, one for each sample.
 */
export function readPair(spec: Architecture, x: unknown, y: unknown, path = ''): [Matrix, Targets] {
  try {
    return readBoth(spec, x, y, path)
  } catch (error) {
    if (error instanceof RangeError && areSwapped(spec, x, y)) throw swapped(error)
    throw error
  }
}

/** The same error with a note that x and y may have been swapped. */
function swapped(error: RangeError): unknown {
  const also = 'the other way round, x and y would fit'
  return amended(error, ({ hint }) => ({ hint: hint === undefined ? also : `${hint}; ${also}` }))
}

/** Whether x and y could be read if they were swapped. */
function areSwapped(spec: Architecture, x: unknown, y: unknown): boolean {
  if (spec.inputs === spec.layers[spec.layers.length - 1].units) return false
  try {
    readBoth(spec, y, x, '')
    return true
  } catch {
    return false
  }
}

function readBoth(spec: Architecture, x: unknown, y: unknown, path: string): [Matrix, Targets] {
  const { inputs, layers, precision, loss } = spec
  const { units } = layers[layers.length - 1]
  // The shortest way for a single output: training on one sample may take only a third of a microsecond.
  if (units > 1) return readWide(spec, x, y, units, path)
  const pair: [Matrix, Matrix] = [
    readSamples(`${path}x`, x, inputs, 'inputs', precision),
    readSamples(`${path}y`, y, 1, 'outputs', precision),
  ]
  const [{ rows }, targets] = pair
  if (rows !== targets.rows) throw notAsMany(`${path}y`, rows, targets)
  if (loss === 'binaryCrossEntropy') checkTargets(loss, targets, y, `${path}y`)
  return pair
}

function readWide(
  spec: Architecture,
  x: unknown,
  y: unknown,
  units: number,
  path: string,
): [Matrix, Targets] {
  const { inputs, layers, precision, loss } = spec
  const samples = readSamples(`${path}x`, x, inputs, 'inputs', precision)
  const { rows } = samples
  const hasSoftmax = layers[layers.length - 1].activation.type === 'softmax'
  const labels = readClassNumbers(`${path}y`, y, rows, units, hasSoftmax)
  if (labels !== undefined) return [samples, labels]
  const targets = readSamples(`${path}y`, y, units, 'outputs', precision)
  if (rows !== targets.rows) throw notAsMany(`${path}y`, rows, targets)
  checkTargets(loss, targets, y, `${path}y`)
  return [samples, targets]
}

function notAsMany(name: string, rows: number, targets: Matrix): RangeError {
  return rangeError(name, `${rows} samples as in x`, targets.rows)
}

/** Whether y has one number per sample, flat or in rows of one; x determines the number of samples. */
function isOneEach(y: unknown, rows: number): y is Row | readonly Row[] {
  if (isRow(y)) return y.length === rows
  if (!Array.isArray(y)) return false
  const first: unknown = y[0]
  return isRow(first) && first.length === 1
}

/**
 * The class numbers, if the targets are class numbers.
 *
 * @param classes the number of outputs, at least 2
 * @param hasSoftmax whether the network takes them
 * @throws TypeError or RangeError for a value that is not a class number, and for numbers that fit neither the classes
 *   nor the outputs
 */
function readClassNumbers(
  name: string,
  y: unknown,
  rows: number,
  classes: number,
  hasSoftmax: boolean,
): ClassNumbers | undefined {
  if (!isOneEach(y, rows)) {
    checkCount(name, y, rows, classes, hasSoftmax)
    return undefined
  }
  if (!hasSoftmax) throw withoutSoftmax(name, y, rows, classes)
  if (y.length !== rows) throw rangeError(name, `${rows} samples as in x`, y.length)
  return readClasses(name, y, classes)
}

/**
 * The number of a class for each sample.
 *
 * @param y one number a sample, flat or in rows of one
 * @throws TypeError or RangeError that names the first value that is not a class number
 */
function readClasses(name: string, y: Row | readonly Row[], classes: number): ClassNumbers {
  const numbers = new Uint32Array(y.length)
  const isFlat = isRow(y)
  for (let i = 0; i < numbers.length; ++i) {
    const value: unknown = isFlat ? y[i] : numberOf(name, y, i)
    if (typeof value !== 'number' || !(Number.isInteger(value) && value >= 0 && value < classes)) {
      throw notAClass(isFlat ? `${name}[${i}]` : `${name}[${i}][0]`, value, y, classes)
    }
    numbers[i] = value
  }
  return { rows: numbers.length, columns: classes, classes: numbers, on: 1, off: 0 }
}

/** The only number of a row. */
function numberOf(name: string, rows: readonly Row[], i: number): unknown {
  const row: unknown = rows[i]
  if (!isRow(row)) throw typeError(`${name}[${i}]`, 'a row of numbers', show(row))
  if (row.length === 1) return row[0]
  throw rangeError(`${name}[${i}]`, `1 value, the number of a class, as in ${name}[0]`, row.length)
}

function notAClass(place: string, value: unknown, y: Row | readonly Row[], classes: number): Error {
  const Kind = typeof value === 'number' ? RangeError : TypeError
  const hint =
    value === classes && lowest(y) === 1
      ? 'classes are counted from 0, and these from 1'
      : hintFor(value, true)
  const expected = `an integer >= 0 and < ${classes}, the number of a class`
  return argumentError<Error>(Kind, place, expected, show(value), { hint })
}

function lowest(y: Row | readonly Row[]): number {
  let least = Infinity
  for (const entry of y) least = Math.min(least, typeof entry === 'number' ? entry : entry[0])
  return least
}

/** @throws RangeError unless flat numbers are as many as the outputs or, after a softmax, as many as the samples */
function checkCount(name: string, y: unknown, rows: number, outputs: number, hasSoftmax: boolean): void {
  if (!hasSoftmax || !isRow(y) || y.length === 0 || y.length === rows * outputs) return
  const classes = `the numbers of ${rows} classes, samples as in x`
  throw rangeError(name, `${rows} × ${outputs} values (outputs) or ${classes}`, y.length)
}

/** One number per sample for several outputs: they may be classes, for which the network would need a softmax. */
function withoutSoftmax(name: string, y: Row | readonly Row[], rows: number, outputs: number): RangeError {
  const expected = `${rows} × ${outputs} values (outputs)`
  try {
    readClasses(name, y, outputs)
  } catch {
    return rangeError(name, expected, y.length, { hint: hintFor(isRow(y) ? y[0] : y[0][0], true) })
  }
  const effect = 'takes them for the numbers of classes'
  return remediableError(name, expected, `${y.length}, one for each sample`, [
    { option: 'activation', value: { output: 'softmax' }, effect },
  ])
}
