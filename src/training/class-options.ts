/** The options for targets that are classes: classWeights and labelSmoothing. */
import { rangeError, typeError } from '../base/argument-error.js'
import { checkNumber, show } from '../base/check.js'
import { classesOf } from '../base/classes.js'
import { newFloats } from '../base/floats.js'
import type { Matrix } from '../base/samples.js'
import { areClassNumbers, type Targets } from '../base/targets.js'
import type { Spec } from '../definition/spec.js'
import type { SampleSet } from './sample-set.js'
import type { Settings } from './settings.js'

/** Samples as they are trained on: throws as smoothLabels and sampleWeights. */
export function trainedSamples(
  spec: Spec,
  { x, y, weights }: SampleSet,
  { classWeights, labelSmoothing }: Pick<Settings, 'classWeights' | 'labelSmoothing'>,
): SampleSet {
  return { x, y: smoothLabels(y, labelSmoothing), weights: sampleWeights(spec, y, weights, classWeights) }
}

/**
 * Softens targets (Szegedy et al. 2016) of K classes (2 for one column of 0 and 1):
 *
 *     y′ = (1 − ε)·y + ε/K
 *
 * @param y rows of one 1, one column of 0 and 1, or class numbers
 * @param epsilon 0 to 1; 0 returns the same targets
 * @throws RangeError for other targets
 */
export function smoothLabels(y: Matrix, epsilon: number): Matrix
export function smoothLabels(y: Targets, epsilon: number): Targets
export function smoothLabels(y: Targets, epsilon: number): Targets {
  if (epsilon === 0) return y
  if (classesOf(y) === undefined) throw notClasses('labelSmoothing')
  const floor = epsilon / Math.max(2, y.columns)
  if (areClassNumbers(y))
    return { ...y, on: (1 - epsilon) * y.on + floor, off: (1 - epsilon) * y.off + floor }
  return { ...y, values: y.values.map((value) => (1 - epsilon) * value + floor) }
}

/**
 * How often each sample counts; undefined where all count alike. A weight v multiplies the loss and the gradients of
 * its sample:
 *
 *     v[s] = weights[s] · classWeights[class of s]
 *
 * @param y samples × outputs
 * @param weights samples × 1, or undefined
 * @param classWeights one per class (two for one column of 0 and 1); 'balanced' is samples / (classes · samples of the
 * class), counting only the classes that occur, as in scikit-learn; or undefined
 * @returns samples × 1
 * @throws TypeError or RangeError that names the option
 */
export function sampleWeights(
  spec: Spec,
  y: Targets,
  weights: Matrix | undefined,
  classWeights: unknown,
): Matrix | undefined {
  if (classWeights === undefined) return weights
  const classes = classesOf(y)
  if (classes === undefined) throw notClasses('classWeights')
  const count = Math.max(2, y.columns)
  const byClass = classWeights === 'balanced' ? balanced(classes, count) : readList(classWeights, count)
  const values = newFloats(y.rows, spec.precision)
  for (const [s, label] of classes.entries()) values[s] = (weights?.values[s] ?? 1) * byClass[label]
  return { rows: y.rows, columns: 1, values }
}

function notClasses(option: string): RangeError {
  return rangeError(option, 'targets that are classes: rows of one 1, or one column of 0 and 1')
}

function readList(option: unknown, count: number): number[] {
  if (!Array.isArray(option)) {
    throw typeError('classWeights', '"balanced" or an array of numbers', show(option))
  }
  if (option.length !== count) {
    throw rangeError('classWeights', `${count} numbers, one per class`, option.length)
  }
  return option.map((weight: unknown, label) => checkNumber(`classWeights[${label}]`, weight, { min: 0 }))
}

function balanced(classes: readonly number[] | Uint32Array, count: number): number[] {
  const samples = new Array<number>(count).fill(0)
  for (const label of classes) samples[label] += 1
  const present = samples.filter((n) => n > 0).length
  return samples.map((n) => classes.length / (present * n))
}
