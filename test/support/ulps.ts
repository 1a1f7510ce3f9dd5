/** A binary floating-point format: bits of the significand, exponents of the smallest and the largest normal number. */
export interface Format {
  readonly precision: number
  readonly minExponent: number
  readonly maxExponent: number
}

export const F32: Format = { precision: 24, minExponent: -126, maxExponent: 127 }
export const F64: Format = { precision: 53, minExponent: -1022, maxExponent: 1023 }

const float = new Float64Array(1)
const bits = new Uint32Array(float.buffer)
const powersOf2 = Float64Array.from({ length: 2200 }, (_, i) => 2 ** (i - 1100))

/** x·2ᵉ in two steps, for 2ᵉ itself may be out of range. */
export function scale(x: number, e: number): number {
  const half = e >> 1
  return x * powersOf2[half + 1100] * powersOf2[e - half + 1100]
}

/** ⌊log₂ |x|⌋ of a normal number; −1023 of a subnormal one and of 0. */
function exponentOf(x: number): number {
  float[0] = x
  return ((bits[1] >>> 20) & 0x7ff) - 1023
}

/**
 * |y − v| / ulp(v), v = (hi + lo)·2^exponent, where ulp(v) is the distance between neighbours of `format` in v's binade.
 * An infinite y is right from 2^(maxExponent + 1) on, and counts as that number below. A NaN must answer a NaN.
 */
export function ulps(y: number, hi: number, lo: number, exponent: number, format: Format): number {
  if (Number.isNaN(hi) || Number.isNaN(y)) return Number.isNaN(hi) && Number.isNaN(y) ? 0 : Infinity
  const ulpExponent = Math.max(exponentOf(hi) + exponent, format.minExponent) - (format.precision - 1)
  let scaled = scale(y, -exponent)
  if (!Number.isFinite(y)) {
    scaled = scale(Math.sign(y) * 2, format.maxExponent - exponent)
    if (Math.abs(hi) >= Math.abs(scaled) && y > 0 === hi > 0) return 0
  }
  return scale(Math.abs(scaled - hi - lo), exponent - ulpExponent)
}
