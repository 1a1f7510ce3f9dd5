import { Optimizer } from '../plan'
import { VECTOR, get, lanes, put, splat } from '../simd'
import { average, decayedGradient } from './gradient'

/**
 * RMSprop (Hinton 2012), centred (Graves 2013) if `variant` is set, with momentum μ:
 *
 *     h = α·h + (1 − α)·g²      m = α·m + (1 − α)·g      v = μ·v + g/(√(h − m²) + ε)      w −= η·v
 *
 *     h  mean squared gradients      v  velocities      m  mean gradients, zero unless centred
 */
export function rmsprop<T extends number>(
  o: Optimizer,
  w: usize,
  h: usize,
  v: usize,
  m: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate)
  const alpha = o.decay1
  const momentum = splat<T>(o.decay2)
  const epsilon = splat<T>(o.epsilon)
  const weightDecay = o.weightDecay
  const centered = o.variant
  for (; n > 0;) {
    const count = min(n, lanes<T>())
    const ws = get<T>(w, count)
    const gs = decayedGradient<T>(g, ws, scale, weightDecay, count)
    const hs = average<T>(get<T>(h, count), v128.mul<T>(gs, gs), alpha)
    put<T>(h, hs, count)
    let variance = hs
    if (centered) {
      const ms = average<T>(get<T>(m, count), gs, alpha)
      put<T>(m, ms, count)
      variance = v128.sub<T>(hs, v128.mul<T>(ms, ms))
    }
    const step = v128.div<T>(gs, v128.add<T>(v128.sqrt<T>(variance), epsilon))
    const vs = v128.add<T>(v128.mul<T>(momentum, get<T>(v, count)), step)
    put<T>(v, vs, count)
    put<T>(w, v128.sub<T>(ws, v128.mul<T>(rate, vs)), count)
    w += VECTOR
    h += VECTOR
    v += VECTOR
    m += VECTOR
    g += VECTOR
    n -= count
  }
}
