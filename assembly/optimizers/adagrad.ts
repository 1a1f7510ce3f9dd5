import { Optimizer } from '../plan'
import { VECTOR, get, lanes, put, splat } from '../simd'
import { decayedGradient } from './gradient'

/**
 * Adagrad (Duchi et al. 2011), step t:
 *
 *     h += g²        w −= η/(1 + (t − 1)·learningRateDecay) · g/(√h + ε)
 *
 *     h  sums of squared gradients
 */
export function adagrad<T extends number>(
  o: Optimizer,
  w: usize,
  h: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate / (1 + (o.counters.steps - 1) * o.extra1))
  const epsilon = splat<T>(o.epsilon)
  const weightDecay = o.weightDecay
  for (; n > 0;) {
    const count = min(n, lanes<T>())
    const ws = get<T>(w, count)
    const gs = decayedGradient<T>(g, ws, scale, weightDecay, count)
    const hs = v128.add<T>(get<T>(h, count), v128.mul<T>(gs, gs))
    put<T>(h, hs, count)
    const step = v128.div<T>(gs, v128.add<T>(v128.sqrt<T>(hs), epsilon))
    put<T>(w, v128.sub<T>(ws, v128.mul<T>(rate, step)), count)
    w += VECTOR
    h += VECTOR
    g += VECTOR
    n -= count
  }
}
