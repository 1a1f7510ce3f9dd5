/**
 * tanh x and its sibling, the logistic function, for every lane.
 */
import { madd, select, splat } from '../simd'
import { powerOf2, remainder, shiftedLog2, tail, unshift } from './exp'

/**
 * tanh x = x + x·z·t(z), z = x², on |x| ≤ 0.5625, by Sollya:
 *
 *     f64  error 3.2e-17·tanh x
 *          fpminimax(tanh(x), [|3,5,7,9,11,13,15,17,19,21|], [|D...|], [1b-30;0.5625], relative, x)
 */
// @ts-ignore: decorator
@inline
function tanhNear0(x: v128): v128 {
  const z = f64x2.mul(x, x)
  const z2 = f64x2.mul(z, z)
  const z4 = f64x2.mul(z2, z2)
  const c0 = madd<f64>(z, splat<f64>(0.13333333333093308), splat<f64>(-0.33333333333331777))
  const c2 = madd<f64>(z, splat<f64>(0.021869485122209993), splat<f64>(-0.05396825383977471))
  const c4 = madd<f64>(z, splat<f64>(0.0035916300149324938), splat<f64>(-0.008863183229334175))
  const c6 = madd<f64>(z, splat<f64>(0.0005778530483473983), splat<f64>(-0.0014527788892126274))
  const c8 = madd<f64>(z, splat<f64>(4.960278676537864e-5), splat<f64>(-0.00020822803667410036))
  const t = madd<f64>(z4, madd<f64>(z4, c8, madd<f64>(z2, c6, c4)), madd<f64>(z2, c2, c0))
  return madd<f64>(f64x2.mul(x, z), t, x)
}

/**
 * tanh x = (1 − E)/(1 + E), E = e^(−2|x|) = 2ⁿ + 2ⁿ·p, p = r + tail(r), with the sign of x:
 *
 *     tanh |x| = ((1 − 2ⁿ) − 2ⁿ·p) / ((1 + 2ⁿ) + 2ⁿ·p)
 *
 * 1 ± 2ⁿ is exact until 2ⁿ is negligible against 1; where n = 0 the numerator is −p, to full precision. In f64 the
 * quotient alone is off by 2.09 ulp (measured) where |tanh x| < ½, hence the polynomial there; in f32 it stays below 2.
 *
 * Max error 1.98 ulp f32 (all floats), 1.83 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function tanh<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 : 1023
  const largest: f64 = sizeof<T>() == 4 ? 20 : 40
  const one = splat<T>(1)
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(largest))
  const minus2a = v128.mul<T>(a, splat<T>(-2))
  const shifted = shiftedLog2<T>(minus2a, bias)
  const r = remainder<T>(minus2a, unshift<T>(shifted, bias))
  const power = powerOf2<T>(shifted)
  const powerP = v128.mul<T>(power, v128.add<T>(r, tail<T>(r)))
  const numerator = v128.sub<T>(v128.sub<T>(one, power), powerP)
  let y = v128.div<T>(numerator, v128.add<T>(v128.add<T>(one, power), powerP))
  if (sizeof<T>() == 8) y = select(tanhNear0(x), y, f64x2.lt(a, splat<f64>(0.5625)))
  return v128.or(y, v128.and(x, splat<T>(-0.0)))
}

/**
 * σ(x) = 1/(1 + e⁻ˣ), from E = e^(−|x|) and w = E/(1 + E):
 *
 *     x ≥ 0:  σ = 1/(1 + E) = 1 − w
 *     x < 0:  σ = E/(1 + E) = E − E·w
 *
 * These equal the quotients, but keep the rounding error of 1 + E out of the leading digits. E = 2ⁿ·(1 + (r + tail(r)))
 * is computed 2⁶⁴ (f64: 2¹²⁸) times too large and then scaled down, so that it may be subnormal; the smallest x makes
 * it a true 0, as in exp.
 *
 * Max error 1.87 ulp f32 (all floats), 1.82 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function sigmoid<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 + 64 : 1023 + 128
  const scale: f64 = sizeof<T>() == 4 ? 5.421010862427522e-20 : 2.938735877055719e-39
  const smallest: f64 = sizeof<T>() == 4 ? -132.5 : -798
  const one = splat<T>(1)
  const minusA = v128.pmax<T>(v128.or(x, splat<T>(-0.0)), splat<T>(smallest))
  const shifted = shiftedLog2<T>(minusA, bias)
  const r = remainder<T>(minusA, unshift<T>(shifted, bias))
  const scaled = v128.mul<T>(v128.add<T>(one, v128.add<T>(r, tail<T>(r))), powerOf2<T>(shifted))
  const E = v128.mul<T>(scaled, splat<T>(scale))
  const minusW = v128.div<T>(E, v128.sub<T>(splat<T>(-1), E))
  const leading = select(E, one, v128.lt<T>(x, splat<T>(0)))
  return madd<T>(leading, minusW, leading)
}
