/**
 * The gradient that an optimiser sees, one vector at g and w:
 *
 *     scale·g + weightDecay·w
 */
// @ts-ignore: decorator
@inline
export function decayedGradient<T extends number>(g: usize, w: v128, scale: v128, weightDecay: v128): v128 {
  return v128.add<T>(v128.mul<T>(scale, v128.load(g)), v128.mul<T>(weightDecay, w))
}

/**
 * A moving average, of which the part `take` is new, old + take·(fresh − old); zero where that is subnormal: what decays because
 * its gradient is zero, an input that is always black, would else slow every later step down (adam on MNIST: epochs grew by a fifth, measured).
 */
// @ts-ignore: decorator
@inline
export function average<T extends number>(old: v128, fresh: v128, take: v128): v128 {
  const mean = v128.add<T>(old, v128.mul<T>(take, v128.sub<T>(fresh, old)))
  const smallestNormal = v128.splat<T>(sizeof<T>() == 4 ? <T>f32.MIN_NORMAL_VALUE : <T>f64.MIN_NORMAL_VALUE)
  return v128.andnot(mean, v128.lt<T>(v128.abs<T>(mean), smallestNormal))
}
