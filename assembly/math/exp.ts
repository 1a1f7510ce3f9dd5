/**
 * eˣ and eˣ − 1 for every lane, and their building blocks, which tanh.ts and erf.ts also use.
 *
 *     x = n·ln 2 + r,  n = nearest(x / ln 2),  |r| ≤ ln 2 / 2
 *     eʳ − 1 = r + tail(r)
 *
 * n is read from the low bits of a float. `shifted` = x / ln 2 + 1.5·2²³ + bias (f64: 1.5·2⁵²) has no bits below the
 * units, so the addition rounds to n + bias; shifted into the exponent field, those bits are the power of two.
 *
 *                   sign exponent  fraction
 *     shifted        0   10010110  10000000 ‥ n + bias     1.5·2²³ + bias + n
 *     << 23          0   n + bias  0 ‥ 0                   2ⁿ if bias = 127
 */
import { madd, splat } from '../simd'

/** 1.5·2²³ + bias, f64: 1.5·2⁵² + bias */
// @ts-ignore: decorator
@inline
function shift<T extends number>(bias: f64): v128 {
  if (sizeof<T>() == 4) return splat<T>(12582912 + bias)
  return splat<T>(6755399441055744 + bias)
}

/** n + bias, in the low bits. */
// @ts-ignore: decorator
@inline
export function shiftedLog2<T extends number>(x: v128, bias: f64): v128 {
  return madd<T>(x, splat<T>(1.4426950408889634), shift<T>(bias))
}

/** n */
// @ts-ignore: decorator
@inline
export function unshift<T extends number>(shifted: v128, bias: f64): v128 {
  return v128.sub<T>(shifted, shift<T>(bias))
}

/** 2^(low bits − 127), f64: 2^(low bits − 1023) */
// @ts-ignore: decorator
@inline
export function powerOf2<T extends number>(shifted: v128): v128 {
  if (sizeof<T>() == 4) return v128.shl<i32>(shifted, 23)
  return v128.shl<i64>(shifted, 52)
}

/** r = x − n·ln 2. ln 2 is split in two (Cody & Waite 1980); n times the first part, of 15 or 42 bits, is exact. */
// @ts-ignore: decorator
@inline
export function remainder<T extends number>(x: v128, n: v128): v128 {
  if (sizeof<T>() == 4) {
    return madd<T>(n, splat<T>(-1.4286068e-6), madd<T>(n, splat<T>(-0.69314575), x))
  }
  return madd<T>(n, splat<T>(-5.497923018708371e-14), madd<T>(n, splat<T>(-0.6931471805598903), x))
}

/**
 * tail(r) = eʳ − 1 − r on |r| ≤ 0.3467, by Sollya with prec = 200:
 *
 *     f32  error 3.3e-9·eʳ    fpminimax(exp(x), [|2,...,6|], [|SG...|], [-0.3467;0.3467], relative, 1+x)
 *     f64  error 3.8e-18·eʳ   fpminimax(exp(x), [|2,...,11|], [|D...|], [-0.3467;0.3467], relative, 1+x)
 */
// @ts-ignore: decorator
@inline
export function tail<T extends number>(r: v128): v128 {
  const r2 = v128.mul<T>(r, r)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(r, splat<T>(0.16666521), splat<T>(0.4999999))
    const c2 = madd<T>(r, splat<T>(0.008368675), splat<T>(0.041668963))
    return v128.mul<T>(r2, madd<T>(r2, madd<T>(r2, splat<T>(0.0013782504), c2), c0))
  }
  const r4 = v128.mul<T>(r2, r2)
  const c0 = madd<T>(r, splat<T>(0.16666666666666424), splat<T>(0.5000000000000011))
  const c2 = madd<T>(r, splat<T>(0.008333333333487038), splat<T>(0.041666666666526936))
  const c4 = madd<T>(r, splat<T>(0.00019841269522593547), splat<T>(0.0013888888944362959))
  const c6 = madd<T>(r, splat<T>(2.7557572053764215e-6), splat<T>(2.480149241561441e-5))
  const c8 = madd<T>(r, splat<T>(2.5004611754833166e-8), splat<T>(2.763047317939756e-7))
  const high = madd<T>(r4, c8, madd<T>(r2, c6, c4))
  return v128.mul<T>(r2, madd<T>(r4, high, madd<T>(r2, c2, c0)))
}

/**
 * eˣ = (1 + (r + tail(r)))·2^h·2^(n − h), h = ⌊n / 2⌋.
 *
 * Neither power overflows, and only the last product rounds, so infinity and subnormals come out right. The smallest x
 * is where n + bias = 0 makes both powers 0: a true 0 costs nothing, an underflow 50 ns per vector (measured).
 *
 * Max error 0.99 ulp f32 (all floats), 0.99 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function exp<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 254 : 2046
  const smallest: f64 = sizeof<T>() == 4 ? -176 : -1418
  const largest: f64 = sizeof<T>() == 4 ? 89 : 710
  const bounded = v128.pmin<T>(v128.pmax<T>(x, splat<T>(smallest)), splat<T>(largest))
  const shifted = shiftedLog2<T>(bounded, bias)
  const r = remainder<T>(bounded, unshift<T>(shifted, bias))
  const y = v128.add<T>(splat<T>(1), v128.add<T>(r, tail<T>(r)))
  // n + 2·127 or n + 2·1023, split in two; i32 lanes work for both types, as only the low bits matter.
  const half = i32x4.shr_u(shifted, 1)
  return v128.mul<T>(v128.mul<T>(y, powerOf2<T>(half)), powerOf2<T>(i32x4.sub(shifted, half)))
}

/**
 * eˣ − 1 = 2·(2ⁿ⁻¹·(r + tail(r)) + (2ⁿ⁻¹ − ½)), with the sign of x.
 *
 * Half of it is computed first, because 2ⁿ itself can overflow where eˣ − 1 does not.
 *
 * Max error 1.65 ulp f32 (all floats), 2.15 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function expm1<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 126 : 1022
  const smallest: f64 = sizeof<T>() == 4 ? -18 : -38
  const largest: f64 = sizeof<T>() == 4 ? 89 : 710
  const bounded = v128.pmin<T>(v128.pmax<T>(x, splat<T>(smallest)), splat<T>(largest))
  const shifted = shiftedLog2<T>(bounded, bias)
  const r = remainder<T>(bounded, unshift<T>(shifted, bias))
  const power = powerOf2<T>(shifted)
  const half = madd<T>(power, v128.add<T>(r, tail<T>(r)), v128.sub<T>(power, splat<T>(0.5)))
  return v128.or(v128.add<T>(half, half), v128.and(x, splat<T>(-0.0)))
}
