import { Optimizer } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { average, decayedGradient } from './common'


@unmanaged
export class Adadelta extends Optimizer {
  /** ρ */
  rho: f64
  /** ε */
  epsilon: f64
  weightDecay: f64
}

/**
 * Adadelta (Zeiler 2012):
 *
 *     h = ρ·h + (1 − ρ)·g²      d = g·√(u + ε)/√(h + ε)      u = ρ·u + (1 − ρ)·d²      w −= η·d
 *
 *     h  mean squared gradients      u  mean squared steps
 */
export function adadelta<T extends number>(
  o: Adadelta,
  w: usize,
  h: usize,
  u: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate)
  const take = splat<T>(1 - o.rho)
  const epsilon = splat<T>(o.epsilon)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(o.weightDecay)
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const hs = average<T>(v128.load(h), v128.mul<T>(gs, gs), take)
    v128.store(h, hs)
    const us = v128.load(u)
    const size = v128.sqrt<T>(v128.add<T>(us, epsilon))
    const d = v128.mul<T>(gs, v128.div<T>(size, v128.sqrt<T>(v128.add<T>(hs, epsilon))))
    v128.store(u, average<T>(us, v128.mul<T>(d, d), take))
    v128.store(w, v128.sub<T>(ws, v128.mul<T>(rate, d)))
    w += VECTOR
    h += VECTOR
    u += VECTOR
    g += VECTOR
  }
}
