import { rangeError } from '../base/argument-error.js'
import { checkInteger, show } from '../base/check.js'
import { columnOf, readSamples, type Row, type Samples } from '../base/samples.js'
import type { Directions } from './direction.js'
import { meanPrecisionRecall, precisionRecalls, type PrecisionRecall } from './precision-recall.js'
import { binaryLogLoss } from './probability.js'
import { rocAuc } from './roc-auc.js'
import { readWeights, sum, weightedMean } from './weights.js'

/** Metrics per label, one number each. */
export interface LabelMetrics extends PrecisionRecall<readonly number[]> {
  /** the area under the ROC curve; NaN if no sample has the label, or every sample has */
  readonly rocAuc: readonly number[]
  /** Σ of the weights of the samples with the label */
  readonly support: readonly number[]
}

/**
 * Metrics of samples that may each have any number of labels, as scikit-learn defines them; a label is predicted if
 * its score is above ½, and every count is a sum of sample weights.
 */
export interface MultilabelMetrics {
  /** Σₛ wₛ·[all labels of the sample are right] / Σₛ wₛ, which is what scikit-learn’s accuracy_score computes here */
  readonly subsetAccuracy: number
  /** the fraction of all labels of all samples that are wrong */
  readonly hammingLoss: number
  /** one number per label */
  readonly perLabel: LabelMetrics
  /** means over all labels */
  readonly macro: PrecisionRecall
  /** from TP, FP and FN summed over the labels */
  readonly micro: PrecisionRecall
  /** means over the labels, weighted by their support */
  readonly weighted: PrecisionRecall
  /** means over the samples of the precision, recall and F1 of each sample’s labels */
  readonly samples: PrecisionRecall
  /** mean of the areas of all labels; NaN if any area is */
  readonly rocAuc: number
  /** mean over labels and samples of −ln p(truth), where p of the label is its score clamped to 2⁻⁵² … 1 − 2⁻⁵² */
  readonly logLoss: number
}

export const multilabelDirections: Directions<MultilabelMetrics> = {
  subsetAccuracy: 'more',
  hammingLoss: 'less',
  rocAuc: 'more',
  logLoss: 'less',
}

/**
 * Metrics of scores of labels, of which a sample may have any number: none, one, several. A mean over weights that
 * are all 0 is 0, as is every other 0 / 0, except in rocAuc.
 *
 * @param truth samples × labels: 1 if the sample has the label, else 0
 * @param scores samples × labels: probabilities, independent for each label
 * @param labels at least 1
 * @param weights samples; all 1 by default
 * @throws TypeError for anything that is not an array; RangeError for sizes that do not match, a truth that is
 *   neither 0 nor 1, scores that are not finite, and weights that are not finite or below 0
 * @see scikit-learn 1.2, sklearn.metrics of multilabel indicators, zero_division=0
 * @example
 * import { multilabelMetrics } from 'deltaprop'
 * const result = multilabelMetrics([[1, 0], [1, 1], [0, 0]], [[0.9, 0.2], [0.8, 0.4], [0.1, 0.3]], 2)
 * console.log(result.subsetAccuracy, result.hammingLoss, result.micro.f1) // 2/3, 1/6, 0.8
 */
export function multilabelMetrics(
  truth: Samples,
  scores: Samples,
  labels: number,
  weights?: Row,
): MultilabelMetrics {
  checkInteger('labels', labels, { min: 1 })
  const y = readSamples('truth', truth, labels, 'outputs', 'f64')
  const p = readSamples('scores', scores, labels, 'outputs', 'f64')
  if (p.rows !== y.rows) {
    throw rangeError('scores', `${y.rows} samples as in truth`, p.rows)
  }
  const wrong = y.values.findIndex((value) => value !== 0 && value !== 1)
  if (wrong >= 0) {
    const place = `truth[${Math.floor(wrong / labels)}], label ${wrong % labels}`
    throw rangeError(place, '0 or 1', show(y.values[wrong]))
  }
  const w = readWeights(weights, y.rows)
  const ofLabels = newCounts(labels)
  const ofSamples = newCounts(y.rows)
  for (let s = 0; s < y.rows; ++s) {
    for (let c = 0; c < labels; ++c) {
      const actual = y.values[s * labels + c]
      const predicted = p.values[s * labels + c] > 0.5 ? 1 : 0
      add(ofLabels, c, actual, predicted, w[s])
      add(ofSamples, s, actual, predicted, 1)
    }
  }
  const perLabel = ofEach(ofLabels)
  const micro = ofEach({
    hits: [sum(ofLabels.hits)],
    predicted: [sum(ofLabels.predicted)],
    actual: [sum(ofLabels.actual)],
  })
  // Per sample, the number of labels in the truth or the prediction, but not in both.
  const differences = ofSamples.hits.map((hit, s) => ofSamples.actual[s] + ofSamples.predicted[s] - 2 * hit)
  const truths = Array.from({ length: labels }, (_, c) => columnOf(y, c))
  const probabilities = truths.map((_, c) => columnOf(p, c))
  const areas = truths.map((column, c) =>
    rocAuc(
      column.map((value) => value === 1),
      probabilities[c],
      w,
    ),
  )
  return {
    subsetAccuracy: weightedMean(
      differences.map((different) => (different === 0 ? 1 : 0)),
      w,
    ),
    hammingLoss: weightedMean(differences, w) / labels,
    perLabel: { ...perLabel, rocAuc: areas, support: ofLabels.actual },
    macro: meanPrecisionRecall(
      perLabel,
      areas.map(() => 1),
    ),
    micro: meanPrecisionRecall(micro, [1]),
    weighted: meanPrecisionRecall(perLabel, ofLabels.actual),
    samples: meanPrecisionRecall(ofEach(ofSamples), w),
    rocAuc: sum(areas) / labels,
    logLoss: sum(truths.map((column, c) => binaryLogLoss(column, probabilities[c], w))) / labels,
  }
}

/** Counts per label or per sample: present and predicted, predicted, present. */
interface Counts {
  readonly hits: number[]
  readonly predicted: number[]
  readonly actual: number[]
}

function newCounts(length: number): Counts {
  const zeros = (): number[] => new Array<number>(length).fill(0)
  return { hits: zeros(), predicted: zeros(), actual: zeros() }
}

function add(counts: Counts, i: number, actual: number, predicted: number, weight: number): void {
  counts.hits[i] += actual * predicted * weight
  counts.predicted[i] += predicted * weight
  counts.actual[i] += actual * weight
}

function ofEach({ hits, predicted, actual }: Counts): PrecisionRecall<readonly number[]> {
  return precisionRecalls(hits, predicted, actual)
}
