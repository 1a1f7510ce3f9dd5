/** What the messages of HDF5 say, of which objects consist. Numbers in comments are sections of the specification. */
import { rangeError } from '../../base/argument-error.js'
import { partOf } from '../../base/byte-order.js'
import type { NumberType } from '../numbers.js'

/** Types of messages, IV.A.2. */
export const MessageType = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const

export interface Message {
  readonly type: number
  readonly data: DataView
}

/** An address that is none: all bits are 1. */
export const UNDEFINED = 2 ** 64

/** A type of what is stored. */
export type Datatype =
  | { readonly kind: 'number'; readonly type: NumberType }
  /** texts of this many bytes; in a heap, their places have as many */
  | { readonly kind: 'text' | 'heapText'; readonly size: number }
  /** two bytes that say nothing of themselves, such as Keras has for bfloat16 */
  | { readonly kind: 'opaque'; readonly size: number }
  | { readonly kind: 'other'; readonly name: string }

export interface Attribute {
  readonly name: string
  readonly datatype: Datatype
  readonly shape: readonly number[]
  readonly data: DataView
}

/** IV.A.2.m */
export function attributeIn(content: DataView): Attribute {
  const version = within(content, 0, 9).getUint8(0)
  if (version < 1 || version > 3) throw damaged('an attribute of another version')
  let at = version === 3 ? 9 : 8
  const [name, datatype, dataspace] = [2, 4, 6].map((place) => {
    const length = content.getUint16(place, true)
    const data = within(content, at, at + length)
    at += version === 1 ? padded(length) : length
    return data
  })
  const data = within(content, Math.min(at, content.byteLength), content.byteLength)
  return { name: textIn(name, 0), datatype: datatypeIn(datatype), shape: shapeIn(dataspace), data }
}

/** By their bytes, and the bits of their exponents; little-endian. */
const numberTypes: ReadonlyMap<string, NumberType> = new Map([
  ['2:5', 'F16'],
  ['4:8', 'F32'],
  ['8:11', 'F64'],
])

/** IV.A.2.d */
export function datatypeIn(content: DataView): Datatype {
  const size = within(content, 0, 8).getUint32(4, true)
  const bits = content.getUint8(1)
  switch (content.getUint8(0) & 15) {
    case 0:
      return { kind: 'other', name: `integers of ${8 * size} bits` }
    case 1: {
      const isLittleEndian = (bits & 0x41) === 0
      const exponent = within(content, 8, 20).getUint8(5)
      const type = isLittleEndian ? numberTypes.get(`${size}:${exponent}`) : undefined
      return type === undefined ? { kind: 'other', name: 'others' } : { kind: 'number', type }
    }
    case 3:
      return { kind: 'text', size }
    case 5:
      return { kind: 'opaque', size }
    case 9:
      return (bits & 15) === 1 ? { kind: 'heapText', size } : { kind: 'other', name: 'lists' }
    default:
      return { kind: 'other', name: 'others' }
  }
}

/** IV.A.2.b: lengths; none for a single value. */
export function shapeIn(content: DataView): readonly number[] {
  const [version, rank] = [within(content, 0, 4).getUint8(0), content.getUint8(1)]
  if (version !== 1 && version !== 2) throw damaged('a dataspace of another version')
  const first = version === 1 ? 8 : 4
  const lengths = within(content, first, first + 8 * rank)
  return Array.from({ length: rank }, (_, i) => uint64(lengths, 8 * i))
}

/** IV.A.2.c: where links are that are no messages. */
export function heapOfLinks(content: DataView): number {
  const hasOrder = (within(content, 0, 2).getUint8(1) & 1) !== 0
  return uint64(content, hasOrder ? 10 : 2)
}

/** IV.A.2.g: a name and an address; none for a link to a name. */
export function linkIn(content: DataView): readonly (readonly [name: string, address: number])[] {
  const flags = within(content, 0, 2).getUint8(1)
  const [lengthBytes, hasOrder, hasType, hasCharset] = [1 << (flags & 3), flags & 4, flags & 8, flags & 16]
  const type = hasType === 0 ? 0 : within(content, 2, 3).getUint8(0)
  if (type !== 0 || lengthBytes === 8) return []
  const at = 2 + (hasType && 1) + (hasOrder && 8) + (hasCharset && 1)
  const bytes = within(content, at, at + lengthBytes)
  const length = Array.from({ length: lengthBytes }, (_, i) => bytes.getUint8(i) * 2 ** (8 * i))
  const start = at + lengthBytes
  const end = start + length.reduce((sum, part) => sum + part, 0)
  return [[decoded(within(content, start, end)), uint64(content, end)]]
}

/** How many values there are. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1)
}

/** To whole groups of 8 bytes. */
export function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

/** Exact up to 2^53; no file has more bytes. */
export function uint64(data: DataView, at: number): number {
  const part = within(data, at, at + 8)
  return part.getUint32(0, true) + part.getUint32(4, true) * 2 ** 32
}

/** Up to its first zero. @param longest of all that it may be */
export function textIn(data: DataView, start: number, longest = data.byteLength): string {
  let end = start
  while (end < data.byteLength && end - start < longest && data.getUint8(end) !== 0) ++end
  return decoded(within(data, start, end))
}

export function decoded(data: DataView): string {
  return new TextDecoder().decode(data)
}

export function within(data: DataView, start: number, end: number): DataView {
  if (!(start >= 0 && end <= data.byteLength && start <= end)) throw damaged('a structure that is cut off')
  return partOf(data, start, end)
}

export function damaged(got: string): RangeError {
  return rangeError('bytes', 'a sound HDF5 file: this one is cut off or damaged', got)
}

export function newer(what: string): RangeError {
  const hint = "Keras writes it so, and h5py with libver='earliest', its default"
  return rangeError('bytes', 'HDF5 of the oldest version', what, { hint })
}
