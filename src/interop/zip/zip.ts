/**
 * ZIP, as far as others than its directory say nothing new: stored or deflated files, no ZIP64. Numbers in comments are
 * sections of PKWARE's APPNOTE, version 6.3.10.
 */
import { rangeError } from '../../base/argument-error.js'
import { dataOf } from '../../base/byte-order.js'
import { crc32 } from './crc32.js'
import { Inflate } from './inflate.js'

/** 4.3.7, 4.3.12, 4.3.16: how structures begin. */
const Signature = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 } as const

/** Bytes of structures without their names and comments. */
const Size = { local: 30, directory: 46, end: 22 } as const

/** Of the comment at the end of a ZIP. */
const MAX_COMMENT = 2 ** 16 - 1

/** What is inflated at a time: at most 1032 times as many bytes come out of it. */
const CHUNK = 2 ** 14

/** What the directory says of a file. */
export interface ZipEntry {
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  /** where its header is */
  readonly at: number
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && dataOf(bytes).getUint32(0, true) === Signature.local
}

/**
 * The files of a ZIP, by their names.
 *
 * @throws RangeError for one that is cut off, or has a name twice
 */
export function zipEntries(bytes: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const data = dataOf(bytes)
  const end = endOf(data)
  const count = data.getUint16(end + 10, true)
  const entries = new Map<string, ZipEntry>()
  let at = data.getUint32(end + 16, true)
  for (let i = 0; i < count; ++i) {
    if (at + Size.directory > end || data.getUint32(at, true) !== Signature.directory) throw damaged()
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => data.getUint16(at + place, true))
    const [crc, packed, size] = [16, 20, 24].map((place) => data.getUint32(at + place, true))
    const start = at + Size.directory
    const name = new TextDecoder().decode(bytes.subarray(start, start + nameLength))
    if (entries.has(name)) throw rangeError('bytes', 'each file of a ZIP once', `${name} again`)
    const method = data.getUint16(at + 10, true)
    entries.set(name, { method, crc, packed, size, at: data.getUint32(at + 42, true) })
    at = start + nameLength + extra + comment
  }
  return entries
}

/**
 * The bytes of a file.
 *
 * @param most how many it may have
 * @throws RangeError for more, for another compression than Deflate, and unless all bytes are as they were written
 */
export function unzipped(bytes: Uint8Array, name: string, entry: ZipEntry, most: number): Uint8Array {
  const { method, crc, packed, size, at } = entry
  if (size > most) throw rangeError(name, `at most ${most} bytes in this ZIP`, size)
  const data = dataOf(bytes)
  if (at + Size.local > bytes.length || data.getUint32(at, true) !== Signature.local) throw damaged()
  const start = at + Size.local + data.getUint16(at + 26, true) + data.getUint16(at + 28, true)
  if (start + packed > bytes.length) throw damaged()
  const part = bytes.subarray(start, start + packed)
  if (method !== 0 && method !== 8)
    throw rangeError(name, 'a file that is stored or deflated', `method ${method}`)
  const content = method === 0 ? part : inflated(part, size)
  if (content.length !== size || crc32(content) !== crc) throw damaged()
  return content
}

/** 4.3.16: where the end of the directory begins, behind which is a comment alone. */
function endOf(data: DataView): number {
  const last = data.byteLength - Size.end
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT; --at) {
    if (data.getUint32(at, true) === Signature.end && data.getUint16(at + 20, true) === last - at) return at
  }
  throw damaged()
}

/** @throws RangeError as soon as more comes than the directory says */
function inflated(packed: Uint8Array, size: number): Uint8Array {
  const content = new Uint8Array(size)
  let length = 0
  const stream = new Inflate((part) => {
    if (part.length > size - length) throw damaged()
    content.set(part, length)
    length += part.length
  })
  try {
    for (let at = 0; at < packed.length; at += CHUNK) {
      stream.push(packed.subarray(at, at + CHUNK), at + CHUNK >= packed.length)
    }
  } catch (cause) {
    throw damaged(cause)
  }
  return content.subarray(0, length)
}

function damaged(cause?: unknown): RangeError {
  return rangeError('bytes', 'a sound ZIP: this one is cut off or damaged', undefined, { cause })
}
