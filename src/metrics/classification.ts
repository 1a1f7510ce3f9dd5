import type { Row, Samples } from '../base/samples.js'
import { confusionDirections, confusionMatrix, confusionMetrics, type ConfusionMetrics } from './confusion.js'
import type { Directions } from './direction.js'
import { brier, logLoss } from './probability.js'
import { meanRocAuc } from './roc-auc.js'
import { readScored } from './scored.js'

/** Metrics of a classifier, as scikit-learn defines them; every count is a sum of sample weights. */
export interface ClassificationMetrics extends ConfusionMetrics {
  /**
   * the area under the ROC curve: of class 1 for two classes; for more, the mean over the classes, each against the
   * rest; NaN if some class has no samples, or all of them
   */
  readonly rocAuc: number
  /** −mean ln p(truth), where p are the scores of a sample divided by their sum, clamped to 2⁻⁵² … 1 − 2⁻⁵² */
  readonly logLoss: number
  /** mean (p₁ − y₁)² for two classes, mean Σ_c (p_c − y_c)² for more, where p are the raw scores */
  readonly brier: number
}

export const classificationDirections: Directions<ClassificationMetrics> = {
  ...confusionDirections,
  rocAuc: 'more',
  logLoss: 'less',
  brier: 'less',
}

/**
 * Metrics of scores against true classes. A mean over weights that are all 0 is 0, as is every other 0 / 0, except
 * in rocAuc.
 *
 * @param truth samples: the class number, from 0
 * @param scores samples × classes: probabilities; for everything except logLoss and brier, any score that is higher
 *   for the more likely class
 * @param classes at least 2
 * @param weights samples; all 1 by default
 * @throws TypeError for anything that is not an array; RangeError for sizes that do not match, classes out of range,
 *   scores that are not finite, and weights that are not finite or below 0
 * @see scikit-learn 1.2, sklearn.metrics
 * @example
 * import { classificationMetrics } from 'deltaprop'
 * classificationMetrics([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], 2).confusionMatrix // [[1, 0], [1, 1]]
 */
export function classificationMetrics(
  truth: Row,
  scores: Samples,
  classes: number,
  weights?: Row,
): ClassificationMetrics {
  const scored = readScored(truth, scores, classes, weights)
  return {
    ...confusionMetrics(confusionMatrix(scored)),
    rocAuc: meanRocAuc(scored),
    logLoss: logLoss(scored),
    brier: brier(scored),
  }
}
