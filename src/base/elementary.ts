/**
 * Elementary functions with the same bits in every runtime, which Math.cos, Math.exp and Math.log do not guarantee:
 * made of + − × ÷ only. They are meant for a few numbers at a time; the kernels have their own in assembly/math.
 */

/**
 * ln x for 0 < x ≤ 1, to about 1 ulp: x = m·2⁻ᵉ with m in [√½, √2), and ln m = 2·artanh((m − 1)/(m + 1)), whose
 * series ends at s²¹ with |s| ≤ 0.172: a remainder below 2⁻⁵⁶.
 */
export function log(x: number): number {
  let e = 0
  for (; x < Math.SQRT1_2; x *= 2) ++e
  const s = (x - 1) / (x + 1)
  let series = 0
  for (let n = 21; n >= 1; n -= 2) series = series * s * s + 1 / n
  return 2 * s * series - e * Math.LN2
}

/** eˣ for x ≤ 0: the square of e^(x/2) until |x| ≤ ½, then the Taylor polynomial, whose next term is below 2⁻⁶⁰. */
function exp(x: number): number {
  if (x < -0.5) {
    const root = exp(x / 2)
    return root * root
  }
  let sum = 1
  for (let n = 15; n >= 1; --n) sum = 1 + (sum * x) / n
  return sum
}

/**
 * xᵖ for x, p ≥ 0, with x ≤ 1 if p is not an integer. Integer powers use multiplication; others are accurate to
 * 1e-13, relative, for p up to 10 and x from 0.001.
 */
export function power(x: number, p: number): number {
  if (!Number.isInteger(p)) return x === 0 ? 0 : exp(p * log(x))
  let result = 1
  for (let square = x; p > 0; p = Math.floor(p / 2)) {
    if (p % 2 === 1) result *= square
    square *= square
  }
  return result
}

/** cos(π·t) for 0 ≤ t ≤ 1: the Taylor polynomial of a quarter turn, whose next term is below 2⁻⁶⁰. */
export function cosPi(t: number): number {
  if (t > 0.5) return -cosPi(1 - t)
  const angle = Math.PI * t
  let sum = 1
  for (let n = 24; n >= 2; n -= 2) sum = 1 - (sum * angle * angle) / (n * (n - 1))
  return sum
}
