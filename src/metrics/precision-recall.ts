import type { Directions } from './direction.js'
import { ratio, weightedMean } from './weights.js'

/**
 * Precision: how many of those predicted are true; recall: how many of the true ones were predicted; F1: their
 * harmonic mean. 0 where it is 0 / 0.
 */
export interface PrecisionRecall<T = number> {
  /** TP / (TP + FP) */
  readonly precision: T
  /** TP / (TP + FN) */
  readonly recall: T
  /** 2·TP / (2·TP + FP + FN) */
  readonly f1: T
}

export const precisionRecallDirections: Directions<PrecisionRecall> = {
  precision: 'more',
  recall: 'more',
  f1: 'more',
}

/** For each index: hits = TP, predicted = TP + FP, actual = TP + FN. */
export function precisionRecalls(
  hits: readonly number[],
  predicted: readonly number[],
  actual: readonly number[],
): PrecisionRecall<readonly number[]> {
  return {
    precision: hits.map((hit, i) => ratio(hit, predicted[i])),
    recall: hits.map((hit, i) => ratio(hit, actual[i])),
    f1: hits.map((hit, i) => ratio(2 * hit, actual[i] + predicted[i])),
  }
}

/** The mean of each of the three metrics, weighted by the shares. */
export function meanPrecisionRecall(
  { precision, recall, f1 }: PrecisionRecall<readonly number[]>,
  shares: readonly number[],
): PrecisionRecall {
  return {
    precision: weightedMean(precision, shares),
    recall: weightedMean(recall, shares),
    f1: weightedMean(f1, shares),
  }
}
