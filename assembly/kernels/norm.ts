import { VECTOR, lanes, splat } from '../simd'

/** Added to a norm before dividing by it, as in torch.nn.utils.clip_grad_norm_. */
const EPSILON: f64 = 1e-6

/**
 * The factor by which to multiply summed gradients so that their norm ends up at most maxNorm, as in
 * torch.nn.utils.clip_grad_norm_:
 *
 *     scale · min(1, maxNorm / (‖scale·g‖ + 10⁻⁶))
 *
 *     g      n   summed gradients (35)
 *     scale      the factor without clipping: 1/samples for the mean
 */
export function clippedScale<T extends number>(g: usize, n: usize, scale: f64, maxNorm: f64): f64 {
  return scale * Math.min(1, maxNorm / (scale * norm<T>(g, n) + EPSILON))
}

/** ‖v‖ = √Σ v² of n numbers. Summed in f64, as four interleaved sums, the same for any number of threads. */
export function norm<T extends number>(v: usize, n: usize): f64 {
  let sum0: f64 = 0
  let sum1: f64 = 0
  let sum2: f64 = 0
  let sum3: f64 = 0
  for (; n >= 4; n -= 4) {
    sum0 += square<T>(v)
    sum1 += square<T>(v + sizeof<T>())
    sum2 += square<T>(v + 2 * sizeof<T>())
    sum3 += square<T>(v + 3 * sizeof<T>())
    v += 4 * sizeof<T>()
  }
  for (; n > 0; n -= 1) {
    sum0 += square<T>(v)
    v += sizeof<T>()
  }
  return Math.sqrt(sum0 + sum1 + (sum2 + sum3))
}

/** v *= factor for n numbers. */
export function multiply<T extends number>(v: usize, n: usize, factor: f64): void {
  const factors = splat<T>(factor)
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(v, v128.mul<T>(factors, v128.load(v)))
    v += VECTOR
  }
  for (; n > 0; n -= 1) {
    store<T>(v, <T>(<T>factor * load<T>(v)))
    v += sizeof<T>()
  }
}

// @ts-ignore: decorator
@inline
function square<T extends number>(v: usize): f64 {
  const x = <f64>load<T>(v)
  return x * x
}
