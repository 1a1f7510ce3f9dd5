import { Optimizer } from '../step/structs'
import { VECTOR, lanes, select, splat } from '../simd'


@unmanaged
export class Rprop extends Optimizer {
  /** η⁻ */
  etaMinus: f64
  /** η⁺ */
  etaPlus: f64
  /** step sizes stay between stepMin and stepMax */
  stepMin: f64
  stepMax: f64
}

/**
 * Rprop (Riedmiller & Braun 1993): every weight has its own step size, which grows while its gradient keeps its sign
 * and shrinks when the sign flips; after a flip the weight rests for one step.
 *
 *     sₜ = clamp(s·η⁺ | s·η⁻ | s)  where g·g₋₁ > 0 | < 0 | = 0      g = 0 where g·g₋₁ < 0      w −= sign(g)·s
 *
 *     last  gradients of the previous step      size  step sizes, initially the learning rate
 */
export function rprop<T extends number>(
  o: Rprop,
  w: usize,
  last: usize,
  size: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const zero = splat<T>(0)
  const one = splat<T>(1)
  const grow = splat<T>(o.etaPlus)
  const shrink = splat<T>(o.etaMinus)
  const smallest = splat<T>(o.stepMin)
  const largest = splat<T>(o.stepMax)
  const initial = splat<T>(o.learningRate)
  const isFirst = o.counters.steps == 1
  const scales = splat<T>(scale)
  for (; n > 0; n -= lanes<T>()) {
    const gs = v128.mul<T>(scales, v128.load(g))
    const turn = v128.mul<T>(gs, v128.load(last))
    const turned = v128.lt<T>(turn, zero)
    const factor = select(shrink, select(grow, one, v128.gt<T>(turn, zero)), turned)
    const before = isFirst ? initial : v128.load(size)
    const step = v128.max<T>(v128.min<T>(v128.mul<T>(before, factor), largest), smallest)
    v128.store(size, step)
    const resting = v128.andnot(gs, turned)
    v128.store(last, resting)
    const up = v128.and(step, v128.gt<T>(resting, zero))
    const down = v128.and(step, v128.lt<T>(resting, zero))
    v128.store(w, v128.add<T>(v128.sub<T>(v128.load(w), up), down))
    w += VECTOR
    last += VECTOR
    size += VECTOR
    g += VECTOR
  }
}
