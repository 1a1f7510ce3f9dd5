import { Stopped } from './spawn.js'

/** How long workers may be silent, at least, in milliseconds. To start one takes some 50, a run 100. */
const PATIENCE_MS = 5000

/** How much longer than the longest reply so far the next may take. */
const SLOWER = 4

/**
 * Ticks of a timer that patience is made of. However late one comes, it counts once, and what has arrived has its turn
 * before the next: a machine that slept, a page whose timers are throttled, a thread that was busy or stopped in a
 * debugger takes no more of the patience than one of them.
 */
const LOOKS = 5

/** Waits for workers, and notices if they have stopped. */
export class Watch {
  readonly #progress: () => string
  #timer: ReturnType<typeof setInterval> | undefined
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
  reply<T>(promise: Promise<T>, slowMs: number): Promise<T> {
    // In a bare context of node:vm.
    if (typeof setInterval !== 'function') return promise
    const patience = Math.max(PATIENCE_MS, slowMs, SLOWER * this.#longestMs)
    const partMs = patience / LOOKS
    const start = performance.now()
    let [looks, silent, last] = [1, 0, this.#progress()]
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const now = this.#progress()
        looks += 1
        silent = now === last ? silent + 1 : 0
        last = now
        if (silent < LOOKS) return
        this.end()
        reject(new Stopped(`a worker has not answered for ${Math.round(patience / 1000)} s`))
      }
      this.#timer = setInterval(look, partMs)
      const end = (): void => {
        this.end()
        // Without the time that this thread, or the whole machine, slept.
        const ms = Math.min(performance.now() - start, looks * partMs)
        this.#longestMs = Math.max(this.#longestMs, ms)
      }
      promise.finally(end).then(resolve, reject)
    })
  }

  /** Nobody waits any more. */
  end(): void {
    if (this.#timer !== undefined) clearInterval(this.#timer)
  }
}
