/** The operators that choose a class, or name it. */
import type { Category } from '../../model/column.js'
import type { Operation } from './operation.js'
import { flowOf, type Operator } from './path.js'
import type { Label } from './value.js'

export const classOperators: Readonly<Record<string, Operator>> = {
  ArgMax: (operation, path) => {
    path.shape.checkAxis(operation.where, operation.integer('axis', 0))
    return labelOf(operation, true)
  },
  ReduceMax: (operation, path) => {
    const axes = operation.inputs[1] === undefined ? operation.integers('axes') : operation.vector(1)
    path.shape.checkAxis(operation.where, axes.length === 1 ? axes[0] : NaN)
    return labelOf(operation, false)
  },
  Binarizer: (operation, path) => {
    const threshold = operation.float('threshold', 0)
    if (threshold !== 0.5) throw operation.error('a threshold of 0.5', threshold)
    path.isMultilabel = true
    return labelOf(operation, true)
  },
  ZipMap: (operation, path) => {
    path.setClasses(operation.where, zipClasses(operation))
    return operation.first
  },
}

function labelOf({ where, first }: Operation, isClass: boolean): Label {
  return { kind: 'label', of: flowOf(where, first), isClass }
}

/** The names of classes that a ZipMap gives. */
function zipClasses(operation: Operation): readonly Category[] {
  const texts = operation.texts('classlabels_strings')
  return texts.length > 0 ? texts : operation.integers('classlabels_int64s')
}
