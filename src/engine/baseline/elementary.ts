/**
 * Elementary functions in f64 with the same bits in every runtime and on every processor, made of + − × ÷ only.
 * Those of Math do not have this property: they differ between V8 on x86-64, V8 on arm64, whose compiler fuses
 * multiply-adds, JavaScriptCore, and Chromium (observed).
 *
 *     x = n·ln 2 + r,  n = nearest(x / ln 2),  |r| ≤ ln 2 / 2
 *     eˣ = 2ⁿ·(1 + (r + tail(r)))
 *
 * The polynomials are those of assembly/math, which says how they were found; test/bits/baseline-elementary.test.ts
 * measures the errors.
 */

/** ln 2 in two parts (Cody & Waite 1980), so that n times the first, which has 42 bits, is exact. */
const LN2_HIGH = 0.6931471805598903
const LN2_LOW = 5.497923018708371e-14

/** 2^(i − MIDDLE); exp multiplies two of these for any power it needs. */
const MIDDLE = 540
const powers = /* @__PURE__ */ powersOf2()

function powersOf2(): Float64Array {
  const table = new Float64Array(2 * MIDDLE).fill(1)
  for (let i = MIDDLE + 1; i < table.length; ++i) table[i] = table[i - 1] * 2
  for (let i = MIDDLE - 1; i >= 0; --i) table[i] = table[i + 1] / 2
  return table
}

/** n */
function nearest(x: number): number {
  return Math.floor(x * Math.LOG2E + 0.5)
}

/** eʳ − 1 */
function small(r: number): number {
  const r2 = r * r
  const r4 = r2 * r2
  const c0 = r * 0.16666666666666424 + 0.5000000000000011
  const c2 = r * 0.008333333333487038 + 0.041666666666526936
  const c4 = r * 0.00019841269522593547 + 0.0013888888944362959
  const c6 = r * 2.7557572053764215e-6 + 2.480149241561441e-5
  const c8 = r * 2.5004611754833166e-8 + 2.763047317939756e-7
  return r + r2 * (r4 * (r4 * c8 + (r2 * c6 + c4)) + (r2 * c2 + c0))
}

/**
 * eˣ, to 1 ulp: the power of two is applied in two halves, neither of which overflows, so that subnormal results are
 * rounded once.
 */
export function exp(x: number): number {
  if (x < -746) return 0
  if (x > 710) return Infinity
  if (Number.isNaN(x)) return x
  const n = nearest(x)
  const half = n >> 1
  return (1 + small(x - n * LN2_HIGH - n * LN2_LOW)) * powers[MIDDLE + half] * powers[MIDDLE + n - half]
}

/** eˣ − 1 for x ≤ 0, to 2.5 ulp. */
export function expm1(x: number): number {
  if (x < -38) return -1
  if (x === 0 || Number.isNaN(x)) return x
  const n = nearest(x)
  const power = powers[MIDDLE + n]
  return power * small(x - n * LN2_HIGH - n * LN2_LOW) + (power - 1)
}

/** tanh x = −E/(2 + E), E = e^(−2|x|) − 1, with the sign of x; to 3.5 ulp. */
export function tanh(x: number): number {
  if (x === 0) return x
  const e = expm1(-2 * Math.abs(x))
  return x < 0 ? e / (2 + e) : -e / (2 + e)
}

/**
 * ln(1 + x) for 0 ≤ x ≤ 1, to 1.5 ulp: 1 + x = 2ᵉ·(1 + f), √½ ≤ 1 + f < √2, s = f/(2 + f),
 *
 *     ln(1 + f) = f − (f²/2 − s·(f²/2 + R(s²)))
 */
export function log1p(x: number): number {
  const isLarge = x > 0.41421356237309503
  const f = isLarge ? (x - 1) * 0.5 : x
  const s = f / (2 + f)
  const z = s * s
  const z2 = z * z
  const c0 = z * 0.39999999999409713 + 0.6666666666666735
  const c2 = z * 0.22222198443972385 + 0.2857142874356461
  const c4 = z * 0.15313855444726068 + 0.1818357149579129
  const R = z * (z2 * (z2 * (z2 * 0.14798017536961214 + c4) + c2) + c0)
  const square = f * f * 0.5
  const rest = s * (square + R)
  return isLarge ? LN2_HIGH + (f - (square - (LN2_LOW + rest))) : f - (square - rest)
}
