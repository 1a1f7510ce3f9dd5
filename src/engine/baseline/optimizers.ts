/**
 * The rules of torch.optim, each as one loop over all parameters. Notation: w parameters, g summed gradients,
 * `scale` converts a sum into the gradient of the step; the formulas and the slots are those of assembly/optimizers.
 */
import type { Optimizer } from '../../definition/optimizers.js'
import type { Floats } from '../../base/floats.js'
import { exp } from './elementary.js'

/** The hyper-parameters of one optimiser. */
type Rule<Type extends Optimizer['type']> = Extract<Optimizer, { readonly type: Type }>

/** Plain gradient descent: w −= η·g */
export function sgd(o: Rule<'sgd'>, w: Floats, g: Floats, scale: number): void {
  const rate = o.learningRate * scale
  for (let i = 0; i < w.length; ++i) w[i] -= rate * g[i]
}

/** Gradient descent with momentum μ, and Nesterov's look-ahead:  v = μ·v + g   w −= η·v, or η·(g + μ·v) */
export function sgdMomentum(o: Rule<'sgd'>, w: Floats, v: Floats, g: Floats, scale: number): void {
  const { learningRate, momentum, nesterov, weightDecay } = o
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const vi = momentum * v[i] + gi
    v[i] = vi
    w[i] -= learningRate * (nesterov ? gi + momentum * vi : vi)
  }
}

/** Adagrad, step t:  h += g²   w −= η/(1 + (t − 1)·learningRateDecay) · g/(√h + ε) */
export function adagrad(o: Rule<'adagrad'>, w: Floats, h: Floats, g: Floats, scale: number, t: number): void {
  const { epsilon, weightDecay } = o
  const rate = o.learningRate / (1 + (t - 1) * o.learningRateDecay)
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const hi = h[i] + gi * gi
    h[i] = hi
    w[i] -= (rate * gi) / (Math.sqrt(hi) + epsilon)
  }
}

/**
 * RMSprop with momentum μ, where m = 0 unless centred:
 *
 *     h = α·h + (1 − α)·g²      m = α·m + (1 − α)·g      v = μ·v + g/(√(h − m²) + ε)      w −= η·v
 */
export function rmsprop(
  o: Rule<'rmsprop'>,
  w: Floats,
  h: Floats,
  v: Floats,
  m: Floats,
  g: Floats,
  scale: number,
): void {
  const { learningRate, alpha, epsilon, momentum, centered, weightDecay } = o
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const hi = alpha * h[i] + (1 - alpha) * gi * gi
    h[i] = hi
    let variance = hi
    if (centered) {
      const mi = alpha * m[i] + (1 - alpha) * gi
      m[i] = mi
      variance = Math.max(0, hi - mi * mi)
    }
    const vi = momentum * v[i] + gi / (Math.sqrt(variance) + epsilon)
    v[i] = vi
    w[i] -= learningRate * vi
  }
}

/** Adadelta:  h = ρ·h + (1 − ρ)·g²   d = g·√(u + ε)/√(h + ε)   u = ρ·u + (1 − ρ)·d²   w −= η·d */
export function adadelta(
  o: Rule<'adadelta'>,
  w: Floats,
  h: Floats,
  u: Floats,
  g: Floats,
  scale: number,
): void {
  const { learningRate, rho, epsilon, weightDecay } = o
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const hi = rho * h[i] + (1 - rho) * gi * gi
    h[i] = hi
    const d = (gi * Math.sqrt(u[i] + epsilon)) / Math.sqrt(hi + epsilon)
    u[i] = rho * u[i] + (1 - rho) * d * d
    w[i] -= learningRate * d
  }
}

/**
 * Adam; with AMSGrad, `top`, the largest h so far, replaces h; AdamW shrinks w by a factor of 1 − η·weightDecay
 * instead of adding to g:
 *
 *     m = β₁·m + (1 − β₁)·g      h = β₂·h + (1 − β₂)·g²      w −= η/(1 − β₁ᵗ) · m/(√h/√(1 − β₂ᵗ) + ε)
 */
export function adam(
  o: Rule<'adam' | 'adamw'>,
  w: Floats,
  m: Floats,
  h: Floats,
  top: Floats,
  g: Floats,
  scale: number,
  power1: number,
  power2: number,
): void {
  const { beta1, beta2, epsilon, amsgrad } = o
  const rate = o.learningRate / (1 - power1)
  const correction = Math.sqrt(1 - power2)
  const shrink = o.type === 'adamw' ? 1 - o.learningRate * o.weightDecay : 1
  const weightDecay = o.type === 'adamw' ? 0 : o.weightDecay
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const mi = beta1 * m[i] + (1 - beta1) * gi
    m[i] = mi
    const hi = beta2 * h[i] + (1 - beta2) * gi * gi
    h[i] = hi
    let size = hi
    if (amsgrad) {
      size = Math.max(top[i], hi)
      top[i] = size
    }
    w[i] = shrink * w[i] - (rate * mi) / (Math.sqrt(size) / correction + epsilon)
  }
}

/**
 * NAdam, step t, Πμ the product of all momenta so far:
 *
 *     m = β₁·m + (1 − β₁)·g      h = β₂·h + (1 − β₂)·g²
 *     w −= η/(√(h/(1 − β₂ᵗ)) + ε) · (μₜ₊₁·m/(1 − Πμ·μₜ₊₁) + (1 − μₜ)·g/(1 − Πμ))
 */
export function nadam(
  o: Rule<'nadam'>,
  w: Floats,
  m: Floats,
  h: Floats,
  g: Floats,
  scale: number,
  t: number,
  power2: number,
  product: number,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = o
  const next = nadamMomentum(o, t + 1)
  const rateG = (learningRate * (1 - nadamMomentum(o, t))) / (1 - product)
  const rateM = (learningRate * next) / (1 - product * next)
  const correction = 1 - power2
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i] + weightDecay * w[i]
    const mi = beta1 * m[i] + (1 - beta1) * gi
    m[i] = mi
    const hi = beta2 * h[i] + (1 - beta2) * gi * gi
    h[i] = hi
    w[i] -= (rateG * gi + rateM * mi) / (Math.sqrt(hi / correction) + epsilon)
  }
}

/** ln 0.96 */
const LN_096 = -0.040821994520255166

/** The momentum of step t: μₜ = β₁·(1 − ½·0.96^(t·momentumDecay)) */
export function nadamMomentum(o: Rule<'nadam'>, t: number): number {
  return o.beta1 * (1 - 0.5 * exp(t * o.momentumDecay * LN_096))
}

/**
 * Rprop; the step sizes s start at the learning rate; when the gradient changes sign, the weight rests for one step:
 *
 *     s = clamp(s·η⁺ | s·η⁻ | s)  where g·g₋₁ > 0 | < 0 | = 0      g = 0 where g·g₋₁ < 0      w −= sign(g)·s
 */
export function rprop(
  o: Rule<'rprop'>,
  w: Floats,
  last: Floats,
  size: Floats,
  g: Floats,
  scale: number,
  isFirst: boolean,
): void {
  const { learningRate, etaMinus, etaPlus, stepMin, stepMax } = o
  for (let i = 0; i < w.length; ++i) {
    const gi = scale * g[i]
    const turn = gi * last[i]
    const before = isFirst ? learningRate : size[i]
    const factor = turn > 0 ? etaPlus : turn < 0 ? etaMinus : 1
    const step = Math.max(stepMin, Math.min(stepMax, before * factor))
    size[i] = step
    const resting = turn < 0 ? 0 : gi
    last[i] = resting
    if (resting > 0) w[i] -= step
    else if (resting < 0) w[i] += step
  }
}
