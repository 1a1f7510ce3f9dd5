/**
 * tanh x and the logistic function of every lane.
 */
import { madd, select, splat } from '../simd'
import { exponential2, expTail, remainder, shiftedLog2, unshift } from './exp'

/** tanh x ≈ x + x·z·t(z), z = x² */
// @ts-ignore: decorator
@inline
function tanhNear0(x: v128): v128 {
  const z = f64x2.mul(x, x)
  const z2 = f64x2.mul(z, z)
  const z4 = f64x2.mul(z2, z2)
  const t0 = madd<f64>(z, f64x2.splat(0.133333333330933084814873268442170228809118270874023), f64x2.splat(-0.33333333333331777170727150405582506209611892700195))
  const t2 = madd<f64>(z, f64x2.splat(2.1869485122209993133157723832482588477432727813721e-2), f64x2.splat(-5.3968253839774708857657259386542136780917644500732e-2))
  const t4 = madd<f64>(z, f64x2.splat(3.5916300149324937793227086046954354969784617424011e-3), f64x2.splat(-8.86318322933417508668885176348339882679283618927e-3))
  const t6 = madd<f64>(z, f64x2.splat(5.7785304834739826748690738611458073137328028678894e-4), f64x2.splat(-1.45277888921262741429851761409963728510774672031403e-3))
  const t8 = madd<f64>(z, f64x2.splat(4.9602786765378639646101310844983345305081456899643e-5), f64x2.splat(-2.0822803667410036063123435212673939531669020652771e-4))
  const t = madd<f64>(z4, madd<f64>(z4, t8, madd<f64>(z2, t6, t4)), madd<f64>(z2, t2, t0))
  return madd<f64>(f64x2.mul(x, z), t, x)
}

/** tanh x */
// @ts-ignore: decorator
@inline
export function tanh<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 : 1023
  const far: f64 = sizeof<T>() == 4 ? 20 : 40
  const one = splat<T>(1)
  const a = v128.pmin<T>(v128.abs<T>(x), splat<T>(far))
  const minus2a = v128.mul<T>(a, splat<T>(-2))
  const shifted = shiftedLog2<T>(minus2a, bias)
  const r = remainder<T>(minus2a, unshift<T>(shifted, bias))
  const s = exponential2<T>(shifted)
  const sp = v128.mul<T>(s, v128.add<T>(r, expTail<T>(r)))
  const quotient = v128.div<T>(v128.sub<T>(v128.sub<T>(one, s), sp), v128.add<T>(v128.add<T>(one, s), sp))
  const y = v128.or(quotient, v128.and(x, splat<T>(-0.0)))
  if (sizeof<T>() == 4) return y
  return select(tanhNear0(x), y, f64x2.lt(a, f64x2.splat(0.5625)))
}

/** 1 / (1 + e⁻ˣ) */
// @ts-ignore: decorator
@inline
export function sigmoid<T extends number>(x: v128): v128 {
  const bias: f64 = sizeof<T>() == 4 ? 127 + 64 : 1023 + 128
  const unbias: f64 = sizeof<T>() == 4 ? 5.421010862427522e-20 : 2.938735877055719e-39
  const lo: f64 = sizeof<T>() == 4 ? -104 : -746
  const one = splat<T>(1)
  const minusA = v128.pmax<T>(v128.or(x, splat<T>(-0.0)), splat<T>(lo))
  const shifted = shiftedLog2<T>(minusA, bias)
  const r = remainder<T>(minusA, unshift<T>(shifted, bias))
  const p = v128.add<T>(one, v128.add<T>(r, expTail<T>(r)))
  const E = v128.mul<T>(v128.mul<T>(p, exponential2<T>(shifted)), splat<T>(unbias))
  const w = v128.div<T>(E, v128.sub<T>(splat<T>(-1), E))
  const y = select(E, one, v128.lt<T>(x, splat<T>(0)))
  return madd<T>(y, w, y)
}
