import { Optimizer } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { decayedGradient } from './common'


@unmanaged
export class Adagrad extends Optimizer {
  learningRateDecay: f64
  /** ε */
  epsilon: f64
  weightDecay: f64
}

/**
 * Adagrad (Duchi et al. 2011), at step t:
 *
 *     h += g²        w −= η/(1 + (t − 1)·learningRateDecay) · g/(√h + ε)
 *
 *     h  sums of squared gradients
 */
export function adagrad<T extends number>(
  o: Adagrad,
  w: usize,
  h: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate / (1 + (o.counters.steps - 1) * o.learningRateDecay))
  const epsilon = splat<T>(o.epsilon)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(o.weightDecay)
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const hs = v128.add<T>(v128.load(h), v128.mul<T>(gs, gs))
    v128.store(h, hs)
    const step = v128.div<T>(gs, v128.add<T>(v128.sqrt<T>(hs), epsilon))
    v128.store(w, v128.sub<T>(ws, v128.mul<T>(rate, step)))
    w += VECTOR
    h += VECTOR
    g += VECTOR
  }
}
