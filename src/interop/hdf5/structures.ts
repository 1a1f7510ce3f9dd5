/**
 * Reads the structures of an HDF5 file where they are. Addresses are of bytes from the beginning of the file; numbers in
 * comments are sections of the specification.
 *
 * Nothing is read before its place in the file is known to be there, and all that is read is together a few times the
 * file at most: links that run in circles end, and what is small does not become large.
 */
import { dataOf, partOf } from '../../base/byte-order.js'
import {
  damaged,
  decoded,
  MessageType,
  newer,
  padded,
  textIn,
  uint64,
  within,
  type Message,
} from './messages.js'

/** How many times the bytes of a file may be read, all in all. */
const READS = 8

/** The longest name of what is in a group. */
const MAX_NAME = 1024

export class Structures {
  readonly #data: DataView
  readonly #heaps = new Map<number, ReadonlyMap<number, DataView>>()
  #room: number

  constructor(bytes: Uint8Array) {
    this.#data = dataOf(bytes)
    this.#room = READS * bytes.length
  }

  /** @throws RangeError unless the file has all of it, and has not been read too often */
  part(address: number, length: number): DataView {
    // The smallest structure has 8 bytes; one without any counts as such, too.
    this.#spend(Math.max(8, length))
    if (!(address >= 0 && length >= 0 && address + length <= this.#data.byteLength)) {
      throw damaged(`${length} bytes at ${address} of ${this.#data.byteLength}`)
    }
    return partOf(this.#data, address, address + length)
  }

  #spend(bytes: number): void {
    this.#room -= bytes
    if (this.#room < 0) throw damaged('more structures than a file of this size has')
  }

  /** IV.A.1.a: the messages of an object, in all blocks of its header. */
  messages(address: number): readonly Message[] {
    const header = this.part(address, 16)
    const version = header.getUint8(0)
    if (version === 0x4f) throw newer('an object of a newer one')
    if (version !== 1) throw damaged('an object header of another version')
    const messages: Message[] = []
    const blocks = [this.part(address + 16, header.getUint32(8, true))]
    for (const block of blocks) {
      for (let at = 0; at + 8 <= block.byteLength;) {
        const size = block.getUint16(at + 2, true)
        this.#spend(Math.max(8, size))
        const data = partOf(block, at + 8, Math.min(at + 8 + size, block.byteLength))
        const type = block.getUint16(at, true)
        if (type === MessageType.continuation) blocks.push(this.part(uint64(data, 0), uint64(data, 8)))
        else messages.push({ type, data })
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
        if (isLink) continue
        const name = textIn(names, uint64(entries, at), MAX_NAME)
        this.#spend(name.length)
        links.set(name, uint64(entries, at + 8))
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

  /** IV.B: a text in a heap. @param place its length, the address of the heap, and its number in it */
  heapText(place: DataView): string {
    const object = this.#heap(uint64(place, 4)).get(place.getUint32(12, true))
    if (object === undefined) throw damaged('a text that is not in its heap')
    const length = Math.min(place.getUint32(0, true), object.byteLength)
    this.#spend(length)
    return decoded(within(object, 0, length))
  }

  /** III.E: the objects of a global heap, by their numbers. */
  #heap(address: number): ReadonlyMap<number, DataView> {
    const known = this.#heaps.get(address)
    if (known !== undefined) return known
    const end = address + uint64(this.#signed(address, 'GCOL', 16), 8)
    const objects = new Map<number, DataView>()
    for (let at = address + 16; at + 16 <= end;) {
      const object = this.part(at, 16)
      const index = object.getUint16(0, true)
      // 0 is the free space, which is the last.
      if (index === 0) break
      const size = uint64(object, 8)
      objects.set(index, this.part(at + 16, size))
      at += 16 + padded(size)
    }
    this.#heaps.set(address, objects)
    return objects
  }

  #signed(address: number, signature: string, length: number): DataView {
    const data = this.part(address, length)
    if (decoded(partOf(data, 0, 4)) !== signature) throw damaged(`no ${signature} at ${address}`)
    return data
  }
}
