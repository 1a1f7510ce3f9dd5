/** setImmediate of Node, Bun and Deno takes a fifth of the time of a MessageChannel (measured). */
const { setImmediate } = globalThis as { setImmediate?: (call: () => void) => unknown }

/**
 * Resolves in a later task: timers, input and output get their turn in between.
 *
 * A timer is the last resort, for browsers clamp it to 4 ms: Cloudflare's Workers with a compatibility date before
 * 2025-08-15 have no MessageChannel. A bare context of node:vm has neither, and no event loop either.
 */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve)
    } else if (typeof MessageChannel === 'function') {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(undefined)
    } else if (typeof setTimeout === 'function') {
      setTimeout(resolve, 0)
    } else {
      resolve()
    }
  })
}

/** The event loop of this thread; an object, so that tests can count its turns. */
export const eventLoop = { nextTask }

/** How long this thread may be kept from its event loop, in milliseconds: half a frame at 60 Hz. */
export const TURN_MS = 8

/** A turn is due after this share of that time: the work up to the next check may take all of it again. */
const DUE = 0.5

/**
 * When the event loop last got a turn from here. All work of this thread shares it: many short fits in a row need
 * turns, too.
 */
let last = -Infinity

/** Gives the event loop a turn after so many milliseconds of work. */
export class Turns {
  readonly #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  /** Call it between two pieces of work. If it returns a promise, a turn is due: await it. */
  pause(now = performance.now()): Promise<void> | undefined {
    // The difference may be negative: fake timers set the clock back.
    return Math.abs(now - last) < DUE * this.#ms ? undefined : turn()
  }
}

async function turn(): Promise<void> {
  await eventLoop.nextTask()
  last = performance.now()
}

/** Runs a generator to its end, with turns for the event loop between its (short) parts. */
export async function withTurns<Result>(parts: Generator<undefined, Result>): Promise<Result> {
  const turns = new Turns(TURN_MS)
  for (;;) {
    const part = parts.next()
    if (part.done === true) return part.value
    const turn = turns.pause()
    if (turn !== undefined) await turn
  }
}
