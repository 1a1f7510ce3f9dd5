import { typeError } from '../base/argument-error.js'
import { isError } from '../base/thrown.js'
import { checkInteger, show } from '../base/check.js'
import type { Engine } from '../engine/engine.js'
import { canShare, cores, hasWorkers } from '../platform/workers.js'
import { Refused } from '../engine/wasm/threads/spawn.js'
import { Team } from '../engine/wasm/threads/team.js'
import type { Task } from '../engine/task.js'
import { WasmEngine } from '../engine/wasm/wasm.js'
import { parameterCount } from '../definition/architecture.js'
import { TimeUp, type Stop } from '../platform/stop.js'

const MAX_THREADS = 64

/**
 * What must be worth a second thread: multiply-adds of one step, beside which the threads' meetings are short, and of a whole fit,
 * beside which starting workers, some 50 ms, is. 784-30-10, batch 10, stays on one (0.7 million), 784-128-10, batch 32, does not
 * (10 million).
 */
const STEP_WORK = 2e6
const FIT_WORK = 2e9

/** Samples of a panel, which is the least that a thread takes of a step: 8 in f32, more than enough in f64. */
const PANEL_SAMPLES = 8

const warned = new Set<string>()

/** @throws TypeError or RangeError unless threads is a number of them, or 'auto' */
export function checkThreads(threads: unknown): number | 'auto' {
  if (threads === 'auto') return threads
  if (typeof threads === 'number') return checkInteger('threads', threads, { min: 1, max: MAX_THREADS })
  throw typeError('threads', `an integer >= 1 and <= ${MAX_THREADS}, or "auto"`, show(threads))
}

/**
 * How many workers train, 0 for the thread that calls: 'auto' takes as many as there are cores and panels in a batch, if that gains
 * something.
 */
export function threadsFor(
  threads: number | 'auto' | undefined,
  engine: Engine,
  { spec, x, batchSize }: Task,
  epochs: number,
): number {
  if (threads !== 'auto') return threads ?? 0
  const batch = Math.min(batchSize, x.rows)
  const work = 3 * parameterCount(spec)
  const isWorthwhile = work * batch >= STEP_WORK && work * x.rows * epochs >= FIT_WORK
  if (!isWorthwhile || !canShare() || !(engine instanceof WasmEngine)) return 0
  const count = Math.min(cores(), Math.ceil(batch / PANEL_SAMPLES), MAX_THREADS)
  return count > 1 ? count : 0
}

/**
 * The workers of a fit, or undefined if it is for the thread that calls: there are no workers here, or none may be started, which is
 * told once; or, where their number was left to 'auto', they do not start. Where workers cannot share memory there is one of them, which
 * is told too.
 *
 * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
 * @throws Error if a worker ends before the first epoch; the signal's reason, or TimeUp
 */
export async function teamFor(
  threads: number,
  isAuto: boolean,
  engine: Engine,
  task: Task,
  signal: Stop,
): Promise<Team | undefined> {
  if (!(engine instanceof WasmEngine) || !hasWorkers()) {
    const what = hasWorkers() ? 'the baseline engine has no threads' : 'this runtime has no workers'
    warn(`${what}; this thread trains`)
    return undefined
  }
  const starting = Team.start(task, engine, threads, (ready) => signal.race(ready))
  const team = await starting.catch((error: unknown) => {
    if (signal.aborted || error instanceof TimeUp) throw error
    if (isAuto) return undefined
    if (error instanceof Refused) return error
    throw error
  })
  if (isAuto || team === undefined) return isAuto && team instanceof Team ? team : undefined
  if (team instanceof Refused) {
    const reason = isError(team.cause) ? `: ${team.cause.message}` : ''
    warn(
      `workers may not be started here (a page needs worker-src blob: in its Content-Security-Policy, Node --allow-worker)${reason}; this thread trains`,
    )
    return undefined
  }
  if (team.alone !== undefined && threads > 1) warn(`${team.alone}; one worker trains`)
  return team
}

function warn(what: string): void {
  if (!warned.has(what)) console.warn(`deltaprop: fit: threads: ${what}`)
  warned.add(what)
}
