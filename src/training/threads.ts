import { checkInteger, show } from '../check.js'
import type { Engine } from '../engine/engine.js'
import { cores, hasWorkers } from '../engine/team/spawn.js'
import { Team, type TeamTask } from '../engine/team/team.js'
import { parameterCount } from '../spec.js'

/** More than any machine has that this is for. */
const MAX_THREADS = 64

/** @throws TypeError or RangeError unless threads is a number of them, or 'auto' */
export function checkThreads(threads: unknown): number | 'auto' {
  if (threads === 'auto') return threads
  if (typeof threads === 'number') return checkInteger('threads', threads, { min: 1, max: MAX_THREADS })
  throw new TypeError(
    `threads: expected an integer >= 1 and <= ${MAX_THREADS}, or "auto", got ${show(threads)}`,
  )
}

/**
 * What must be worth a second thread: multiply-adds of one step, beside which the threads' meetings are short, and of a whole fit,
 * beside which starting workers is. Measured: bench/NOTES.md.
 */
const STEP_WORK = 2e6
const FIT_WORK = 2e9

let hasWarned = false

/**
 * The workers of a fit, or undefined if it is for the thread that calls. Where workers cannot share memory there is one of them, and
 * a warning, once.
 */
export async function teamFor(
  threads: number | 'auto',
  task: TeamTask,
  engine: Engine,
  epochs: number,
): Promise<Team | undefined> {
  const wanted = threads === 'auto' ? worthwhile(task, epochs) : threads
  if (wanted === 1) return undefined
  if (engine.kind === 'baseline' || !hasWorkers()) {
    const what =
      engine.kind === 'baseline' ? 'the baseline engine has no threads' : 'this runtime has no workers'
    warn(`${what}; this thread trains`)
    return undefined
  }
  const team = await Team.start(task, engine, wanted)
  if (team.size < wanted) {
    warn('memory cannot be shared here (a page needs cross-origin isolation); one worker trains')
  }
  return team
}

/** As many as there are cores, or 1 where more would gain nothing. */
function worthwhile({ spec, x, batchSize }: TeamTask, epochs: number): number {
  const stepWork = 3 * parameterCount(spec) * Math.min(batchSize, x.rows)
  const fitWork = 3 * parameterCount(spec) * x.rows * epochs
  return stepWork < STEP_WORK || fitWork < FIT_WORK ? 1 : Math.min(cores(), MAX_THREADS)
}

function warn(what: string): void {
  if (!hasWarned) console.warn(`deltaprop: fit: threads: ${what}`)
  hasWarned = true
}
