import { rangeError } from '../base/argument-error.js'
const PIECE = 2 ** 16

/**
 * Unpacks gzip, of one member or several behind one another, as its chunks come, and in memory that does not grow with it: what one
 * piece is unpacked to is taken before the next one is given.
 */
export class GunzipStream {
  readonly #name: string
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #writer: WritableStreamDefaultWriter<BufferSource>
  /** what comes next; asked for, and not taken yet */
  #next: Promise<ReadableStreamReadResult<Uint8Array>> | undefined

  /**
   * @param name of the argument, for messages
   * @throws RangeError where the runtime cannot unpack
   */
  constructor(name: string) {
    if (typeof DecompressionStream === 'undefined') {
      throw rangeError(name, 'an unpacked file, as there is no DecompressionStream here', 'gzip')
    }
    const { readable, writable } = new DecompressionStream('gzip')
    this.#name = name
    this.#reader = readable.getReader()
    this.#writer = writable.getWriter()
  }

  /** Takes a copy of a chunk. @returns what comes before it is taken. @throws RangeError for what is no gzip, or damaged */
  async *push(chunk: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
    for (let i = 0; i < chunk.length; i += PIECE) {
      const written = this.#writer.write(Uint8Array.from(chunk.subarray(i, i + PIECE)))
      yield* this.until(written)
      await written.catch(this.#refuse)
    }
  }

  /** What comes before something else is done, or fails. @throws RangeError as push */
  async *until(event: Promise<unknown>): AsyncGenerator<Uint8Array, void, void> {
    const happened = event.then(ignore, ignore)
    for (;;) {
      const result = await Promise.race([this.#take(), happened]).catch(this.#refuse)
      if (result === undefined || result.done) return
      this.#next = undefined
      yield result.value
    }
  }

  /** What is left, as no more chunks come. @throws RangeError for gzip that is cut off or damaged */
  async *end(): AsyncGenerator<Uint8Array, void, void> {
    const closed = this.#writer.close()
    closed.catch(ignore)
    for (;;) {
      const { done, value } = await this.#take().catch(this.#refuse)
      if (done) break
      this.#next = undefined
      yield value
    }
    await closed.catch(this.#refuse)
  }

  /** No more is wanted. Nobody waits for that. */
  close(): void {
    this.#reader.cancel().catch(ignore)
    this.#writer.abort().catch(ignore)
  }

  #take(): Promise<ReadableStreamReadResult<Uint8Array>> {
    if (this.#next === undefined) {
      this.#next = this.#reader.read()
      this.#next.catch(ignore)
    }
    return this.#next
  }

  readonly #refuse = (cause: unknown): never => {
    throw rangeError(this.#name, 'gzip: cut off, or damaged', undefined, { cause })
  }
}

/** Whoever waits for the same hears of it. */
function ignore(): undefined {
  return undefined
}
