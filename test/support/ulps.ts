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

/** ⌊log₂ |x|⌋ of a normal number; −1023 of a subnormal one and of 0. */
function exponentOf(x: number): number {
  float[0] = x
  return ((bits[1] >>> 20) & 0x7ff) - 1023
}

/**
 * |y − v| / ulp(v), v = (hi + lo)·2^exponent, where ulp(v) is the distance between neighbours of `format` in v's binade.
 * An infinite y counts as 2^(maxExponent + 1), the number it stands for in rounding. A NaN must answer a NaN.
 */
export function ulps(y: number, hi: number, lo: number, exponent: number, format: Format): number {
  if (Number.isNaN(hi) || Number.isNaN(y)) return Number.isNaN(hi) && Number.isNaN(y) ? 0 : Infinity
  if (y === hi && lo === 0 && exponent === 0) return 0
  const ulpExponent = Math.max(exponentOf(hi) + exponent, format.minExponent) - (format.precision - 1)
  const scale = (Number.isFinite(y) ? 0 : format.maxExponent) - exponent
  const half = Math.trunc(scale / 2)
  const scaled = (Number.isFinite(y) ? y : Math.sign(y) * 2) * 2 ** half * 2 ** (scale - half)
  if (!Number.isFinite(y) && Math.abs(hi) >= Math.abs(scaled)) return y > 0 === hi > 0 ? 0 : Infinity
  const ulpScale = exponent - ulpExponent
  const ulpHalf = Math.trunc(ulpScale / 2)
  return Math.abs(scaled - hi - lo) * 2 ** ulpHalf * 2 ** (ulpScale - ulpHalf)
}
