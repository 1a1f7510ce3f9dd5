import { Optimizer } from '../plan'
import { VECTOR, get, lanes, put, splat } from '../simd'
import { average, decayedGradient } from './gradient'

/**
 * Adadelta (Zeiler 2012):
 *
 *     h = ρ·h + (1 − ρ)·g²      d = g·√(u + ε)/√(h + ε)      u = ρ·u + (1 − ρ)·d²      w −= η·d
 *
 *     h  mean squared gradients      u  mean squared steps
 */
export function adadelta<T extends number>(
  o: Optimizer,
  w: usize,
  h: usize,
  u: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate)
  const rho = o.decay1
  const epsilon = splat<T>(o.epsilon)
  const weightDecay = o.weightDecay
  for (; n > 0;) {
    const count = min(n, lanes<T>())
    const ws = get<T>(w, count)
    const gs = decayedGradient<T>(g, ws, scale, weightDecay, count)
    const hs = average<T>(get<T>(h, count), v128.mul<T>(gs, gs), rho)
    put<T>(h, hs, count)
    const us = get<T>(u, count)
    const size = v128.sqrt<T>(v128.add<T>(us, epsilon))
    const d = v128.mul<T>(gs, v128.div<T>(size, v128.sqrt<T>(v128.add<T>(hs, epsilon))))
    put<T>(u, average<T>(us, v128.mul<T>(d, d), rho), count)
    put<T>(w, v128.sub<T>(ws, v128.mul<T>(rate, d)), count)
    w += VECTOR
    h += VECTOR
    u += VECTOR
    g += VECTOR
    n -= count
  }
}
