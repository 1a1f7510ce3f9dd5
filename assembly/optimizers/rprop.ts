import { Optimizer } from '../plan'
import { VECTOR, get, lanes, put, select, splat } from '../simd'

/**
 * Rprop (Riedmiller & Braun 1993): every weight has its own step size, which grows while the sign of its gradient stays and
 * shrinks where it turns; after a turn the weight rests for one step.
 *
 *     sₜ = clamp(s·η⁺ | s·η⁻ | s)  where g·g₋₁ > 0 | < 0 | = 0      g = 0 where g·g₋₁ < 0      w −= sign(g)·s
 *
 *     last  gradients of the step before      size  step sizes; the learning rate before the first step
 */
export function rprop<T extends number>(
  o: Optimizer,
  w: usize,
  last: usize,
  size: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const zero = splat<T>(0)
  const one = splat<T>(1)
  const grow = splat<T>(o.decay2)
  const shrink = splat<T>(o.decay1)
  const smallest = splat<T>(o.extra1)
  const largest = splat<T>(o.extra2)
  const initial = splat<T>(o.learningRate)
  const isFirst = o.counters.steps == 1
  const scales = splat<T>(scale)
  for (; n > 0;) {
    const count = min(n, lanes<T>())
    const gs = v128.mul<T>(scales, get<T>(g, count))
    const turn = v128.mul<T>(gs, get<T>(last, count))
    const turned = v128.lt<T>(turn, zero)
    const factor = select(shrink, select(grow, one, v128.gt<T>(turn, zero)), turned)
    const before = isFirst ? initial : get<T>(size, count)
    const step = v128.max<T>(v128.min<T>(v128.mul<T>(before, factor), largest), smallest)
    put<T>(size, step, count)
    const resting = v128.andnot(gs, turned)
    put<T>(last, resting, count)
    const up = v128.and(step, v128.gt<T>(resting, zero))
    const down = v128.and(step, v128.lt<T>(resting, zero))
    put<T>(w, v128.add<T>(v128.sub<T>(get<T>(w, count), up), down), count)
    w += VECTOR
    last += VECTOR
    size += VECTOR
    g += VECTOR
    n -= count
  }
}
