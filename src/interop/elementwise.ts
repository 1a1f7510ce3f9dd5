/**
 * Functions of one number that are put together from operators, as exporters write an activation for which their format
 * has none; and which activation they are: found by what they compute, not by how they are written.
 */
import { activationNames, type Activation, type ActivationName } from '../definition/activations.js'
import { columnsBy, composed, type Columns } from './layer-chain.js'

/**
 * Where functions are compared, ascending: −10 to 10 in quarters, near 0, where a threshold would show, and far away, where a
 * bound would. The constants of files have 7 digits, and no two activations are closer to each other than 10⁻⁴ everywhere.
 */
const POINTS = /* @__PURE__ */ pointsOfComparison()

function pointsOfComparison(): Float64Array {
  const far = [15, 20, 30, 50, 80, 150, 1e3, 1e4, 1e6, 1e9, 1e30]
  const small = [0.001, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2]
  const quarters = Array.from({ length: 81 }, (_, i) => (i - 40) / 4)
  const others = [...far, ...small]
  return Float64Array.from([...others.map((point) => -point), ...quarters, ...others]).sort()
}

const TOLERANCE = 2e-6

/** Affine functions around an activation: exporters write two or three. */
const MAX_LEVELS = 32

/** A function of z, and what else can be said of it. */
export interface Elementwise {
  /** at POINTS */
  readonly values: Float64Array
  /** if it is (z − offset)·factor + shift */
  readonly affine?: Columns
  /** if it is an activation of an affine function */
  readonly activation?: { readonly type: Activation; readonly before: Columns }
  /** if it is an affine function of another one */
  readonly outer?: { readonly columns: Columns; readonly inner: Elementwise }
}

const same = /* @__PURE__ */ columnsBy({})

/** z itself. */
export const identity: Elementwise = { values: POINTS, affine: same }

/** (f(z) − offset)·factor + shift, each one number. */
export function scaled(inner: Elementwise, columns: Columns): Elementwise {
  const { offset, factor, shift } = columns
  return {
    values: inner.values.map((value) => (value - offset[0]) * factor[0] + shift[0]),
    ...(inner.affine && { affine: composed(inner.affine, columns) }),
    outer: { columns, inner },
  }
}

/** σ(f(z)) */
export function activated(inner: Elementwise, type: Activation): Elementwise {
  const values = valuesOf(type, inner.values)
  return { values, ...(inner.affine && { activation: { type, before: inner.affine } }) }
}

/** The same number for every z. */
export function constantly(value: number): Elementwise {
  return { values: POINTS.map(() => value) }
}

/** Any other function, of what some functions give. */
export function computed(of: (...values: number[]) => number, ...inner: readonly Elementwise[]): Elementwise {
  return { values: POINTS.map((_, i) => of(...inner.map(({ values }) => values[i]))) }
}

/** What a network has for a function: something before an activation, the activation, something behind it. */
interface Recognized {
  readonly before: Columns
  readonly activation: Activation | undefined
  readonly after: Columns
}

/** What a function is; undefined if it is nothing that a network has. */
export function recognized(f: Elementwise): Recognized | undefined {
  let after = same
  let levels = 0
  // An affine function of a function may itself be an activation, and is looked at first.
  for (let each: Elementwise | undefined = f; each !== undefined; each = each.outer?.inner) {
    const { values, affine, activation, outer } = each
    if (affine !== undefined) return { before: affine, activation: undefined, after }
    if (activation !== undefined) return { ...activation, activation: activation.type, after }
    const type = candidates(values).find((candidate) => isClose(values, valuesOf(candidate, POINTS)))
    if (type !== undefined) return { before: same, activation: type, after }
    if (outer !== undefined) after = composed(outer.columns, after)
    if (++levels > MAX_LEVELS) return undefined
  }
  return undefined
}

/** All activations; those with a parameter with the one that gives the function's value at −1. */
function candidates(values: Float64Array): Activation[] {
  const atMinus1 = values[POINTS.indexOf(-1)]
  return [
    ...activationNames.filter((type) => !others.has(type)).map((type) => ({ type, shape: 0 })),
    { type: 'leakyRelu', shape: -atMinus1 },
    { type: 'elu', shape: atMinus1 / Math.expm1(-1) },
  ]
}

/** What is known before functions are compared: no activation, one over all units, those with a parameter. */
const others: ReadonlySet<ActivationName> = new Set(['linear', 'softmax', 'leakyRelu', 'elu'])

function valuesOf({ type, shape }: Activation, z: Float64Array): Float64Array {
  return z.map((v) => formulas[type](v, shape))
}

/** σ(z) for a comparison: `Math` is close enough. A softmax is recognised by its operator. */
const formulas: Readonly<Record<ActivationName, (z: number, shape: number) => number>> = {
  linear: (z) => z,
  sigmoid,
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  leakyRelu: (z, slope) => (z > 0 ? z : slope * z),
  elu: (z, alpha) => (z > 0 ? z : alpha * Math.expm1(z)),
  selu: (z) => 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * Math.expm1(z)),
  softplus: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  softsign: (z) => z / (1 + Math.abs(z)),
  gelu: (z) => 0.5 * z * (1 + erf(z * Math.SQRT1_2)),
  geluTanh: (z) => z * sigmoid(1.5957691216057308 * (z + 0.044715 * z ** 3)),
  silu: (z) => z * sigmoid(z),
  mish: (z) => z * Math.tanh(Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))),
  hardSigmoid: (z) => Math.max(0, Math.min(6, z + 3)) / 6,
  softmax: () => NaN,
}

/**
 * erf(x) within 1.5e-7, which is close enough to tell activations apart: Abramowitz and Stegun, 7.1.26.
 */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z))
}

/** Whether functions are the same but for rounding. */
export function isClose(f: Float64Array, g: Float64Array): boolean {
  return f.every((value, i) => {
    return value === g[i] || Math.abs(value - g[i]) <= TOLERANCE * Math.max(1, Math.abs(POINTS[i]))
  })
}
