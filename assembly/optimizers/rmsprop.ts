import { Optimizer } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { average, decayedGradient } from './common'


@unmanaged
export class Rmsprop extends Optimizer {
  /** α */
  alpha: f64
  /** μ */
  momentum: f64
  /** ε */
  epsilon: f64
  weightDecay: f64
  centered: bool
}

/**
 * RMSprop (Hinton 2012), optionally centred (Graves 2013), with momentum μ:
 *
 *     h = α·h + (1 − α)·g²      m = α·m + (1 − α)·g      v = μ·v + g/(√(h − m²) + ε)      w −= η·v
 *
 *     h  mean squared gradients      v  velocities      m  mean gradients, zero unless centred
 */
export function rmsprop<T extends number>(
  o: Rmsprop,
  w: usize,
  h: usize,
  v: usize,
  m: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate)
  const take = splat<T>(1 - o.alpha)
  const momentum = splat<T>(o.momentum)
  const epsilon = splat<T>(o.epsilon)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(o.weightDecay)
  const centered = o.centered
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const hs = average<T>(v128.load(h), v128.mul<T>(gs, gs), take)
    v128.store(h, hs)
    let variance = hs
    if (centered) {
      const ms = average<T>(v128.load(m), gs, take)
      v128.store(m, ms)
      // Rounding may take h − m² below zero.
      variance = v128.max<T>(v128.sub<T>(hs, v128.mul<T>(ms, ms)), splat<T>(0))
    }
    const step = v128.div<T>(gs, v128.add<T>(v128.sqrt<T>(variance), epsilon))
    const vs = v128.add<T>(v128.mul<T>(momentum, v128.load(v)), step)
    v128.store(v, vs)
    v128.store(w, v128.sub<T>(ws, v128.mul<T>(rate, vs)))
    w += VECTOR
    h += VECTOR
    v += VECTOR
    m += VECTOR
    g += VECTOR
  }
}
