/** As much of an AbortSignal as work needs that stops between two of its parts. */
export interface AbortState {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}

/** Why a signal aborted; signals of older libraries have no reason. */
export function reasonOf(signal: object): unknown {
  if ('reason' in signal && signal.reason !== undefined) return signal.reason
  return Object.assign(new Error('this operation was aborted'), { name: 'AbortError' })
}

/** @throws the signal's reason, if it has aborted */
export function throwIfAborted(signal: { readonly aborted: boolean } | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal)
}

/**
 * Runs something with a flag that follows a signal meanwhile.
 *
 * @throws the signal's reason, if it has aborted already; what is run throws
 */
export async function withFlag<T>(
  signal: AbortSignal | undefined,
  run: (flag: AbortFlag) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal)
  const flag = new AbortFlag()
  const abort = (): void => flag.abort(signal && reasonOf(signal))
  signal?.addEventListener('abort', abort)
  try {
    return await run(flag)
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

/** How long to wait, beyond an abort or a deadline, for what may merely be slow, in milliseconds. */
export const GRACE_MS = 1000

/** The longest delay of a timer; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** Thrown when the time limit has passed before what was awaited came. */
export class TimeUp extends Error {
  constructor() {
    super('the time is up')
  }
}

/** The answer of a callback that has not answered before the time limit. */
export const timeUp = Symbol('the time is up')

/**
 * What ends a fit, or a search: the caller's signal, disposing of the network, or the deadline. Anything that may
 * never come (pieces of a stream, workers, files) is awaited through `race`, callbacks through `answer`.
 *
 * Not an AbortController: making one takes 5 µs, a third of a fit of one small epoch, and contexts of node:vm have
 * none.
 */
export class AbortFlag implements AbortState {
  aborted = false
  reason: unknown
  /** on the clock of performance.now() */
  deadline = Infinity
  readonly #listeners = new Set<() => void>()
  /** rejects the promise of the last callback that was awaited without a deadline; does nothing if that has settled */
  #rejectAnswer: ((error: unknown) => void) | undefined
  readonly #waits = new Set<Wait>()

  /** Sets the deadline, counted from now; it holds for whatever is awaited from now on. */
  limit(seconds: number): void {
    this.deadline = performance.now() + 1000 * seconds
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#rejectAnswer?.(this.reason)
    for (const wait of this.#waits) wait.abort()
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener)
  }

  /**
   * Settles like a promise, unless an abort or the deadline comes first; then the promise is ignored, its rejection
   * too. Leaves no listener and no timer behind.
   *
   * @param lateMs how long to wait beyond the deadline (beyond now, if that is later); Infinity: until the promise
   * settles
   * @param abortedMs how long to wait beyond an abort
   * @throws the reason of the abort, or TimeUp
   */
  race<T>(promise: T | PromiseLike<T>, lateMs = GRACE_MS, abortedMs = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#wait(promise, resolve, reject, () => reject(new TimeUp()), lateMs, abortedMs)
    })
  }

  /**
   * The answer of a callback, to be awaited before another callback is called; timeUp if it does not come in time.
   *
   * @param returned by the callback
   * @throws what its promise rejects with; the reason of an abort
   */
  answer(returned: unknown): unknown {
    // Most callbacks are synchronous: nothing to wait for.
    if ((typeof returned !== 'object' && typeof returned !== 'function') || returned === null) return returned
    return new Promise((resolve, reject) => {
      if (this.deadline < Infinity || this.aborted) {
        this.#wait(returned, resolve, reject, () => resolve(timeUp), GRACE_MS, 0)
        return
      }
      this.#rejectAnswer = reject
      Promise.resolve(returned).then(resolve, reject)
    })
  }

  #wait<T>(
    promise: T | PromiseLike<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    late: () => void,
    lateMs: number,
    abortedMs: number,
  ): void {
    const waits = this.#waits
    const wait = new Wait(this, waits, reject, late, abortedMs)
    waits.add(wait)
    Promise.resolve(promise).then(
      (value) => {
        wait.end()
        resolve(value)
      },
      (error: unknown) => {
        wait.end()
        reject(error)
      },
    )
    if (this.aborted) wait.abort()
    else if (this.deadline + lateMs < Infinity)
      wait.endAt(Math.max(this.deadline, performance.now()) + lateMs)
  }
}

/**
 * Something that is being awaited. A class, not closures: with those an epoch with an async callback took half as long
 * again (measured).
 */
class Wait {
  readonly #flag: AbortFlag
  readonly #waits: Set<Wait>
  readonly #reject: (error: unknown) => void
  readonly #late: () => void
  readonly #abortedMs: number
  #timer: ReturnType<typeof setTimeout> | undefined

  /**
   * @param waits of the flag; this one removes itself
   * @param late is called when the deadline passes
   */
  constructor(
    flag: AbortFlag,
    waits: Set<Wait>,
    reject: (error: unknown) => void,
    late: () => void,
    abortedMs: number,
  ) {
    this.#flag = flag
    this.#waits = waits
    this.#reject = reject
    this.#late = late
    this.#abortedMs = abortedMs
  }

  end(): void {
    this.#waits.delete(this)
    if (this.#timer !== undefined) clearTimeout(this.#timer)
  }

  abort(): void {
    if (this.#abortedMs === 0) this.#fail()
    else this.endAt(performance.now() + this.#abortedMs)
  }

  endAt(time: number): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    if (typeof setTimeout !== 'function') return
    const ms = Math.min(time - performance.now(), LONGEST_MS)
    this.#timer = setTimeout(() => {
      // A timer may fire early. If it fires late, whatever has arrived meanwhile gets its turn first.
      if (performance.now() < time) this.endAt(time)
      else this.#timer = setTimeout(() => this.#fail())
    }, ms)
  }

  #fail(): void {
    this.end()
    if (this.#flag.aborted) this.#reject(this.#flag.reason)
    else this.#late()
  }
}
