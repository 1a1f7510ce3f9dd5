import { checkKeys } from '../check.js'
import type { FitData } from '../index.js'
import { estimates, type Estimate } from './estimate.js'
import { alignRows, formatNumber } from './format.js'
import { divideInFolds, readSelection, selectionNames, type SelectionOptions } from './options.js'
import { candidateOf, recipeNames, type Recipe } from './recipe.js'
import { failureIn, rehearse, runAll, type Fold } from './trials.js'

export interface CrossValidationOptions extends SelectionOptions, Recipe {}

/** What came of a cross-validation; String(result) prints its metrics. */
export class CrossValidation {
  readonly folds: readonly Fold[]
  /** mean and standard deviation over the folds of every metric of evaluate that is one number; those of averages as `macro.f1` */
  readonly metrics: Readonly<Record<string, Estimate>>

  constructor(folds: readonly Fold[]) {
    this.folds = folds
    this.metrics = estimates(folds.map(({ evaluation }) => evaluation))
  }

  /** One line for each metric: `accuracy  0.9667 ± 0.02357`. */
  toString(): string {
    const rows = Object.entries(this.metrics).map(([name, { mean, deviation }]) => [
      name,
      formatNumber(mean),
      `± ${formatNumber(deviation)}`,
    ])
    const samples = this.folds.reduce((sum, { rows: held }) => sum + held.length, 0)
    return [`${this.folds.length} folds of ${samples} samples`, ...alignRows(rows, '  ')].join('\n')
  }
}

/**
 * k-fold cross-validation: k networks, each trained on all folds but one, and evaluated on that one. Every row is held out once.
 *
 * @param data x: samples × inputs, y: samples × outputs
 * @param options a network, by its options or a function that makes it (it is called once more to check the options), how it is
 *   fitted, and the folds
 * @throws Error that names the fold, counted from 0 on, if training fails there; the signal's reason; TypeError or RangeError before any
 *   training
 * @example
 * import { crossValidate } from 'deltaprop/selection'
 * const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
 * const y = x.map(([a, b]) => [a > b ? 1 : 0])
 * const network = { hidden: [8], activation: 'sigmoid', loss: 'binaryCrossEntropy' }
 * const result = await crossValidate({ x, y }, { folds: 5, seed: 1, network, fit: { epochs: 20 } })
 * console.log(result.metrics.accuracy.mean, String(result))
 */
export async function crossValidate(
  data: FitData,
  options: CrossValidationOptions,
): Promise<CrossValidation> {
  const given = checkKeys('options', options, [...selectionNames, ...recipeNames])
  const selection = readSelection(data, given)
  const division = divideInFolds(selection, given.folds)
  const candidate = candidateOf(given, selection.data, selection.seed)
  await rehearse(candidate, division.divide(0))
  let result: CrossValidation | undefined
  await runAll([candidate], division, selection, (_, { folds, failure }) => {
    if (failure !== undefined) throw failureIn(failure)
    result = new CrossValidation(folds)
  })
  if (result === undefined) throw new Error('crossValidate: expected a result of its only candidate')
  return result
}
