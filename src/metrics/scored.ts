import { rangeError } from '../base/argument-error.js'
import { checkInteger, show } from '../base/check.js'
import { readSamples, type Row, type Samples } from '../base/samples.js'
import { readWeights } from './weights.js'

/** Samples of known class, with a classifier's score for every class. */
export interface Scored {
  /** at least 2 */
  readonly classes: number
  /** samples: the class number, from 0 */
  readonly truth: readonly number[]
  /** samples × classes, higher for the more likely class */
  readonly scores: readonly (readonly number[])[]
  /** samples */
  readonly weights: readonly number[]
}

/**
 * Reads true classes and scores, checking every number.
 *
 * @throws TypeError for anything that is not an array; RangeError for sizes that do not match, classes out of range,
 *   and scores or weights that are not finite
 */
export function readScored(truth: Row, scores: Samples, classes: number, weights?: Row): Scored {
  checkInteger('classes', classes, { min: 2 })
  const { rows: samples, values } = readSamples('scores', scores, classes, 'outputs', 'f64')
  const numbers = readSamples('truth', truth, 1, 'outputs', 'f64')
  if (numbers.rows !== samples) {
    throw rangeError('truth', `${samples} samples as in scores`, numbers.rows)
  }
  const wrong = numbers.values.findIndex((c) => !(Number.isInteger(c) && c >= 0 && c < classes))
  if (wrong >= 0) {
    const expected = `an integer >= 0 and < ${classes}`
    throw rangeError(`truth[${wrong}]`, expected, show(numbers.values[wrong]))
  }
  return {
    classes,
    truth: Array.from(numbers.values),
    scores: Array.from({ length: samples }, (_, s) =>
      Array.from(values.subarray(s * classes, (s + 1) * classes)),
    ),
    weights: readWeights(weights, samples),
  }
}
