import type { History } from '../index.js'
import { selectRows } from '../samples.js'
import type { NetworkEvaluation } from './estimate.js'
import { rowsBeside } from './folds.js'
import { placeOf, type Parallel } from './parallel.js'
import { inParallel } from './pool.js'
import type { Candidate } from './recipe.js'
import type { MatrixPair } from './samples.js'

/** What came of training on all folds but one. */
export interface Fold {
  /** the rows of the data that were held out, ascending */
  readonly rows: Uint32Array
  /** what the network is worth on them */
  readonly evaluation: NetworkEvaluation
  /** of training on all others */
  readonly history: History
  /** of the training */
  readonly seconds: number
}

/** Samples to train on, and others to be judged by. */
export interface Divided {
  readonly train: MatrixPair
  readonly held: MatrixPair
  readonly rows: Uint32Array
}

/** How data is divided, in one way or several. */
export interface Division {
  readonly count: number
  divide(index: number): Divided
}

/** What came of a candidate: all its folds, or the first that failed. */
export interface Outcome {
  readonly folds: readonly Fold[]
  readonly failure: Failure | undefined
}

interface Run extends Outcome {
  readonly folds: Fold[]
  failure: Failure | undefined
  /** folds that have been trained, or left out */
  done: number
}

export interface Failure {
  readonly fold: number
  readonly error: unknown
}

/** An error that names the fold. */
export function failureIn({ fold, error }: Failure): Error {
  const message = error instanceof Error ? error.message : String(error)
  return new Error(`fold ${fold}: ${message}`, { cause: error })
}

export function divisionInFolds(data: MatrixPair, folds: readonly Uint32Array[]): Division {
  return { count: folds.length, divide: (fold) => divided(data, rowsBeside(folds, fold), folds[fold]) }
}

export function divided(data: MatrixPair, trained: Uint32Array, held: Uint32Array): Divided {
  const part = (rows: Uint32Array): MatrixPair => ({
    x: selectRows(data.x, rows),
    y: selectRows(data.y, rows),
  })
  return { train: part(trained), held: part(held), rows: held }
}

/**
 * Refuses a candidate that fit would refuse: a fit whose signal has aborted before checks everything, and changes nothing.
 *
 * @throws TypeError or RangeError as fit
 * @returns what its network, not trained, is worth
 */
export async function rehearse(candidate: Candidate, { train, held }: Divided): Promise<NetworkEvaluation> {
  const net = candidate.network(0)
  const checked = new Error('checked')
  const signal = AbortSignal.abort(checked)
  await net.fit(valuesOf(train), { ...candidate.fit, signal }).catch((error: unknown) => {
    if (error !== checked) throw error
  })
  return net.evaluate(valuesOf(held))
}

/**
 * Trains every candidate on every fold, and evaluates it there: so many fits at once as `parallel` says, with results that do not depend
 * on it. Of a candidate that fails, folds after the one that failed are left out.
 *
 * @param onOutcome is called when a candidate is done, and awaited
 * @throws the signal's reason, or what onOutcome throws, when all fits have ended
 */
export async function runAll(
  candidates: readonly Candidate[],
  division: Division,
  { parallel, signal }: { readonly parallel: Parallel; readonly signal: AbortSignal | undefined },
  onOutcome: (candidate: number, outcome: Outcome) => unknown,
): Promise<void> {
  const { count } = division
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal?.reason)
  signal?.addEventListener('abort', abort)
  const runs = candidates.map((): Run => ({ folds: [], done: 0, failure: undefined }))
  const task = async (index: number): Promise<void> => {
    const [i, fold] = [Math.floor(index / count), index % count]
    const run = runs[i]
    const isWanted = (): boolean => run.failure === undefined || fold < run.failure.fold
    try {
      if (isWanted())
        run.folds[fold] = await train(candidates[i], division, fold, parallel, controller.signal)
    } catch (error) {
      controller.signal.throwIfAborted()
      if (isWanted()) run.failure = { fold, error }
    }
    run.done += 1
    if (run.done < count) return
    await onOutcome(i, run)
    controller.signal.throwIfAborted()
  }
  try {
    signal?.throwIfAborted()
    await inParallel(candidates.length * count, parallel.limit, (index) =>
      task(index).catch((error: unknown) => {
        controller.abort(error)
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
  signal.throwIfAborted()
  const { train: trained, held, rows } = division.divide(fold)
  const net = candidate.network(fold)
  const place = placeOf(parallel, net, candidate.fit, trained.x.rows)
  const start = performance.now()
  const history = await net.fit(valuesOf(trained), { ...candidate.fit, ...place, signal })
  const seconds = (performance.now() - start) / 1000
  return { rows, evaluation: net.evaluate(valuesOf(held)), history, seconds }
}

function valuesOf({ x, y }: MatrixPair): { x: MatrixPair['x']['values']; y: MatrixPair['y']['values'] } {
  return { x: x.values, y: y.values }
}
