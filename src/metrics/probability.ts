import { log } from '../base/elementary.js'
import type { Scored } from './scored.js'
import { ratio, sum, weightedMean } from './weights.js'

/** Probabilities are clamped to at least this distance from 0 and 1: ε of f64. */
const EPSILON = 2 ** -52

/**
 * −mean ln p of the true class, where p = its score divided by the sum of its row, clamped to ε … 1 − ε; a row with
 * sum 0 has p = 0.
 */
export function logLoss({ truth, scores, weights }: Scored): number {
  const losses = scores.map((row, s) => {
    return surprise(ratio(row[truth[s]], sum(row)))
  })
  return weightedMean(losses, weights)
}

/** mean −ln p(truth) for truths 0 and 1, where p are the probabilities of 1, clamped to ε … 1 − ε. */
export function binaryLogLoss(
  truth: readonly number[],
  probabilities: readonly number[],
  weights: readonly number[],
): number {
  const losses = probabilities.map((p, s) => surprise(truth[s] === 1 ? p : 1 - p))
  return weightedMean(losses, weights)
}

/** −ln p, with p clamped to ε … 1 − ε */
function surprise(p: number): number {
  return -log(Math.min(Math.max(p, EPSILON), 1 - EPSILON))
}

/** mean (p₁ − y₁)² for two classes, mean Σ_c (p_c − y_c)² for more; y is the one-hot truth, p are the raw scores. */
export function brier({ classes, truth, scores, weights }: Scored): number {
  const distances = scores.map((row, s) => {
    const squares = row.map((p, c) => (p - (c === truth[s] ? 1 : 0)) ** 2)
    return classes === 2 ? squares[1] : sum(squares)
  })
  return weightedMean(distances, weights)
}
