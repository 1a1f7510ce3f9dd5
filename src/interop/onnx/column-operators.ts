/** The operators that put columns side by side, or choose some of them. */
import { InputColumns } from './input-columns.js'
import type { Operation } from './operation.js'
import type { Operator, Path } from './path.js'
import type { Flow, Value } from './value.js'

export const columnOperators: Readonly<Record<string, Operator>> = {
  Concat: (operation, path) => {
    path.shape.checkAxis(operation.where, operation.integer('axis', 0))
    return joined(operation, path)
  },
  FeatureVectorizer: joined,
  OneHotEncoder: (operation) => {
    const { where, first } = operation
    if (first.kind !== 'inputs') throw operation.error('an input of texts', 'what a layer computes')
    return first.oneHot(where, operation.texts('cats_strings'), operation.integer('zeros', 1) === 1)
  },
  Gather: (operation, path) => {
    const { where, first } = operation
    if (first.kind !== 'constant') path.shape.checkAxis(where, operation.integer('axis', 0))
    return picked(operation, path)
  },
  ArrayFeatureExtractor: picked,
  Slice: sliced,
}

/** Columns beside each other; or the probabilities of two classes, 1 − p and p. */
function joined(operation: Operation, path: Path): Value {
  const { where, inputs } = operation
  const columns = inputs.filter((value) => value?.kind === 'inputs')
  if (columns.length === inputs.length) return InputColumns.joined(where, columns)
  const [no, yes] = inputs
  const isPair = inputs.length === 2 && no?.kind === 'flow' && yes?.kind === 'flow'
  if (!isPair || path.chain.width !== 1 || !areComplements(no, yes)) {
    throw operation.error('the inputs side by side, or the two probabilities 1 − p and p', 'something else')
  }
  path.commit(where, yes)
  path.chain.asPair(where)
  return path.next()
}

/** Some of the inputs, or the names of classes by their numbers. */
function picked(operation: Operation, path: Path): Value {
  const { where, first, inputs } = operation
  const [, indices] = inputs
  if (first.kind === 'constant' && indices?.kind === 'label' && indices.isClass) {
    path.setClasses(where, first.texts ?? first.numbers)
    return indices
  }
  const isList = indices?.kind === 'constant' && indices.dims.length <= 1
  if (first.kind === 'inputs' && isList) return first.picked(where, operation.vector(1))
  // The only number that a layer computes is all of them.
  const isOnly = first.kind === 'flow' && path.chain.width === 1 && String(operation.vector(1)) === '0'
  if (isOnly) return first
  throw otherChoice(operation)
}

/** The columns of the inputs from one to another. */
function sliced(operation: Operation, path: Path): Value {
  const { where, first, inputs } = operation
  if (first.kind !== 'inputs') throw otherChoice(operation)
  const { width } = first
  const [start, end, axis, step] = [1, 2, 3, 4].map((i) => {
    if (inputs[i] === undefined) return Number(i > 3)
    const values = operation.vector(i)
    if (values.length > 1) throw operation.error('columns of one dimension', 'several')
    return values[0]
  })
  path.shape.checkAxis(where, axis)
  const [from, to] = [start, end].map((at) => Math.min(at < 0 ? at + width : at, width))
  if (step !== 1 || !(from >= 0 && to > from && to - from <= path.size)) {
    throw operation.error(`some of the ${width} columns, next to each other`, `${start} to ${end} by ${step}`)
  }
  return first.picked(
    where,
    Array.from({ length: to - from }, (_, k) => from + k),
  )
}

function otherChoice(operation: Operation): RangeError {
  return operation.error('some of the inputs', 'some of what a layer computes')
}

/** Whether two functions of the same number add up to 1. */
function areComplements(no: Flow, yes: Flow): boolean {
  if (no.step !== yes.step) return false
  return no.f.values.every((value, i) => Math.abs(value + yes.f.values[i] - 1) < 1e-6)
}
