import { expect } from 'vitest'

/**
 * How far a number may be off:
 *
 *     number or array    by this much, each or one by one: c·n·ε·Σ|terms|
 *     { relative: r }    by r·max(|expectedᵢ|, √(mean of expected²)): relative to itself, or to the size of the vector, where
 *                        an element is small because its terms, which are of that size, cancel; with a `scale`, the size
 *                        of the terms where it is known, at least by r·scale
 */
export type Bound = number | ArrayLike<number> | { readonly relative: number; readonly scale?: number }

/**
 * Expects two vectors, or two numbers, to agree within a bound; a NaN or an infinity only with itself.
 *
 *     sizes   what is printed beside a failure to find it again, such as '784 → 128, 32 samples'
 */
export function expectClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  bound: Bound,
  sizes = '',
): void {
  const type = typeof actual === 'number' ? 'number' : `${actual.constructor.name}(${actual.length})`
  const got = typeof actual === 'number' ? [actual] : actual
  const wanted = typeof expected === 'number' ? [expected] : expected
  if (got.length !== wanted.length)
    expect.fail(`length ${got.length}, expected ${wanted.length}; ${type} ${sizes}`)
  const size = Math.sqrt(
    Array.from(wanted, (e) => e * e).reduce((sum, square) => sum + square, 0) / wanted.length,
  )
  for (let i = 0; i < wanted.length; ++i) {
    const [a, e] = [got[i], wanted[i]]
    const most = boundOf(bound, i, Math.max(Math.abs(e), size))
    if (Object.is(a, e) || Math.abs(a - e) <= most) continue
    expect.fail(`[${i}] is ${a}, expected ${e} ± ${most} (off by ${Math.abs(a - e)}); ${type} ${sizes}`)
  }
}

function boundOf(bound: Bound, i: number, size: number): number {
  if (typeof bound === 'number') return bound
  return 'relative' in bound ? bound.relative * Math.max(size, bound.scale ?? 0) : bound[i]
}
