import { rangeError, typeError } from '../base/argument-error.js'
import { checkNumber, show } from '../base/check.js'
import { classesOf } from '../base/classes.js'
import { newFloats } from '../base/floats.js'
import { readWeights } from '../metrics/weights.js'
import { readSamples, type Matrix } from '../base/samples.js'
import type { Spec } from '../definition/spec.js'
import type { Targets } from '../base/targets.js'

/**
 * How often samples count, unless all count alike: a sample of weight v has v times its loss and its gradients.
 *
 *     v[s] = weights[s] · classWeights[class of s]
 *
 * @param y samples × outputs
 * @param weights samples × 1, or undefined
 * @param classWeights one per class, two for one column of 0 and 1; 'balanced': samples / (classes · samples of the class), of
 *   the classes that there are, as in scikit-learn; or undefined
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
  if (classes === undefined) {
    throw rangeError('classWeights', 'targets that are classes: rows of one 1, or one column of 0 and 1')
  }
  const count = Math.max(2, y.columns)
  const byClass = classWeights === 'balanced' ? balanced(classes, count) : readList(classWeights, count)
  const values = newFloats(y.rows, spec.precision)
  for (const [s, label] of classes.entries()) values[s] = (weights?.values[s] ?? 1) * byClass[label]
  return { rows: y.rows, columns: 1, values }
}

/**
 * Weights as an engine takes them, samples × 1; undefined where none are given.
 *
 * @throws TypeError or RangeError unless there is a number >= 0 for each sample
 */
export function readWeightColumn(
  { precision }: Spec,
  samples: number,
  weights: unknown,
  name = 'weights',
): Matrix | undefined {
  if (weights === undefined) return undefined
  return readSamples(name, readWeights(weights, samples, name), 1, 'outputs', precision)
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
