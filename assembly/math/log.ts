/**
 * ln x and ln(1 + x) of every lane.
 */
import { madd, splat } from '../simd'

/** The bits of u, moved so that the exponent changes at √½ instead of at 1. */
// @ts-ignore: decorator
@inline
function centred<T extends number>(u: v128): v128 {
  if (sizeof<T>() == 4) return v128.add<i32>(u, i32x4.splat(0x3f800000 - 0x3f3504f3))
  return v128.add<i64>(u, i64x2.splat(0x3ff0000000000000 - 0x3fe6a09e667f3bcd))
}

/** e of u = 2ᵉ·(1 + f), minus `shift`. */
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

/** f of u = 2ᵉ·(1 + f), √½ ≤ 1 + f < √2 */
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

/** e·ln 2 + ln(1 + f) */
// @ts-ignore: decorator
@inline
function logOf<T extends number>(e: v128, f: v128): v128 {
  const s = v128.div<T>(f, v128.add<T>(splat<T>(2), f))
  const z = v128.mul<T>(s, s)
  const half = v128.mul<T>(v128.mul<T>(f, f), splat<T>(0.5))
  let R: v128
  if (sizeof<T>() == 4) {
    R = madd<T>(z, splat<T>(0.24023628234863281), splat<T>(0.28510403633117676))
    R = madd<T>(z, madd<T>(z, R, splat<T>(0.40000846982002258)), splat<T>(0.66666662693023682))
  } else {
    const z2 = v128.mul<T>(z, z)
    const R0 = madd<T>(
      z,
      splat<T>(0.399999999994097132915982228951179422438144683837890625),
      splat<T>(0.66666666666667351304198518846533261239528656005859375),
    )
    const R2 = madd<T>(
      z,
      splat<T>(0.22222198443972385195621654929709620773792266845703125),
      splat<T>(0.28571428743564608598859422272653318941593170166015625),
    )
    const R4 = madd<T>(
      z,
      splat<T>(0.1531385544472606830002092692666337825357913970947265625),
      splat<T>(0.181835714957912897293823561994940973818302154541015625),
    )
    R = madd<T>(
      z2,
      madd<T>(z2, madd<T>(z2, splat<T>(0.1479801753696121380254879795757005922496318817138671875), R4), R2),
      R0,
    )
  }
  R = v128.mul<T>(z, R)
  const lo: f64 = sizeof<T>() == 4 ? 1.428606765330187e-6 : 5.497923018708371e-14
  const hi: f64 = sizeof<T>() == 4 ? 0.693145751953125 : 0.69314718055989033
  const tail = madd<T>(e, splat<T>(lo), v128.mul<T>(s, v128.add<T>(half, R)))
  return madd<T>(e, splat<T>(hi), v128.sub<T>(f, v128.sub<T>(half, tail)))
}

/** y where 0 < u < ∞; −∞ at 0, NaN below, u at ∞ and NaN. */
// @ts-ignore: decorator
@inline
function limits<T extends number>(y: v128, u: v128): v128 {
  const zero = splat<T>(0)
  const infinity = splat<T>(Infinity)
  const atZero = v128.and(v128.eq<T>(u, zero), splat<T>(-Infinity))
  const atInfinity = v128.andnot(u, v128.lt<T>(u, infinity))
  return v128.or(v128.add<T>(y, v128.or(atZero, atInfinity)), v128.lt<T>(u, zero))
}

/** ln x */
// @ts-ignore: decorator
@inline
export function log<T extends number>(x: v128): v128 {
  const smallest: f64 = sizeof<T>() == 4 ? 1.1754943508222875e-38 : 2.2250738585072014e-308
  const scale: f64 = sizeof<T>() == 4 ? 16777216 : 18014398509481984
  const scaleLog2: f64 = sizeof<T>() == 4 ? 24 : 54
  const tiny = v128.lt<T>(x, splat<T>(smallest))
  const normal = v128.bitselect(v128.mul<T>(x, splat<T>(scale)), x, tiny)
  const bits = centred<T>(normal)
  const e = v128.sub<T>(exponent<T>(bits), v128.and(tiny, splat<T>(scaleLog2)))
  return limits<T>(logOf<T>(e, fraction<T>(bits)), x)
}

/** ln(1 + x) */
// @ts-ignore: decorator
@inline
export function log1p<T extends number>(x: v128): v128 {
  const one = splat<T>(1)
  const u = v128.add<T>(one, x)
  const bits = centred<T>(u)
  const lost = v128.and(v128.sub<T>(x, v128.sub<T>(u, one)), v128.lt<T>(x, splat<T>(Infinity)))
  const scale = v128.andnot(splat<T>(Infinity), bits)
  const f = madd<T>(v128.mul<T>(lost, scale), splat<T>(0.5), fraction<T>(bits))
  return limits<T>(logOf<T>(exponent<T>(bits), f), u)
}
