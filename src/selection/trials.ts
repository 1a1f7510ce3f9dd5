import { throwIfAborted, withFlag, type AbortFlag } from '../platform/abort.js'
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

/** How many fits run at once, and what stops them. */
export interface RunOptions {
  readonly parallel: Parallel
  readonly signal: AbortSignal | undefined
}

/** Has all fits of some runs trained; throws what ends them early, once none runs any more. */
export type TrainAll = (runs: Runs, flag: AbortFlag) => Promise<void>

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

/** What has become of the fits of all candidates so far. If one fails on a fold, its later folds do not count. */
export class Runs {
  /** fits of a candidate */
  readonly folds: number
  readonly #runs: { folds: (Fold | undefined)[]; settled: number; failure: Failure | undefined }[]
  readonly #onResult: (candidate: number, result: CandidateResult) => unknown

  /** @param onResult is called when a candidate is done, and awaited */
  constructor(
    candidates: number,
    folds: number,
    onResult: (candidate: number, result: CandidateResult) => unknown,
  ) {
    this.folds = folds
    this.#runs = Array.from({ length: candidates }, () => ({ folds: [], settled: 0, failure: undefined }))
    this.#onResult = onResult
  }

  /** of all candidates */
  get fits(): number {
    return this.#runs.length * this.folds
  }

  /** Whether the result of a fit still counts. */
  isWanted(candidate: number, fold: number): boolean {
    const { failure } = this.#runs[candidate]
    return failure === undefined || fold < failure.fold
  }

  /** Takes the result of a fit; undefined for one that is not wanted. To be called once for each. */
  async settle(
    candidate: number,
    fold: number,
    result: Fold | { readonly error: unknown } | undefined,
  ): Promise<void> {
    const run = this.#runs[candidate]
    if (result !== undefined && this.isWanted(candidate, fold)) {
      if ('error' in result) run.failure = { fold, error: result.error }
      else run.folds[fold] = result
    }
    run.settled += 1
    if (run.settled < this.folds) return
    const { failure, folds } = run
    // Its own list is not needed any more: of many candidates, all folds together are large.
    run.folds = []
    await this.#onResult(candidate, { folds: folds as Fold[], failure })
  }
}

/**
 * Trains every candidate on every fold, and evaluates it there.
 *
 * @param trainAll here, in threads, or elsewhere; results do not depend on it
 * @throws the signal's reason, or what the runs throw, once all fits have ended; nothing that hangs can prevent that
 */
export function runAll(runs: Runs, trainAll: TrainAll, signal: AbortSignal | undefined): Promise<void> {
  return withFlag(signal, (flag) => trainAll(runs, flag))
}

/** Trains here: on this thread and in workers, so many fits at once. */
export function trainHere(
  candidates: readonly Candidate[],
  division: Division,
  parallel: Parallel,
): TrainAll {
  // Short fits on this thread do not yield to the event loop.
  const turns = new Turns(TURN_MS)
  const train = async (i: number, fold: number, flag: AbortFlag): Promise<Fold | { error: unknown }> => {
    try {
      return await trainFold(candidates[i], division, fold, parallel, flag)
    } catch (error) {
      flag.throwIfAborted()
      return { error }
    }
  }
  return async (runs, flag) => {
    const limit = await flag.race(concurrency(parallel))
    const task = async (index: number): Promise<void> => {
      const [i, fold] = [Math.floor(index / runs.folds), index % runs.folds]
      const result = runs.isWanted(i, fold) ? await train(i, fold, flag) : undefined
      await turns.pause()
      await flag.race(runs.settle(i, fold, result))
      flag.throwIfAborted()
    }
    await inParallel(runs.fits, limit, (index) =>
      task(index).catch((error: unknown) => {
        flag.abort(error)
        throw error
      }),
    )
  }
}

/** Trains one candidate on all folds but one, and evaluates it there. */
export async function trainFold(
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
