/**
 * The part of HDF5 that Keras writes: h5py's default, the oldest version of the format, with groups, attributes, and
 * datasets whose numbers lie one behind the other. Numbers in comments are sections of the HDF5 File Format
 * Specification, version 3.0.
 *
 * Nothing is read before its place in the file is known to be there, and all that is read is together a few times the
 * file at most: links that run in circles end, and what is small does not become large.
 */
import { rangeError } from '../../base/argument-error.js'
import { dataOf, partOf } from '../../base/byte-order.js'
import { show } from '../../base/check.js'
import { numbersOf, numberSizes, type NumberType } from '../numbers.js'

/** \x89HDF\r\n\x1a\n */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** An address that is none: all bits are 1. */
const UNDEFINED = 2 ** 64

/** The longest name of what is in a group. */
const MAX_NAME = 1024

/** Of groups within groups. */
const MAX_DEPTH = 32

/** Types of messages, IV.A.2. */
const Message = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const

/** A type of numbers or of texts; undefined for one that nothing here needs. */
type Datatype =
  | { readonly kind: 'number'; readonly type: NumberType }
  | { readonly kind: 'text'; readonly size: number }
  | { readonly kind: 'heapText'; readonly size: number }

export function isHDF5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte)
}

/** A group, or a dataset. */
export interface HDF5Object {
  /** the names of what is in a group, in ascending order; none in a dataset */
  readonly names: readonly string[]
  /** what is at a path of names in it; undefined if there is nothing */
  at(...path: readonly string[]): HDF5Object | undefined
  /** of texts; undefined if there is none of that name, or it has no texts */
  attribute(name: string): readonly string[] | undefined
  /** of a dataset, row-major. @throws RangeError unless it has floating-point numbers */
  numbers(): HDF5Numbers
}

export interface HDF5Numbers {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly numbers: Float64Array
}

/**
 * The root group of a file.
 *
 * @throws RangeError for a file of another version, or one that is damaged
 */
export function openHDF5(bytes: Uint8Array): HDF5Object {
  if (!isHDF5(bytes)) throw rangeError('bytes', 'HDF5, which begins with \\x89HDF', 'another format')
  const file = new Structures(bytes)
  // II: version 0 of the superblock, with addresses and lengths of 8 bytes.
  const [version, , , , , addresses, lengths] = bytes.subarray(SIGNATURE.length)
  if (version > 1 || addresses !== 8 || lengths !== 8) {
    const hint = "Keras writes it so, and h5py with libver='earliest', its default"
    throw rangeError('bytes', 'HDF5 of the oldest version', `version ${version} of its superblock`, { hint })
  }
  const entry = SIGNATURE.length + (version === 0 ? 16 : 20) + 32
  return file.object('/', file.address(entry + 8), 0)
}

/** Reads structures where they are. Addresses are of bytes from the beginning of the file. */
class Structures {
  readonly #data: DataView
  readonly #objects = new Map<number, FileObject>()
  #room: number

  constructor(bytes: Uint8Array) {
    this.#data = dataOf(bytes)
    this.#room = 4 * bytes.length
  }

  /** @throws RangeError unless the file has all of it, and has not been read too often */
  part(address: number, length: number): DataView {
    // The smallest structure has 8 bytes; one without any counts as such, too.
    this.#room -= Math.max(8, length)
    if (this.#room < 0) throw damaged('more structures than a file of this size has')
    if (!(address >= 0 && length >= 0 && address + length <= this.#data.byteLength)) {
      throw damaged(`${length} bytes at ${address} of ${this.#data.byteLength}`)
    }
    return partOf(this.#data, address, address + length)
  }

  address(at: number): number {
    return uint64(this.part(at, 8), 0)
  }

  object(path: string, address: number, depth: number): FileObject {
    if (depth > MAX_DEPTH) throw rangeError(path, `at most ${MAX_DEPTH} groups within one another`, 'more')
    const known = this.#objects.get(address)
    if (known !== undefined) return known
    const object = new FileObject(this, path, this.#messages(address), depth)
    this.#objects.set(address, object)
    return object
  }

  /** IV.A.1.a: the messages of an object, in all blocks of its header. */
  #messages(address: number): readonly (readonly [type: number, data: DataView])[] {
    const header = this.part(address, 16)
    if (header.getUint8(0) !== 1) throw damaged('an object header of another version')
    const messages: [number, DataView][] = []
    const blocks = [this.part(address + 16, header.getUint32(8, true))]
    for (const block of blocks) {
      for (let at = 0; at + 8 <= block.byteLength;) {
        const size = block.getUint16(at + 2, true)
        const start = block.byteOffset - this.#data.byteOffset + at + 8
        const data = this.part(start, Math.min(size, block.byteLength - at - 8))
        const type = block.getUint16(at, true)
        if (type === Message.continuation) blocks.push(this.part(uint64(data, 0), uint64(data, 8)))
        else messages.push([type, data])
        at += 8 + size
      }
    }
    return messages
  }

  /** III.A.1: what is in a group, by name; only what is no link to a name. */
  links(tree: number, heap: number): ReadonlyMap<string, number> {
    const header = this.#signed(heap, 'HEAP', 32)
    const names = this.part(uint64(header, 24), uint64(header, 8))
    const links = new Map<string, number>()
    for (const node of this.#leaves(tree, undefined)) {
      const count = this.#signed(node, 'SNOD', 8).getUint16(6, true)
      const entries = this.part(node + 8, 40 * count)
      for (let at = 0; at < entries.byteLength; at += 40) {
        const isLink = entries.getUint32(at + 16, true) === 2
        if (!isLink) links.set(textIn(names, uint64(entries, at), MAX_NAME), uint64(entries, at + 8))
      }
    }
    return links
  }

  /** III.A.1: the addresses that the lowest nodes of a tree of groups have. @param level undefined: of the root */
  *#leaves(address: number, level: number | undefined): Generator<number> {
    const header = this.#signed(address, 'TREE', 24)
    const own = header.getUint8(5)
    if (header.getUint8(4) !== 0 || own !== (level ?? own)) throw damaged('a tree of another kind')
    const entries = this.part(address + 24, 16 * header.getUint16(6, true))
    for (let at = 0; at < entries.byteLength; at += 16) {
      const child = uint64(entries, at + 8)
      if (own === 0) yield child
      else yield* this.#leaves(child, own - 1)
    }
  }

  /** III.E: an object of a global heap. */
  inHeap(address: number, index: number): DataView {
    const end = address + uint64(this.#signed(address, 'GCOL', 16), 8)
    for (let at = address + 16; at + 16 <= end;) {
      const object = this.part(at, 16)
      const size = uint64(object, 8)
      if (object.getUint16(0, true) === index) return this.part(at + 16, size)
      at += 16 + padded(size)
    }
    throw damaged(`no object ${index} in its heap`)
  }

  #signed(address: number, signature: string, length: number): DataView {
    const data = this.part(address, length)
    if (textIn(partOf(data, 0, 4), 0) !== signature) throw damaged(`no ${signature} at ${address}`)
    return data
  }
}

class FileObject implements HDF5Object {
  readonly #file: Structures
  readonly #path: string
  readonly #messages: readonly (readonly [type: number, data: DataView])[]
  readonly #depth: number
  #links: ReadonlyMap<string, number> | undefined

  constructor(
    file: Structures,
    path: string,
    messages: readonly (readonly [type: number, data: DataView])[],
    depth: number,
  ) {
    this.#file = file
    this.#path = path
    this.#messages = messages
    this.#depth = depth
  }

  get #label(): string {
    return show(this.#path.slice(1, -1))
  }

  get names(): readonly string[] {
    return [...this.#members().keys()]
  }

  at(...path: readonly string[]): HDF5Object | undefined {
    const [name, ...rest] = path
    const address = this.#members().get(name)
    if (address === undefined) return undefined
    const member = this.#file.object(`${this.#path}${name}/`, address, this.#depth + 1)
    return rest.length === 0 ? member : member.at(...rest)
  }

  #members(): ReadonlyMap<string, number> {
    const table = this.#message(Message.symbolTable)
    return (this.#links ??= table ? this.#file.links(uint64(table, 0), uint64(table, 8)) : this.#newLinks())
  }

  /** Of a group with names that are not ASCII: a message for each, up to 8 of them. */
  #newLinks(): ReadonlyMap<string, number> {
    const info = this.#message(Message.linkInfo)
    if (info !== undefined && heapOfLinks(info) !== UNDEFINED) {
      const hint = 'h5py writes it so for names that are not ASCII; .keras has none of them'
      throw rangeError(this.#label, 'a group of the oldest version', 'one of more than 8 members', {
        hint,
      })
    }
    return new Map(this.#messages.flatMap(([type, data]) => (type === Message.link ? linkIn(data) : [])))
  }

  #message(type: number): DataView | undefined {
    return this.#messages.find(([own]) => own === type)?.[1]
  }

  attribute(name: string): readonly string[] | undefined {
    for (const [type, data] of this.#messages) {
      if (type !== Message.attribute) continue
      const attribute = attributeOf(data)
      if (attribute.name === name) return this.#texts(attribute)
    }
    return undefined
  }

  #texts({ datatype, shape, data }: Attribute): readonly string[] | undefined {
    if (datatype === undefined || datatype.kind === 'number') return undefined
    const { size, kind } = datatype
    const count = product(shape)
    const isWhole = size > 0 && count * size <= data.byteLength
    if (!isWhole || (kind === 'heapText' && size !== 16)) throw damaged('an attribute that is cut off')
    return Array.from({ length: count }, (_, i) => {
      const element = partOf(data, i * size, (i + 1) * size)
      if (kind === 'text') return textIn(element, 0)
      // IV.B: the length, the address of the heap, and the number of the object in it.
      const text = this.#file.inHeap(uint64(element, 4), element.getUint32(12, true))
      return decoded(partOf(text, 0, Math.min(element.getUint32(0, true), text.byteLength)))
    })
  }

  numbers(): HDF5Numbers {
    const [space, typeMessage, layout] = [Message.dataspace, Message.datatype, Message.layout].map(
      (message) => {
        const data = this.#message(message)
        if (data === undefined) throw rangeError(this.#label, 'numbers', 'a group')
        return data
      },
    )
    const datatype = datatypeOf(typeMessage)
    if (datatype?.kind !== 'number') throw rangeError(this.#label, 'floating-point numbers', 'others')
    const shape = shapeOf(space)
    const [version, place] = [within(layout, 0, 2).getUint8(0), layout.getUint8(1)]
    if (version !== 3 || place !== 1) {
      const hint = 'Keras writes neither chunks nor compressed ones; h5repack -l CONTI makes one of them'
      throw rangeError(this.#label, 'numbers one behind the other', 'another layout', { hint })
    }
    const { type } = datatype
    const data = this.#file.part(uint64(layout, 2), product(shape) * numberSizes[type])
    return { type, shape, numbers: numbersOf(type, data) }
  }
}

/** IV.A.2.c: where links are that are no messages. */
function heapOfLinks(info: DataView): number {
  const hasOrder = (within(info, 0, 2).getUint8(1) & 1) !== 0
  return uint64(info, hasOrder ? 10 : 2)
}

/** IV.A.2.g: a name and an address; none for a link to a name. */
function linkIn(link: DataView): readonly (readonly [name: string, address: number])[] {
  const flags = within(link, 0, 2).getUint8(1)
  const [lengthBytes, hasOrder, hasType, hasCharset] = [1 << (flags & 3), flags & 4, flags & 8, flags & 16]
  const type = hasType === 0 ? 0 : within(link, 2, 3).getUint8(0)
  if (type !== 0 || lengthBytes === 8) return []
  const at = 2 + (hasType && 1) + (hasOrder && 8) + (hasCharset && 1)
  const bytes = within(link, at, at + lengthBytes)
  const length = Array.from({ length: lengthBytes }, (_, i) => bytes.getUint8(i) << (8 * i))
  const start = at + lengthBytes
  const end = start + length.reduce((sum, part) => sum + part, 0)
  return [[decoded(within(link, start, end)), uint64(link, end)]]
}

interface Attribute {
  readonly name: string
  readonly datatype: Datatype | undefined
  readonly shape: readonly number[]
  readonly data: DataView
}

/** IV.A.2.m */
function attributeOf(given: DataView): Attribute {
  const version = within(given, 0, 9).getUint8(0)
  if (version < 1 || version > 3) throw damaged('an attribute of another version')
  let at = version === 3 ? 9 : 8
  const [name, datatype, dataspace] = [2, 4, 6].map((place) => {
    const length = given.getUint16(place, true)
    const data = within(given, at, at + length)
    at += version === 1 ? padded(length) : length
    return data
  })
  const data = within(given, Math.min(at, given.byteLength), given.byteLength)
  return { name: textIn(name, 0), datatype: datatypeOf(datatype), shape: shapeOf(dataspace), data }
}

/** IV.A.2.d: little-endian numbers as processors have them, texts of one length, and texts in a heap. */
function datatypeOf(given: DataView): Datatype | undefined {
  const size = within(given, 0, 8).getUint32(4, true)
  const bits = given.getUint8(1)
  switch (given.getUint8(0) & 15) {
    case 1: {
      const isLittleEndian = (bits & 0x41) === 0
      const exponent = within(given, 8, 20).getUint8(5)
      const type = numberTypes.get(`${size}:${exponent}`)
      return type !== undefined && isLittleEndian ? { kind: 'number', type } : undefined
    }
    case 3:
      return { kind: 'text', size }
    case 9:
      return (bits & 15) === 1 ? { kind: 'heapText', size } : undefined
    default:
      return undefined
  }
}

/** By their bytes, and the bits of their exponents. */
const numberTypes: ReadonlyMap<string, NumberType> = new Map([
  ['2:5', 'F16'],
  ['2:8', 'BF16'],
  ['4:8', 'F32'],
  ['8:11', 'F64'],
])

/** IV.A.2.b: lengths; none for a single value. */
function shapeOf(given: DataView): readonly number[] {
  const [version, rank] = [within(given, 0, 4).getUint8(0), given.getUint8(1)]
  if (version !== 1 && version !== 2) throw damaged('a dataspace of another version')
  const first = version === 1 ? 8 : 4
  const lengths = within(given, first, first + 8 * rank)
  return Array.from({ length: rank }, (_, i) => uint64(lengths, 8 * i))
}

function product(shape: readonly number[]): number {
  return shape.reduce((count, length) => count * length, 1)
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

/** Exact up to 2^53; no file has more bytes. */
function uint64(data: DataView, at: number): number {
  const part = within(data, at, at + 8)
  return part.getUint32(0, true) + part.getUint32(4, true) * 2 ** 32
}

/** Up to its first zero. */
function textIn(data: DataView, start: number, longest = data.byteLength): string {
  let end = start
  while (end < data.byteLength && end - start < longest && data.getUint8(end) !== 0) ++end
  return decoded(within(data, start, end))
}

function decoded(data: DataView): string {
  return new TextDecoder().decode(data)
}

function within(data: DataView, start: number, end: number): DataView {
  if (!(start >= 0 && end <= data.byteLength && start <= end)) throw damaged('a structure that is cut off')
  return partOf(data, start, end)
}

function damaged(got: string): RangeError {
  return rangeError('bytes', 'a sound HDF5 file: this one is cut off or damaged', got)
}
