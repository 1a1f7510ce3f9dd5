import { rangeError } from '../../base/argument-error.js'
import { dataOf } from '../../base/byte-order.js'
import { bfloat, half, numberSizes, numbersOf, type NumberType } from '../numbers.js'
import { DataType, type Tensor } from './proto.js'

/** Numbers or texts that a graph is given, not computes. */
export interface Constant {
  readonly kind: 'constant'
  readonly dims: readonly number[]
  /** row-major; texts have none */
  readonly numbers: Float64Array
  readonly texts: readonly string[] | undefined
  /** whether the numbers are f64 */
  readonly isDouble: boolean
}

/** The bytes of files beside the file of a model, by their names. */
export type ExternalData = Readonly<Record<string, Uint8Array>>

/** More than any layer has. */
export const MAX_DIMENSIONS = 8

/** ONNX's types of numbers with a point. */
export const numberTypes: Readonly<Partial<Record<number, NumberType>>> = {
  [DataType.float]: 'F32',
  [DataType.double]: 'F64',
  [DataType.float16]: 'F16',
  [DataType.bfloat16]: 'BF16',
}

const integerSizes: Readonly<Partial<Record<number, number>>> = {
  [DataType.uint8]: 1,
  [DataType.int8]: 1,
  [DataType.bool]: 1,
  [DataType.int32]: 4,
  [DataType.int64]: 8,
}

/** A constant of numbers that are f32. */
export function constantOf(numbers: ArrayLike<number>, dims: readonly number[] = [numbers.length]): Constant {
  return { kind: 'constant', dims, numbers: Float64Array.from(numbers), texts: undefined, isDouble: false }
}

/** A constant of texts. */
export function textsOf(
  strings: readonly Uint8Array[],
  dims: readonly number[] = [strings.length],
): Constant {
  const texts = strings.map((string) => new TextDecoder().decode(string))
  return { kind: 'constant', dims, numbers: new Float64Array(), texts, isDouble: false }
}

/**
 * @param where the tensor's name, for messages
 * @throws RangeError for another type, for sizes that the numbers do not have, for data in another file that is not there
 */
export function constantOfTensor(where: string, tensor: Tensor, others: ExternalData): Constant {
  const { dims, type } = tensor
  if (dims.length > MAX_DIMENSIONS)
    throw rangeError(where, `at most ${MAX_DIMENSIONS} dimensions`, dims.length)
  const count = dims.reduce((product, size) => product * size, 1)
  if (dims.some((size) => !(size >= 0)) || !Number.isSafeInteger(count)) {
    throw rangeError(where, 'sizes >= 0', dims.join(' × '))
  }
  if (type === DataType.string) {
    checkCount(where, count, tensor.strings.length)
    return textsOf(tensor.strings, dims)
  }
  const raw = tensor.location === 1 ? externalBytes(where, tensor, others) : tensor.raw
  const numbers = raw === undefined ? listed(where, tensor) : unpacked(where, type, raw)
  checkCount(where, count, numbers.length)
  return { kind: 'constant', dims, numbers, texts: undefined, isDouble: type === DataType.double }
}

function checkCount(where: string, expected: number, count: number): void {
  if (count !== expected) throw rangeError(where, `${expected} numbers, as its sizes say`, count)
}

/** The numbers of the fields for single numbers; those of 16 bits are integers there. */
function listed(where: string, { type, floats, int32s, int64s, doubles }: Tensor): Float64Array {
  switch (type) {
    case DataType.float:
      return Float64Array.from(floats)
    case DataType.double:
      return Float64Array.from(doubles)
    case DataType.int64:
      return Float64Array.from(int64s)
    case DataType.float16:
      return Float64Array.from(int32s, half)
    case DataType.bfloat16:
      return Float64Array.from(int32s, bfloat)
    default:
      if (integerSizes[type] === undefined) throw otherType(where, type)
      return Float64Array.from(int32s)
  }
}

function unpacked(where: string, type: number, raw: Uint8Array): Float64Array {
  const data = dataOf(raw)
  const numberType = numberTypes[type]
  const size = numberType === undefined ? integerSizes[type] : numberSizes[numberType]
  if (size === undefined) throw otherType(where, type)
  if (raw.length % size !== 0) throw rangeError(where, `a multiple of ${size} bytes`, raw.length)
  if (numberType !== undefined) return numbersOf(numberType, data)
  return Float64Array.from({ length: raw.length / size }, (_, i) => integerAt(type, data, i * size))
}

function integerAt(type: number, data: DataView, at: number): number {
  switch (type) {
    case DataType.int8:
      return data.getInt8(at)
    case DataType.int32:
      return data.getInt32(at, true)
    case DataType.int64:
      return Number(data.getBigInt64(at, true))
    default:
      return data.getUint8(at)
  }
}

function otherType(where: string, type: number): RangeError {
  return rangeError(
    where,
    'numbers of f32, f64, f16, bf16, int32 or int64, or texts',
    `ONNX's data type ${type}`,
  )
}

function externalBytes(where: string, { external }: Tensor, others: ExternalData): Uint8Array {
  const said = new Map(external.map(({ key, value }) => [key, value]))
  const location = said.get('location') ?? ''
  const file = Object.hasOwn(others, location) ? others[location] : undefined
  if (file === undefined) {
    throw rangeError(where, `its numbers, which are in the file ${JSON.stringify(location)}`, 'none', {
      hint: 'give it as { externalData: { name: bytes } }',
    })
  }
  const offset = Number(said.get('offset') ?? 0)
  const length = Number(said.get('length') ?? file.length - offset)
  const end = offset + length
  if (
    !Number.isSafeInteger(offset) ||
    !Number.isSafeInteger(length) ||
    offset < 0 ||
    length < 0 ||
    end > file.length
  ) {
    throw rangeError(
      where,
      `numbers within the ${file.length} bytes of ${JSON.stringify(location)}`,
      `${offset} to ${end}`,
    )
  }
  return file.subarray(offset, end)
}

/** @throws RangeError unless it is a constant of two dimensions */
export function matrix(where: string, value: { readonly kind: string } | undefined): Constant {
  const constant = numbersIn(where, value)
  if (constant.dims.length === 2) return constant
  throw rangeError(where, 'weights of two dimensions', constant.dims.join(' × '))
}

/** The numbers of a constant of one dimension, or of which all others are 1. */
export function vector(where: string, value: { readonly kind: string } | undefined): Float64Array {
  const { dims, numbers } = numbersIn(where, value)
  const isVector = numbers.length > 0 && numbers.length === (dims.at(-1) ?? 1)
  if (!isVector) throw rangeError(where, 'numbers in one dimension, the last', dims.join(' × '))
  return numbers
}

function numbersIn(where: string, value: { readonly kind: string } | undefined): Constant {
  const isConstant = value?.kind === 'constant' && (value as Constant).texts === undefined
  if (isConstant) return value as Constant
  throw rangeError(where, 'constant numbers', value === undefined ? 'none' : 'something else')
}
