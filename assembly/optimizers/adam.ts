import { Optimizer, Rule } from '../step/structs'
import { VECTOR, lanes, splat } from '../simd'
import { average, decayedGradient } from './common'

/** Hyper-parameters of both adam and adamw. */
@unmanaged
export class Adam extends Optimizer {
  /** β₁ */
  beta1: f64
  /** β₂ */
  beta2: f64
  /** ε */
  epsilon: f64
  weightDecay: f64
  amsgrad: bool
}

/**
 * Adam (Kingma & Ba 2015), optionally with AMSGrad (Reddi et al. 2018), at step t:
 *
 *     m = β₁·m + (1 − β₁)·g      h = β₂·h + (1 − β₂)·g²      w −= η/(1 − β₁ᵗ) · m/(√h/κ + ε),   κ = √(1 − β₂ᵗ)
 *
 *     m  mean gradients      h  mean squared gradients      top  AMSGrad: the largest h so far, replaces h above
 *
 * The fraction is computed as κ·m/(√h + κ·ε): one division, not two.
 *
 * AdamW (Loshchilov & Hutter 2019) first scales w by 1 − η·weightDecay, whereas Adam adds weightDecay·w to g.
 */
export function adam<T extends number>(
  o: Adam,
  w: usize,
  m: usize,
  h: usize,
  top: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  const correction = Math.sqrt(1 - o.counters.power2)
  const rate = splat<T>((o.learningRate * correction) / (1 - o.counters.power1))
  const epsilon = splat<T>(o.epsilon * correction)
  const decoupled = o.rule == Rule.adamw
  const shrink = splat<T>(decoupled ? 1 - o.learningRate * o.weightDecay : 1)
  const scales = splat<T>(scale)
  const weightDecay = splat<T>(decoupled ? 0 : o.weightDecay)
  const take1 = splat<T>(1 - o.beta1)
  const take2 = splat<T>(1 - o.beta2)
  const amsgrad = o.amsgrad
  for (; n > 0; n -= lanes<T>()) {
    const ws = v128.load(w)
    const gs = decayedGradient<T>(g, ws, scales, weightDecay)
    const ms = average<T>(v128.load(m), gs, take1)
    v128.store(m, ms)
    const hs = average<T>(v128.load(h), v128.mul<T>(gs, gs), take2)
    v128.store(h, hs)
    let size = hs
    if (amsgrad) {
      size = v128.max<T>(v128.load(top), hs)
      v128.store(top, size)
    }
    const step = v128.div<T>(ms, v128.add<T>(v128.sqrt<T>(size), epsilon))
    v128.store(w, v128.sub<T>(v128.mul<T>(shrink, ws), v128.mul<T>(rate, step)))
    w += VECTOR
    m += VECTOR
    h += VECTOR
    top += VECTOR
    g += VECTOR
  }
}
