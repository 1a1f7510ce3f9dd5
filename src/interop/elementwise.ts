/**
 * Functions of one number that are put together from operators, as exporters write an activation for which their format
 * has none; and which activation they are: found by what they compute, not by how they are written.
 */
import { activations } from '../engine/baseline/activation.js'
import type { Activation } from '../definition/activations.js'
import { columnsBy, composed, type Columns } from './layer-chain.js'

/**
 * Where functions are compared: −10 to 10 in quarters. The constants of files have 7 digits, and no two activations
 * are closer to each other than 10⁻⁴ everywhere.
 */
const POINTS = Float64Array.from({ length: 81 }, (_, i) => (i - 40) / 4)
const TOLERANCE = 2e-6

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

const same = columnsBy({})

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
export function recognized({ values, affine, activation, outer }: Elementwise): Recognized | undefined {
  if (affine !== undefined) return { before: affine, activation: undefined, after: same }
  if (activation !== undefined) return { ...activation, activation: activation.type, after: same }
  const type = [...candidates, ...shaped(values)].find((each) => isClose(values, valuesOf(each, POINTS)))
  if (type !== undefined) return { before: same, activation: type, after: same }
  const inner = outer && recognized(outer.inner)
  return inner && { ...inner, after: composed(inner.after, outer.columns) }
}

const candidates: readonly Activation[] = (
  [
    'sigmoid',
    'tanh',
    'relu',
    'selu',
    'softplus',
    'softsign',
    'gelu',
    'geluTanh',
    'silu',
    'mish',
    'hardSigmoid',
  ] as const
).map((type) => ({ type, shape: 0 }))

/** Those with a parameter, with the one that gives the function's value at −1. */
function shaped(values: Float64Array): Activation[] {
  const atMinus1 = values[POINTS.indexOf(-1)]
  return [
    { type: 'leakyRelu', shape: -atMinus1 },
    { type: 'elu', shape: atMinus1 / Math.expm1(-1) },
  ]
}

function valuesOf({ type, shape }: Activation, z: Float64Array): Float64Array {
  const a = new Float64Array(z.length)
  activations[type](a, new Float64Array(z.length), z, shape)
  return a
}

function isClose(f: Float64Array, g: Float64Array): boolean {
  return f.every((value, i) => Math.abs(value - g[i]) <= TOLERANCE * Math.max(1, Math.abs(POINTS[i])))
}
