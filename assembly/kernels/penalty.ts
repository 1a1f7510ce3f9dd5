import { VECTOR, get, lanes, put, sign, splat } from '../simd'

/**
 * Mean gradients including the weight penalties λ₁·Σ|w| + ½·λ₂·Σw², each clamped to ±limit:
 *
 *     g = clamp(scale·g + λ₁·sign(w) + λ₂·w, ±limit)
 *
 *     g      n   summed gradients (35), overwritten
 *     w      n   weights
 *     scale      1/samples for the mean
 *     limit      Infinity for none
 */
export function penalize<T extends number>(
  g: usize,
  w: usize,
  n: usize,
  scale: f64,
  l1: f64,
  l2: f64,
  limit: f64,
): void {
  const scales = splat<T>(scale)
  const l1s = splat<T>(l1)
  const l2s = splat<T>(l2)
  const most = splat<T>(limit)
  const least = splat<T>(-limit)
  while (n > 0) {
    const count = min(n, lanes<T>())
    const ws = get<T>(w, count)
    const pull = v128.add<T>(v128.mul<T>(l1s, sign<T>(ws)), v128.mul<T>(l2s, ws))
    const gs = v128.add<T>(v128.mul<T>(scales, get<T>(g, count)), pull)
    put<T>(g, v128.max<T>(v128.min<T>(gs, most), least), count)
    g += VECTOR
    w += VECTOR
    n -= count
  }
}
