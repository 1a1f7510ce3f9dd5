import { checkInteger } from '../base/check.js'
import type { Row, Samples } from '../base/samples.js'
import { readScored } from './scored.js'
import { weightedMean } from './weights.js'

/**
 * The fraction of samples whose class is among the k with the highest scores. Among equal scores the highest class
 * comes first, as in scikit-learn's top_k_accuracy_score, whereas accuracy takes the first class: with ties, the two
 * differ for k = 1.
 *
 * @param k 1 or more; if it is at least the number of classes, the result is 1
 * @param truth samples: the class number, from 0
 * @param scores samples × classes
 * @param classes at least 2
 * @param weights samples; all 1 by default
 * @returns 0 where all weights are 0
 * @throws RangeError or TypeError for a k that is not an integer >= 1, and for anything that readScored rejects
 * @example
 * import { topK } from 'deltaprop'
 * topK(2, [2, 0], [[0.5, 0.2, 0.3], [0.1, 0.6, 0.3]], 3) // 0.5
 */
export function topK(k: number, truth: Row, scores: Samples, classes: number, weights?: Row): number {
  checkInteger('k', k, { min: 1 })
  const read = readScored(truth, scores, classes, weights)
  const hits = read.scores.map((row, s) => {
    const label = read.truth[s]
    const before = row.filter((score, c) => score > row[label] || (score === row[label] && c > label))
    return before.length < k ? 1 : 0
  })
  return weightedMean(hits, read.weights)
}
