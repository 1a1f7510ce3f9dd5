import { nextTask } from './next-task.js'

/** How long the thread that calls may be kept from its event loop, in milliseconds: half a frame of 60 a second. */
export const TURN_MS = 8

/** From this part of the time on it is time for a turn: what comes next may take all of it again. */
const DUE = 0.5

/**
 * When the event loop of this thread had its last turn from here: work of one kind comes behind that of another, and one short fit behind
 * another.
 */
let last = -Infinity

/** Gives the event loop its turn every so many milliseconds of work. */
export class Turns {
  readonly #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  /** To be awaited between two pieces of work, where it is a promise: then it is time for the event loop. */
  pause(now = performance.now()): Promise<void> | undefined {
    // A clock may have been set back by whoever tests with one of their own.
    return Math.abs(now - last) < DUE * this.#ms ? undefined : turn()
  }
}

async function turn(): Promise<void> {
  await nextTask()
  last = performance.now()
}

/** Does something whose parts are short, with turns for the event loop in between. */
export async function withTurns<Result>(parts: Generator<undefined, Result>): Promise<Result> {
  const turns = new Turns(TURN_MS)
  for (;;) {
    const part = parts.next()
    if (part.done === true) return part.value
    const turn = turns.pause()
    if (turn !== undefined) await turn
  }
}
