/** Writes the messages of an ONNX file, by the field numbers of onnx.proto. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { littleEndian, bytesOf } from '../../base/byte-order.js'
import type { Floats } from '../../base/floats.js'
import { DataType } from './proto.js'

/** Numbers, texts or one of them: what a node is told beside its inputs. */
export type AttributeValue =
  | { readonly float: number }
  | { readonly int: number }
  | { readonly floats: readonly number[] }
  | { readonly ints: readonly number[] }
  | { readonly strings: readonly string[] }

/** A node to be written; the domain is that of ONNX itself unless given. */
export interface NewNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  readonly domain?: string
}

/** A constant to be written. */
export interface NewTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly values: Floats | readonly string[] | BigInt64Array
}

/** An input or an output: rows × width, or one for each row where the width is 0. */
export interface NewValue {
  readonly name: string
  readonly type: (typeof DataType)[keyof typeof DataType]
  readonly width: number
}

export interface NewGraph {
  readonly nodes: readonly NewNode[]
  readonly initializers: readonly NewTensor[]
  readonly inputs: readonly NewValue[]
  readonly outputs: readonly NewValue[]
  /** what else is said, by its keys */
  readonly metadata?: Readonly<Record<string, string>>
}

/** ONNX's numbers for the types of attributes. */
const AttributeType = { float: 1, int: 2, floats: 6, ints: 7, strings: 8 } as const

/** The version of the file's format, and those of the operators: any onnxruntime since 2022 reads them. */
const IR_VERSION = 8
const OPSET = 17
const ML_OPSET = 3

export function writeModelProto(graph: NewGraph): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter()
  integer(writer, 1, IR_VERSION)
  text(writer, 2, 'deltaprop')
  message(writer, 7, () => {
    for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node))
    text(writer, 2, 'deltaprop')
    for (const tensor of graph.initializers) message(writer, 5, () => writeTensor(writer, tensor))
    for (const value of graph.inputs) message(writer, 11, () => writeValue(writer, value))
    for (const value of graph.outputs) message(writer, 12, () => writeValue(writer, value))
  })
  const usesML = graph.nodes.some(({ domain }) => domain !== undefined)
  for (const [domain, version] of usesML
    ? [['', OPSET] as const, [ML, ML_OPSET] as const]
    : [['', OPSET] as const]) {
    message(writer, 8, () => {
      text(writer, 1, domain)
      integer(writer, 2, version)
    })
  }
  for (const [key, value] of Object.entries(graph.metadata ?? {})) {
    message(writer, 14, () => {
      text(writer, 1, key)
      text(writer, 2, value)
    })
  }
  return writer.finish()
}

/** The domain of operators of machine learning that are no neural networks. */
export const ML = 'ai.onnx.ml'

function writeNode(writer: BinaryWriter, { op, inputs, output, attributes = {}, domain }: NewNode): void {
  for (const input of inputs) text(writer, 1, input)
  text(writer, 2, output)
  text(writer, 3, output)
  text(writer, 4, op)
  for (const [name, value] of Object.entries(attributes)) {
    message(writer, 5, () => writeAttribute(writer, name, value))
  }
  if (domain !== undefined) text(writer, 7, domain)
}

function writeAttribute(writer: BinaryWriter, name: string, value: AttributeValue): void {
  text(writer, 1, name)
  const [kind] = Object.keys(value) as (keyof typeof AttributeType)[]
  if ('float' in value) writer.tag(2, WireType.Bit32).float(value.float)
  else if ('int' in value) integer(writer, 3, value.int)
  else if ('floats' in value) packed(writer, 7, () => value.floats.forEach((number) => writer.float(number)))
  else if ('ints' in value) packed(writer, 8, () => value.ints.forEach((number) => writer.int64(number)))
  else for (const string of value.strings) text(writer, 9, string)
  integer(writer, 20, AttributeType[kind])
}

function writeTensor(writer: BinaryWriter, { name, dims, values }: NewTensor): void {
  packed(writer, 1, () => dims.forEach((size) => writer.int64(size)))
  integer(writer, 2, typeOf(values))
  text(writer, 8, name)
  if (values instanceof BigInt64Array) packed(writer, 7, () => values.forEach((value) => writer.int64(value)))
  else if (Array.isArray(values)) for (const value of values as string[]) text(writer, 6, value)
  else writer.tag(9, WireType.LengthDelimited).bytes(bytesOf(littleEndian(values as Floats)))
}

function typeOf(values: NewTensor['values']): number {
  if (values instanceof Float32Array) return DataType.float
  if (values instanceof Float64Array) return DataType.double
  return values instanceof BigInt64Array ? DataType.int64 : DataType.string
}

function writeValue(writer: BinaryWriter, { name, type, width }: NewValue): void {
  text(writer, 1, name)
  message(writer, 2, () => {
    message(writer, 1, () => {
      integer(writer, 1, type)
      message(writer, 2, () => {
        message(writer, 1, () => text(writer, 2, 'n'))
        if (width > 0) message(writer, 1, () => integer(writer, 1, width))
      })
    })
  })
}

function message(writer: BinaryWriter, field: number, content: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  content()
  writer.join()
}

const packed = message

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value)
}

function integer(writer: BinaryWriter, field: number, value: number): void {
  writer.tag(field, WireType.Varint).int64(value)
}
