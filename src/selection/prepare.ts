/** What cross-validation and searches have in common before the first fit: everything is checked, and the data divided. */
import { classNotes } from './target-classes.js'
import { readDivision, readSelection, type Selection } from './options.js'
import type { Division } from './division.js'
import { plainRecipe, type SharedByFits } from './elsewhere.js'
import type { Evaluation } from './estimate.js'
import { candidateOf, type Candidate } from './recipe.js'
import { rowNumbers, type Table } from '../data/table.js'
import { trainElsewhere } from './train-elsewhere.js'
import { dryRun, trainHere, type TrainAll } from './trials.js'

/** Fits that can begin. */
export interface Prepared {
  readonly candidates: readonly Candidate[]
  readonly division: Division
  /** the evaluation of the first candidate, untrained */
  readonly untrained: Evaluation
  /** remarks on the data */
  readonly notes: readonly string[]
  readonly trainAll: TrainAll
  readonly signal: AbortSignal | undefined
}

/**
 * @param recipes of the candidates
 * @param divided folds, or a fraction for validation
 * @throws TypeError or RangeError before any training, for any of the candidates; the signal's reason
 */
export async function prepareFits(
  data: unknown,
  options: Readonly<Record<string, unknown>>,
  recipes: readonly Readonly<Record<string, unknown>>[],
  divided: Readonly<Record<string, unknown>>,
): Promise<Prepared> {
  const selection = readSelection(data, options, recipes[0].model)
  const { source, sizes, seed, parallel, cluster, signal } = selection
  const plain = cluster && recipes.map(plainRecipe)
  const candidates = recipes.map((recipe) => candidateOf(recipe, sizes, seed, data))
  const initial = readDivision(selection, divided)
  const { untrained, usesSoftmax } = await dryRun(candidates, initial, signal, source.all)
  const classed = usesSoftmax ? source.byClass?.() : undefined
  const division = classed === undefined ? initial : readDivision({ source: classed, seed }, divided)
  const trainAll =
    cluster === undefined || plain === undefined
      ? trainHere(candidates, division, parallel)
      : trainElsewhere(
          cluster,
          sharedBy(data, selection, divided, classed !== undefined, plain[0].model),
          plain,
          {
            division,
            untrained,
          },
        )
  return {
    candidates,
    division,
    untrained,
    notes: classNotes(classed ?? source, division.count),
    trainAll,
    signal,
  }
}

/** What fits elsewhere need of the data, and of how they are divided. */
function sharedBy(
  data: unknown,
  { source, sizes, seed, stratify }: Selection,
  divided: Readonly<Record<string, unknown>>,
  byClass: boolean,
  model: unknown,
): SharedByFits {
  const { folds, validation } = divided as { readonly folds?: number; readonly validation?: number }
  return {
    data: sizes === undefined ? data : source.all,
    numbers: sizes === undefined ? rowNumbersOf(data as Table | readonly unknown[]) : undefined,
    division: {
      seed,
      stratify,
      byClass,
      ...(sizes !== undefined && { inputs: sizes.inputs }),
      ...(model !== undefined && { model }),
      ...(validation === undefined ? { folds: folds ?? 5 } : { validation }),
    },
  }
}

function rowNumbersOf(data: Table | readonly unknown[]): Uint32Array | undefined {
  const numbers = rowNumbers(data)
  return numbers && Uint32Array.from(numbers)
}
