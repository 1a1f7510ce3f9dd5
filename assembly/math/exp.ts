/**
 * eˣ and eˣ − 1 of every lane.
 *
 *     x = n·ln 2 + r,   n = nearest(x / ln 2),   |r| ≤ ln 2 / 2
 *     eˣ     = 2ⁿ·(1 + p(r))
 *     eˣ − 1 = 2ⁿ·p(r) + (2ⁿ − 1),   p(r) = r + r²·q(r) ≈ eʳ − 1
 *
 * `shifted` is n + bias as the low bits of a float: adding 1.5·2²³ (f32) or 1.5·2⁵² (f64) leaves no bit below the unit, so
 * the addition rounds x / ln 2 to an integer, and shifting those bits to the exponent's place makes 2ⁿ.
 */
import { madd, splat } from '../simd'

/** 1.5·2²³ + bias or 1.5·2⁵² + bias. */
// @ts-ignore: decorator
@inline
function shift<T extends number>(bias: f64): v128 {
  if (sizeof<T>() == 4) return splat<T>(12582912 + bias)
  return splat<T>(6755399441055744 + bias)
}

/** shifted = nearest(x / ln 2) + shift(bias). */
// @ts-ignore: decorator
@inline
export function shiftedLog2<T extends number>(x: v128, bias: f64): v128 {
  return madd<T>(x, splat<T>(1.4426950408889634), shift<T>(bias))
}

/** n = shifted − shift(bias). */
// @ts-ignore: decorator
@inline
export function unshift<T extends number>(shifted: v128, bias: f64): v128 {
  return v128.sub<T>(shifted, shift<T>(bias))
}

/** 2^(low bits − 127) or 2^(low bits − 1023): the low bits become the exponent. */
// @ts-ignore: decorator
@inline
export function exponential2<T extends number>(shifted: v128): v128 {
  if (sizeof<T>() == 4) return v128.shl<i32>(shifted, 23)
  return v128.shl<i64>(shifted, 52)
}

/** r = x − n·ln 2, with ln 2 in two parts: n·hi is exact for |n| ≤ 2⁹ (f32), 2¹¹ (f64). */
// @ts-ignore: decorator
@inline
export function remainder<T extends number>(x: v128, n: v128): v128 {
  if (sizeof<T>() == 4) {
    return madd<T>(n, splat<T>(-1.428606765330187e-6), madd<T>(n, splat<T>(-0.693145751953125), x))
  }
  return madd<T>(n, splat<T>(-5.497923018708371e-14), madd<T>(n, splat<T>(-0.69314718055989033), x))
}

/**
 * p(r) = r + r²·q(r) ≈ eʳ − 1 on |r| ≤ 0.3467.
 */
// @ts-ignore: decorator
@inline
export function expTail<T extends number>(r: v128): v128 {
  const r2 = v128.mul<T>(r, r)
  if (sizeof<T>() == 4) {
    const q0 = madd<T>(r, splat<T>(0.1666652113199234), splat<T>(0.49999991059303284))
    const q2 = madd<T>(r, splat<T>(0.008368674665689468), splat<T>(0.041668962687253952))
    return v128.mul<T>(r2, madd<T>(r2, madd<T>(r2, splat<T>(0.00137825042475015), q2), q0))
  }
  const r4 = v128.mul<T>(r2, r2)
  const q0 = madd<T>(r, splat<T>(0.16666666666666424), splat<T>(0.5000000000000011))
  const q2 = madd<T>(r, splat<T>(0.008333333333487084), splat<T>(0.041666666666526936))
  const q4 = madd<T>(r, splat<T>(1.9841269522593547e-4), splat<T>(0.0013888888944362959))
  const q6 = madd<T>(r, splat<T>(2.7557572053764215e-6), splat<T>(2.4801492415614409e-5))
  const q8 = madd<T>(r, splat<T>(2.5004611754833166e-8), splat<T>(2.763047317939756e-7))
  const high = madd<T>(r4, q8, madd<T>(r2, q6, q4))
  return v128.mul<T>(r2, madd<T>(r4, high, madd<T>(r2, q2, q0)))
}

/** eˣ */
// @ts-ignore: decorator
@inline
export function exp<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 254 : 2046
  const lo: f64 = sizeof<T>() == 4 ? -104 : -746
  const hi: f64 = sizeof<T>() == 4 ? 89 : 710
  const bounded = v128.pmin<T>(v128.pmax<T>(x, splat<T>(lo)), splat<T>(hi))
  const shifted = shiftedLog2<T>(bounded, bias)
  const r = remainder<T>(bounded, unshift<T>(shifted, bias))
  const p = v128.add<T>(splat<T>(1), v128.add<T>(r, expTail<T>(r)))
  if (sizeof<T>() == 4) {
    const half = v128.shr<u32>(shifted, 1)
    const rest = v128.sub<i32>(shifted, half)
    return v128.mul<T>(v128.mul<T>(p, exponential2<T>(half)), exponential2<T>(rest))
  }
  const half = v128.shr<u64>(shifted, 1)
  const rest = v128.sub<i64>(shifted, half)
  return v128.mul<T>(v128.mul<T>(p, exponential2<T>(half)), exponential2<T>(rest))
}

/** eˣ − 1 */
// @ts-ignore: decorator
@inline
export function expm1<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 126 : 1022
  const lo: f64 = sizeof<T>() == 4 ? -18 : -38
  const hi: f64 = sizeof<T>() == 4 ? 89 : 710
  const bounded = v128.pmin<T>(v128.pmax<T>(x, splat<T>(lo)), splat<T>(hi))
  const shifted = shiftedLog2<T>(bounded, bias)
  const r = remainder<T>(bounded, unshift<T>(shifted, bias))
  const s = exponential2<T>(shifted)
  const half = madd<T>(s, v128.add<T>(r, expTail<T>(r)), v128.sub<T>(s, splat<T>(0.5)))
  return v128.or(v128.add<T>(half, half), v128.and(x, splat<T>(-0.0)))
}
