/** The f64 functions at 10⁷ random x, measured against double-double arithmetic; test/kernels/math.test.ts checks that one. */
import { expect, it } from 'vitest'
import { Random } from '../../src/base/random.js'
import { elementary, randomPoint, Worst } from '../support/elementary.js'
import { KernelMemory } from '../support/kernel-memory.js'
import { F64, ulps } from '../support/ulps.js'

const block = 2 ** 14
const points = 611 * block

const memory = new KernelMemory('f64')
const x = memory.input(new Float64Array(block))
const y = memory.output(block)

it.each(Object.entries(elementary))('%s f64', (name, f) => {
  const random = new Random(2, name)
  const kernel = memory.kernel(name)
  const worst = new Worst()
  for (let first = 0; first < points; first += block) {
    for (let i = 0; i < block; ++i) x.values[i] = randomPoint(f, 'f64', first + i, random)
    kernel(y.pointer, x.pointer, block)
    for (let i = 0; i < block; ++i) {
      const { hi, lo, exponent } = f.reference(x.values[i])
      worst.add(ulps(y.values[i], hi, lo, exponent, F64), x.values[i])
    }
  }
  console.log(worst.row(name, 'f64', points))
  expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(f.bounds.f64)
})
