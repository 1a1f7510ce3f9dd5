import { predictedClass } from '../base/classes.js'
import type { Directions } from './direction.js'
import { meanPrecisionRecall, precisionRecalls, type PrecisionRecall } from './precision-recall.js'
import type { Scored } from './scored.js'
import { ratio, sum } from './weights.js'

/** Metrics derived from the confusion matrix. */
export interface ConfusionMetrics {
  /**
   * Σₛ wₛ·[the highest score is that of the true class] / Σₛ wₛ; among equal scores the first counts as the highest
   */
  readonly accuracy: number
  /**
   * classes × classes, row true, column predicted: Σ of the weights of the samples of one class that were predicted
   * to be of the other
   */
  readonly confusionMatrix: readonly (readonly number[])[]
  /** one number per class; 0 for a class that does not occur */
  readonly perClass: PrecisionRecall<readonly number[]>
  /** means over the classes that occur, in truth or prediction, with a weight above 0 */
  readonly macro: PrecisionRecall
  /** from TP, FP and FN summed over the classes: all three equal the accuracy */
  readonly micro: PrecisionRecall
  /** means over the classes, weighted by how often they are the truth */
  readonly weighted: PrecisionRecall
  /**
   * Cohen’s κ = (accuracy − e) / (1 − e), where e is the accuracy expected by chance; 0 if truth and prediction are
   * all one class
   */
  readonly kappa: number
  /** Matthews’ correlation of truth and prediction, for any number of classes; 0 if either is one class throughout */
  readonly matthews: number
}

export const confusionDirections: Directions<ConfusionMetrics> = {
  accuracy: 'more',
  kappa: 'more',
  matthews: 'more',
}

/** classes × classes: row truth, column prediction; the prediction is the first class with the highest score. */
export function confusionMatrix({ classes, truth, scores, weights }: Scored): number[][] {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [s, row] of scores.entries()) {
    confusion[truth[s]][predictedClass(row)] += weights[s]
  }
  return confusion
}

/**
 * With n = Σ of the matrix C, tᵢ = Σⱼ Cᵢⱼ, pⱼ = Σᵢ Cᵢⱼ:
 *
 *     κ   = (n·Σᵢ Cᵢᵢ − Σᵢ tᵢ·pᵢ) / (n² − Σᵢ tᵢ·pᵢ)
 *     MCC = (n·Σᵢ Cᵢᵢ − Σᵢ tᵢ·pᵢ) / √((n² − Σᵢ tᵢ²)·(n² − Σᵢ pᵢ²))
 *
 * where n² − Σᵢ xᵢ·yᵢ is computed as Σᵢ xᵢ·(n − yᵢ), which rounding never makes negative.
 */
export function confusionMetrics(confusion: readonly (readonly number[])[]): ConfusionMetrics {
  const n = sum(confusion.flat())
  const hits = confusion.map((row, c) => row[c])
  const actual = confusion.map((row) => sum(row))
  const predicted = confusion.map((_, c) => sum(confusion.map((row) => row[c])))
  const perClass = precisionRecalls(hits, predicted, actual)
  const occurs = actual.map((count, c) => (count + predicted[c] > 0 ? 1 : 0))
  const accuracy = ratio(sum(hits), n)
  const beyondChance = sum(hits.map((hit, c) => n * hit - actual[c] * predicted[c]))
  const different = (x: readonly number[], y: readonly number[]): number =>
    sum(x.map((count, c) => count * (n - y[c])))
  const spread = Math.sqrt(different(actual, actual) * different(predicted, predicted))
  return {
    accuracy,
    confusionMatrix: confusion,
    perClass,
    macro: meanPrecisionRecall(perClass, occurs),
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    weighted: meanPrecisionRecall(perClass, actual),
    kappa: ratio(beyondChance, different(actual, predicted)),
    matthews: ratio(beyondChance, spread),
  }
}
