import { rangeError } from '../base/argument-error.js'
import { createEngine } from '../engine/create.js'
import type { Engine } from '../engine/engine.js'
import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'
import { parameterRanges } from '../definition/architecture.js'
import { accumulate, lossOf, zeroGradients, type State } from './state.js'

/** How far the gradients are from central differences of the loss, and where they are furthest. */
export interface GradientCheck {
  readonly maxRelativeError: number
  readonly worst: {
    readonly layer: number
    readonly kind: 'weight' | 'bias'
    /** in `weights` or `biases` of that layer */
    readonly index: number
    readonly analytic: number
    readonly numeric: number
  }
}

/**
 * Step of the differences, relative to parameters above 1: in f64 their truncation and rounding errors are equally
 * small.
 */
const STEP = 2 ** -12

/**
 * Gradients below this share of the largest one are compared with it, since they are differences of much larger
 * numbers.
 */
const FLOOR = 1e-3

/**
 * Gradients of the summed loss against the five-point central difference, whose truncation error is h⁴/30·f⁗′:
 *
 *     ∂L/∂p ≈ (8·(L(p + h) − L(p − h)) − (L(p + 2h) − L(p − 2h))) / 12h
 *
 * The differences are taken in f64 whatever the precision of the network. Relative error: |analytic − numeric| over the
 * larger of the two, or over FLOOR times the largest gradient. A kink of an activation or a loss within 2h shows as an
 * error.
 */
export function checkGradients(state: State, x: Matrix, y: Targets): GradientCheck {
  const analytic = analyticGradients(state, x, y)
  const spec = { ...state.spec, precision: 'f64' } as const
  const shadow: State = { ...state, spec, engine: createEngine(spec) }
  shadow.engine.hold?.()
  shadow.engine.parameters.set(state.engine.parameters)

  const floor = FLOOR * analytic.reduce((largest, g) => Math.max(largest, Math.abs(g)), 0)
  let maxRelativeError = -1
  let worst = { index: 0, analytic: 0, numeric: 0 }
  for (let index = 0; index < analytic.length; ++index) {
    const numeric = centralDifference(shadow, shadow.engine, index, x, y)
    const size = Math.max(Math.abs(analytic[index]), Math.abs(numeric), floor)
    const error = size === 0 ? 0 : Math.abs(analytic[index] - numeric) / size
    if (error <= maxRelativeError) continue
    maxRelativeError = error
    worst = { index, analytic: analytic[index], numeric }
    if (Number.isNaN(error)) break
  }
  return { maxRelativeError, worst: { ...worst, ...locate(state, worst.index) } }
}

function analyticGradients(state: State, x: Matrix, y: Targets): Float64Array {
  const { engine, pending } = state
  const before = engine.gradients.slice()
  zeroGradients(state)
  accumulate(state, x, y)
  const analytic = Float64Array.from(engine.gradients)
  engine.gradients.set(before)
  state.pending = pending
  return analytic
}

function centralDifference(
  state: State,
  { parameters }: Engine,
  index: number,
  x: Matrix,
  y: Targets,
): number {
  const p = parameters[index]
  const h = STEP * Math.max(1, Math.abs(p))
  const lossAt = (value: number): number => {
    parameters[index] = value
    return lossOf(state, x, y)
  }
  const near = lossAt(p + h) - lossAt(p - h)
  const far = lossAt(p + 2 * h) - lossAt(p - 2 * h)
  parameters[index] = p
  return (8 * near - far) / (12 * h)
}

function locate(
  { spec }: State,
  parameter: number,
): { layer: number; kind: 'weight' | 'bias'; index: number } {
  const range = parameterRanges(spec).find(({ end }) => parameter < end)
  if (range === undefined) throw rangeError('parameter', "one of the network's", parameter)
  const { layer, kind, start } = range
  return { layer, kind: kind === 'weights' ? 'weight' : 'bias', index: parameter - start }
}
