import { get, splat } from '../simd'

/**
 * The gradient that an optimiser sees, the first n lanes at g and w:
 *
 *     scale·g + weightDecay·w
 */
// @ts-ignore: decorator
@inline
export function decayedGradient<T extends number>(
  g: usize,
  w: v128,
  scale: f64,
  weightDecay: f64,
  n: usize,
): v128 {
  const scaled = v128.mul<T>(splat<T>(scale), get<T>(g, n))
  return v128.add<T>(scaled, v128.mul<T>(splat<T>(weightDecay), w))
}

/** The moving average of (1 − decay) parts of the new and decay parts of the old: old·decay + new·(1 − decay) */
// @ts-ignore: decorator
@inline
export function average<T extends number>(old: v128, fresh: v128, decay: f64): v128 {
  return v128.add<T>(v128.mul<T>(splat<T>(decay), old), v128.mul<T>(splat<T>(1 - decay), fresh))
}
