/** The number type of a network: f32 or f64. */
export type Precision = 'f32' | 'f64'

/** Numbers of either precision. */
export type Floats = Float32Array | Float64Array

/** Bytes of one number. */
export function numberBytes(precision: Precision): 4 | 8 {
  return precision === 'f64' ? 8 : 4
}

/** Zeros in the given precision. */
export function newFloats(length: number, precision: Precision): Floats {
  return precision === 'f64' ? new Float64Array(length) : new Float32Array(length)
}

/**
 * Whether all values from start to end are finite: then v·0 is zero for each, and so is the sum; otherwise the sum
 * is NaN.
 */
export function allFinite(values: Floats, start = 0, end = values.length): boolean {
  let sum0 = 0
  let sum1 = 0
  let sum2 = 0
  let sum3 = 0
  let i = start
  for (; i + 4 <= end; i += 4) {
    sum0 += values[i] * 0
    sum1 += values[i + 1] * 0
    sum2 += values[i + 2] * 0
    sum3 += values[i + 3] * 0
  }
  for (; i < end; ++i) sum0 += values[i] * 0
  return sum0 + sum1 + (sum2 + sum3) === 0
}

/** Adds numbers to those of a part of an array, from `start` on; each sum is rounded once. */
export function addTo(sums: Floats, values: Floats, start = 0, end = values.length): void {
  for (let i = start; i < end; ++i) sums[i] += values[i]
}

/** A spread of at most this multiple of the largest magnitude is rounding: ten ε of f64. */
const ROUNDING = 10 * Number.EPSILON

/** Whether numbers from min to max are equal up to rounding. */
export function isConstant(min: number, max: number): boolean {
  return max - min <= ROUNDING * Math.max(Math.abs(min), Math.abs(max))
}

/** Of all numbers that round to the same f32, one with the shortest decimal: 0.1 for Math.fround(0.1). */
export function shortestF32(value: number): number {
  for (let digits = 6; digits < 9; ++digits) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
