import { rangeError } from '../base/argument-error.js'
import { checkInteger } from '../base/check.js'
import { isConstant } from '../base/floats.js'
import { columnOf, readSamples, type Row, type Samples } from '../base/samples.js'
import type { Directions } from './direction.js'
import { readWeights, sum, weightedMean } from './weights.js'

/** Metrics per output, or overall. */
export interface OutputMetrics<T = number> {
  /** mean (y − o)² */
  readonly meanSquared: T
  /** √meanSquared, also for several outputs together */
  readonly rootMeanSquared: T
  /** mean |y − o| */
  readonly meanAbsolute: T
  /** 1 − Σ (y − o)² / Σ (y − mean y)²; where y is constant up to rounding, 1 if there is no error, else 0 */
  readonly r2: T
}

/** Metrics of a regression, as scikit-learn defines them; with several outputs, each is the mean over the outputs. */
export interface RegressionMetrics extends OutputMetrics {
  /**
   * the mean of r2 over the outputs, weighted by the variance of y: constant outputs do not count unless all are
   * constant
   */
  readonly r2VarianceWeighted: number
  /** one number per output */
  readonly perOutput: OutputMetrics<readonly number[]>
}

export const regressionDirections: Directions<RegressionMetrics> = {
  meanSquared: 'less',
  rootMeanSquared: 'less',
  meanAbsolute: 'less',
  r2: 'more',
  r2VarianceWeighted: 'more',
}

/**
 * Metrics of predictions against true values. The weights wₛ apply in every sum over samples, and Σ w replaces the
 * number of samples. Where all weights are 0, the means are 0, and r2 is 1.
 *
 * @param truth samples × outputs: y
 * @param predicted samples × outputs: o
 * @param outputs at least 1
 * @param weights samples; all 1 by default
 * @throws TypeError for anything that is not an array; RangeError for sizes that do not match, values that are not
 *   finite, and weights that are not finite or below 0
 * @see scikit-learn 1.2, sklearn.metrics; multioutput='uniform_average', except for perOutput and r2VarianceWeighted
 * @example
 * import { regressionMetrics } from 'deltaprop'
 * regressionMetrics([1, 2, 3], [1, 2, 5], 1).meanAbsolute // 2/3
 */
export function regressionMetrics(
  truth: Samples,
  predicted: Samples,
  outputs: number,
  weights?: Row,
): RegressionMetrics {
  checkInteger('outputs', outputs, { min: 1 })
  const y = readSamples('truth', truth, outputs, 'outputs', 'f64')
  const o = readSamples('predicted', predicted, outputs, 'outputs', 'f64')
  if (o.rows !== y.rows) {
    throw rangeError('predicted', `${y.rows} samples as in truth`, o.rows)
  }
  const w = readWeights(weights, y.rows)
  const each = Array.from({ length: outputs }, (_, j) => ofOutput(columnOf(y, j), columnOf(o, j), w))
  const meanSquareds = each.map(({ meanSquared }) => meanSquared)
  const meanAbsolutes = each.map(({ meanAbsolute }) => meanAbsolute)
  const r2s = each.map(({ r2 }) => r2)
  const varying = each.filter(({ variance }) => variance > 0)
  const mean = (values: readonly number[]): number => sum(values) / outputs
  const meanSquared = mean(meanSquareds)
  const r2 = mean(r2s)
  return {
    meanSquared,
    rootMeanSquared: Math.sqrt(meanSquared),
    meanAbsolute: mean(meanAbsolutes),
    r2,
    r2VarianceWeighted: varying.length > 0 ? ofAll(varying) : r2,
    perOutput: {
      meanSquared: meanSquareds,
      rootMeanSquared: meanSquareds.map(Math.sqrt),
      meanAbsolute: meanAbsolutes,
      r2: r2s,
    },
  }
}

interface OneOutput extends Omit<OutputMetrics, 'rootMeanSquared'> {
  /** mean (y − mean y)² */
  readonly variance: number
}

/** r2 from sums over the outputs, none of them constant: equal to the mean of their r2 weighted by variance. */
function ofAll(varying: readonly OneOutput[]): number {
  const squared = sum(varying.map(({ meanSquared }) => meanSquared))
  return 1 - squared / sum(varying.map(({ variance }) => variance))
}

function ofOutput(y: readonly number[], o: readonly number[], w: readonly number[]): OneOutput {
  const errors = y.map((value, s) => value - o[s])
  const meanSquared = meanSquare(errors, w)
  const variance = varianceOf(y, w)
  return {
    meanSquared,
    meanAbsolute: weightedMean(errors.map(Math.abs), w),
    r2: variance > 0 ? 1 - meanSquared / variance : Number(meanSquared === 0),
    variance,
  }
}

/**
 * mean (y − mean y)²: exactly 0 where y is constant up to rounding; otherwise computed from differences to one y
 * that has a weight.
 */
function varianceOf(y: readonly number[], w: readonly number[]): number {
  const counted = y.filter((_, s) => w[s] > 0)
  if (counted.length === 0) return 0
  const least = counted.reduce((one, other) => Math.min(one, other))
  const most = counted.reduce((one, other) => Math.max(one, other))
  if (isConstant(least, most)) return 0
  const shifted = y.map((value) => value - counted[0])
  const mean = weightedMean(shifted, w)
  return meanSquare(
    shifted.map((value) => value - mean),
    w,
  )
}

function meanSquare(values: readonly number[], w: readonly number[]): number {
  return weightedMean(
    values.map((value) => value ** 2),
    w,
  )
}
