/** The operators that compute number by number. */
import { shortestF32 } from '../../base/floats.js'
import type { ActivationName } from '../../definition/activations.js'
import { activated, computed, erf, isClose, scaled, type Elementwise } from '../elementwise.js'
import { columnsBy, type Columns } from '../layer-chain.js'
import { vector } from './constant.js'
import type { Operation } from './operation.js'
import { flowOf, type Path } from './path.js'
import type { Value } from './value.js'

/** @param bounds the inputs behind the first, if they are constants */
type Unary = (f: Elementwise, operation: Operation, bounds: readonly (number | undefined)[]) => Elementwise

function named(f: Elementwise, type: ActivationName): Elementwise {
  return activated(f, { type, shape: 0 })
}

/** clamp(α·v + β, 0, 1), which is the hard sigmoid of 6·α·v + 6·β − 3 */
function clamped(f: Elementwise, alpha: number, beta: number): Elementwise {
  const factor = Math.abs(6 * alpha - 1) < 1e-6 ? 1 : 6 * alpha
  const isScaled = factor !== 1 || beta !== 0.5
  const inner = isScaled ? scaled(f, columnsBy({ factor: [factor], shift: [6 * beta - 3] })) : f
  return named(inner, 'hardSigmoid')
}

/** A hard sigmoid that is scaled to more has too few digits left. */
const MAX_RANGE = 20

/** Those of one input, with the defaults of ONNX for their attributes. */
const unaryOperators: Readonly<Record<string, Unary>> = {
  Relu: (f) => named(f, 'relu'),
  Sigmoid: (f) => named(f, 'sigmoid'),
  Tanh: (f) => named(f, 'tanh'),
  Softplus: (f) => named(f, 'softplus'),
  Softsign: (f) => named(f, 'softsign'),
  Mish: (f) => named(f, 'mish'),
  LeakyRelu: (f, operation) =>
    activated(f, { type: 'leakyRelu', shape: shortestF32(operation.float('alpha', 0.01)) }),
  Elu: (f, operation) => activated(f, { type: 'elu', shape: shortestF32(operation.float('alpha', 1)) }),
  Selu: (f, operation) => {
    const [alpha, gamma] = [
      operation.float('alpha', 1.67326319217681884765625),
      operation.float('gamma', 1.05070102214813232421875),
    ]
    return computed((v) => gamma * (v > 0 ? v : alpha * Math.expm1(v)), f)
  },
  Gelu: (f, operation) => {
    const isTanh = operation.text('approximate', 'none') === 'tanh'
    return activated(f, { type: isTanh ? 'geluTanh' : 'gelu', shape: 0 })
  },
  // α·elu(v/α), where that is one
  Celu: (f, operation) => {
    const alpha = operation.float('alpha', 1)
    if (!(alpha > 0)) return computed((v) => Math.max(0, v) + Math.min(0, alpha * Math.expm1(v / alpha)), f)
    const inner = scaled(f, columnsBy({ factor: [1 / alpha] }))
    return scaled(activated(inner, { type: 'elu', shape: 1 }), columnsBy({ factor: [alpha] }))
  },
  HardSigmoid: (f, operation) => clamped(f, operation.float('alpha', 0.2), operation.float('beta', 0.5)),
  Clip: (f, operation, [low, high]) => {
    const least = low ?? operation.float('min', -Infinity)
    const most = high ?? operation.float('max', Infinity)
    const range = most - least
    if (!(range > 0 && range <= MAX_RANGE)) return computed((v) => Math.min(Math.max(v, least), most), f)
    return scaled(clamped(f, 1 / range, -least / range), columnsBy({ factor: [range], shift: [least] }))
  },
  Neg: (f) => scaled(f, columnsBy({ factor: [-1] })),
  Abs: (f) => computed(Math.abs, f),
  Erf: (f) => computed(erf, f),
  Exp: (f) => computed(Math.exp, f),
  Log: (f) => computed(Math.log, f),
  Reciprocal: (f) => computed((v) => 1 / v, f),
}

interface Combination {
  readonly of: (...values: number[]) => number
  /** with constants, which come first or second, if that is an affine function of the other */
  readonly columns?: (constants: Float64Array, isFirst: boolean) => Columns | undefined
}

/** Those of several inputs. */
const combinations: Readonly<Record<string, Combination>> = {
  Add: { of: (a, b) => a + b, columns: (shift) => columnsBy({ shift }) },
  Sub: {
    of: (a, b) => a - b,
    columns: (c, isFirst) => (isFirst ? columnsBy({ factor: [-1], shift: c }) : columnsBy({ offset: c })),
  },
  Mul: { of: (a, b) => a * b, columns: (factor) => columnsBy({ factor }) },
  Div: {
    of: (a, b) => a / b,
    columns: (c, isFirst) => (isFirst ? undefined : columnsBy({ factor: c.map((number) => 1 / number) })),
  },
  Pow: { of: (a, b) => a ** b },
  Max: { of: Math.max },
  Min: { of: Math.min },
  PRelu: { of: (v, slope) => (v > 0 ? v : slope * v) },
  Greater: { of: (a, b) => Number(a > b) },
  GreaterOrEqual: { of: (a, b) => Number(a >= b) },
  Less: { of: (a, b) => Number(a < b) },
  LessOrEqual: { of: (a, b) => Number(a <= b) },
  Where: { of: (is, a, b) => (is === 0 ? b : a) },
}

/** What an operator makes of each number by itself. @throws RangeError for one that is none of these */
export function elementwise(operation: Operation, path: Path): Value {
  const { where, op, first, inputs } = operation
  if (Object.hasOwn(combinations, op)) return combined(operation, path)
  if (!Object.hasOwn(unaryOperators, op)) {
    throw operation.error('an operator of a dense network, such as Gemm, MatMul, Add or Relu', op)
  }
  if (inputs.length > (op === 'Clip' ? 3 : 1)) throw operation.error('one input', inputs.length)
  const { step, f } = flowOf(where, first)
  const bounds = inputs.slice(1).map((bound) => bound && vector(where, bound)[0])
  return { kind: 'flow', step, f: unaryOperators[op](f, operation, bounds) }
}

/** Of several numbers; of constants and one of them by column where that is possible. */
function combined(operation: Operation, path: Path): Value {
  const { where, op, first, inputs } = operation
  const [, second] = inputs
  const { [op]: operator } = combinations
  const isAny = op === 'Max' || op === 'Min'
  if (second === undefined || (inputs.length !== operator.of.length && !isAny)) {
    throw operation.error(op === 'Where' ? 'three inputs' : 'two inputs', inputs.length)
  }
  for (const [constant, other] of [
    [first, second],
    [second, first],
  ]) {
    const columns =
      constant.kind === 'constant' &&
      operator.columns?.(path.shape.vector(where, constant), constant === first)
    if (columns) return path.scaled(where, other, columns)
  }
  const { step, operands } = path.together(operation)
  const f = computed(operator.of, ...operands)
  // Beyond a threshold exporters write another formula for what is the same.
  const same = op === 'Where' ? operands.find(({ values }) => isClose(values, f.values)) : undefined
  return { kind: 'flow', step, f: same ?? f }
}
