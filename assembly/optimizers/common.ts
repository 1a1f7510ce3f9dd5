/**
 * The gradient an optimiser works with, one vector from g and w:
 *
 *     scale·g + weightDecay·w
 */
// @ts-ignore: decorator
@inline
export function decayedGradient<T extends number>(g: usize, w: v128, scale: v128, weightDecay: v128): v128 {
  return v128.add<T>(v128.mul<T>(scale, v128.load(g)), v128.mul<T>(weightDecay, w))
}

/**
 * A moving average in which the new value has weight `take`, old + take·(fresh − old), flushed to zero if subnormal.
 * Otherwise averages that decay because their gradient is zero, as for a pixel that is always black, would slow down
 * every later step (adam on MNIST: epochs took a fifth longer, measured).
 */
// @ts-ignore: decorator
@inline
export function average<T extends number>(old: v128, fresh: v128, take: v128): v128 {
  const mean = v128.add<T>(old, v128.mul<T>(take, v128.sub<T>(fresh, old)))
  const smallestNormal = v128.splat<T>(sizeof<T>() == 4 ? <T>f32.MIN_NORMAL_VALUE : <T>f64.MIN_NORMAL_VALUE)
  return v128.andnot(mean, v128.lt<T>(v128.abs<T>(mean), smallestNormal))
}
