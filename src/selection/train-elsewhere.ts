import type { AbortFlag } from '../platform/abort.js'
import type { Division } from './division.js'
import { checkOutcome, type FitCluster, type PlainRecipe, type SharedByFits } from './elsewhere.js'
import type { Evaluation } from './estimate.js'
import type { Runs, TrainAll } from './trials.js'

/** What only this side knows of the results. */
interface Known {
  readonly division: Division
  /** an evaluation of the same data */
  readonly untrained: Evaluation
}

/** Has a cluster train. */
export function trainElsewhere(
  cluster: FitCluster,
  shared: SharedByFits,
  recipes: readonly PlainRecipe[],
  known: Known,
): TrainAll {
  return async (runs, flag) => {
    const settled = new Set<number>()
    const { signal, end } = signalOf(flag)
    try {
      // Not raced with the signal: it has to end, and to leave nothing behind, before the selection is over.
      await cluster.runFits({
        ...shared,
        recipes,
        folds: runs.folds,
        signal,
        isWanted: (candidate, fold) => runs.isWanted(candidate, fold),
        settle: async (candidate, fold, outcome) => {
          const index = candidate * runs.folds + fold
          const isWanted = runs.isWanted(candidate, fold)
          const result = outcome === undefined && !isWanted ? undefined : resultOf(outcome, known, fold)
          if (settled.has(index)) return
          settled.add(index)
          await flag.race(runs.settle(candidate, fold, result))
        },
      })
    } finally {
      end()
    }
    flag.throwIfAborted()
    if (settled.size < runs.fits) {
      throw new Error(`on: expected the results of ${runs.fits} fits, got ${settled.size}`)
    }
  }
}

function resultOf(
  outcome: unknown,
  { division, untrained }: Known,
  fold: number,
): Parameters<Runs['settle']>[2] {
  const checked = checkOutcome(outcome, untrained)
  if ('failure' in checked) return { error: new Error(checked.failure) }
  return { rows: division.divide(fold).rows, ...checked }
}

/** An AbortSignal that follows a flag, until it is ended. */
function signalOf(flag: AbortFlag): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort(flag.reason)
  if (flag.aborted) abort()
  flag.addEventListener('abort', abort)
  return { signal: controller.signal, end: () => flag.removeEventListener('abort', abort) }
}
