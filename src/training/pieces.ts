import { show } from '../check.js'
import { Interrupted, type Interruptions } from './epoch.js'

/** Where pieces of the samples come from, not looked at yet: an iterable, or a function that returns one for an epoch. */
export type Stream = object | ((epoch: number) => unknown)

/** Whether data are a stream: a function, or what can be iterated and is neither { x, y } nor numbers. */
export function isStream(data: unknown): data is Stream {
  if (typeof data === 'function') return true
  if (typeof data !== 'object' || data === null || ArrayBuffer.isView(data) || 'x' in data) return false
  return Symbol.asyncIterator in data || Symbol.iterator in data
}

/** Whether a stream can be read again for every epoch. */
export function isRepeatable(stream: Stream): boolean {
  return typeof stream === 'function' || Array.isArray(stream)
}

/** The pieces of one epoch, as they come. Nobody waits for the next one beyond a signal or the time limit. */
export class Pieces {
  /** whether the time limit came before the end */
  isTimeUp = false
  readonly #stream: Stream
  readonly #epoch: number
  readonly #interruptions: Interruptions
  readonly #timer: ReturnType<typeof setTimeout> | undefined
  #iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined
  /** the iterator has been asked, and has not answered yet */
  #isAsked = false
  #stopWaiting: () => void = () => undefined
  readonly #leave = (): void => this.#stopWaiting()

  constructor(stream: Stream, epoch: number, interruptions: Interruptions) {
    this.#stream = stream
    this.#epoch = epoch
    this.#interruptions = interruptions
    const { signal, deadline } = interruptions
    signal?.addEventListener('abort', this.#leave)
    const ms = deadline - performance.now()
    // A timer of more milliseconds would end at once.
    if (ms < 2 ** 31) this.#timer = setTimeout(this.#leave, ms)
  }

  /**
   * @returns undefined after the last one, or when the time is up
   * @throws Interrupted by the signal, or by what the stream throws
   */
  async next(): Promise<{ readonly value: unknown } | undefined> {
    const { signal, deadline } = this.#interruptions
    if (signal?.aborted !== true && performance.now() < deadline) {
      // Before the stream is asked, which may abort.
      const left = new Promise<void>((resolve) => (this.#stopWaiting = resolve))
      const result = await Promise.race([this.#ask(), left])
      if (result?.done === true) this.#iterator = undefined
      if (result !== undefined) return result.done === true ? undefined : result
    }
    if (signal?.aborted === true) throw new Interrupted(signal.reason)
    this.isTimeUp = true
    return undefined
  }

  /** Tells the stream that no more is wanted, if it has not ended, and waits until it is closed, unless it owes a piece. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#interruptions.signal?.removeEventListener('abort', this.#leave)
    const closed = this.#return()
    if (this.#isAsked) closed.catch(() => undefined)
    else await closed
  }

  async #ask(): Promise<IteratorResult<unknown>> {
    this.#isAsked = true
    try {
      this.#iterator ??= await this.#open()
      return await this.#iterator.next()
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
      throw new TypeError(
        `data(${this.#epoch}): expected an iterable of pieces { x, y }, got ${show(stream)}`,
      )
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
