/**
 * A part of a search or a cross-validation: one machine's share of its trials or folds. Which they are depends on their
 * numbers alone, and so does what comes out of them.
 */
import { judgedFold, judgedTrial, type JudgedFold, type JudgedTrial } from './judged.js'
import type { Division } from './division.js'
import type { Parallel } from './parallel.js'
import type { Prepared } from './prepare.js'
import { runAll, Runs, trainHere, type CandidateResult } from './trials.js'

/** One of several parts, counted from 0. */
export interface Part {
  readonly index: number
  readonly of: number
}

/** A fold, with its number from 0. */
export interface NumberedFold extends JudgedFold {
  readonly fold: number
}

/** The trials or folds of a part, counted from 0: those whose number, modulo the number of parts, is its own. */
export function sharesOf({ index, of }: Part, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).filter((i) => i % of === index)
}

/** How a part is trained. */
export interface PartOptions {
  readonly part: Part
  /** how many fits run at once */
  readonly parallel: Parallel
  /** of an error */
  readonly message: (error: unknown) => string
}

/**
 * Trains the trials of a part.
 *
 * @param onTrial called after each
 * @throws the signal's reason, or what onTrial throws
 */
export async function judgeTrials(
  { candidates, division, signal }: Prepared,
  { part, parallel, message }: PartOptions,
  onTrial: (trial: JudgedTrial) => void,
): Promise<JudgedTrial[]> {
  const mine = sharesOf(part, candidates.length)
  const trials: JudgedTrial[] = []
  const runs = new Runs(mine.length, division.count, (k, result) => {
    trials[k] = judgedTrial(mine[k], result, message)
    onTrial(trials[k])
  })
  const own = mine.map((i) => candidates[i])
  await runAll(runs, trainHere(own, division, parallel), signal)
  return trials
}

/**
 * Trains the folds of a part.
 *
 * @param onFold called after each
 * @throws Error that names the first fold that failed; the signal's reason
 */
export async function judgeFolds(
  { candidates, division, signal }: Prepared,
  { part, parallel, message }: PartOptions,
  onFold: () => void,
): Promise<NumberedFold[]> {
  const mine = sharesOf(part, division.count)
  const share: Division = { ...division, count: mine.length, divide: (k) => division.divide(mine[k]) }
  let judged: NumberedFold[] = []
  const runs = new WatchedRuns(onFold, mine.length, ({ folds, failure }) => {
    if (failure !== undefined) {
      const { fold, error } = failure
      throw new Error(`fold ${mine[fold]}: ${message(error)}`, { cause: error })
    }
    judged = folds.map((fold, k) => ({ fold: mine[k], ...judgedFold(fold) }))
  })
  await runAll(runs, trainHere(candidates, share, parallel), signal)
  return judged
}

/** The runs of one candidate, with each fold told. */
class WatchedRuns extends Runs {
  readonly #onFold: () => void

  constructor(onFold: () => void, folds: number, onResult: (result: CandidateResult) => void) {
    super(1, folds, (_, result) => onResult(result))
    this.#onFold = onFold
  }

  override settle(...settled: Parameters<Runs['settle']>): Promise<void> {
    this.#onFold()
    return super.settle(...settled)
  }
}
