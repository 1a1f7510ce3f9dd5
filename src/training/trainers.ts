import { typeError } from '../base/argument-error.js'
import { show, checkInteger } from '../base/check.js'
import { isError, messageOf } from '../base/thrown.js'
import { parameterCount } from '../definition/architecture.js'
import type { Engine } from '../engine/engine.js'
import { PANEL_SAMPLES } from '../engine/pace.js'
import type { Task } from '../engine/task.js'
import { Refused, Stopped } from '../engine/wasm/threads/spawn.js'
import { WorkerTrainer } from '../engine/wasm/threads/worker-trainer.js'
import { hasCore } from '../engine/wasm/core.js'
import { TimeUp, type AbortFlag } from '../platform/abort.js'
import { importNodeModules } from '../platform/node-modules.js'
import { canShare, cpuCount, hasWorkers } from '../platform/workers.js'
import type { State } from '../state/state.js'
import { CopyTrainer } from './copy-trainer.js'
import { LocalTrainer } from './local-trainer.js'
import { ownedTask, type GivenSamples } from './sample-set.js'
import { SteadyTrainer, warn } from './steady-trainer.js'
import type { RunningOptions } from './options.js'
import type { ArrayTrainer } from './trainer.js'

const MAX_THREADS = 64

/**
 * Multiply-adds from which a second thread pays: in one step, against the barriers between threads, and in a whole
 * fit, against starting the workers (some 50 ms). 784-30-10 with batch 10 (0.7 million a step) stays on one thread,
 * 784-128-10 with batch 32 (10 million) does not.
 */
const STEP_WORK = 2e6
const FIT_WORK = 2e9

/** @throws TypeError or RangeError unless threads is an integer, or 'auto' */
export function checkThreads(threads: unknown): number | 'auto' {
  if (threads === 'auto') return threads
  if (typeof threads === 'number') return checkInteger('threads', threads, { min: 1, max: MAX_THREADS })
  throw typeError('threads', `an integer >= 1 and <= ${MAX_THREADS}, or "auto"`, show(threads))
}

/**
 * Who trains: workers where threads are asked for, else a copy of the network where that is faster, else the network
 * itself. Once the promise has resolved, the caller of fit may write to the arrays given.
 *
 * @throws RangeError that gives the bytes needed, if network and data of workers do not fit in one memory
 * @throws the signal's reason, or TimeUp
 */
export async function trainerFor(
  state: State,
  task: Task,
  given: GivenSamples,
  { threads, epochs, signal }: RunningOptions,
): Promise<ArrayTrainer> {
  const importing = threads === undefined ? undefined : importNodeModules()
  // Samples are copied before anything is awaited: from then on the caller may write to the arrays.
  const here = importing === undefined ? task : ownedTask(task, given)
  if (importing !== undefined) await signal.race(importing)
  const count = threadsFor(threads, state.engine, here, epochs)
  const trained = count > 0 ? ownedTask(here, given) : here
  const workers = count > 0 ? await workersFor(count, threads === 'auto', state, trained, signal) : undefined
  return workers ?? CopyTrainer.create(state, trained) ?? new LocalTrainer(state, ownedTask(trained, given))
}

/**
 * How many workers train, 0 for this thread. 'auto' takes one for each CPU core, at most one for each panel of a
 * batch, if that pays.
 */
function threadsFor(
  threads: number | 'auto' | undefined,
  engine: Engine,
  { spec, x, batchSize }: Task,
  epochs: number,
): number {
  if (threads !== 'auto') return threads ?? 0
  const batch = Math.min(batchSize, x.rows)
  // Multiply-adds alone, not batchWork: what else a sample costs is no reason for threads in narrow networks.
  const work = 3 * parameterCount(spec)
  const isWorthwhile = work * batch >= STEP_WORK && work * x.rows * epochs >= FIT_WORK
  if (!isWorthwhile || !canShare() || !hasCore(engine)) return 0
  const count = Math.min(cpuCount(), Math.ceil(batch / PANEL_SAMPLES), MAX_THREADS)
  return count > 1 ? count : 0
}

/**
 * The workers of a fit. Undefined if this thread is to train: there are no workers here, they may not be started, or one
 * of them ended or does not answer (all warn once); or 'auto' could not start them. Where workers cannot share memory
 * there is only one, which warns, too.
 *
 * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
 * @throws the signal's reason, or TimeUp
 */
async function workersFor(
  threads: number,
  isAuto: boolean,
  state: State,
  task: Task,
  signal: AbortFlag,
): Promise<ArrayTrainer | undefined> {
  const { engine } = state
  const unlessOver = (error: unknown): undefined => {
    if (signal.aborted || error instanceof TimeUp) throw error
  }
  if (!hasCore(engine) || !hasWorkers()) {
    const what = hasWorkers() ? 'the baseline engine has no threads' : 'this runtime has no workers'
    warn(`${what}; this thread trains`)
    return undefined
  }
  try {
    const start = (): Promise<WorkerTrainer> =>
      WorkerTrainer.start(task, engine, threads, (ready) => signal.race(ready))
    const workers = await start()
    if (!isAuto && threads > 1 && workers.unsharedReason !== undefined) {
      warn(`${workers.unsharedReason}; one worker trains`)
    }
    const others = (): Promise<WorkerTrainer | undefined> => start().catch(unlessOver)
    return new SteadyTrainer(state, task, workers, others)
  } catch (error) {
    unlessOver(error)
    if (error instanceof Stopped) {
      warn(`${messageOf(error)}; this thread trains`)
      return undefined
    }
    if (isAuto) return undefined
    if (!(error instanceof Refused)) throw error
    const reason = isError(error.cause) ? `: ${error.cause.message}` : ''
    warn(
      `workers may not be started here (a page needs worker-src blob: in its Content-Security-Policy, Node --allow-worker)${reason}; this thread trains`,
    )
    return undefined
  }
}
