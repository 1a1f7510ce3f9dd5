import { Optimizer, Rule } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { decayedGradient } from './common'


@unmanaged
export class Sgd extends Optimizer {
  /** μ */
  momentum: f64
  weightDecay: f64
  nesterov: bool
}

/** Whether a step is plain gradient descent. */
// @ts-ignore: decorator
@inline
export function isPlain(o: Optimizer): bool {
  if (o.rule != Rule.sgd) return false
  const plain = changetype<Sgd>(o)
  return plain.momentum == 0 && plain.weightDecay == 0
}

/** Plain gradient descent, for any n: w −= η·g */
export function sgd<T extends number>(o: Sgd, w: usize, g: usize, scale: f64, n: usize): void {
  const rate = <T>(o.learningRate * scale)
  const rates = v128.splat<T>(rate)
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(w, v128.sub<T>(v128.load(w), v128.mul<T>(rates, v128.load(g))))
    w += VECTOR
    g += VECTOR
  }
  for (; n > 0; n -= 1) {
    store<T>(w, <T>(load<T>(w) - <T>(rate * load<T>(g))))
    w += sizeof<T>()
    g += sizeof<T>()
  }
}

/**
 * Gradient descent with momentum μ, weight decay, and optionally Nesterov's look-ahead:
 *
 *     v = μ·v + g        w −= η·v, or η·(g + μ·v)
 *
 *     v  velocities
 */
export function sgdMomentum<T extends number>(
  o: Sgd,
  w: usize,
  v: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate)
  const momentum = splat<T>(o.momentum)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(o.weightDecay)
  const nesterov = o.nesterov
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const vs = v128.add<T>(v128.mul<T>(momentum, v128.load(v)), gs)
    v128.store(v, vs)
    const step = nesterov ? v128.add<T>(gs, v128.mul<T>(momentum, vs)) : vs
    v128.store(w, v128.sub<T>(ws, v128.mul<T>(rate, step)))
    w += VECTOR
    v += VECTOR
    g += VECTOR
  }
}
