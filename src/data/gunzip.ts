import { rangeError } from '../base/argument-error.js'
import { GunzipStream } from './gunzip-stream.js'

/** Deflate makes at most 1032 bytes of one: J. Gailly and M. Adler, zlib Technical Details. */
const MAX_RATIO = 1032

/** How long a file is to be. */
export interface Promised {
  readonly bytes: bigint
  /** what is in it, for messages */
  readonly what: string
}

/**
 * Unpacks a gzip file that says in its first bytes how long it is.
 *
 * @param maxBytes unpacked
 * @param readStart reads from the first bytes how long the file is; undefined asks for more of them
 * @returns as many bytes as the file says, at most
 * @throws RangeError for what is too long, longer than it says or damaged; never is more allocated than some times what has been unpacked
 */
export async function gunzip(
  packed: Uint8Array,
  maxBytes: number,
  readStart: (bytes: Uint8Array) => Promised | undefined,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(0)
  let length = 0
  let promised: Promised | undefined
  for await (const chunk of unpack(packed)) {
    if (promised === undefined) {
      bytes = grown(bytes, length + chunk.length)
      bytes.set(chunk, length)
      length = bytes.length
      promised = readStart(bytes)
      if (promised === undefined) continue
      checkPromised(promised, packed.length, maxBytes)
    } else {
      const end = length + chunk.length
      // By what has come, not by what is promised: that costs nobody more than a few bytes.
      if (end > bytes.length) bytes = grown(bytes, Math.min(2 * end, Number(promised.bytes)))
      if (end <= bytes.length) bytes.set(chunk, length)
      length = end
    }
    if (length > promised.bytes) {
      throw rangeError('bytes', `${promised.bytes} bytes for ${promised.what}`, 'more from gzip')
    }
  }
  return bytes.subarray(0, length)
}

function checkPromised({ bytes, what }: Promised, packedBytes: number, maxBytes: number): void {
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
