/**
 * IDX, the format of MNIST: Y. LeCun, C. Cortes, C. Burges, The MNIST database, http://yann.lecun.com/exdb/mnist/.
 *
 *     2 bytes   0
 *     1 byte    type of the elements: 08 u8, 09 i8, 0b i16, 0c i32, 0d f32, 0e f64
 *     1 byte    number d of dimensions
 *     4·d bytes their sizes
 *     the rest  the elements, row-major; all numbers are big-endian
 */
import { rangeError } from '../base/argument-error.js'
import { checkBytes, checkInteger, checkKeys } from '../base/check.js'
import { gunzip } from './gunzip.js'

/** Numbers of the types that IDX has. */
export type IdxValues = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** A tensor, row-major. */
export interface IdxTensor {
  /** sizes of its dimensions, at least one */
  readonly shape: readonly number[]
  /** elements; their number is the product of the shape */
  readonly values: IdxValues
}

/** How an IDX file is read. */
export interface IdxOptions {
  /** The most bytes of the file, unpacked; 2³¹ unless given. */
  readonly maxBytes?: number
}

interface Header {
  readonly type: ElementType
  readonly shape: readonly number[]
  /** of the header */
  readonly bytes: number
}

type ElementType = 'u8' | 'i8' | 'i16' | 'i32' | 'f32' | 'f64'

const TYPES: ReadonlyMap<number, ElementType> = new Map([
  [0x08, 'u8'],
  [0x09, 'i8'],
  [0x0b, 'i16'],
  [0x0c, 'i32'],
  [0x0d, 'f32'],
  [0x0e, 'f64'],
])
const SIZES: Readonly<Record<ElementType, number>> = { u8: 1, i8: 1, i16: 2, i32: 4, f32: 4, f64: 8 }
const FIRST_BYTES = 4
const SIZE_BYTES = 4

/**
 * Reads an IDX file.
 *
 * @returns a copy of its elements
 * @throws TypeError unless bytes is a Uint8Array; RangeError that says what is wrong, before anything is allocated
 *
 * @example
 * import { parseIdx } from 'deltaprop/data'
 * const { shape, values } = parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 7))
 * // shape is [2], values a Uint8Array of 5 and 7
 */
export function parseIdx(bytes: Uint8Array): IdxTensor {
  checkBytes('bytes', bytes)
  const header = parseHeader(bytes)
  if (header === undefined) {
    throw rangeError('bytes', `a header of ${headerBytes(bytes)} bytes`, `${bytes.length}: cut off`)
  }
  const expected = fileBytes(header)
  if (expected !== BigInt(bytes.length)) {
    throw rangeError('bytes', `${showByteCount(expected)} bytes for ${showTensor(header)}`, bytes.length)
  }
  const data = new DataView(bytes.buffer, bytes.byteOffset + header.bytes, bytes.length - header.bytes)
  return { shape: header.shape, values: readValues(header.type, data) }
}

/**
 * Reads an IDX file, which may be packed by gzip, as its first bytes tell.
 *
 * No more is unpacked than the header of the IDX file announces; if that is more than maxBytes, or more than the packed
 * bytes can hold, the file is refused before anything is allocated.
 *
 * @throws as parseIdx
 *
 * @example
 * import { gzipSync } from 'node:zlib'
 * import { readIdx } from 'deltaprop/data'
 * const { shape } = await readIdx(gzipSync(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 5, 7))) // [2]
 */
export async function readIdx(bytes: Uint8Array, options: IdxOptions = {}): Promise<IdxTensor> {
  checkBytes('bytes', bytes)
  const maxBytes = checkInteger('maxBytes', checkKeys('options', options, ['maxBytes']).maxBytes ?? 2 ** 31, {
    min: 1,
  })
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return parseIdx(bytes)
  return parseIdx(
    await gunzip(bytes, maxBytes, (start) => {
      const header = parseHeader(start)
      return header === undefined ? undefined : { bytes: fileBytes(header), what: showTensor(header) }
    }),
  )
}

/** @returns undefined if there are too few bytes */
function parseHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < FIRST_BYTES) return undefined
  const type = TYPES.get(bytes[2])
  if (bytes[0] !== 0 || bytes[1] !== 0 || type === undefined) {
    const magic = Array.from(bytes.subarray(0, FIRST_BYTES), hex).join(' ')
    throw rangeError('bytes', '00 00 and an element type, 08, 09 or 0b to 0e', `${magic}: not an IDX file`)
  }
  if (bytes[3] === 0) throw rangeError('bytes', 'at least 1 dimension', 0)
  const length = headerBytes(bytes)
  if (bytes.length < length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const shape = Array.from({ length: bytes[3] }, (_, i) => view.getUint32(FIRST_BYTES + i * SIZE_BYTES))
  return { type, shape, bytes: length }
}

function headerBytes(bytes: Uint8Array): number {
  return bytes.length < FIRST_BYTES ? FIRST_BYTES : FIRST_BYTES + SIZE_BYTES * bytes[3]
}

/** Of the file. Up to 255 sizes of up to 2³² − 1 are multiplied. */
function fileBytes({ type, shape, bytes }: Header): bigint {
  const count = shape.reduce((product, size) => product * BigInt(size), 1n)
  return BigInt(bytes) + count * BigInt(SIZES[type])
}

/** Of 255 sizes, multiplied, it has up to 2,457 digits. */
function showByteCount(bytes: bigint): string {
  const digits = String(bytes)
  return digits.length > 20 ? `more than 10^${digits.length - 1}` : digits
}

function showTensor({ type, shape }: Header): string {
  const sizes = shape.length > 8 ? [...shape.slice(0, 8), '…'] : shape
  return `${sizes.join(' × ')} ${type}`
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function readValues(type: ElementType, data: DataView): IdxValues {
  const count = data.byteLength / SIZES[type]
  switch (type) {
    case 'u8':
      return new Uint8Array(data.buffer, data.byteOffset, count).slice()
    case 'i8':
      return new Int8Array(data.buffer, data.byteOffset, count).slice()
    case 'i16':
      return filled(new Int16Array(count), (i) => data.getInt16(2 * i))
    case 'i32':
      return filled(new Int32Array(count), (i) => data.getInt32(4 * i))
    case 'f32':
      return filled(new Float32Array(count), (i) => data.getFloat32(4 * i))
    case 'f64':
      return filled(new Float64Array(count), (i) => data.getFloat64(8 * i))
  }
}

function filled<Values extends IdxValues>(values: Values, read: (i: number) => number): Values {
  for (let i = 0; i < values.length; ++i) values[i] = read(i)
  return values
}
