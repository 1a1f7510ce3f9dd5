/**
 * The f32 functions at every f32, all 2³² patterns of bits, infinities and NaN among them.
 *
 * They are measured against the f64 functions of the same module. f64.test.ts finds those within 2.5 ulp of f64, which
 * is 5·10⁻⁹ ulp of f32, and finds it with double-double arithmetic, which has nothing in common with the module and
 * which test/kernels/math.test.ts checks against Sollya.
 */
import { expect, it } from 'vitest'
import { elementary, Worst } from '../support/elementary.js'
import { KernelMemory } from '../support/kernel-memory.js'
import { F32, ulps } from '../support/ulps.js'

const block = 2 ** 14
const points = 2 ** 32

const memory = new KernelMemory('f32')
const x = memory.input(new Float32Array(block))
const bits = new Uint32Array(x.values.buffer, x.pointer, block)
const y = memory.output(block)
const memory64 = new KernelMemory('f64')
const x64 = memory64.input(new Float64Array(block))
const exact = memory64.output(block)

it.each(Object.entries(elementary))('%s f32', (name, f) => {
  const kernel = memory.kernel(name)
  const kernel64 = memory64.kernel(name)
  const worst = new Worst()
  for (let first = 0; first < points; first += block) {
    for (let i = 0; i < block; ++i) bits[i] = first + i
    x64.values.set(x.values)
    kernel(y.pointer, x.pointer, block)
    kernel64(exact.pointer, x64.pointer, block)
    // An ulp is more than 2⁻²⁴·|v|: only where this is exceeded can the error be a new worst one. A NaN exceeds it.
    let small = worst.ulps * 2 ** -24
    for (let i = 0; i < block; ++i) {
      const v = exact.values[i]
      if (y.values[i] === v || Math.abs(y.values[i] - v) <= small * Math.abs(v)) continue
      worst.add(ulps(y.values[i], v, 0, 0, F32), x.values[i])
      small = worst.ulps * 2 ** -24
    }
  }
  console.log(worst.row(name, 'f32', points))
  expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(f.bounds.f32)
})
