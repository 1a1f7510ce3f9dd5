import { Optimizer, Rule } from '../plan'
import { VECTOR, get, lanes, put, splat } from '../simd'
import { average, decayedGradient } from './gradient'

/**
 * Adam (Kingma & Ba 2015), with AMSGrad (Reddi et al. 2018) if `variant` is set, step t:
 *
 *     m = β₁·m + (1 − β₁)·g      h = β₂·h + (1 − β₂)·g²      w −= η/(1 − β₁ᵗ) · m/(√h/√(1 − β₂ᵗ) + ε)
 *
 *     m  mean gradients      h  mean squared gradients      top  AMSGrad: the largest h so far, in place of h above
 *
 * AdamW (Loshchilov & Hutter 2019) shrinks w by 1 − η·weightDecay first, where Adam adds weightDecay·w to g.
 */
export function adam<T extends number>(
  o: Optimizer,
  w: usize,
  m: usize,
  h: usize,
  top: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const rate = splat<T>(o.learningRate / (1 - o.counters.power1))
  const correction = splat<T>(Math.sqrt(1 - o.counters.power2))
  const epsilon = splat<T>(o.epsilon)
  const decoupled = o.rule == Rule.adamw
  const shrink = splat<T>(decoupled ? 1 - o.learningRate * o.weightDecay : 1)
  const weightDecay = decoupled ? 0 : o.weightDecay
  const beta1 = o.decay1
  const beta2 = o.decay2
  const amsgrad = o.variant
  for (; n > 0;) {
    const count = min(n, lanes<T>())
    const ws = get<T>(w, count)
    const gs = decayedGradient<T>(g, ws, scale, weightDecay, count)
    const ms = average<T>(get<T>(m, count), gs, beta1)
    put<T>(m, ms, count)
    const hs = average<T>(get<T>(h, count), v128.mul<T>(gs, gs), beta2)
    put<T>(h, hs, count)
    let size = hs
    if (amsgrad) {
      size = v128.max<T>(get<T>(top, count), hs)
      put<T>(top, size, count)
    }
    const root = v128.div<T>(v128.sqrt<T>(size), correction)
    const step = v128.div<T>(ms, v128.add<T>(root, epsilon))
    put<T>(w, v128.sub<T>(v128.mul<T>(shrink, ws), v128.mul<T>(rate, step)), count)
    w += VECTOR
    m += VECTOR
    h += VECTOR
    top += VECTOR
    g += VECTOR
    n -= count
  }
}
