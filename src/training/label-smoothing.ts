import { rangeError } from '../base/argument-error.js'
import { classesOf } from '../base/classes.js'
import type { Matrix } from '../base/samples.js'
import { areClassNumbers, type Targets } from '../base/targets.js'

/**
 * Targets that are less sure of their class (Szegedy et al. 2016), K of them, or 2 for one column of 0 and 1:
 *
 *     y′ = (1 − ε)·y + ε/K
 *
 * @param y targets that are classes: rows of one 1, one column of 0 and 1, or the numbers of classes
 * @param epsilon 0 to 1; for 0 the targets come back as they are
 * @throws RangeError for other targets
 */
export function smoothLabels(y: Matrix, epsilon: number): Matrix
export function smoothLabels(y: Targets, epsilon: number): Targets
export function smoothLabels(y: Targets, epsilon: number): Targets {
  if (epsilon === 0) return y
  if (classesOf(y) === undefined) {
    throw rangeError('labelSmoothing', 'targets that are classes: rows of one 1, or one column of 0 and 1')
  }
  const floor = epsilon / Math.max(2, y.columns)
  if (areClassNumbers(y))
    return { ...y, on: (1 - epsilon) * y.on + floor, off: (1 - epsilon) * y.off + floor }
  return { ...y, values: y.values.map((value) => (1 - epsilon) * value + floor) }
}
