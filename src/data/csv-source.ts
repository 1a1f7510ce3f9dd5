import { rangeError, typeError } from '../base/argument-error.js'
import { remediableError } from '../base/remedies.js'
import { show, showNoBytes } from '../base/check.js'
import { likelyEncoding, markedEncoding, UTF_8, Utf8Maker } from './encodings.js'
import { headOf, isJSON } from './file-kinds.js'
import { checkIsText, isChunk, isGzip, noRows, unpacked, type Chunk, type Chunks } from './unpack.js'

export type { Chunk } from './unpack.js'

/** A file: whole, in chunks as they come, or a stream of them. */
export type CsvSource = Chunk | Blob | Iterable<Chunk> | AsyncIterable<Chunk> | ReadableStream<Chunk>

const PIECE = 2 ** 16

/** A whole file as UTF-8, in pieces. */
export function* pieces(source: unknown, encoding: string): Generator<Uint8Array> {
  if (!isChunk(source)) {
    const got = isBlob(source) || isStream(source) ? `${show(source)}; readCsv reads it` : showNoBytes(source)
    throw typeError('source', 'text or a Uint8Array', got)
  }
  checkNoName(source, 'readFileSync')
  if (isGzip(source)) throw noRows('gzip', 'readCsv and csvBatches unpack it')
  checkIsText(source)
  checkNoJSON(source)
  const encoder = new ChunkEncoder(encoding)
  yield* encoder.encode(source)
  yield* encoder.end()
}

/** A file as UTF-8, in pieces; use each before you ask for the next. */
export async function* streamPieces(source: unknown, encoding: string): AsyncGenerator<Uint8Array> {
  checkNoName(source, 'createReadStream')
  const encoder = new ChunkEncoder(encoding)
  let isBegun = false
  for await (const chunk of unpacked(chunksOf(source))) {
    if (!isBegun) checkNoJSON(chunk)
    isBegun = true
    yield* encoder.encode(chunk)
  }
  yield* encoder.end()
}

/**
 * A file of another format than CSV, unpacked, as UTF-8.
 *
 * @param chunks of bytes, which may be gzip; closed when the result is
 * @param encoding as TextDecoder calls it, unless a byte order mark says otherwise
 * @returns chunks; use each before you ask for the next. A byte that UTF-8 never has replaces what is invalid in the
 *   encoding
 * @throws RangeError unless it is text, or if it looks like another encoding; whatever the chunks throw
 */
export async function* utf8Chunks(chunks: Chunks, encoding = UTF_8): AsyncGenerator<Uint8Array, void, void> {
  const encoder = new ChunkEncoder(encoding)
  for await (const chunk of unpacked(chunks)) yield* encoder.encode(chunk)
  yield* encoder.end()
}

function chunksOf(source: unknown): Chunks {
  if (isChunk(source)) return [source]
  if (isBlob(source)) return blobChunks(source)
  if (isStream(source)) {
    return Symbol.asyncIterator in source || Symbol.iterator in source ? source : readAll(source)
  }
  throw typeError('source', 'text, a Uint8Array or a stream of them', showNoBytes(source))
}

/** @throws RangeError for JSON instead of CSV */
function checkNoJSON(first: Chunk): void {
  if (isJSON(headOf(first))) throw noRows('JSON', 'give the model what JSON.parse makes of it')
}

/** Whether it has chunks, one after the other. */
function isStream(source: unknown): source is Chunks | ReadableStream<unknown> {
  if (typeof source !== 'object' || source === null || ArrayBuffer.isView(source)) return false
  return [Symbol.asyncIterator, Symbol.iterator, 'getReader'].some((name) => name in source)
}

/** Whether it is a Blob or a File, by its methods. */
function isBlob(source: unknown): source is Blob {
  return typeof source === 'object' && source !== null && 'arrayBuffer' in source && 'size' in source
}

/** The one of jsdom has no stream. */
async function* blobChunks(blob: Blob): AsyncGenerator {
  if ('stream' in blob) yield* readAll(blob.stream())
  else yield new Uint8Array(await (blob as Blob).arrayBuffer())
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

/** @throws RangeError for the name of a file instead of its text, with what of node:fs reads it */
function checkNoName(source: unknown, reads: string): void {
  if (typeof source !== 'string') return
  if (!/^[^\r\n]+\.(csv|tsv|txt|tab|dat|xlsx?|ods|parquet|feather|json|jsonl)(\.gz|\.zip)?$/i.test(source))
    return
  throw rangeError('source', 'what a file has in it', `its name, ${show(source)}`, {
    hint: `${reads}(…) of node:fs reads it`,
  })
}

/** UTF-8 in pieces of at most 3·PIECE bytes. Half a surrogate pair at the end of a text waits for the other half. */
class ChunkEncoder {
  readonly #encoder = new TextEncoder()
  readonly #encoding: string
  #isBegun = false
  /** of bytes that are not UTF-8 */
  #maker: Utf8Maker | undefined
  #half = ''

  constructor(encoding: string) {
    this.#encoding = encoding
  }

  /** @param chunk the first one has enough bytes to recognise the file */
  *encode(chunk: Chunk): Generator<Uint8Array> {
    if (!this.#isBegun && chunk.length > 0) this.#begin(chunk)
    if (typeof chunk === 'string') {
      for (let i = 0; i < chunk.length; i += PIECE) {
        const text = this.#half + chunk.slice(i, i + PIECE)
        const isHalf = /[\ud800-\udbff]$/.test(text)
        this.#half = isHalf ? text.slice(-1) : ''
        yield this.#encoder.encode(isHalf ? text.slice(0, -1) : text)
      }
    } else {
      if (this.#half !== '') yield this.#takeHalf()
      for (let i = 0; i < chunk.length; i += PIECE) {
        const piece = chunk.subarray(i, i + PIECE)
        yield this.#maker === undefined ? piece : this.#maker.push(piece)
      }
    }
  }

  *end(): Generator<Uint8Array> {
    if (this.#half !== '') yield this.#takeHalf()
    if (this.#maker !== undefined) yield this.#maker.end()
  }

  #begin(first: Chunk): void {
    this.#isBegun = true
    const head = headOf(first)
    const marked = typeof first === 'string' ? undefined : markedEncoding(head)
    const encoding = marked ?? this.#encoding
    const likely = likelyEncoding(head)
    if (encoding === UTF_8 && likely !== undefined) {
      throw remediableError('source', 'UTF-8', 'what looks like UTF-16', [
        { option: 'encoding', value: likely, effect: 'reads it' },
      ])
    }
    if (encoding !== UTF_8) this.#maker = new Utf8Maker(encoding)
  }

  #takeHalf(): Uint8Array {
    const bytes = this.#encoder.encode(this.#half)
    this.#half = ''
    return bytes
  }
}
