/** The classes of targets: of a single column that holds class indices, and those with too few rows. */
import { rangeError } from '../base/argument-error.js'
import { show, showName } from '../base/check.js'
import type { Network } from '../index.js'
import type { Matrix } from '../base/samples.js'
import type { ClassNumbers } from '../base/targets.js'

/** Whether a network accepts class indices as targets. */
export function hasSoftmax({ layers }: Network): boolean {
  return layers[layers.length - 1].activation === 'softmax'
}

/** Whether the short form's option `activation` asks for a softmax output. Network reports anything wrong with it. */
export function requestsSoftmax(activation: unknown): boolean {
  const isByPosition = typeof activation === 'object' && activation !== null && 'output' in activation
  const output: unknown = isByPosition ? activation.output : activation
  if (typeof output === 'object' && output !== null) return 'type' in output && output.type === 'softmax'
  return output === 'softmax'
}

/**
 * Reads targets as class indices; the highest index determines the number of classes.
 *
 * @param y samples × 1
 * @throws RangeError that names the first value that is not a class index, or says that all samples are of one class
 */
export function classLabels(y: Matrix): ClassNumbers {
  const { rows, values } = y
  const wrong = values.findIndex((value) => !isNumberOfClass(value))
  if (wrong >= 0) {
    const expected = 'an integer >= 0, the number of a class, as there is a softmax'
    throw rangeError(`y[${wrong}]`, expected, show(values[wrong]))
  }
  const classes = Uint32Array.from(values)
  const columns = highest(classes) + 1
  if (columns > 1) return { rows, columns, classes, on: 1, off: 0 }
  throw rangeError('y', 'the numbers of at least 2 classes', '0 alone')
}

/**
 * The same for targets not declared as classes: one column of integers that includes every integer from 0 to the
 * highest, with at most half as many classes as samples. Undefined for others.
 */
export function likelyLabels(y: Matrix): ClassNumbers | undefined {
  const { rows, columns, values } = y
  if (columns > 1 || !values.every((value) => isNumberOfClass(value) && value < rows / 2)) return undefined
  const occurring = new Set(values)
  const classes = Uint32Array.from(values)
  const count = highest(classes) + 1
  if (count < 2 || count > rows / 2 || occurring.size < count) return undefined
  return { rows, columns: count, classes, on: 1, off: 0 }
}

/** A class, and the number of its rows. */
export interface ClassRows {
  readonly name: string
  readonly rows: number
}

/** Notes on classes with too few rows for every fold, or for both sides of a division, to have one. */
export function classNotes(
  { classes = [] }: { readonly classes?: readonly ClassRows[] },
  folds: number,
): string[] {
  return classes.flatMap(({ name, rows }) => {
    if (rows >= Math.max(2, folds)) return []
    const count = rows === 1 ? '1 row' : `${rows} rows`
    const why = folds > 1 ? `fewer than the ${folds} folds` : 'too few to train with and to be judged by'
    return [`class ${showName(name)} has ${count}, ${why}`]
  })
}

function isNumberOfClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < 2 ** 31
}

function highest(classes: Uint32Array): number {
  return classes.reduce((most, label) => Math.max(most, label), 0)
}
