import { rangeError } from '../base/argument-error.js'
import { checkInteger } from '../base/check.js'
import { classesOf } from '../base/classes.js'
import type { Floats } from '../base/floats.js'
import type { LossName } from '../definition/losses.js'
import { readSamples, type Matrix, type Row, type Samples } from '../base/samples.js'
import { areClassNumbers, type Targets } from '../base/targets.js'
import { classificationMetrics, type ClassificationMetrics } from './classification.js'
import { multilabelMetrics, type MultilabelMetrics } from './multilabel.js'
import { regressionMetrics, type RegressionMetrics } from './regression.js'

/** Evaluation of a classifier; a single column makes two classes. */
export interface ClassificationEvaluation extends ClassificationMetrics {
  readonly kind: 'classification'
  readonly classes: number
}

/** Evaluation of labels, of which a sample may have any number. */
export interface MultilabelEvaluation extends MultilabelMetrics {
  readonly kind: 'multilabel'
  readonly labels: number
}

/** Evaluation of a regression. */
export interface RegressionEvaluation extends RegressionMetrics {
  readonly kind: 'regression'
}

/** Metrics of classes, labels or a regression, depending on the targets. */
export type Evaluation = ClassificationEvaluation | MultilabelEvaluation | RegressionEvaluation

/**
 * Metrics of the kind that the targets imply:
 *
 *     one column of 0 and 1                     classes 0 and 1; output p gives scores [1 − p, p]: class 1 for p > ½
 *     two or more, each row one 1, the rest 0   the class is the column of the 1, the outputs are its scores
 *     two or more, all 0 or 1, and the loss     labels, of which a sample may have any number
 *       is binaryCrossEntropy
 *     anything else                             a regression
 *
 * @param outputs samples × columns
 * @param targets samples × columns
 * @param columns at least 1
 * @param weights samples; all 1 by default
 * @param loss the loss used in training
 * @throws TypeError for anything that is not an array; RangeError for sizes that do not match, values that are not
 *   finite
 */
export function evaluateOutputs(
  outputs: Samples,
  targets: Samples,
  columns: number,
  weights?: Row,
  loss?: LossName,
): Evaluation {
  checkInteger('columns', columns, { min: 1 })
  const o = readSamples('outputs', outputs, columns, 'outputs', 'f64')
  const y = readSamples('targets', targets, columns, 'outputs', 'f64')
  if (y.rows !== o.rows) {
    throw rangeError('targets', `${o.rows} samples as in outputs`, y.rows)
  }
  const truth = classesOf(y)
  if (truth !== undefined) {
    const scores = columns === 1 ? Array.from(o.values, (p) => [1 - p, p]) : o.values
    const classes = Math.max(2, columns)
    return { kind: 'classification', classes, ...classificationMetrics(truth, scores, classes, weights) }
  }
  if (loss === 'binaryCrossEntropy' && areBits(y)) {
    return { kind: 'multilabel', labels: columns, ...multilabelMetrics(y.values, o.values, columns, weights) }
  }
  return { kind: 'regression', ...regressionMetrics(y.values, o.values, columns, weights) }
}

/** As evaluateOutputs, for targets that have been read: class numbers are used as they are. */
export function evaluateTargets(outputs: Floats, y: Targets, weights?: Row, loss?: LossName): Evaluation {
  const { columns } = y
  if (!areClassNumbers(y)) return evaluateOutputs(outputs, y.values, columns, weights, loss)
  const metrics = classificationMetrics(y.classes, outputs, columns, weights)
  return { kind: 'classification', classes: columns, ...metrics }
}

function areBits({ values }: Matrix): boolean {
  return values.every((value) => value === 0 || value === 1)
}
