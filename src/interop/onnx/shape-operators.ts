/** The operators that change at most the shape or the type of what they take. */
import { numberTypes } from './constant.js'
import type { Operation } from './operation.js'
import type { Path } from './path.js'
import type { InputColumns } from './input-columns.js'
import type { Flow, Value } from './value.js'

/** What such an operator gives, of inputs or of what layers compute. */
type Keeper = (operation: Operation, path: Path, x: InputColumns | Flow) => InputColumns | Flow

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
}

/** What one of them gives; the name of a class stays as it is. */
export function kept(operation: Operation, path: Path): Value {
  const { op, first } = operation
  if (first.kind === 'label') return first
  if (first.kind === 'constant') throw operation.error('what a layer computes', 'constants')
  return shapeOperators[op](operation, path, first)
}

function squeezed(operation: Operation, { chain }: Path, x: InputColumns | Flow): InputColumns | Flow {
  // One number a sample is the same by itself and as a row of one.
  if (operation.op === 'Squeeze' && x.kind === 'flow' && chain.width === 1) return x
  throw operation.error('rows of numbers, as they are', operation.op)
}
