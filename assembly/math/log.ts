/**
 * ln x and ln(1 + x) for every lane.
 *
 *     u = 2ᵉ·(1 + f),  √½ ≤ 1 + f < √2
 *     ln u = e·ln 2 + ln(1 + f)
 */
import { madd, select, splat } from '../simd'

/** The bits of u, offset so that the exponent changes at √½ instead of at 1. */
// @ts-ignore: decorator
@inline
function centred<T extends number>(u: v128): v128 {
  if (sizeof<T>() == 4) return v128.add<i32>(u, i32x4.splat(0x3f800000 - 0x3f3504f3))
  return v128.add<i64>(u, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd))
}

/** e: the biased exponent is put in the low bits of 2²³ (f64: 2⁵²), which is then subtracted along with the bias. */
// @ts-ignore: decorator
@inline
function exponent<T extends number>(bits: v128): v128 {
  if (sizeof<T>() == 4) {
    const biased = v128.or(v128.shr<u32>(bits, 23), i32x4.splat(0x4b000000))
    return v128.sub<T>(biased, splat<T>(8388608 + 127))
  }
  const biased = v128.or(v128.shr<u64>(bits, 52), i64x2.splat(0x4330000000000000))
  return v128.sub<T>(biased, splat<T>(4503599627370496 + 1023))
}

/** f */
// @ts-ignore: decorator
@inline
function fraction<T extends number>(bits: v128): v128 {
  if (sizeof<T>() == 4) {
    const m = v128.add<i32>(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
    return v128.sub<T>(m, splat<T>(1))
  }
  const m = v128.add<i64>(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd))
  return v128.sub<T>(m, splat<T>(1))
}

/**
 * R(z) = (ln((1 + s)/(1 − s)) − 2s) / s, z = s², on |s| ≤ 0.1717, by Sollya:
 *
 *     prec = 200;  l = log((1+x)/(1-x));  I = [1b-30;0.1717]
 *     f32  error 3.0e-11·l/s  fpminimax(l, [|3,5,7,9|], [|SG...|], I, relative, 2*x)
 *     f64  error 1.3e-18·l/s  fpminimax(l, [|3,5,7,9,11,13,15|], [|D...|], I, relative, 2*x)
 */
// @ts-ignore: decorator
@inline
function R<T extends number>(z: v128): v128 {
  const z2 = v128.mul<T>(z, z)
  if (sizeof<T>() == 4) {
    const c0 = madd<T>(z, splat<T>(0.40000847), splat<T>(0.6666666))
    const c2 = madd<T>(z, splat<T>(0.24023628), splat<T>(0.28510404))
    return v128.mul<T>(z, madd<T>(z2, c2, c0))
  }
  const c0 = madd<T>(z, splat<T>(0.39999999999409713), splat<T>(0.6666666666666735))
  const c2 = madd<T>(z, splat<T>(0.22222198443972385), splat<T>(0.2857142874356461))
  const c4 = madd<T>(z, splat<T>(0.15313855444726068), splat<T>(0.1818357149579129))
  return v128.mul<T>(z, madd<T>(z2, madd<T>(z2, madd<T>(z2, splat<T>(0.14798017536961214), c4), c2), c0))
}

/**
 * ln u = e·ln 2 + f − (f²/2 − s·(f²/2 + R(s²))),  s = f/(2 + f), so that 1 + f = (1 + s)/(1 − s).
 *
 * ln 2 is split in two, and e times the first part is exact. Where e = 0, f alone carries the leading digits.
 */
// @ts-ignore: decorator
@inline
function logOf<T extends number>(e: v128, f: v128): v128 {
  const ln2High: f64 = sizeof<T>() == 4 ? 0.69314575 : 0.6931471805598903
  const ln2Low: f64 = sizeof<T>() == 4 ? 1.4286068e-6 : 5.497923018708371e-14
  const s = v128.div<T>(f, v128.add<T>(splat<T>(2), f))
  const square = v128.mul<T>(v128.mul<T>(f, f), splat<T>(0.5))
  const rest = v128.mul<T>(s, v128.add<T>(square, R<T>(v128.mul<T>(s, s))))
  const low = v128.sub<T>(square, madd<T>(e, splat<T>(ln2Low), rest))
  return madd<T>(e, splat<T>(ln2High), v128.sub<T>(f, low))
}

/** y where 0 < u < ∞; −∞ for 0, NaN below 0, u itself for ∞ and NaN. */
// @ts-ignore: decorator
@inline
function limits<T extends number>(y: v128, u: v128): v128 {
  const zero = splat<T>(0)
  const atZero = v128.and(v128.eq<T>(u, zero), splat<T>(-Infinity))
  const atInfinity = v128.andnot(u, v128.lt<T>(u, splat<T>(Infinity)))
  return v128.or(v128.add<T>(y, v128.or(atZero, atInfinity)), v128.lt<T>(u, zero))
}

/**
 * ln x. A subnormal x is first multiplied by 2²⁴ (f64: 2⁵⁴).
 *
 * Max error 0.84 ulp f32 (all floats), 0.83 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function log<T extends number>(x: v128): v128 {
  const smallestNormal: f64 = sizeof<T>() == 4 ? 1.1754943508222875e-38 : 2.2250738585072014e-308
  const scale: f64 = sizeof<T>() == 4 ? 16777216 : 18014398509481984
  const scaleLog2: f64 = sizeof<T>() == 4 ? 24 : 54
  const subnormal = v128.lt<T>(x, splat<T>(smallestNormal))
  const bits = centred<T>(select(v128.mul<T>(x, splat<T>(scale)), x, subnormal))
  const e = v128.sub<T>(exponent<T>(bits), v128.and(subnormal, splat<T>(scaleLog2)))
  return limits<T>(logOf<T>(e, fraction<T>(bits)), x)
}

/**
 * ln(1 + x), with the sign of x: ln u, u = 1 + x, with what the addition lost put back into f, f += 2⁻ᵉ·(x − (u − 1)).
 *
 * Complementing the exponent bits gives 2¹⁻ᵉ; unlike 2⁻ᵉ it has no sign where u overflows, and at u = 0 it is kept
 * finite.
 *
 * Max error 1.41 ulp f32 (all floats), 1.40 ulp f64 (10⁷ random), measured by test/exhaustive.
 */
// @ts-ignore: decorator
@inline
export function log1p<T extends number>(x: v128): v128 {
  const one = splat<T>(1)
  const infinity = splat<T>(Infinity)
  const u = v128.add<T>(one, x)
  const bits = centred<T>(u)
  const lost = v128.and(v128.sub<T>(x, v128.sub<T>(u, one)), v128.lt<T>(x, infinity))
  const scale = v128.pmin<T>(v128.andnot(infinity, bits), splat<T>(1e18))
  const f = madd<T>(v128.mul<T>(lost, scale), splat<T>(0.5), fraction<T>(bits))
  return v128.or(limits<T>(logOf<T>(exponent<T>(bits), f), u), v128.and(x, splat<T>(-0.0)))
}
