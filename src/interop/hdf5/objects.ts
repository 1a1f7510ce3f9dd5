/**
 * The part of HDF5 that Keras writes: h5py's default, the oldest version of the format, with groups, attributes, and
 * datasets whose numbers lie one behind the other; see the HDF5 File Format Specification, version 3.0.
 */
import { rangeError } from '../../base/argument-error.js'
import { partOf } from '../../base/byte-order.js'
import { show } from '../../base/check.js'
import { numbersOf, numberSizes, type NumberType } from '../numbers.js'
import {
  attributeIn,
  countOf,
  damaged,
  datatypeIn,
  heapOfLinks,
  linkIn,
  MessageType,
  newer,
  shapeIn,
  textIn,
  uint64,
  UNDEFINED,
  within,
  type Attribute,
  type Message,
} from './messages.js'
import { Structures } from './structures.js'

/** \x89HDF\r\n\x1a\n */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** The most names of a path. */
const MAX_DEPTH = 32

/** A group, or a dataset. */
export interface HDF5Object {
  /** the names of what is in a group, in ascending order; none in a dataset */
  readonly names: readonly string[]
  /** what is at a path of names in it; undefined if there is nothing */
  at(path: readonly string[]): HDF5Object | undefined
  /** of texts; undefined if there is none of that name, or it has no texts */
  attribute(name: string): readonly string[] | undefined
  /** of a dataset, row-major. @param label for errors @throws RangeError unless it has floating-point numbers */
  numbers(label: string): HDF5Numbers
}

export interface HDF5Numbers {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly numbers: Float64Array
}

export function isHDF5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte)
}

/**
 * The root group of a file.
 *
 * @throws RangeError for a file of another version, or one that is damaged
 */
export function openHDF5(bytes: Uint8Array): HDF5Object {
  if (!isHDF5(bytes)) throw rangeError('bytes', 'HDF5, which begins with \\x89HDF', 'another format')
  // II: version 0 of the superblock, with addresses and lengths of 8 bytes.
  const [version, , , , , addresses, lengths] = bytes.subarray(SIGNATURE.length)
  if (version > 1 || addresses !== 8 || lengths !== 8) throw newer(`version ${version} of its superblock`)
  const structures = new Structures(bytes)
  const root = SIGNATURE.length + (version === 0 ? 16 : 20) + 32
  return new FileObject({ structures, objects: new Map() }, '', uint64(structures.part(root, 16), 8))
}

/** What all objects of a file share. */
interface OpenFile {
  readonly structures: Structures
  /** those that have been read, by their addresses */
  readonly objects: Map<number, FileObject>
}

class FileObject implements HDF5Object {
  readonly #file: OpenFile
  /** of names, by the first way to it */
  readonly #path: string
  readonly #messages: readonly Message[]
  readonly #texts = new Map<string, readonly string[] | undefined>()
  #links: ReadonlyMap<string, number> | undefined
  #attributes: ReadonlyMap<string, Attribute> | undefined

  constructor(file: OpenFile, path: string, address: number) {
    this.#file = file
    this.#path = path
    this.#messages = file.structures.messages(address)
    file.objects.set(address, this)
  }

  get names(): readonly string[] {
    return [...this.#members().keys()]
  }

  at(path: readonly string[]): HDF5Object | undefined {
    if (path.length > MAX_DEPTH) {
      throw rangeError('bytes', `at most ${MAX_DEPTH} groups within one another`, path.length)
    }
    const [name, ...rest] = path
    const member = path.length === 0 ? this : this.#member(name)
    return path.length > 1 ? member?.at(rest) : member
  }

  #member(name: string): FileObject | undefined {
    const address = this.#members().get(name)
    if (address === undefined) return undefined
    return this.#file.objects.get(address) ?? new FileObject(this.#file, `${this.#path}/${name}`, address)
  }

  #members(): ReadonlyMap<string, number> {
    return (this.#links ??= this.#readLinks())
  }

  #readLinks(): ReadonlyMap<string, number> {
    const table = this.#message(MessageType.symbolTable)
    if (table !== undefined) return this.#file.structures.links(uint64(table, 0), uint64(table, 8))
    // A group with names that are not ASCII has a message for each, up to 8 of them.
    const info = this.#message(MessageType.linkInfo)
    if (info !== undefined && heapOfLinks(info) !== UNDEFINED) {
      const hint = 'h5py writes it so for names that are not ASCII; .keras has none of them'
      throw rangeError(show(this.#path), 'a group of the oldest version', 'one of more than 8 members', {
        hint,
      })
    }
    return new Map(
      this.#messages.flatMap(({ type, data }) => (type === MessageType.link ? linkIn(data) : [])),
    )
  }

  #message(type: number): DataView | undefined {
    return this.#messages.find((message) => message.type === type)?.data
  }

  attribute(name: string): readonly string[] | undefined {
    this.#attributes ??= new Map(
      this.#messages
        .filter(({ type }) => type === MessageType.attribute)
        .map(({ data }) => attributeIn(data))
        .map((attribute) => [attribute.name, attribute]),
    )
    const attribute = this.#attributes.get(name)
    if (attribute !== undefined && !this.#texts.has(name)) this.#texts.set(name, this.#textsOf(attribute))
    return this.#texts.get(name)
  }

  #textsOf({ datatype, shape, data }: Attribute): readonly string[] | undefined {
    if (datatype.kind !== 'text' && datatype.kind !== 'heapText') return undefined
    const { size, kind } = datatype
    const count = countOf(shape)
    const isWhole = size > 0 && count * size <= data.byteLength
    if (!isWhole || (kind === 'heapText' && size !== 16)) throw damaged('an attribute that is cut off')
    return Array.from({ length: count }, (_, i) => {
      const element = partOf(data, i * size, (i + 1) * size)
      return kind === 'text' ? textIn(element, 0) : this.#file.structures.heapText(element)
    })
  }

  numbers(label: string): HDF5Numbers {
    const { dataspace, datatype, layout: layoutType } = MessageType
    const [space, ofNumbers, layout] = [dataspace, datatype, layoutType].map((type) => {
      const message = this.#message(type)
      if (message === undefined) throw rangeError(label, 'numbers', 'a group')
      return message
    })
    const type = this.#numberType(label, ofNumbers)
    const shape = shapeIn(space)
    const [version, place] = [within(layout, 0, 2).getUint8(0), layout.getUint8(1)]
    if (version !== 3 || place !== 1) {
      const hint = 'Keras writes neither chunks nor compressed ones; h5repack -l CONTI makes one of them'
      throw rangeError(label, 'numbers one behind the other', 'another layout', { hint })
    }
    const address = uint64(layout, 2)
    if (address === UNDEFINED) throw rangeError(label, 'numbers', 'none that were ever written')
    const data = this.#file.structures.part(address, countOf(shape) * numberSizes[type])
    return { type, shape, numbers: numbersOf(type, data) }
  }

  #numberType(label: string, message: DataView): NumberType {
    const datatype = datatypeIn(message)
    if (datatype.kind === 'number') return datatype.type
    if (datatype.kind === 'opaque' && datatype.size === 2 && this.attribute('dtype')?.[0] === 'bfloat16') {
      return 'BF16'
    }
    const got = datatype.kind === 'other' ? datatype.name : `${datatype.kind}s`
    const hint = 'a quantised model has them: save it before model.quantize()'
    throw rangeError(label, 'floating-point numbers', got, { hint })
  }
}
