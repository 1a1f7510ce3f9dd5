/** The operators that compute number by number. */
import { shortestF32 } from '../../base/floats.js'
import { erf } from '../../engine/baseline/erf.js'
import type { ActivationName } from '../../definition/activations.js'
import { activated, computed, scaled, type Elementwise } from '../elementwise.js'
import { columnsBy, type Columns } from '../layer-chain.js'
import type { Attributes } from './attributes.js'

/** @param bounds the inputs behind the first, if they are constants */
type Unary = (f: Elementwise, attributes: Attributes, bounds: readonly (number | undefined)[]) => Elementwise

function named(f: Elementwise, type: ActivationName): Elementwise {
  return activated(f, { type, shape: 0 })
}

/** Those of one input, with the defaults of ONNX for their attributes. */
export const unaryOperators: Readonly<Record<string, Unary>> = {
  Relu: (f) => named(f, 'relu'),
  Sigmoid: (f) => named(f, 'sigmoid'),
  Tanh: (f) => named(f, 'tanh'),
  Softplus: (f) => named(f, 'softplus'),
  Softsign: (f) => named(f, 'softsign'),
  Mish: (f) => named(f, 'mish'),
  LeakyRelu: (f, attributes) =>
    activated(f, { type: 'leakyRelu', shape: shortestF32(attributes.float('alpha', 0.01)) }),
  Elu: (f, attributes) => activated(f, { type: 'elu', shape: shortestF32(attributes.float('alpha', 1)) }),
  Selu: (f, attributes) => {
    const [alpha, gamma] = [
      attributes.float('alpha', 1.67326319217681884765625),
      attributes.float('gamma', 1.05070102214813232421875),
    ]
    return computed((v) => gamma * (v > 0 ? v : alpha * Math.expm1(v)), f)
  },
  Gelu: (f, attributes) => {
    const isTanh = attributes.text('approximate', 'none') === 'tanh'
    return activated(f, { type: isTanh ? 'geluTanh' : 'gelu', shape: 0 })
  },
  // clamp(α·v + β, 0, 1) is the hard sigmoid of 6·α·v + 6·β − 3.
  HardSigmoid: (f, attributes) => {
    const [alpha, beta] = [attributes.float('alpha', 0.2), attributes.float('beta', 0.5)]
    const factor = Math.abs(6 * alpha - 1) < 1e-6 ? 1 : 6 * alpha
    const isScaled = factor !== 1 || beta !== 0.5
    const inner = isScaled ? scaled(f, columnsBy({ factor: [factor], shift: [6 * beta - 3] })) : f
    return activated(inner, { type: 'hardSigmoid', shape: 0 })
  },
  Clip: (f, attributes, [low, high]) => {
    const least = low ?? attributes.float('min', -Infinity)
    const most = high ?? attributes.float('max', Infinity)
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
export const binaryOperators: Readonly<Record<string, Binary>> = {
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
