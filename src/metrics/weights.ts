import { rangeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import { readSamples } from '../base/samples.js'

/**
 * One weight per sample, all 1 by default.
 *
 * @throws TypeError for anything that is not an array; RangeError for a different number of weights, and for weights
 *   that are not finite or below 0
 */
export function readWeights(weights: unknown, samples: number, name = 'weights'): readonly number[] {
  if (weights === undefined) return new Array<number>(samples).fill(1)
  const { rows, values } = readSamples(name, weights, 1, 'outputs', 'f64')
  if (rows !== samples) throw rangeError(name, `${samples} samples`, rows)
  const wrong = values.findIndex((weight) => weight < 0)
  if (wrong >= 0) throw rangeError(`${name}[${wrong}]`, 'a number >= 0', show(values[wrong]))
  return Array.from(values)
}

/** Σ values */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** numerator / denominator; 0 where the denominator is 0 */
export function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator
}

/** Σ wₛ·vₛ / Σ wₛ; 0 where all weights are 0 */
export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return ratio(sum(values.map((value, s) => weights[s] * value)), sum(weights))
}
