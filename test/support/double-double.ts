/**
 * Elementary functions in double-double arithmetic, ≈ 100 bits: the reference the f64 kernels are measured against.
 * Written for accuracy alone, and by other routes than the kernels: Taylor series, and Newton's method for ln.
 *
 *     value = (hi + lo)·2^exponent,   |lo| ≤ ulp(hi) / 2
 *
 * test/fixtures/elementary.json holds values computed by Sollya; test/kernels/math.test.ts checks these functions against them.
 */
export interface Reference {
  readonly hi: number
  readonly lo: number
  readonly exponent: number
}

type DD = Omit<Reference, 'exponent'>

/** a + b exactly, any order of magnitude. */
function twoSum(a: number, b: number): DD {
  const hi = a + b
  const bPart = hi - a
  return { hi, lo: a - (hi - bPart) + (b - bPart) }
}

/** a·b exactly, unless it underflows (Dekker 1971; the factor 2²⁷ + 1 splits 53 bits into 26 + 26 and a sign). */
function twoProduct(a: number, b: number): DD {
  const hi = a * b
  const ta = 134217729 * a
  const aHi = ta - (ta - a)
  const aLo = a - aHi
  const tb = 134217729 * b
  const bHi = tb - (tb - b)
  const bLo = b - bHi
  return { hi, lo: aLo * bLo - (hi - aHi * bHi - aLo * bHi - aHi * bLo) }
}

function add(a: DD, b: DD): DD {
  const s = twoSum(a.hi, b.hi)
  const t = twoSum(a.lo, b.lo)
  const u = twoSum(s.hi, s.lo + t.hi)
  return twoSum(u.hi, u.lo + t.lo)
}

function multiply(a: DD, b: DD): DD {
  const p = twoProduct(a.hi, b.hi)
  return twoSum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi))
}

function divide(a: DD, b: DD): DD {
  const q0 = a.hi / b.hi
  const rest0 = add(a, multiply(b, dd(-q0)))
  const q1 = rest0.hi / b.hi
  const rest1 = add(rest0, multiply(b, dd(-q1)))
  return add(twoSum(q0, q1), dd(rest1.hi / b.hi))
}

function dd(hi: number, lo = 0): DD {
  return { hi, lo }
}

function negate(a: DD): DD {
  return { hi: -a.hi, lo: -a.lo }
}

function scale(a: DD, exponent: number): DD {
  const factor = 2 ** exponent
  return { hi: a.hi * factor, lo: a.lo * factor }
}

function reference(a: DD, exponent = 0): Reference {
  return { hi: a.hi, lo: a.lo, exponent }
}

const ONE = dd(1)
/** ln 2 = LN2[0] + LN2[1] + LN2[2]; the first has 32 bits, so n·LN2[0] is exact. */
const LN2 = [0.6931471803691238, 1.9082149292705877e-10, 1.1612227229362532e-26] as const
const TWO_OVER_ROOT_PI = dd(1.1283791670955126, 1.533545961316588e-17)

/** 1/n! for n = 1 … 12. */
const INVERSE_FACTORIALS: readonly DD[] = (() => {
  const inverses = [ONE]
  for (let n = 2; n <= 12; ++n) inverses.push(divide(inverses[n - 2], dd(n)))
  return inverses
})()

/** n = nearest(x / ln 2) and eˣ⁻ⁿˡⁿ² − 1, by Taylor's series at r/256, then eight times (1 + m)² − 1 = 2m + m². */
function expm1Reduced(x: number): { m: DD; n: number } {
  const n = Math.round(x / Math.LN2)
  const rest = add(dd(x - n * LN2[0]), negate(add(twoProduct(n, LN2[1]), dd(n * LN2[2]))))
  const r = scale(rest, -8)
  let sum = dd(0)
  for (let i = INVERSE_FACTORIALS.length - 1; i >= 0; --i) sum = add(multiply(sum, r), INVERSE_FACTORIALS[i])
  let m = multiply(sum, r)
  for (let i = 0; i < 8; ++i) m = add(scale(m, 1), multiply(m, m))
  return { m, n }
}

/** eˣ − 1, |x| ≤ 700. */
function expm1Moderate(x: number): DD {
  const { m, n } = expm1Reduced(x)
  if (n === 0) return m
  return add(scale(add(m, ONE), n), dd(-1))
}

/** Beyond ±800 eˣ overflows and underflows as it does there. */
export function exp(x: number): Reference {
  const { m, n } = expm1Reduced(Math.min(Math.max(x, -800), 800))
  return reference(add(m, ONE), n)
}

export function expm1(x: number): Reference {
  if (Math.abs(x) < 2 ** -300) return reference(dd(x))
  if (x > 600) return exp(x)
  return reference(expm1Moderate(Math.max(x, -700)))
}

/** ln u of u near 1, given u and u − 1: one Newton step from y, ln u = y + ln(1 + t), t = u·e⁻ʸ − 1 = (u − 1) + u·(e⁻ʸ − 1). */
function logNear1(u: DD, uMinus1: DD, y: number): DD {
  const t = add(uMinus1, multiply(u, expm1Moderate(-y)))
  return add(dd(y), add(t, scale(negate(multiply(t, t)), -1)))
}

/** ln u, by u = 2ⁿ·m, √½ ≤ m < √2. */
function logOf(u: DD): DD {
  const n = Math.round(Math.log2(u.hi))
  const m = scale(scale(u, -Math.trunc(n / 2)), Math.trunc(n / 2) - n)
  const nLn2 = add(dd(n * LN2[0]), add(twoProduct(n, LN2[1]), dd(n * LN2[2])))
  return add(nLn2, logNear1(m, add(m, dd(-1)), Math.log(m.hi)))
}

export function log(x: number): Reference {
  return reference(logOf(dd(x)))
}

export function log1p(x: number): Reference {
  if (Math.abs(x) < 2 ** -300) return reference(dd(x))
  if (Math.abs(x) < 0.5) return reference(logNear1(twoSum(1, x), dd(x), Math.log1p(x)))
  return reference(logOf(twoSum(1, x)))
}

/** tanh |x| = −m / (2 + m), m = e^(−2|x|) − 1. */
export function tanh(x: number): Reference {
  if (Math.abs(x) < 2 ** -300) return reference(dd(x))
  const m = expm1Moderate(Math.max(-2 * Math.abs(x), -700))
  const y = divide(negate(m), add(dd(2), m))
  return reference(x < 0 ? negate(y) : y)
}

/** 1 / (1 + t) or t / (1 + t), t = e^(−|x|). */
export function sigmoid(x: number): Reference {
  const { m, n } = expm1Reduced(Math.max(-Math.abs(x), -800))
  const t = add(m, ONE)
  const denominator = add(ONE, n < -300 ? dd(0) : scale(t, n))
  return x < 0 ? reference(divide(t, denominator), n) : reference(divide(ONE, denominator))
}

/** (2/√π)·e^(−x²)·Σ 2ⁱ·x²ⁱ⁺¹ / (1·3·5 … (2i + 1)), i = 0, 1, …: all terms have one sign. */
export function erf(x: number): Reference {
  if (Math.abs(x) < 2 ** -300) return reference(multiply(TWO_OVER_ROOT_PI, dd(x * 2 ** 600)), -600)
  if (Math.abs(x) > 8.7) return reference(dd(Math.sign(x)))
  const x2 = twoProduct(x, x)
  let term = dd(x)
  let sum = term
  for (let i = 1; Math.abs(term.hi) > Math.abs(sum.hi) * 2 ** -106; ++i) {
    term = divide(multiply(term, scale(x2, 1)), dd(2 * i + 1))
    sum = add(sum, term)
  }
  const { m, n } = expm1Reduced(-x2.hi)
  const gauss = multiply(scale(add(m, ONE), n), add(ONE, dd(-x2.lo)))
  return reference(multiply(TWO_OVER_ROOT_PI, multiply(gauss, sum)))
}
