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

export interface Entry {
  readonly key: string
  readonly value: string
}

export interface Tensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly type: number
  readonly raw: Uint8Array | undefined
  readonly floats: readonly number[]
  readonly int32s: readonly number[]
  readonly int64s: readonly number[]
  readonly doubles: readonly number[]
  readonly strings: readonly Uint8Array[]
  readonly external: readonly Entry[]
  /** 1: in another file */
  readonly location: number
}

export interface Attribute {
  readonly name: string
  readonly float: number
  readonly int: number
  readonly text: Uint8Array | undefined
  readonly tensor: Tensor | undefined
  readonly floats: readonly number[]
  readonly ints: readonly number[]
  readonly strings: readonly Uint8Array[]
}

export interface Node {
  readonly name: string
  readonly op: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: readonly Attribute[]
}

interface Dimension {
  readonly size: number
}

/** A value's name, and the numbers of its elements' type and dimensions; 0 for a dimension that is not fixed. */
export interface ValueInfo {
  readonly name: string
  readonly type:
    | {
        readonly tensor:
          | { readonly element: number; readonly shape: { readonly dims: readonly Dimension[] } | undefined }
          | undefined
      }
    | undefined
}

export interface Graph {
  readonly nodes: readonly Node[]
  readonly initializers: readonly Tensor[]
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

interface OperatorSet {
  readonly domain: string
  readonly version: number
}

export interface ModelProto {
  readonly producer: string
  readonly graph: Graph | undefined
  readonly operatorSets: readonly OperatorSet[]
  readonly functions: readonly unknown[]
}

type Kind = 'text' | 'bytes' | 'integer' | 'float' | 'double' | Message

/** Fields by their number: where they go, how they are read, and whether there may be several. */
type Message = Readonly<Record<number, readonly [name: string, kind: Kind, isRepeated?: boolean]>>

const entry: Message = { 1: ['key', 'text'], 2: ['value', 'text'] }

const tensor: Message = {
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
  14: ['location', 'integer'],
}

const attribute: Message = {
  1: ['name', 'text'],
  2: ['float', 'float'],
  3: ['int', 'integer'],
  4: ['text', 'bytes'],
  5: ['tensor', tensor],
  7: ['floats', 'float', true],
  8: ['ints', 'integer', true],
  9: ['strings', 'bytes', true],
}

const node: Message = {
  1: ['inputs', 'text', true],
  2: ['outputs', 'text', true],
  3: ['name', 'text'],
  4: ['op', 'text'],
  5: ['attributes', attribute, true],
  7: ['domain', 'text'],
}

const value: Message = {
  1: ['name', 'text'],
  2: [
    'type',
    {
      1: [
        'tensor',
        { 1: ['element', 'integer'], 2: ['shape', { 1: ['dims', { 1: ['size', 'integer'] }, true] }] },
      ],
    },
  ],
}

const graph: Message = {
  1: ['nodes', node, true],
  5: ['initializers', tensor, true],
  11: ['inputs', value, true],
  12: ['outputs', value, true],
}

const model: Message = {
  2: ['producer', 'text'],
  7: ['graph', graph],
  8: ['operatorSets', { 1: ['domain', 'text'], 2: ['version', 'integer'] }, true],
  25: ['functions', {}, true],
}

/** A dense network has some hundred; each takes some hundred bytes here. */
const MAX_MESSAGES = 2 ** 16

/** @throws RangeError unless it is protobuf; whether it is ONNX, its graph shows */
export function readModelProto(bytes: Uint8Array): ModelProto {
  try {
    // A Node Buffer would make views of a pool of every field.
    return readMessage(new BinaryReader(bytesOf(bytes)), bytes.length, model, {
      left: MAX_MESSAGES,
    }) as unknown as ModelProto
  } catch (cause) {
    throw rangeError('bytes', 'an ONNX file: cut off, or another format', undefined, { cause })
  }
}

/** A message up to a position; what is missing is '' or 0, or an empty list, or undefined for a message or bytes. */
function readMessage(
  reader: BinaryReader,
  end: number,
  fields: Message,
  messages: { left: number },
): Record<string, unknown> {
  if (--messages.left < 0) throw new RangeError('expected fewer messages')
  const message: Record<string, unknown> = {}
  for (const [name, kind, isRepeated] of Object.values(fields)) {
    message[name] =
      isRepeated === true
        ? []
        : kind === 'text'
          ? ''
          : kind === 'bytes' || typeof kind === 'object'
            ? undefined
            : 0
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

/** One of repeated values, or several that are packed. */
function readInto(
  values: unknown[],
  reader: BinaryReader,
  wire: WireType,
  kind: Kind,
  messages: { left: number },
): void {
  const isNumber = kind === 'integer' || kind === 'float' || kind === 'double'
  if (!isNumber || wire !== WireType.LengthDelimited) {
    values.push(readValue(reader, wire, kind, messages))
    return
  }
  const end = reader.uint32() + reader.pos
  if (end > reader.len) throw new RangeError('expected fewer numbers than there are bytes')
  while (reader.pos < end) values.push(readValue(reader, wires[kind], kind, messages))
}

const wires: Readonly<Record<'text' | 'bytes' | 'integer' | 'float' | 'double' | 'message', WireType>> = {
  text: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  message: WireType.LengthDelimited,
  integer: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
}

function readValue(reader: BinaryReader, wire: WireType, kind: Kind, messages: { left: number }): unknown {
  if (wire !== wires[typeof kind === 'object' ? 'message' : kind])
    throw new RangeError('expected another kind of field')
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
    default: {
      const end = reader.uint32() + reader.pos
      if (end > reader.len) throw new RangeError('expected a message that is whole')
      return readMessage(reader, end, kind, messages)
    }
  }
}
