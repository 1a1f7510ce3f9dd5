import { typeError } from '../base/argument-error.js'
import { isObject, show } from '../base/check.js'
import { GRACE_MS, TimeUp, type AbortFlag } from '../platform/abort.js'
import { Interrupted } from './epoch-outcome.js'

/** Where the pieces come from, themselves not checked yet: an iterable, or a function that returns one for an epoch. */
export type Origin = object | ((epoch: number) => unknown)

/** @throws TypeError unless it can be one, or if it is an array of numbers */
export function checkOrigin(origin: unknown): Origin {
  if (typeof origin === 'function' || isIterable(origin)) return origin
  throw typeError('stream', 'an iterable of pieces { x, y }, or a function that returns one', show(origin))
}

/** Whether it is an object with an iterator, async or not, but not a typed array. */
export function isIterable(value: unknown): value is object {
  if (!isObject(value) || ArrayBuffer.isView(value)) return false
  return Symbol.asyncIterator in value || Symbol.iterator in value
}

/** Whether pieces can be read again, epoch after epoch. */
export function isRepeatable(origin: Origin): boolean {
  return typeof origin === 'function' || Array.isArray(origin)
}

/** The pieces of one epoch, as they come. Waiting for the next ends with a signal, and at the time limit. */
export class Pieces {
  /** whether the time limit passed before the last piece */
  isTimeUp = false
  readonly #origin: Origin
  readonly #epoch: number
  readonly #signal: AbortFlag
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined
  /** a piece is awaited from the iterator */
  #isAsked = false
  #isClosed = false

  constructor(origin: Origin, epoch: number, signal: AbortFlag) {
    this.#origin = origin
    this.#epoch = epoch
    this.#signal = signal
  }

  /**
   * @returns undefined after the last one, or when the time is up
   * @throws Interrupted by the signal, or by what the stream throws
   */
  async next(): Promise<{ readonly value: unknown } | undefined> {
    const signal = this.#signal
    if (!signal.aborted && performance.now() < signal.deadline) {
      const result = await signal.race(this.#ask(), 0).catch(notInTime)
      if (result?.done === true) this.#iterator = undefined
      if (result !== undefined) return result.done === true ? undefined : result
    }
    if (signal.aborted) throw new Interrupted(signal.reason)
    this.isTimeUp = true
    return undefined
  }

  /**
   * Closes the stream, if it has not ended. Waits for that, for a while beyond a signal or the time limit, unless a
   * piece is still awaited from it.
   *
   * @throws Interrupted by the signal, or by what the stream throws
   */
  async close(): Promise<void> {
    this.#isClosed = true
    const closed = this.#return()
    if (this.#isAsked) closed.catch(() => undefined)
    else await this.#signal.race(closed, GRACE_MS, GRACE_MS).catch(notInTime)
  }

  async #ask(): Promise<IteratorResult<unknown>> {
    this.#isAsked = true
    try {
      this.#iterator ??= await this.#open()
      if (!this.#isClosed) return await this.#iterator.next()
      // It was opened after `close`, which could not close it.
      await this.#return()
      return { done: true, value: undefined }
    } catch (error) {
      this.#iterator = undefined
      throw new Interrupted(error)
    } finally {
      this.#isAsked = false
    }
  }

  async #open(): Promise<AsyncIterator<unknown> | Iterator<unknown>> {
    const pieces: unknown =
      typeof this.#origin === 'function' ? await this.#origin(this.#epoch) : this.#origin
    if (!isIterable(pieces)) {
      throw typeError(`data(${this.#epoch})`, 'an iterable of pieces { x, y }', show(pieces))
    }
    const { [Symbol.asyncIterator]: iterate } = pieces as Partial<AsyncIterable<unknown>>
    return iterate?.call(pieces) ?? (pieces as Iterable<unknown>)[Symbol.iterator]()
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator?.return?.()
    } catch (error) {
      throw new Interrupted(error)
    }
  }
}

/** Undefined if the time is up. */
function notInTime(error: unknown): undefined {
  if (error instanceof TimeUp) return undefined
  throw error instanceof Interrupted ? error : new Interrupted(error)
}
