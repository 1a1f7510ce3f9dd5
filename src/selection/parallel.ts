import { typeError } from '../base/argument-error.js'
import { checkInteger, show } from '../base/check.js'
import { importNodeModules } from '../platform/node-modules.js'
import { cores, hasWorkers } from '../platform/workers.js'
import type { FitOptions, Network } from '../index.js'
import { parameterCount } from '../definition/architecture.js'

const MAX_PARALLEL = 64

/**
 * What a fit must come to for a worker of its own, whose start takes some 100 ms: multiply-adds, at 5 million a millisecond. An update
 * costs as much as 25,000 beside its own. 4-16-8-3, 500 epochs of 120 samples, batch 8, stays on the calling thread (50 ms);
 * 64-32-10, 100 epochs of 1437, batch 32, does not (280 ms).
 */
const FIT_WORK = 5e8
const UPDATE_WORK = 25_000

/** How many fits run at once; 'auto': as many as there are cores, and each decides for itself where. */
export type Parallel = number | 'auto'

/** @throws TypeError or RangeError unless it is a number of fits, or 'auto' */
export function checkParallel(option: unknown): Parallel {
  if (option === 'auto') return option
  if (typeof option === 'number') return checkInteger('parallel', option, { min: 1, max: MAX_PARALLEL })
  throw typeError('parallel', `an integer >= 1 and <= ${MAX_PARALLEL}, or "auto"`, show(option))
}

export async function limitOf(parallel: Parallel): Promise<number> {
  if (parallel !== 'auto') return parallel
  await importNodeModules()
  return Math.min(cores(), MAX_PARALLEL)
}

/** Where a fit on so many samples trains: in a worker; left to itself on the calling thread, if it is short, or there are no workers for it. */
export function placeOf(parallel: Parallel, net: Network, fit: FitOptions, rows: number): FitOptions {
  const { epochs = 1, batchSize = 32 } = fit
  const parameters = parameterCount(net)
  const work = epochs * (3 * parameters * rows + Math.ceil(rows / batchSize) * UPDATE_WORK)
  const isForWorkers = work >= FIT_WORK && hasWorkers() && net.engine === 'wasm'
  return isForWorkers || parallel !== 'auto' ? { threads: 1 } : {}
}
