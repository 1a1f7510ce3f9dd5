/**
 * A safetensors file, whatever its tensors mean:
 *
 *     8 bytes   length n of the header, little-endian
 *     n bytes   header, JSON: { "__metadata__": { name: text },
 *                               tensor: { dtype, shape, data_offsets: [start, end] }, … }
 *     the rest  the tensors, little-endian, without gaps
 */
import { rangeError } from '../base/argument-error.js'
import { checkBytes, checkInteger, checkObject, show } from '../base/check.js'
import { numberBytes, type Floats, type Precision } from '../base/floats.js'
import { Hash } from '../base/hash.js'
import { parseJSON } from '../base/json-text.js'
import { CHECKSUM, checksumOf, type TensorDigest } from './checksum.js'
import { writeNumbers } from './numbers.js'

/** A tensor to be written. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Floats
}

/** The two parts of a file. */
export interface TensorFile {
  /** tensors by name, and the metadata */
  readonly header: ReadonlyMap<string, unknown>
  readonly data: DataView
}

/** The file begins with the length of its header, in this many bytes. */
export const LENGTH_BYTES = 8

/** The longest text of V8 has 2²⁹ − 24 characters. */
const MAX_HEADER_BYTES = 2 ** 29 - 24

const ALIGNMENT = 8

/** Numbers written before the next pause, in about 1 ms. */
const PART = 2 ** 16

/** @throws TypeError or RangeError that says what is wrong with the file, apart from its tensors and its metadata */
export function openTensors(given: unknown): TensorFile {
  const bytes = checkBytes('bytes', given)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const room = bytes.length - LENGTH_BYTES
  if (room < 0) throw rangeError('bytes', `at least ${LENGTH_BYTES} bytes`, bytes.length)
  const headerBytes = view.getBigUint64(0, true)
  if (headerBytes > room) {
    throw rangeError(
      'bytes',
      `a header of at most ${room} bytes`,
      `${headerBytes}: cut off, or another format`,
    )
  }
  const dataStart = LENGTH_BYTES + Number(headerBytes)
  const header = parseJSON('bytes', headerText(bytes.subarray(LENGTH_BYTES, dataStart)))
  return {
    header: new Map(Object.entries(checkObject('bytes', header))),
    data: new DataView(bytes.buffer, bytes.byteOffset + dataStart, bytes.length - dataStart),
  }
}

/**
 * Where a tensor is in the data.
 *
 * @throws TypeError or RangeError that names it
 */
export function offsetsOf(name: string, value: unknown, dataBytes: number): { start: number; end: number } {
  if (!Array.isArray(value) || value.length !== 2) {
    throw rangeError(`${name}.data_offsets`, '[start, end]', showEntries(value))
  }
  const start = checkInteger(`${name}.data_offsets[0]`, value[0], { min: 0 })
  const end = checkInteger(`${name}.data_offsets[1]`, value[1], { min: start })
  if (end > dataBytes) {
    throw rangeError(name, `data up to byte ${end}`, `${dataBytes} bytes: cut off`)
  }
  return { start, end }
}

/**
 * A value as messages show it, an array by its first entries: a file may hold any number of them, nested to any depth.
 */
export function showEntries(value: unknown): string {
  if (!Array.isArray(value)) return show(value)
  const entries = value.slice(0, 3).map(show)
  return `[${entries.join(', ')}${value.length > 3 ? ', …' : ''}]`
}

/**
 * Writes a file, in parts. Nothing may change until it is done, except the values, which are written as they are then.
 *
 * @param texts the metadata, to which the checksum is added
 */
export function* writeTensors(
  texts: Readonly<Record<string, string>>,
  precision: Precision,
  tensors: readonly Tensor[],
): Generator<undefined, Uint8Array<ArrayBuffer>> {
  const size = numberBytes(precision)
  const dtype = precision.toUpperCase()
  // A placeholder of the right length: the checksum is known when all is written.
  const header: Record<string, unknown> = { __metadata__: { ...texts, [CHECKSUM]: ' '.repeat(16) } }
  let end = 0
  for (const { name, shape, values } of tensors) {
    const start = end
    end += values.length * size
    header[name] = { dtype, shape, data_offsets: [start, end] }
  }

  const encode = (): Uint8Array => new TextEncoder().encode(JSON.stringify(header))
  const headerBytes = Math.ceil(encode().length / ALIGNMENT) * ALIGNMENT
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + headerBytes,
  )
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(headerBytes), true)
  let offset = LENGTH_BYTES + headerBytes
  const digests: TensorDigest[] = []
  for (const { name, shape, values } of tensors) {
    const hash = new Hash()
    for (let start = 0; start < values.length; start += PART) {
      const part = values.subarray(start, start + PART)
      const data = new DataView(bytes.buffer, offset, part.byteLength)
      offset += part.byteLength
      writeNumbers(data, part)
      hash.add(data)
      yield
    }
    digests.push([name, dtype, shape, hash.digest()])
  }
  header.__metadata__ = { ...texts, [CHECKSUM]: checksumOf(texts, digests) }
  bytes.set(encode(), LENGTH_BYTES)
  return bytes
}

/** What a generator of parts returns, without a pause between them. */
export function atOnce<Result>(parts: Generator<undefined, Result>): Result {
  for (;;) {
    const part = parts.next()
    if (part.done === true) return part.value
  }
}

/**
 * @throws RangeError unless it is UTF-8 and begins with a brace, as safetensors requires: no byte order mark, no blanks
 */
function headerText(bytes: Uint8Array): string {
  if (bytes.length > MAX_HEADER_BYTES) {
    throw rangeError('bytes', `a header of at most ${MAX_HEADER_BYTES} bytes`, bytes.length)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (text.startsWith('{')) return text
  } catch (cause) {
    throw rangeError('bytes', 'a header in UTF-8', undefined, { cause })
  }
  throw rangeError('bytes', 'a header that begins with {: cut off, or another format')
}
