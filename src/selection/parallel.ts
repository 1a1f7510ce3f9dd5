import { typeError } from '../base/argument-error.js'
import { checkInteger, show } from '../base/check.js'
import { importNodeModules } from '../platform/node-modules.js'
import { cpuCount, hasWorkers } from '../platform/workers.js'
import type { FitOptions, Network } from '../index.js'
import { parameterCount } from '../definition/architecture.js'

const MAX_PARALLEL = 64

/**
 * The least work for which a fit gets its own worker, which takes some 100 ms to start: in multiply-adds, at 5 million
 * per millisecond. An update costs as much as 25,000 of them on top of its own. 4-16-8-3, 500 epochs of 120 samples,
 * batch 8, stays on the calling thread (50 ms); 64-32-10, 100 epochs of 1437, batch 32, does not (280 ms).
 */
const WORKER_WORK = 5e8
const UPDATE_WORK = 25_000

/** How many fits run at once; 'auto': one per core, with each fit choosing its own thread. */
export type Parallel = number | 'auto'

/** @throws TypeError or RangeError unless it is a number of fits, or 'auto' */
export function checkParallel(option: unknown): Parallel {
  if (option === 'auto') return option
  if (typeof option === 'number') return checkInteger('parallel', option, { min: 1, max: MAX_PARALLEL })
  throw typeError('parallel', `an integer >= 1 and <= ${MAX_PARALLEL}, or "auto"`, show(option))
}

export async function concurrency(parallel: Parallel): Promise<number> {
  if (parallel !== 'auto') return parallel
  await importNodeModules()
  return Math.min(cpuCount(), MAX_PARALLEL)
}

/**
 * Chooses where to train a fit on this many samples: in a worker; or, with 'auto', on the calling thread if the fit is
 * short, has shards, or no workers are available.
 */
export function threadOptions(parallel: Parallel, net: Network, fit: FitOptions, rows: number): FitOptions {
  const { epochs = 1, batchSize = 32, shards } = fit
  if (shards !== undefined) return {}
  const parameters = parameterCount(net)
  const work = epochs * (3 * parameters * rows + Math.ceil(rows / batchSize) * UPDATE_WORK)
  const isForWorkers = work >= WORKER_WORK && hasWorkers() && net.engine === 'wasm'
  return isForWorkers || parallel !== 'auto' ? { threads: 1 } : {}
}

/**
 * Runs tasks 0 … n − 1, started in this order, at most `limit` at once. After a task fails, no more are started.
 *
 * @throws the error of the first task to fail, once all started tasks have ended
 */
export async function inParallel(
  n: number,
  limit: number,
  run: (task: number) => Promise<void>,
): Promise<void> {
  let next = 0
  let failure: { readonly error: unknown } | undefined
  const work = async (): Promise<void> => {
    while (next < n && failure === undefined) {
      try {
        await run(next++)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, n) }, work))
  if (failure !== undefined) throw failure.error
}
