import { typeError } from '../base/argument-error.js'
import { checkFunction, checkInteger, checkKeys, checkName, checkObject, show } from '../base/check.js'
import type { FitData, Network } from '../index.js'
import type { Data, Model } from '../model/index.js'
import { recipeOf, type Choosable } from './choices.js'
import { directionOf, estimate, estimates, scalarMetrics } from './estimate.js'
import { otherMetrics, otherSelectionOptions } from './other-names.js'
import { judgedTrial, type JudgedTrial } from './judged.js'
import { selectionNames, type SelectionOptions } from './options.js'
import { prepareFits, type Prepared } from './prepare.js'
import type { Candidate, ModelRecipe, NetworkRecipe } from './recipe.js'
import { SearchResult, type ScoredTrial, type Trial } from './search-result.js'
import { allChoices, randomChoices, type Choice, type Chosen, type Range } from './space.js'
import { runAll, Runs } from './trials.js'

interface CommonOptions extends SelectionOptions {
  /** instead of folds: the fraction of the rows that all trials are evaluated on, having trained on the others */
  readonly validation?: number
  /**
   * the metric of evaluate that ranks trials, 'loss' unless given; averaged ones as 'macro.f1'. For loss, logLoss,
   * brier, meanSquared, rootMeanSquared and meanAbsolute less is better, for all others more
   */
  readonly score?: string
}

/**
 * Options of a search over known names: each the option of that name of the network or model, its optimiser, or fit.
 */
export interface NamedOptions<S, Made, Given> extends CommonOptions {
  readonly space: S
  /** called after each trial, and awaited */
  readonly onTrial?: (trial: Trial<Choice<S>, Made, Given>) => unknown
}

/** Options of a search over arbitrary names, with a function that interprets them. */
export interface BuildOptions<S, R, Made, Given> extends NamedOptions<S, Made, Given> {
  /** the network or model for a choice, and how to fit it */
  readonly build: (choice: Choice<S>) => R
}

/** Known names, with values to choose from. */
export type NamedGrid = { readonly [Name in keyof Choosable]?: readonly Choosable[Name][] }

/** Known names, with values to choose from, or a range if they are numbers. */
export type NamedSpace = {
  readonly [Name in keyof Choosable]?:
    readonly Choosable[Name][] | (number extends Choosable[Name] ? Range : never)
}

type Grid = Readonly<Record<string, readonly unknown[]>>
type AnySpace = Readonly<Record<string, readonly unknown[] | Range>>

/** The number of trials in a random search. */
interface Count {
  readonly trials: number
}

/** What all choices share. */
type NetworkBase = Omit<NetworkRecipe, 'create'>

type NetworkResult<S> = SearchResult<Choice<S>, Network, FitData>
type ModelResult<S> = SearchResult<Choice<S>, Model, Data>

/**
 * Trains with every combination of the values of a space and reports which did best, by cross-validation or on one part
 * of the data. All trials use the same folds, and networks with the same seed.
 *
 * @param data samples { x, y }; or data with names, for models
 * @param options the space; a network or model and how to fit it, as far as all trials share that, or `build`, which
 *   derives them from a choice
 * @returns all trials; one that failed, because its loss did not stay finite, with its error
 * @throws TypeError or RangeError before any training, for any of the choices; the signal's reason, or what onTrial
 *   throws
 * @example
 * import { gridSearch } from 'deltaprop/selection'
 * const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
 * const y = x.map(([a, b]) => [a > b ? 1 : 0])
 * const network = { activation: { hidden: 'tanh', output: 'sigmoid' }, loss: 'binaryCrossEntropy' }
 * const space = { hidden: [[2], [8, 4]], learningRate: [0.01, 0.001] }
 * const result = await gridSearch({ x, y }, { space, network, fit: { epochs: 30 }, score: 'accuracy', seed: 1 })
 * console.log(String(result), result.best.choice)
 * const net = await result.best.train({ x, y })
 */
export async function gridSearch<const S extends Grid>(
  data: FitData,
  options: BuildOptions<S, NetworkRecipe, Network, FitData>,
): Promise<NetworkResult<S>>
export async function gridSearch<const S extends Grid>(
  data: Data,
  options: BuildOptions<S, ModelRecipe, Model, Data>,
): Promise<ModelResult<S>>
export async function gridSearch<const S extends NamedGrid>(
  data: FitData,
  options: NamedOptions<S, Network, FitData> & NetworkBase,
): Promise<NetworkResult<S>>
export async function gridSearch<const S extends NamedGrid>(
  data: Data,
  options: NamedOptions<S, Model, Data> & ModelRecipe,
): Promise<ModelResult<S>>
export async function gridSearch(data: unknown, options: unknown): Promise<SearchResult> {
  const given = checkKeys('options', options, searchNames, otherSelectionOptions)
  return search(data, given, allChoices(given.space))
}

/**
 * Trains with values chosen at random from a space, determined by the seed, and reports which did best: like
 * gridSearch, but a space may also contain ranges of numbers.
 *
 * @param data samples { x, y }; or data with names, for models
 * @param options as for gridSearch, and the number of trials
 * @returns and throws as gridSearch
 * @example
 * import { randomSearch } from 'deltaprop/selection'
 * const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
 * const y = x.map(([a, b]) => [a * b])
 * const result = await randomSearch({ x, y }, {
 *   space: { units: { from: 2, to: 16, integer: true }, rate: { from: 0.001, to: 0.1, scale: 'log' } },
 *   build: ({ units, rate }) => ({
 *     network: { hidden: [units], activation: 'tanh' },
 *     fit: { epochs: 20, optimizer: { type: 'adam', learningRate: rate } },
 *   }),
 *   trials: 4,
 *   validation: 0.25,
 *   seed: 1,
 * })
 * console.log(String(result))
 */
export async function randomSearch<const S extends AnySpace>(
  data: FitData,
  options: BuildOptions<S, NetworkRecipe, Network, FitData> & Count,
): Promise<NetworkResult<S>>
export async function randomSearch<const S extends AnySpace>(
  data: Data,
  options: BuildOptions<S, ModelRecipe, Model, Data> & Count,
): Promise<ModelResult<S>>
export async function randomSearch<const S extends NamedSpace>(
  data: FitData,
  options: NamedOptions<S, Network, FitData> & NetworkBase & Count,
): Promise<NetworkResult<S>>
export async function randomSearch<const S extends NamedSpace>(
  data: Data,
  options: NamedOptions<S, Model, Data> & ModelRecipe & Count,
): Promise<ModelResult<S>>
export async function randomSearch(data: unknown, options: unknown): Promise<SearchResult> {
  const given = checkKeys('options', options, [...searchNames, 'trials'], otherSelectionOptions)
  const trials = checkInteger('trials', given.trials, { min: 1, max: 100_000 })
  return search(data, given, randomChoices(given.space, trials, checkInteger('seed', given.seed, { min: 0 })))
}

const searchNames = [
  'space',
  'network',
  'model',
  'fit',
  'build',
  'validation',
  'score',
  'onTrial',
  ...selectionNames,
]

async function search(
  data: unknown,
  options: Readonly<Record<string, unknown>>,
  choices: readonly Chosen[],
): Promise<SearchResult> {
  const onTrial = checkFunction('onTrial', options.onTrial)
  const prepared = await prepareSearch(data, options, choices)
  const { candidates, division, metric, notes } = prepared
  const trials: Trial[] = []
  const runs = new Runs(candidates.length, division.count, async (i, result) => {
    const scored = scoreTrial(choices[i], judgedTrial(i, result), metric)
    trials[i] = { ...scored, train: trainingOf(candidates[i]) }
    await onTrial?.(trials[i])
  })
  await runAll(runs, prepared.trainAll, prepared.signal)
  return new SearchResult(trials, metric, directionOf(metric), notes)
}

/** A search whose fits can begin. */
export interface PreparedSearch extends Prepared {
  /** that ranks trials */
  readonly metric: string
}

/** @throws TypeError or RangeError for any of the choices; the signal's reason */
export async function prepareSearch(
  data: unknown,
  options: Readonly<Record<string, unknown>>,
  choices: readonly Chosen[],
): Promise<PreparedSearch> {
  const { score = 'loss', folds, validation } = options
  const prepared = await prepareFits(data, options, readRecipes(options, choices), { folds, validation })
  const known = Array.from(scalarMetrics(prepared.untrained).keys())
  return { ...prepared, metric: checkName('score', score, known, otherMetrics) }
}

function readRecipes(
  options: Readonly<Record<string, unknown>>,
  choices: readonly Chosen[],
): Readonly<Record<string, unknown>>[] {
  const build = checkFunction('build', options.build)
  if (build === undefined) return choices.map((choice) => recipeOf(choice, options))
  for (const name of ['network', 'model', 'fit']) {
    if (options[name] === undefined) continue
    throw typeError(name, 'nothing beside build', show(options[name]))
  }
  return choices.map((choice) =>
    checkKeys('build', checkObject('build', build(choice)), ['network', 'create', 'model', 'fit']),
  )
}

/** A trial with its mean metrics; failed, too, if its score is not finite. */
export function scoreTrial(
  choice: Chosen,
  { trial, folds, seconds, failure }: JudgedTrial,
  score: string,
): ScoredTrial {
  const common = { trial, choice, seconds }
  const failed = { ...common, score: NaN, deviation: NaN, metrics: {}, epochs: NaN }
  if (failure !== undefined) return { ...failed, error: failure }
  const metrics = estimates(folds.map(({ evaluation }) => evaluation))
  const { mean, deviation } = Object.hasOwn(metrics, score) ? metrics[score] : { mean: NaN, deviation: NaN }
  if (!Number.isFinite(mean)) {
    return { ...failed, error: `score: expected a finite ${score} in every fold, got ${mean}` }
  }
  const epochs = estimate(folds.map((fold) => fold.epochs)).mean
  return { ...common, score: mean, deviation, metrics, epochs, error: undefined }
}

function trainingOf({ make, fit }: Candidate): Trial['train'] {
  return async (data) => {
    const learner = make(data)
    await learner.fit(data, fit)
    return learner.made
  }
}
