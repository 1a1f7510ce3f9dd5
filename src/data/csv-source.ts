import { show } from '../check.js'

/** A piece of a file: text, or UTF-8. */
export type Chunk = string | Uint8Array

/** A file: whole, in chunks as they come, or a stream of them. */
export type CsvSource = Chunk | Iterable<Chunk> | AsyncIterable<Chunk> | ReadableStream<Chunk>

const PIECE = 2 ** 16

/** A whole file as UTF-8, in pieces. */
export function* pieces(source: unknown): Generator<Uint8Array> {
  if (!isChunk(source)) throw new TypeError(`source: expected text or a Uint8Array, got ${show(source)}`)
  checkNoName(source)
  const encoder = new ChunkEncoder()
  yield* encoder.encode(source)
  yield* encoder.end()
}

/** A file as UTF-8, in pieces that are to be used before the next one is asked for. */
export async function* streamPieces(source: unknown): AsyncGenerator<Uint8Array> {
  checkNoName(source)
  const encoder = new ChunkEncoder()
  for await (const chunk of chunksOf(source)) {
    if (!isChunk(chunk)) {
      throw new TypeError(`source: expected chunks of text or Uint8Arrays, got ${show(chunk)}`)
    }
    yield* encoder.encode(chunk)
  }
  yield* encoder.end()
}

function chunksOf(source: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  if (isChunk(source)) return [source]
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return source as AsyncIterable<unknown>
    if (Symbol.iterator in source) return source as Iterable<unknown>
    if ('getReader' in source) return readAll(source as ReadableStream<unknown>)
  }
  throw new TypeError(`source: expected text, a Uint8Array or a stream of them, got ${show(source)}`)
}

/** The chunks of a stream where streams cannot be iterated. */
async function* readAll(stream: ReadableStream<unknown>): AsyncGenerator {
  const reader = stream.getReader()
  let isRead = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isRead = done
      if (done) return
      yield value
    }
  } finally {
    if (!isRead) await reader.cancel()
    reader.releaseLock()
  }
}

/** @throws RangeError for the name of a file in the place of its text */
function checkNoName(source: unknown): void {
  if (typeof source !== 'string' || !/^[^\r\n]+\.(csv|tsv|txt)$/i.test(source)) return
  throw new RangeError(`source: expected what a file has in it, got its name, ${show(source)}`)
}

function isChunk(value: unknown): value is Chunk {
  return typeof value === 'string' || value instanceof Uint8Array
}

/** UTF-8 in pieces of at most 3·PIECE bytes. Half a surrogate pair at the end of a text waits for the other half. */
class ChunkEncoder {
  readonly #encoder = new TextEncoder()
  #half = '';

  *encode(chunk: Chunk): Generator<Uint8Array> {
    if (typeof chunk === 'string') {
      for (let i = 0; i < chunk.length; i += PIECE) {
        const text = this.#half + chunk.slice(i, i + PIECE)
        const isHalf = /[\ud800-\udbff]$/.test(text)
        this.#half = isHalf ? text.slice(-1) : ''
        yield this.#encoder.encode(isHalf ? text.slice(0, -1) : text)
      }
    } else {
      yield* this.end()
      for (let i = 0; i < chunk.length; i += PIECE) yield chunk.subarray(i, i + PIECE)
    }
  }

  *end(): Generator<Uint8Array> {
    if (this.#half !== '') yield this.#encoder.encode(this.#half)
    this.#half = ''
  }
}
