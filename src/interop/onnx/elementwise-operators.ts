/** The operators that compute number by number. */
import { shortestF32 } from '../../base/floats.js'
import { erf } from '../../engine/baseline/erf.js'
import type { ActivationName } from '../../definition/activations.js'
import { activated, computed, scaled, type Elementwise } from '../elementwise.js'
import { columnsBy, type Columns } from '../layer-chain.js'
import { vector, type Constant } from './constant.js'
import type { Operation } from './operation.js'
import { flowOf, otherPath, type Path } from './path.js'
import type { Value } from './value.js'

/** @param bounds the inputs behind the first, if they are constants */
type Unary = (f: Elementwise, operation: Operation, bounds: readonly (number | undefined)[]) => Elementwise

function named(f: Elementwise, type: ActivationName): Elementwise {
  return activated(f, { type, shape: 0 })
}

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
  // clamp(α·v + β, 0, 1) is the hard sigmoid of 6·α·v + 6·β − 3.
  HardSigmoid: (f, operation) => {
    const [alpha, beta] = [operation.float('alpha', 0.2), operation.float('beta', 0.5)]
    const factor = Math.abs(6 * alpha - 1) < 1e-6 ? 1 : 6 * alpha
    const isScaled = factor !== 1 || beta !== 0.5
    const inner = isScaled ? scaled(f, columnsBy({ factor: [factor], shift: [6 * beta - 3] })) : f
    return activated(inner, { type: 'hardSigmoid', shape: 0 })
  },
  Clip: (f, operation, [low, high]) => {
    const least = low ?? operation.float('min', -Infinity)
    const most = high ?? operation.float('max', Infinity)
    return computed((v) => Math.min(Math.max(v, least), most), f)
  },
  Neg: (f) => scaled(f, columnsBy({ factor: [-1] })),
  Abs: (f) => computed(Math.abs, f),
  Erf: (f) => computed(erf, f),
  Exp: (f) => computed(Math.exp, f),
  Log: (f) => computed(Math.log, f),
  Reciprocal: (f) => computed((v) => 1 / v, f),
}

interface Binary {
  readonly of: (a: number, b: number) => number
  /** with constants, which come first or second, if that is an affine function of the other */
  readonly columns: (constants: Float64Array, isFirst: boolean) => Columns | undefined
}

function none(): undefined {
  return undefined
}

/** Those of two inputs. */
const binaryOperators: Readonly<Record<string, Binary>> = {
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
  Pow: { of: (a, b) => a ** b, columns: none },
  Max: { of: Math.max, columns: none },
  Min: { of: Math.min, columns: none },
  PRelu: { of: (v, slope) => (v > 0 ? v : slope * v), columns: none },
}

/** What an operator makes of each number by itself. @throws RangeError for one that is none of these */
export function elementwise(operation: Operation, path: Path): Value {
  const { where, op, first, inputs } = operation
  if (Object.hasOwn(binaryOperators, op)) return folded(operation, path)
  if (!Object.hasOwn(unaryOperators, op)) {
    throw operation.error('an operator of a dense network, such as Gemm, MatMul, Add or Relu', op)
  }
  if (inputs.length > (op === 'Clip' ? 3 : 1)) throw operation.error('one input', inputs.length)
  const { step, f } = flowOf(where, first)
  const bounds = inputs.slice(1).map((bound) => bound && vector(where, bound)[0])
  return { kind: 'flow', step, f: unaryOperators[op](f, operation, bounds) }
}

/** Two inputs; or more, one after the other. */
function folded(operation: Operation, path: Path): Value {
  const { op, first, inputs } = operation
  const others = inputs.slice(1)
  const isAny = op === 'Max' || op === 'Min'
  if (others[0] === undefined || (others.length > 1 && !isAny)) {
    throw operation.error('two inputs', inputs.length)
  }
  return others.reduce<Value>((value, other) => binary(operation, path, value, other ?? value), first)
}

function binary(operation: Operation, path: Path, x: Value, y: Value): Value {
  const { where, op } = operation
  const { [op]: operator } = binaryOperators
  if (x.kind === 'constant' || y.kind === 'constant') {
    const [constant, other] = x.kind === 'constant' ? [x, y] : [y as Constant, x]
    const numbers = vector(where, constant)
    const columns = operator.columns(numbers, x.kind === 'constant')
    if (columns !== undefined) return path.scaled(where, other, columns)
    if (numbers.length !== 1) throw operation.error('one number', `${numbers.length} for ${op}`)
    const { step, f } = flowOf(where, other)
    const [c] = numbers
    const of =
      x.kind === 'constant'
        ? (v: number): number => operator.of(c, v)
        : (v: number): number => operator.of(v, c)
    return { kind: 'flow', step, f: computed(of, f) }
  }
  const [left, right] = [flowOf(where, x), flowOf(where, y)]
  if (left.step !== right.step) throw otherPath(where)
  return { kind: 'flow', step: left.step, f: computed(operator.of, left.f, right.f) }
}
