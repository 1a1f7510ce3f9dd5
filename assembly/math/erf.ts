/**
 * erf x = (2/√π)·∫₀ˣ e^(−t²) dt for every lane: a polynomial near zero, 1 − e^P(|x|) further out.
 */
import { madd, select, splat } from '../simd'
import { powerOf2, remainder, shiftedLog2, tail, unshift } from './exp'

/**
 * c(z) of erf x = x + x·c(x²), on |x| ≤ 7/8 (f64: 1), by Sollya:
 *
 *     f32  error 1.4e-8·erf x
 *          fpminimax(erf(x), [|1,3,5,7,9,11|], [|SG...|], [1b-30;7/8], relative, x)
 *     f64  error 1.4e-17·erf x
 *          fpminimax(erf(x), [|1,3,5,7,9,11,13,15,17,19,21,23|], [|D...|], [1b-30;1], relative, x)
 */
// @ts-ignore: decorator
@inline
function c<T extends number>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(z, splat<T>(-0.37612534), splat<T>(0.12837915))
    const c2 = madd<T>(z, splat<T>(-0.02678778), splat<T>(0.112823315))
    const c4 = madd<T>(z, splat<T>(-0.00061806355), splat<T>(0.005027395))
    return madd<T>(z2, madd<T>(z2, c4, c2), c0)
  }
  const z4 = v128.mul<T>(z2, z2)
  const c0 = madd<T>(z, splat<T>(-0.3761263890318346), splat<T>(0.12837916709551256))
  const c2 = madd<T>(z, splat<T>(-0.026866170642933267), splat<T>(0.11283791670942668))
  const c4 = madd<T>(z, splat<T>(-0.000854832588244731), splat<T>(0.0052239776049508215))
  const c6 = madd<T>(z, splat<T>(-1.4924691776601541e-5), splat<T>(0.000120552923664167))
  const c8 = madd<T>(z, splat<T>(-1.6204733000644746e-7), splat<T>(1.6446904371860057e-6))
  const c10 = madd<T>(z, splat<T>(-7.768631603009701e-10), splat<T>(1.370470581236866e-8))
  return madd<T>(z4, madd<T>(z4, madd<T>(z2, c10, c8), madd<T>(z2, c6, c4)), madd<T>(z2, c2, c0))
}

/**
 * P(a) = ln(1 − erf a) on 7/8 ≤ a ≤ 4 (f64: 1 ≤ a ≤ 5.9375), with the error weighted by w = 1 − erf a:
 *
 *     w = erfc(x);  m = [||];  for i from 0 to d do m = m:.(w*x^i)
 *     f32  error 1.8e-9/w   d = 6   fpminimax(w*log(w), m, [|SG...|], [7/8;4], absolute)
 *     f64  error 6.7e-18/w  d = 17  fpminimax(w*log(w), m, [|D...|], [1;5.9375], absolute)
 */
// @ts-ignore: decorator
@inline
function P<T extends number>(a: v128): v128 {
  const a2 = v128.mul<T>(a, a)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(a, splat<T>(-1.1278893), splat<T>(-0.00014423537))
    const c2 = madd<T>(a, splat<T>(-0.104250014), splat<T>(-0.63682085))
    const c4 = madd<T>(a, splat<T>(-0.0030819727), splat<T>(0.022380937))
    return madd<T>(a2, madd<T>(a2, madd<T>(a2, splat<T>(0.0001998991), c4), c2), c0)
  }
  const a4 = v128.mul<T>(a2, a2)
  const c0 = madd<T>(a, splat<T>(-1.1283739920113711), splat<T>(-5.132111451406695e-7))
  const c2 = madd<T>(a, splat<T>(-0.1027022937043519), splat<T>(-0.6366440537195697))
  const c4 = madd<T>(a, splat<T>(0.0004135256887885602), splat<T>(0.018988049658013942))
  const c6 = madd<T>(a, splat<T>(0.0007730332614498511), splat<T>(-0.0019189338691002465))
  const c8 = madd<T>(a, splat<T>(-1.952711462326706e-5), splat<T>(-0.00013654776984415838))
  const c10 = madd<T>(a, splat<T>(-8.579324572769937e-6), splat<T>(2.253459762564871e-5))
  const c12 = madd<T>(a, splat<T>(-3.6958960964063646e-7), splat<T>(2.114931740356783e-6))
  const c14 = madd<T>(a, splat<T>(-3.890311335860391e-9), splat<T>(4.593644694872924e-8))
  const c16 = madd<T>(a, splat<T>(-4.8655459985928585e-12), splat<T>(2.0205119131484553e-10))
  const high = madd<T>(a4, madd<T>(a4, c16, madd<T>(a2, c14, c12)), madd<T>(a2, c10, c8))
  return madd<T>(a4, madd<T>(a4, high, madd<T>(a2, c6, c4)), madd<T>(a2, c2, c0))
}

/**
 * erf x = x + x·c(x²) near zero; further out, with the sign of x,
 *
 *     erf |x| = 1 − e^P = (1 − 2ⁿ) − 2ⁿ·(r + tail(r)),  P = n·ln 2 + r
 *
 * Max error 1.20 ulp f32 (all floats), 1.29 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function erf<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 : 1023
  const near: f64 = sizeof<T>() == 4 ? 0.875 : 1
  const largest: f64 = sizeof<T>() == 4 ? 4 : 5.9375
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(largest))
  const nearZero = madd<T>(x, c<T>(v128.mul<T>(x, x)), x)
  const exponent = P<T>(a)
  const shifted = shiftedLog2<T>(exponent, bias)
  const r = remainder<T>(exponent, unshift<T>(shifted, bias))
  const power = powerOf2<T>(shifted)
  const powerP = v128.mul<T>(power, v128.add<T>(r, tail<T>(r)))
  const beyond = v128.sub<T>(v128.sub<T>(splat<T>(1), power), powerP)
  const y = select(nearZero, beyond, v128.lt<T>(a, splat<T>(near)))
  return v128.or(y, v128.and(x, splat<T>(-0.0)))
}
