import { reasonOf, throwIfAborted } from '../training/stop.js'
import type { History } from '../index.js'
import { TURN_MS, Turns } from '../training/turns.js'
import { numbered } from '../model/messages.js'
import type { Divided, Division } from './division.js'
import type { Evaluation } from './estimate.js'
import { limitOf, placeOf, type Parallel } from './parallel.js'
import { inParallel } from './pool.js'
import type { Candidate, Learner } from './recipe.js'

/** What came of training on all rows but those of one fold. */
export interface Fold<E extends Evaluation = Evaluation> {
  /** the rows of the data that were held out, ascending */
  readonly rows: Uint32Array
  /** what the network is worth on them */
  readonly evaluation: E
  /** of training on all others */
  readonly history: History
  /** of the training */
  readonly seconds: number
}

/** What came of a candidate: all its folds, or the first that failed. */
export interface Outcome {
  readonly folds: readonly Fold[]
  readonly failure: Failure | undefined
}

export interface Failure {
  readonly fold: number
  readonly error: unknown
}

interface Run extends Outcome {
  readonly folds: Fold[]
  failure: Failure | undefined
  /** folds that have been trained, or left out */
  done: number
}

/** How many fits there are at once, and what ends them. */
export interface Supervision {
  readonly parallel: Parallel
  readonly signal: AbortSignal | undefined
}

/**
 * Refuses candidates that fit would refuse: a fit whose signal has aborted before it checks everything, and trains nothing.
 *
 * @returns what the network of the first is worth, which has learnt nothing
 * @throws TypeError or RangeError, as fit; the signal's reason
 */
export async function rehearse(
  candidates: readonly Candidate[],
  division: Division,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const divided = division.divide(0)
  const { train: data } = divided
  const checked = new Error('everything is checked')
  const turns = new Turns(TURN_MS)
  let evaluation: Evaluation | undefined
  for (const candidate of candidates) {
    throwIfAborted(signal)
    const learner = make(candidate, divided, 0)
    await learner
      .fit(data, { ...candidate.fit, signal: AbortSignal.abort(checked) })
      .catch((error: unknown) => {
        if (error !== checked) throw error
      })
    evaluation ??= evaluate(learner, divided)
    await turns.pause()
  }
  if (evaluation === undefined) throw new Error('expected a candidate')
  return evaluation
}

/**
 * Trains every candidate on every fold, and evaluates it there: so many fits at once as `parallel` says, with results that do not
 * depend on it. Of a candidate that fails, folds behind the one that did are left out.
 *
 * @param onOutcome is called when a candidate is done, and awaited
 * @throws the signal's reason, or what onOutcome throws, when all fits have ended
 */
export async function runAll(
  candidates: readonly Candidate[],
  division: Division,
  { parallel, signal }: Supervision,
  onOutcome: (candidate: number, outcome: Outcome) => unknown,
): Promise<void> {
  const { count } = division
  const limit = await limitOf(parallel)
  const stop = new AbortController()
  const abort = (): void => stop.abort(signal && reasonOf(signal))
  const runs = candidates.map((): Run => ({ folds: [], done: 0, failure: undefined }))
  // Short fits on this thread give the event loop no turn of their own.
  const turns = new Turns(TURN_MS)
  const task = async (index: number): Promise<void> => {
    const [i, fold] = [Math.floor(index / count), index % count]
    const run = runs[i]
    const isWanted = (): boolean => run.failure === undefined || fold < run.failure.fold
    try {
      if (isWanted()) run.folds[fold] = await train(candidates[i], division, fold, parallel, stop.signal)
    } catch (error) {
      stop.signal.throwIfAborted()
      if (isWanted()) run.failure = { fold, error }
    }
    await turns.pause()
    run.done += 1
    if (run.done === count) await onOutcome(i, run)
    stop.signal.throwIfAborted()
  }
  throwIfAborted(signal)
  signal?.addEventListener('abort', abort)
  try {
    await inParallel(candidates.length * count, limit, (index) =>
      task(index).catch((error: unknown) => {
        stop.abort(error)
        throw error
      }),
    )
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function train(
  candidate: Candidate,
  division: Division,
  fold: number,
  parallel: Parallel,
  signal: AbortSignal,
): Promise<Fold> {
  const divided = division.divide(fold)
  const { train: data, rows } = divided
  const learner = make(candidate, divided, fold)
  const place = placeOf(parallel, learner.network, candidate.fit, division.rows - rows.length)
  const start = performance.now()
  const history = await learner.fit(data, { ...candidate.fit, ...place, signal })
  const seconds = (performance.now() - start) / 1000
  return { rows, evaluation: evaluate(learner, divided), history, seconds }
}

/** What is to be trained; errors of a row name that of the data. */
function make({ make }: Candidate, { train, trained }: Divided, fold: number): Learner {
  return numbered(
    (row) => trained[row - 1] + 1,
    () => make(train, fold),
  )
}

/** What it is worth on what was held out; errors likewise. */
function evaluate(learner: Learner, { held, rows }: Divided): Evaluation {
  return numbered(
    (row) => rows[row - 1] + 1,
    () => learner.evaluate(held),
  )
}
