import { Stopped } from './spawn.js'

/** How long workers may be silent, at least, in milliseconds. To start one takes some 50, a run 100. */
const PATIENCE_MS = 5000

/** How much longer than the longest reply so far the next may take. */
const SLOWER = 4

/**
 * Timers, one after the other, that patience is made of. However late one comes, it counts once, and what has arrived
 * has its turn before the next: a machine that slept, a page whose timers are throttled, a thread that was busy or
 * stopped in a debugger takes no more of the patience than one of them.
 */
const LOOKS = 5

/** Waits for workers, and notices if they have stopped. */
export class Watch {
  readonly #progress: () => string
  #timer: ReturnType<typeof setTimeout> | undefined
  #longestMs = 0

  /** @param progress another text once a worker has done something */
  constructor(progress: () => string) {
    this.#progress = progress
  }

  /**
   * Settles like the promise; one at a time.
   *
   * @param slowMs how long that takes on a slow machine
   * @throws Stopped if there has been no progress for five seconds, or for as long as it may take
   */
  reply<T>(promise: Promise<T>, slowMs = 0): Promise<T> {
    if (typeof setTimeout !== 'function') return promise
    const patience = Math.max(PATIENCE_MS, slowMs, SLOWER * this.#longestMs)
    const partMs = patience / LOOKS
    const start = performance.now()
    let [looks, silent, last] = [0, 0, this.#progress()]
    return new Promise((resolve, reject) => {
      const wait = (): void => {
        this.#timer = setTimeout(look, partMs)
      }
      const look = (): void => {
        const now = this.#progress()
        looks += 1
        silent = now === last ? silent + 1 : 0
        last = now
        if (silent < LOOKS) wait()
        else reject(new Stopped(`a worker has not answered for ${Math.round(patience / 1000)} s`))
      }
      const end = (): void => {
        this.end()
        // Without the time that this thread, or the whole machine, slept.
        this.#longestMs = Math.max(this.#longestMs, Math.min(performance.now() - start, (looks + 1) * partMs))
      }
      wait()
      promise.finally(end).then(resolve, reject)
    })
  }

  /** Nobody waits any more. */
  end(): void {
    clearTimeout(this.#timer)
  }
}
