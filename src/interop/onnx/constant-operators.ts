/** The operators of constants: those that give them, and those that change at most their shape or their type. */
import { transposed } from '../numbers.js'
import {
  constantOf,
  constantOfTensor,
  MAX_DIMENSIONS,
  numberTypes,
  type Constant,
  type ExternalData,
} from './constant.js'
import type { Operation } from './operation.js'
import { DataType } from './proto.js'

/** The value of a node Constant. */
export function constantOfAttributes(operation: Operation, others: ExternalData): Constant {
  const tensor = operation.tensor('value')
  if (tensor !== undefined) return constantOfTensor(operation.where, tensor, others)
  if (operation.has('value_float')) return constantOf([operation.float('value_float', 0)], [])
  if (operation.has('value_int')) return constantOf([operation.integer('value_int', 0)], [])
  if (operation.has('value_floats')) return constantOf(operation.floats('value_floats', []))
  if (operation.has('value_ints')) return constantOf(operation.integers('value_ints'))
  throw operation.error('a constant of numbers', 'another')
}

/** What an operator makes of a constant; undefined if it is none of them, or does not fit. */
type ConstantOperator = (constant: Constant, operation: Operation) => Constant | undefined

const constantOperators: Readonly<Record<string, ConstantOperator>> = {
  Identity: (constant) => constant,
  Dropout: (constant) => constant,
  Cast: (constant, operation) => {
    const to = operation.integer('to', 0)
    if (numberTypes[to] !== undefined || constant.texts !== undefined) return constant
    if (to !== DataType.int32 && to !== DataType.int64) return undefined
    return { ...constant, numbers: constant.numbers.map(Math.trunc) }
  },
  Reshape: inOneDimension,
  Squeeze: inOneDimension,
  Unsqueeze: (constant, operation) => {
    const axes = operation.inputs.length > 1 ? operation.vector(1) : operation.integers('axes')
    const dims = [...constant.dims]
    const rank = dims.length + axes.length
    if (rank > MAX_DIMENSIONS) return undefined
    for (const axis of Array.from(axes, (each) => (each < 0 ? each + rank : each)).sort((a, b) => a - b)) {
      dims.splice(axis, 0, 1)
    }
    return { ...constant, dims }
  },
  Flatten: inOneDimension,
  Gather: ({ dims, numbers, ...rest }, operation) => {
    if (dims.length !== 1) return undefined
    const indices = operation.vector(1)
    const places = indices.map((i) => (i < 0 ? i + numbers.length : i))
    if (!places.every((place) => place in numbers)) return undefined
    return { ...rest, dims: [places.length], numbers: places.map((place) => numbers[place]) }
  },
  Slice: ({ dims, numbers, ...rest }, operation) => {
    if (dims.length !== 1 || operation.inputs.length !== 4) return undefined
    const picked = numbers.slice(operation.vector(1)[0], operation.vector(2)[0])
    return { ...rest, dims: [picked.length], numbers: picked }
  },
  Concat: (_constant, operation) => {
    const parts = operation.inputs.map((_input, i) => operation.vector(i))
    const length = parts.reduce((sum, part) => sum + part.length, 0)
    return length > MAX_DIMENSIONS ? undefined : constantOf(parts.flatMap((part) => Array.from(part)))
  },
  Transpose: ({ dims, numbers, ...rest }, operation) => {
    const [rows, columns] = dims
    const isOther = operation.integers('perm').some((from, to) => from !== 1 - to)
    if (dims.length !== 2 || isOther) return undefined
    return { ...rest, dims: [columns, rows], numbers: transposed(numbers, rows, columns) }
  },
}

/** @throws RangeError where it computes something */
export function changedConstant(operation: Operation, constant: Constant): Constant {
  const { op } = operation
  const result = Object.hasOwn(constantOperators, op) ? constantOperators[op](constant, operation) : undefined
  if (result !== undefined) return result
  throw operation.error('constants as they are, or transposed', `${op} of ${constant.dims.join(' × ')}`)
}

function inOneDimension(constant: Constant): Constant | undefined {
  const { dims, numbers } = constant
  return Math.max(1, ...dims) === numbers.length ? { ...constant, dims: [numbers.length] } : undefined
}
