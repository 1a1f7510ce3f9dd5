/** What training asks whether it is to end: as much of an AbortSignal as it needs. */
export interface StopSignal {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
}

/** Why a signal has aborted; those of older libraries do not say. */
export function reasonOf(signal: object): unknown {
  if ('reason' in signal && signal.reason !== undefined) return signal.reason
  return Object.assign(new Error('this operation was aborted'), { name: 'AbortError' })
}

/** @throws its reason, if it has aborted */
export function throwIfAborted(signal: { readonly aborted: boolean } | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal)
}

/** How long what hangs is waited for when it is to end, in milliseconds: it may be merely slow. */
export const GRACE_MS = 1000

/** The longest that a timer waits: one of more milliseconds would end at once. */
const LONGEST_MS = 2 ** 31 - 1

/** That the time limit was over before what was awaited had come. */
export class TimeUp extends Error {
  constructor() {
    super('the time is up')
  }
}

/** What a callback has answered that has not answered in time. */
export const timeUp = Symbol('the time is up')

/**
 * What ends a fit, or a search: its caller's signal, whoever disposes of the network, and the time limit. Whatever is awaited that may not
 * come, streams, workers and files, is awaited by `race`, callbacks by `answer`. To make an AbortController takes 5 µs, a third of a fit of
 * one small epoch, and contexts of node:vm have none.
 */
export class Stop implements StopSignal {
  aborted = false
  reason: unknown
  /** when the time is up, in that of performance.now() */
  deadline = Infinity
  readonly #listeners = new Set<() => void>()
  /** rejects what was awaited of a callback last, where there is no deadline; if that is over, nothing comes of it */
  #unanswered: ((error: unknown) => void) | undefined
  readonly #waits = new Set<Wait>()

  /** The time limit counts from here on, for what is awaited from here on. */
  limit(seconds: number): void {
    this.deadline = performance.now() + 1000 * seconds
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners) listener()
    this.#unanswered?.(this.reason)
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
   * What a promise comes to; what it comes to after this has thrown is nobody's, an error neither. Nothing is left of it when it is
   * over: no listener, and no timer.
   *
   * @param lateMs how long it is waited for beyond the deadline, or beyond now, if that is later; Infinity: until it comes
   * @param abortedMs the same beyond an abort
   * @throws the reason of the abort, or TimeUp
   */
  race<T>(promise: T | PromiseLike<T>, lateMs = GRACE_MS, abortedMs = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#wait(promise, resolve, reject, () => reject(new TimeUp()), lateMs, abortedMs)
    })
  }

  /**
   * What a callback has answered, to be awaited before another is called; timeUp if that does not come in time.
   *
   * @throws what it throws; the reason of an abort
   */
  answer(said: unknown): unknown {
    // Not where it has answered at once, as most of them do.
    if ((typeof said !== 'object' && typeof said !== 'function') || said === null) return said
    return new Promise((resolve, reject) => {
      if (this.deadline < Infinity || this.aborted) {
        this.#wait(said, resolve, reject, () => resolve(timeUp), GRACE_MS, 0)
        return
      }
      this.#unanswered = reject
      Promise.resolve(said).then(resolve, reject)
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

/** Who waits for a promise, until that is over. By a class, not by closures: an epoch whose callback is async took half as long again. */
class Wait {
  readonly #stop: Stop
  readonly #waits: Set<Wait>
  readonly #reject: (error: unknown) => void
  readonly #late: () => void
  readonly #abortedMs: number
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param waits those of the stop */
  constructor(
    stop: Stop,
    waits: Set<Wait>,
    reject: (error: unknown) => void,
    late: () => void,
    abortedMs: number,
  ) {
    this.#stop = stop
    this.#waits = waits
    this.#reject = reject
    this.#late = late
    this.#abortedMs = abortedMs
  }

  /** Nothing is left of it. */
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
      // A timer may be a bit early; behind one that is late, what has come meanwhile has its turn first.
      if (performance.now() < time) this.endAt(time)
      else this.#timer = setTimeout(() => this.#fail())
    }, ms)
  }

  #fail(): void {
    this.end()
    if (this.#stop.aborted) this.#reject(this.#stop.reason)
    else this.#late()
  }
}
