import { exp } from '../math/exp'
import { Optimizer } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { average, decayedGradient } from './common'


@unmanaged
export class Nadam extends Optimizer {
  /** β₁ */
  beta1: f64
  /** β₂ */
  beta2: f64
  /** ε */
  epsilon: f64
  momentumDecay: f64
  weightDecay: f64
}

/**
 * NAdam (Dozat 2016): Adam with Nesterov's look-ahead and a momentum μₜ that warms up, at step t, where Πμ is the
 * product of all momenta so far:
 *
 *     m = β₁·m + (1 − β₁)·g      h = β₂·h + (1 − β₂)·g²
 *     w −= η/(√(h/(1 − β₂ᵗ)) + ε) · (μₜ₊₁·m/(1 − Πμ·μₜ₊₁) + (1 − μₜ)·g/(1 − Πμ))
 *
 *     m  mean gradients      h  mean squared gradients
 */
export function nadam<T extends number>(
  o: Nadam,
  w: usize,
  m: usize,
  h: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const product = o.counters.product
  const now = nadamMomentum(o, o.counters.steps)
  const next = nadamMomentum(o, o.counters.steps + 1)
  const rateG = splat<T>((o.learningRate * (1 - now)) / (1 - product))
  const rateM = splat<T>((o.learningRate * next) / (1 - product * next))
  const correction = splat<T>(1 - o.counters.power2)
  const epsilon = splat<T>(o.epsilon)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(o.weightDecay)
  const take1 = splat<T>(1 - o.beta1)
  const take2 = splat<T>(1 - o.beta2)
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const ms = average<T>(v128.load(m), gs, take1)
    v128.store(m, ms)
    const hs = average<T>(v128.load(h), v128.mul<T>(gs, gs), take2)
    v128.store(h, hs)
    const size = v128.add<T>(v128.sqrt<T>(v128.div<T>(hs, correction)), epsilon)
    const mixed = v128.add<T>(v128.mul<T>(rateG, gs), v128.mul<T>(rateM, ms))
    v128.store(w, v128.sub<T>(ws, v128.div<T>(mixed, size)))
    w += VECTOR
    m += VECTOR
    h += VECTOR
    g += VECTOR
  }
}

/** The momentum at step t, μₜ = β₁·(1 − ½·0.96^(t·momentumDecay)). */
export function nadamMomentum(o: Nadam, t: f64): f64 {
  const power = f64x2.extract_lane(exp<f64>(f64x2.splat(t * o.momentumDecay * LN_096)), 0)
  return o.beta1 * (1 - 0.5 * power)
}

/** ln 0.96 */
const LN_096: f64 = -0.040821994520255166
