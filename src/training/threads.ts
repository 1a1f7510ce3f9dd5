import { checkInteger, show } from '../check.js'
import type { Engine } from '../engine/engine.js'
import { canShare, cores, hasWorkers } from '../engine/team/spawn.js'
import { Team, type TeamTask } from '../engine/team/team.js'
import { WasmEngine } from '../engine/wasm.js'
import { parameterCount } from '../spec.js'

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
  throw new TypeError(
    `threads: expected an integer >= 1 and <= ${MAX_THREADS}, or "auto", got ${show(threads)}`,
  )
}

/**
 * The workers of a fit, or undefined if it is for the thread that calls. Where workers cannot share memory there is one of them, and
 * a warning, once; 'auto' takes none then, nor where they do not start.
 *
 * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
 * @throws Error if a worker does not start
 */
export async function teamFor(
  threads: number | 'auto',
  task: TeamTask,
  engine: Engine,
  epochs: number,
): Promise<Team | undefined> {
  if (threads === 1) return undefined
  if (threads === 'auto') {
    const wanted = worthwhile(task, epochs)
    if (wanted === 1 || !canShare() || !(engine instanceof WasmEngine)) return undefined
    return Team.start(task, engine, wanted).catch(() => undefined)
  }
  if (!(engine instanceof WasmEngine) || !hasWorkers()) {
    const what = hasWorkers() ? 'the baseline engine has no threads' : 'this runtime has no workers'
    warn(`${what}; this thread trains`)
    return undefined
  }
  const team = await Team.start(task, engine, threads)
  if (team.alone !== undefined) warn(`${team.alone}; one worker trains`)
  return team
}

/** As many threads as there are cores and panels in a batch, or 1 where more would gain nothing. */
function worthwhile({ spec, x, batchSize }: TeamTask, epochs: number): number {
  const batch = Math.min(batchSize, x.rows)
  const work = 3 * parameterCount(spec)
  if (work * batch < STEP_WORK || work * x.rows * epochs < FIT_WORK) return 1
  return Math.min(cores(), Math.ceil(batch / PANEL_SAMPLES), MAX_THREADS)
}

function warn(what: string): void {
  if (!warned.has(what)) console.warn(`deltaprop: fit: threads: ${what}`)
  warned.add(what)
}
