/** The operators that are layers, or what comes right before and behind them. */
import { columnsBy, normalized } from '../layer-chain.js'
import { matrix } from './constant.js'
import type { Operation } from './operation.js'
import type { Operator, Path } from './path.js'
import type { Value } from './value.js'

export const layerOperators: Readonly<Record<string, Operator>> = {
  Gemm: gemm,
  MatMul: ({ where, first, inputs }, path) => path.affine(where, first, matrix(where, inputs[1])),
  BatchNormalization: batchNormalization,
  Scaler: (operation, path) => {
    const [offset, factor] = [operation.floats('offset', [0]), operation.floats('scale', [1])]
    return path.scaled(operation.where, operation.first, columnsBy({ offset, factor }), 'a scaler')
  },
  Softmax: softmax,
  LogSoftmax: softmax,
}

/** α·x·B + β·C */
function gemm(operation: Operation, path: Path): Value {
  const { where, first, inputs } = operation
  if (operation.integer('transA', 0) !== 0) throw operation.error('transA = 0', '1')
  const [alpha, beta] = [operation.float('alpha', 1), operation.float('beta', 1)]
  const weights = matrix(where, inputs[1])
  const product = alpha === 1 ? weights : { ...weights, numbers: weights.numbers.map((w) => w * alpha) }
  const biases = inputs[2] === undefined ? [0] : operation.vector(2).map((b) => b * beta)
  return path.affine(where, first, product, operation.integer('transB', 0) !== 0, biases)
}

function batchNormalization(operation: Operation, path: Path): Value {
  if (operation.integer('training_mode', 0) !== 0) {
    throw operation.error('a network that predicts', 'one that is in training')
  }
  // It is of the second dimension, whichever is the last.
  path.shape.checkAxis(operation.where, 1)
  const epsilon = operation.float('epsilon', 1e-5)
  const deviations = operation.vector(4).map((variance) => Math.sqrt(variance + epsilon))
  const scales = operation.vector(1)
  if (scales.length !== deviations.length) throw operation.error('as many scales as variances', scales.length)
  const columns = normalized(operation.vector(3), deviations, scales, operation.vector(2))
  return path.scaled(operation.where, operation.first, columns, 'batch normalisation')
}

function softmax(operation: Operation, path: Path): Value {
  const { where, op, first } = operation
  const { chain, shape, opset, asSoftmax } = path
  shape.checkAxis(where, operation.integer('axis', opset < 13 ? 1 : -1))
  if (op === 'LogSoftmax') {
    if (!asSoftmax) {
      throw operation.error('Softmax', op, { hint: "{ output: 'softmax' } leaves out the logarithm" })
    }
    chain.notes.push(`${where}: the logarithm of the softmax is left out`)
  }
  return path.softmax(where, first)
}
