import { rangeError } from '../base/argument-error.js'
import { GunzipStream } from './gunzip-stream.js'

/** Deflate expands one byte to at most 1032: J. Gailly and M. Adler, zlib Technical Details. */
const MAX_RATIO = 1032

/** The size that a file announces. */
export interface AnnouncedSize {
  readonly bytes: bigint
  /** what it contains, for messages */
  readonly what: string
}

/**
 * Unpacks a gzip file whose first unpacked bytes say how long it is.
 *
 * @param maxBytes unpacked
 * @param readStart reads from the first bytes how long the file is; undefined asks for more of them
 * @returns at most as many bytes as the file announces
 * @throws RangeError for a file that is too long, longer than announced or damaged; no more is allocated than a small
 *   multiple of what
 * has been unpacked
 */
export async function gunzip(
  packed: Uint8Array,
  maxBytes: number,
  readStart: (bytes: Uint8Array) => AnnouncedSize | undefined,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(0)
  let length = 0
  let announced: AnnouncedSize | undefined
  for await (const chunk of unpack(packed)) {
    if (announced === undefined) {
      bytes = grown(bytes, length + chunk.length)
      bytes.set(chunk, length)
      length = bytes.length
      announced = readStart(bytes)
      if (announced === undefined) continue
      checkAnnounced(announced, packed.length, maxBytes)
    } else {
      const end = length + chunk.length
      // By what has come, not by what is announced: a false announcement costs only a few bytes.
      if (end > bytes.length) bytes = grown(bytes, Math.min(2 * end, Number(announced.bytes)))
      if (end <= bytes.length) bytes.set(chunk, length)
      length = end
    }
    if (length > announced.bytes) {
      throw rangeError('bytes', `${announced.bytes} bytes for ${announced.what}`, 'more from gzip')
    }
  }
  return bytes.subarray(0, length)
}

function checkAnnounced({ bytes, what }: AnnouncedSize, packedBytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw rangeError('bytes', `at most ${maxBytes} bytes (maxBytes)`, what)
  }
  if (bytes > packedBytes * MAX_RATIO) {
    throw rangeError('bytes', `${what}, which ${packedBytes} bytes of gzip cannot hold`)
  }
}

/** The chunks of a gzip file, unpacked as they are asked for. */
async function* unpack(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const stream = new GunzipStream('bytes')
  try {
    yield* stream.push(packed)
    yield* stream.end()
  } finally {
    stream.close()
  }
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  try {
    const larger = new Uint8Array(length)
    larger.set(bytes)
    return larger
  } catch (cause) {
    throw rangeError('bytes', `to fit in memory, needs ${length} bytes unpacked`, undefined, { cause })
  }
}
