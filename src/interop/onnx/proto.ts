/** The messages of an ONNX file that describe a graph, by the field numbers of onnx.proto; all others are skipped. */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { rangeError } from '../../base/argument-error.js'
import { bytesOf } from '../../base/byte-order.js'

/** Numbers of ONNX's TensorProto.DataType. */
export const DataType = {
  float: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  bfloat16: 16,
} as const

/** How a value is encoded. */
const wires = {
  text: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  message: WireType.LengthDelimited,
  integer: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
} as const

type Kind = Exclude<keyof typeof wires, 'message'> | Message

/** Fields by their number: what they are called here, how they are read, and whether there may be several. */
type Message = Readonly<Record<number, readonly [name: string, kind: Kind, isRepeated?: true]>>

const entry = { 1: ['key', 'text'], 2: ['value', 'text'] } as const satisfies Message

const tensor = {
  1: ['dims', 'integer', true],
  2: ['type', 'integer'],
  4: ['floats', 'float', true],
  5: ['int32s', 'integer', true],
  6: ['strings', 'bytes', true],
  7: ['int64s', 'integer', true],
  8: ['name', 'text'],
  9: ['raw', 'bytes'],
  10: ['doubles', 'double', true],
  13: ['external', entry, true],
  // 1: in another file
  14: ['location', 'integer'],
} as const satisfies Message

const attribute = {
  1: ['name', 'text'],
  2: ['float', 'float'],
  3: ['int', 'integer'],
  4: ['text', 'bytes'],
  5: ['tensor', tensor],
  7: ['floats', 'float', true],
  8: ['ints', 'integer', true],
  9: ['strings', 'bytes', true],
} as const satisfies Message

const node = {
  1: ['inputs', 'text', true],
  2: ['outputs', 'text', true],
  3: ['name', 'text'],
  4: ['op', 'text'],
  5: ['attributes', attribute, true],
  7: ['domain', 'text'],
} as const satisfies Message

// A size of 0 is one that is not fixed.
const shape = { 1: ['dims', { 1: ['size', 'integer'] }, true] } as const satisfies Message

const value = {
  1: ['name', 'text'],
  2: ['type', { 1: ['tensor', { 1: ['element', 'integer'], 2: ['shape', shape] }] }],
} as const satisfies Message

const graph = {
  1: ['nodes', node, true],
  5: ['initializers', tensor, true],
  11: ['inputs', value, true],
  12: ['outputs', value, true],
} as const satisfies Message

const model = {
  2: ['producer', 'text'],
  7: ['graph', graph],
  8: ['operatorSets', { 1: ['domain', 'text'], 2: ['version', 'integer'] }, true],
  14: ['metadata', entry, true],
  25: ['functions', {}, true],
} as const satisfies Message

/** What is read of a message: its fields by their names. */
type Read<M extends Message> = {
  readonly [Field in keyof M as NameOf<M[Field]>]: M[Field] extends readonly [string, infer K, true]
    ? readonly Present<K>[]
    : M[Field] extends readonly [string, infer K]
      ? Single<K>
      : never
}

type NameOf<Field> = Field extends readonly [infer Name extends string, ...unknown[]] ? Name : never

type Present<K> = K extends 'text'
  ? string
  : K extends 'bytes'
    ? Uint8Array
    : K extends Message
      ? Read<K>
      : number

/** Bytes or a message may not be there; a text is '' then, and a number 0. */
type Single<K> = K extends 'bytes' | Message ? Present<K> | undefined : Present<K>

export type Tensor = Read<typeof tensor>
export type Attribute = Read<typeof attribute>
export type Node = Read<typeof node>
export type Graph = Read<typeof graph>
export type ModelProto = Read<typeof model>

/** A dense network has some hundred; each takes some hundred bytes here. */
const MAX_MESSAGES = 2 ** 16

/** @throws RangeError unless it is protobuf; whether it is ONNX, its graph shows */
export function readModelProto(bytes: Uint8Array): ModelProto {
  try {
    // A Node Buffer would make views of a pool of every field.
    const reader = new BinaryReader(bytesOf(bytes))
    return readMessage(reader, bytes.length, model, { left: MAX_MESSAGES }) as ModelProto
  } catch (cause) {
    throw rangeError('bytes', 'an ONNX file: cut off, or another format', undefined, { cause })
  }
}

/** A message up to a position. */
function readMessage(
  reader: BinaryReader,
  end: number,
  fields: Message,
  messages: { left: number },
): Record<string, unknown> {
  if (--messages.left < 0) throw new RangeError('expected fewer messages')
  const message: Record<string, unknown> = {}
  for (const [name, kind, isRepeated] of Object.values(fields)) {
    message[name] = isRepeated === true ? [] : missing(kind)
  }
  while (reader.pos < end) {
    const [number, wire] = reader.tag()
    if (!Object.hasOwn(fields, number)) {
      reader.skip(wire, number)
      continue
    }
    const {
      [number]: [name, kind, isRepeated],
    } = fields
    if (isRepeated !== true) message[name] = readValue(reader, wire, kind, messages)
    else readInto(message[name] as unknown[], reader, wire, kind, messages)
  }
  if (reader.pos > end) throw new RangeError('expected a message that ends where it says')
  return message
}

/** What a field is that is not there. */
function missing(kind: Kind): unknown {
  if (kind === 'text') return ''
  return kind === 'bytes' || typeof kind === 'object' ? undefined : 0
}

/** One of repeated values, or several that are packed. */
function readInto(
  values: unknown[],
  reader: BinaryReader,
  wire: WireType,
  kind: Kind,
  messages: { left: number },
): void {
  const isNumber = missing(kind) === 0
  if (!isNumber || wire !== WireType.LengthDelimited) {
    values.push(readValue(reader, wire, kind, messages))
    return
  }
  const end = endOf(reader)
  while (reader.pos < end) values.push(readValue(reader, wireOf(kind), kind, messages))
}

function readValue(reader: BinaryReader, wire: WireType, kind: Kind, messages: { left: number }): unknown {
  if (wire !== wireOf(kind)) throw new RangeError('expected another kind of field')
  switch (kind) {
    case 'text':
      return reader.string()
    case 'bytes':
      return reader.bytes()
    case 'integer':
      return Number(reader.int64())
    case 'float':
      return reader.float()
    case 'double':
      return reader.double()
    default:
      return readMessage(reader, endOf(reader), kind, messages)
  }
}

/** Where something ends whose length comes first. */
function endOf(reader: BinaryReader): number {
  const end = reader.uint32() + reader.pos
  if (end > reader.len) throw new RangeError('expected no more than there is')
  return end
}

function wireOf(kind: Kind): WireType {
  return wires[typeof kind === 'object' ? 'message' : kind]
}
