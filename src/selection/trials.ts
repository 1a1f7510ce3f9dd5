import { AbortFlag, reasonOf, throwIfAborted } from '../platform/abort.js'
import type { History } from '../index.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import { hasSoftmax } from './target-classes.js'
import type { Division } from './division.js'
import type { Evaluation } from './estimate.js'
import { concurrency, inParallel, threadOptions, type Parallel } from './parallel.js'
import type { Candidate } from './recipe.js'

/** The result of training on all rows except those of one fold. */
export interface Fold<E extends Evaluation = Evaluation> {
  /** the held-out rows of the data, ascending */
  readonly rows: Uint32Array
  /** the network's metrics on them */
  readonly evaluation: E
  /** of training on all others */
  readonly history: History
  /** training time */
  readonly seconds: number
}

/** The result of a candidate: all its folds, or the first that failed. */
export interface CandidateResult {
  readonly folds: readonly Fold[]
  readonly failure: Failure | undefined
}

export interface Failure {
  readonly fold: number
  readonly error: unknown
}

interface Run extends CandidateResult {
  readonly folds: Fold[]
  failure: Failure | undefined
  /** folds that have been trained or skipped */
  done: number
}

/** How many fits run at once, and what stops them. */
export interface RunOptions {
  readonly parallel: Parallel
  readonly signal: AbortSignal | undefined
}

/**
 * Rejects candidates that fit would reject: a fit whose signal has already aborted checks everything and trains
 * nothing.
 *
 * @param all samples, if errors should refer to those of all data
 * @returns the evaluation of the first, untrained network; and whether one of the networks has a softmax
 * @throws TypeError or RangeError, as fit; the signal's reason
 */
export async function dryRun(
  candidates: readonly Candidate[],
  division: Division,
  signal: AbortSignal | undefined,
  all?: unknown,
): Promise<{ readonly untrained: Evaluation; readonly usesSoftmax: boolean }> {
  const { train: data, test } = division.divide(0)
  const checked = new Error('everything is checked')
  const turns = new Turns(TURN_MS)
  let untrained: Evaluation | undefined
  let usesSoftmax = false
  for (const candidate of candidates) {
    throwIfAborted(signal)
    const learner = candidate.make(data, 0)
    usesSoftmax ||= hasSoftmax(learner.network)
    for (const samples of all === undefined ? [data] : [all, data]) {
      await learner
        .fit(samples, { ...candidate.fit, signal: AbortSignal.abort(checked) })
        .catch((error: unknown) => {
          if (error !== checked) throw error
        })
    }
    untrained ??= learner.evaluate(test)
    await turns.pause()
  }
  if (untrained === undefined) throw new Error('expected a candidate')
  return { untrained, usesSoftmax }
}

/**
 * Trains every candidate on every fold, and evaluates it there. `parallel` sets how many fits run at once; results do
 * not depend on it. If a candidate fails on a fold, its later folds are skipped.
 *
 * @param onResult is called when a candidate is done, and awaited
 * @throws the signal's reason, or what onResult throws, once all fits have ended; nothing that hangs can prevent that
 */
export async function runAll(
  candidates: readonly Candidate[],
  division: Division,
  { parallel, signal }: RunOptions,
  onResult: (candidate: number, result: CandidateResult) => unknown,
): Promise<void> {
  const { count } = division
  const flag = new AbortFlag()
  const abort = (): void => flag.abort(signal && reasonOf(signal))
  const runs = candidates.map((): Run => ({ folds: [], done: 0, failure: undefined }))
  // Short fits on this thread do not yield to the event loop.
  const turns = new Turns(TURN_MS)
  const task = async (index: number): Promise<void> => {
    const [i, fold] = [Math.floor(index / count), index % count]
    const run = runs[i]
    const isWanted = (): boolean => run.failure === undefined || fold < run.failure.fold
    try {
      if (isWanted()) run.folds[fold] = await trainFold(candidates[i], division, fold, parallel, flag)
    } catch (error) {
      flag.throwIfAborted()
      if (isWanted()) run.failure = { fold, error }
    }
    await turns.pause()
    run.done += 1
    if (run.done === count) await flag.race(onResult(i, run))
    flag.throwIfAborted()
  }
  throwIfAborted(signal)
  signal?.addEventListener('abort', abort)
  try {
    const limit = await flag.race(concurrency(parallel))
    await inParallel(candidates.length * count, limit, (index) =>
      task(index).catch((error: unknown) => {
        flag.abort(error)
        throw error
      }),
    )
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function trainFold(
  candidate: Candidate,
  division: Division,
  fold: number,
  parallel: Parallel,
  flag: AbortFlag,
): Promise<Fold> {
  const { train: data, test, rows } = division.divide(fold)
  const learner = candidate.make(data, fold)
  const threads = threadOptions(parallel, learner.network, candidate.fit, division.rows - rows.length)
  const start = performance.now()
  const history = await learner.fit(data, { ...candidate.fit, ...threads, signal: flag })
  const seconds = (performance.now() - start) / 1000
  return { rows, evaluation: learner.evaluate(test), history, seconds }
}
