/** The operators that change at most the shape or the type of what they take, or say it. */
import { constantOf, numberTypes, type Constant } from './constant.js'
import type { Operation } from './operation.js'
import type { Path } from './path.js'
import type { InputColumns } from './input-columns.js'
import type { Flow, Value } from './value.js'

/** What such an operator gives, of inputs or of what layers compute. */
type Keeper = (operation: Operation, path: Path, x: InputColumns | Flow) => Value

export const shapeOperators: Readonly<Record<string, Keeper>> = {
  Identity: (_operation, _path, x) => x,
  Cast: (operation, _path, x) => {
    const type = operation.integer('to', 0)
    if (numberTypes[type] !== undefined) return x
    throw operation.error('numbers as they are, f32 or f64', `ONNX's data type ${type}`)
  },
  Dropout: (operation, _path, x) => {
    if (operation.inputs[2] === undefined || operation.vector(2)[0] === 0) return x
    throw operation.error('a network that predicts', 'one that is in training')
  },
  Flatten: (operation, path, x) => {
    const axis = operation.integer('axis', 1)
    if (axis !== 1) throw operation.error('axis = 1', axis)
    return path.shape.flattened(operation.where, x)
  },
  Reshape: (operation, { shape, chain }, x) => {
    return shape.reshaped(operation.where, x, operation.vector(1), chain.width)
  },
  Squeeze: squeezed,
  Unsqueeze: squeezed,
  Shape: sizesOf,
}

/** What one of them gives; the name of a class stays as it is. */
export function kept(operation: Operation, path: Path): Value {
  const { op, first } = operation
  if (first.kind === 'label') return first
  if (first.kind === 'constant') throw operation.error('what a layer computes', 'constants')
  return shapeOperators[op](operation, path, first)
}

/** One number a sample is the same by itself and as a row of one. */
function squeezed(operation: Operation, { chain }: Path, x: InputColumns | Flow): InputColumns | Flow {
  const axes = operation.inputs.length > 1 ? operation.vector(1) : operation.integers('axes')
  if (axes.every((axis) => axis === 1 || axis === -1)) {
    if (x.kind === 'flow' && chain.width === 1) return x
    if (x.kind === 'inputs' && operation.op === 'Unsqueeze') return x.asColumn(operation.where)
  }
  throw operation.error('rows of numbers, as they are', operation.op)
}

/** The sizes; NaN for the number of samples, which nothing may be computed with. */
function sizesOf(operation: Operation, { chain }: Path): Constant {
  const { first } = operation
  const sizes = first.kind === 'inputs' ? first.sizes : [chain.width ?? 0]
  const end = operation.has('end') ? operation.integer('end', 0) : undefined
  return constantOf([NaN, ...sizes].slice(operation.integer('start', 0), end))
}
