import { typeError } from '../base/argument-error.js'
import { show } from '../base/check.js'
import { GRACE_MS, TimeUp, type AbortFlag } from '../platform/abort.js'
import { Interrupted } from './epoch-outcome.js'

/** Where the pieces come from, not checked yet: an iterable, or a function that returns one for each epoch. */
export type Stream = object | ((epoch: number) => unknown)

/** Whether data are a stream: a function, or an iterable that is neither { x, y } nor numbers. */
export function isStream(data: unknown): data is Stream {
  if (typeof data === 'function') return true
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data) || 'x' in data) return false
  return Symbol.asyncIterator in data || Symbol.iterator in data
}

/** Whether a stream can be read again, epoch after epoch. */
export function isRepeatable(stream: Stream): boolean {
  return typeof stream === 'function' || Array.isArray(stream)
}

/** The pieces of one epoch, as they come. Waiting for the next ends with a signal, and at the time limit. */
export class Pieces {
  /** whether the time limit passed before the last piece */
  isTimeUp = false
  readonly #stream: Stream
  readonly #epoch: number
  readonly #signal: AbortFlag
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined
  /** the iterator owes a piece */
  #isAsked = false
  #isClosed = false

  constructor(stream: Stream, epoch: number, signal: AbortFlag) {
    this.#stream = stream
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
   * Closes the stream, if it has not ended. Waits for that, for a while beyond a signal or the time limit, unless the
   * stream still owes a piece.
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
    const stream: unknown =
      typeof this.#stream === 'function' ? await this.#stream(this.#epoch) : this.#stream
    if (!isStream(stream) || typeof stream === 'function') {
      throw typeError(`data(${this.#epoch})`, 'an iterable of pieces { x, y }', show(stream))
    }
    const { [Symbol.asyncIterator]: iterate } = stream as Partial<AsyncIterable<unknown>>
    return iterate?.call(stream) ?? (stream as Iterable<unknown>)[Symbol.iterator]()
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
