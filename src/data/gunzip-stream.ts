import { rangeError } from '../base/argument-error.js'
const PIECE = 2 ** 16

/**
 * Unpacks gzip, of one or several members, as its chunks come, in memory that does not grow with the file: the output
 * of one piece is taken before the next piece is given.
 */
export class GunzipStream {
  readonly #name: string
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #writer: WritableStreamDefaultWriter<BufferSource>
  /** the next chunk: requested, but not taken yet */
  #next: Promise<ReadableStreamReadResult<Uint8Array>> | undefined

  /**
   * @param name of the argument, for messages
   * @throws RangeError if the runtime cannot unpack gzip
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

  /** Takes a copy of a chunk. @returns the output until then. @throws RangeError unless it is undamaged gzip */
  async *push(chunk: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
    for (let i = 0; i < chunk.length; i += PIECE) {
      const written = this.#writer.write(Uint8Array.from(chunk.subarray(i, i + PIECE)))
      yield* this.until(written)
      await written.catch(this.#refuse)
    }
  }

  /** The output until an operation has finished. @throws RangeError as push, also if the operation fails */
  async *until(event: Promise<unknown>): AsyncGenerator<Uint8Array, void, void> {
    const happened = event.then(ignore, ignore)
    for (;;) {
      const result = await Promise.race([this.#take(), happened]).catch(this.#refuse)
      if (result === undefined || result.done) return
      this.#next = undefined
      yield result.value
    }
  }

  /** The rest of the output, as no more chunks come. @throws RangeError for gzip that is cut off or damaged */
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

  /** Cancels; nobody waits for it. */
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

/** The error reaches those who await the same promise elsewhere. */
function ignore(): undefined {
  return undefined
}
