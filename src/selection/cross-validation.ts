import { messageOf } from '../base/thrown.js'
import { checkKeys } from '../base/check.js'
import type { evaluate, FitData } from '../index.js'
import type { Data, Model } from '../model/index.js'
import { estimates, type Estimate, type Evaluation } from './estimate.js'
import { metricsText } from './result-tables.js'
import { otherSelectionOptions } from './other-names.js'
import { selectionNames, type SelectionOptions } from './options.js'
import { prepareFits } from './prepare.js'
import { recipeNames, type ModelRecipe, type NetworkRecipe } from './recipe.js'
import { runAll, Runs, type Fold } from './trials.js'

/** The result of a cross-validation; String(result) prints its metrics. */
export class CrossValidation<E extends Evaluation = Evaluation> {
  /** One for each fold. */
  readonly folds: readonly Fold<E>[]
  /** Mean and standard deviation over the folds of every scalar metric, by name; averaged ones as `macro.f1`. */
  readonly metrics: Readonly<Record<string, Estimate>>
  /** Remarks on the data: classes with fewer rows than there are folds. */
  readonly notes: readonly string[]

  constructor(folds: readonly Fold<E>[], notes: readonly string[] = []) {
    this.folds = folds
    this.notes = notes
    this.metrics = estimates(folds.map(({ evaluation }) => evaluation))
  }

  /** One line for each metric: `accuracy  0.9667 ± 0.02357`, and one for each note. */
  toString(): string {
    const rows = this.folds.reduce((sum, fold) => sum + fold.rows.length, 0)
    return metricsText(this.metrics, this.folds.length, rows, this.notes)
  }
}

/**
 * k-fold cross-validation: trains k networks or models, each on all folds but one, and evaluates it on that one. Every
 * row is held out once. The number of rows of each class differs by at most one between folds.
 *
 * @param data samples { x, y }; or data with names, for a model
 * @param options a network, as its options or as a function that creates it (called one extra time to check the
 *   options), or a model, as its options; how to fit it; and the folds
 * @throws TypeError or RangeError before any training; Error that names the fold, counted from 0, if training fails in
 *   it; the signal's reason
 * @example
 * import { crossValidate } from 'deltaprop/selection'
 * const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
 * const y = x.map(([a, b]) => [a > b ? 1 : 0])
 * const network = { hidden: [8], activation: { hidden: 'tanh', output: 'sigmoid' }, loss: 'binaryCrossEntropy' }
 * const result = await crossValidate({ x, y }, { folds: 5, seed: 1, network, fit: { epochs: 50 } })
 * console.log(result.metrics.accuracy.mean, String(result))
 */
export async function crossValidate(
  data: FitData,
  options: SelectionOptions & NetworkRecipe,
): Promise<CrossValidation<ReturnType<typeof evaluate>>>
export async function crossValidate(
  data: Data,
  options: SelectionOptions & ModelRecipe,
): Promise<CrossValidation<ReturnType<Model['evaluate']>>>
export async function crossValidate(data: unknown, options: unknown): Promise<CrossValidation> {
  const given = checkKeys('options', options, [...selectionNames, ...recipeNames], otherSelectionOptions)
  const prepared = await prepareFits(data, given, [given], { folds: given.folds })
  const { division, notes } = prepared
  let result: CrossValidation | undefined
  const runs = new Runs(1, division.count, (_, { folds, failure }) => {
    if (failure === undefined) {
      result = new CrossValidation(folds, notes)
      return
    }
    const { fold, error } = failure
    const message = messageOf(error)
    throw new Error(`crossValidate: fold ${fold}: ${message}`, { cause: error })
  })
  await runAll(runs, prepared.trainAll, prepared.signal)
  if (result === undefined) throw new Error('crossValidate: expected a result of its only candidate')
  return result
}
