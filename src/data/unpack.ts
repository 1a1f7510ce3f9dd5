/** The chunks of a file, unpacked; an error for a file that is not text. */
import { rangeError, typeError } from '../base/argument-error.js'
import { isBytes, show } from '../base/check.js'
import { fileKind, GZIP, headOf, isOpen } from './file-kinds.js'
import { GunzipStream } from './gunzip-stream.js'

/** A piece of a file: text, or bytes. */
export type Chunk = string | Uint8Array

/** Chunks as they come. */
export type Chunks = AsyncIterable<unknown> | Iterable<unknown>

/** Whether a value is a chunk, of any realm. */
export function isChunk(value: unknown): value is Chunk {
  return typeof value === 'string' || isBytes(value)
}

/**
 * A file without gzip, which is recognised by the first bytes, however the chunks are cut; a plain file as it is. The
 * first chunk has enough bytes to recognise the file, if the file is long enough.
 *
 * @param chunks are closed when the result is
 * @throws RangeError that says what to give instead, unless it is text; TypeError for values that are not chunks;
 *   whatever the chunks throw
 */
export async function* unpacked(chunks: Chunks): AsyncGenerator<Chunk, void, void> {
  const file = withHead(chunks)
  const first = await file.next()
  if (first.done === true) return
  if (!isGzip(first.value)) {
    try {
      checkIsText(first.value)
      yield first.value
      yield* file
    } finally {
      await file.return()
    }
    return
  }
  let isBegun = false
  for await (const chunk of withHead(gunzipped(first.value, file))) {
    if (!isBegun && isGzip(chunk)) throw noRows('gzip within gzip', 'unpack it')
    if (!isBegun) checkIsText(chunk)
    isBegun = true
    yield chunk
  }
}

/** @throws RangeError unless a file with this beginning may hold rows as plain text */
export function checkIsText(first: Chunk): void {
  const isText = typeof first === 'string'
  const head = headOf(first)
  const kind = fileKind(head)
  if (isText && kind?.what === GZIP) throw noRows('gzip that was read as text', 'give its bytes')
  if (isText && /^(\ufffd\ufffd|\xff\xfe|\xfe\xff)/.test(head) && head.includes('\0')) {
    throw noRows('UTF-16 that was read as another encoding', 'give its bytes')
  }
  if (kind !== undefined) throw noRows(kind.what, kind.instead)
}

/** The error for a file of a kind that does not hold rows as text. */
export function noRows(what: string, instead: string): RangeError {
  return rangeError('source', 'rows as text', what, { hint: instead })
}

export function isGzip(first: Chunk): first is Uint8Array {
  return typeof first !== 'string' && fileKind(headOf(first))?.what === GZIP
}

/** Unpacked chunks do not wait for the next packed one, which may take long to come. */
async function* gunzipped(
  first: Uint8Array,
  rest: AsyncGenerator<Chunk, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  let isPending = false
  const settle = (): void => void (isPending = false)
  let gzip: GunzipStream | undefined
  try {
    gzip = new GunzipStream('source')
    yield* gzip.push(first)
    for (;;) {
      isPending = true
      const request = rest.next()
      request.then(settle, settle)
      yield* gzip.until(request)
      const { done, value } = await request
      if (done === true) break
      if (typeof value === 'string') {
        throw typeError('source', 'bytes behind those of gzip', show(value))
      }
      yield* gzip.push(value)
    }
    yield* gzip.end()
  } finally {
    gzip?.close()
    const closed = rest.return()
    if (isPending) closed.catch(() => undefined)
    else await closed
  }
}

/** The chunks without empty ones; the first ones are joined until the file can be recognised. */
async function* withHead(chunks: Chunks): AsyncGenerator<Chunk, void, void> {
  let head: Uint8Array | undefined = new Uint8Array(0)
  for await (const chunk of chunks) {
    if (!isChunk(chunk)) {
      throw typeError('source', 'chunks of text or Uint8Arrays', show(chunk))
    }
    if (chunk.length === 0) continue
    if (head === undefined) {
      yield chunk
    } else if (typeof chunk === 'string') {
      if (head.length > 0) yield head
      head = undefined
      yield chunk
    } else {
      const bytes: Uint8Array = head.length === 0 ? chunk : joined(head, chunk)
      const isWhole: boolean = !isOpen(headOf(bytes))
      head = isWhole ? undefined : Uint8Array.from(bytes)
      if (isWhole) yield bytes
    }
  }
  if (head !== undefined && head.length > 0) yield head
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}
