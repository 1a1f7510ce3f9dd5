import { expect, it } from 'vitest'
import { erf } from '../../src/engine/baseline/erf.js'
import { erf as exactErf } from '../support/double-double.js'
import { F64, ulps } from '../support/ulps.js'

it('erf of the baseline is within 2 ulp, and odd', () => {
  let worst = 0
  for (let i = 0; i <= 70_000; ++i) {
    const x = i * 1.0000123e-4
    const { hi, lo, exponent } = exactErf(x)
    worst = Math.max(worst, ulps(erf(x), hi, lo, exponent, F64))
    expect(erf(-x)).toBe(-erf(x))
  }
  expect(worst).toBeLessThan(2)
})

it.each([
  [0, 0],
  [-0, -0],
  [1e-310, 1.1283791670955126e-310],
  [Infinity, 1],
  [-Infinity, -1],
  [NaN, NaN],
])('erf(%d) = %d', (x, expected) => {
  expect(erf(x)).toBe(expected)
})
