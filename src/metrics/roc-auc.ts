import type { Scored } from './scored.js'
import { sum } from './weights.js'

/**
 * The area under the ROC curve: the probability that a positive scores higher than a negative, ties counting half,
 *
 *     Σ⁺ Σ⁻ w⁺·w⁻·([s⁺ > s⁻] + ½[s⁺ = s⁻]) / (Σ⁺ w⁺ · Σ⁻ w⁻)
 *
 * @param isPositive samples
 * @param scores samples
 * @param weights samples
 * @returns NaN if the positives or the negatives have no weight
 */
export function rocAuc(
  isPositive: readonly boolean[],
  scores: readonly number[],
  weights: readonly number[],
): number {
  const order = scores.map((_, s) => s).sort((s, other) => scores[s] - scores[other])
  let [positives, negatives, area] = [0, 0, 0]
  for (let first = 0, end = 0; first < order.length; first = end) {
    // Groups equal scores: each positive ranks above the earlier negatives, and ties with those of equal score.
    let [positive, negative] = [0, 0]
    do {
      const s = order[end]
      if (isPositive[s]) positive += weights[s]
      else negative += weights[s]
      ++end
    } while (end < order.length && scores[order[end]] === scores[order[first]])
    area += positive * (negatives + negative / 2)
    positives += positive
    negatives += negative
  }
  return area / (positives * negatives)
}

/** The AUC of class 1 for two classes; for more, the mean over the classes, each against the rest. */
export function meanRocAuc({ classes, truth, scores, weights }: Scored): number {
  const areaOf = (c: number): number =>
    rocAuc(
      truth.map((label) => label === c),
      scores.map((row) => row[c]),
      weights,
    )
  if (classes === 2) return areaOf(1)
  return sum(Array.from({ length: classes }, (_, c) => areaOf(c))) / classes
}
