/** The operators that choose a class, or name it. */
import type { Category } from '../../model/column.js'
import type { Operation } from './operation.js'
import type { Operator } from './path.js'

export const classOperators: Readonly<Record<string, Operator>> = {
  ArgMax: (operation, path) => {
    const { where, first } = operation
    path.shape.checkAxis(where, operation.integer('axis', 0))
    path.end(where, first)
    return { kind: 'label' }
  },
  Binarizer: (operation, path) => {
    const threshold = operation.float('threshold', 0)
    if (threshold !== 0.5) throw operation.error('a threshold of 0.5', threshold)
    path.end(operation.where, operation.first)
    path.isMultilabel = true
    return { kind: 'label' }
  },
  ZipMap: (operation, path) => {
    path.setClasses(operation.where, zipClasses(operation))
    return operation.first
  },
}

/** The names of classes that a ZipMap gives. */
function zipClasses(operation: Operation): readonly Category[] {
  const texts = operation.texts('classlabels_strings')
  return texts.length > 0 ? texts : operation.integers('classlabels_int64s')
}
