/** The elementary functions of assembly/math on a sample; test/exhaustive takes every f32, and more of f64. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Random } from '../../src/base/random.js'
import { elementary, randomPoint, Worst } from '../support/elementary.js'
import { KernelMemory, type Floats, type Precision } from '../support/kernel-memory.js'
import { F32, F64, scale, ulps } from '../support/ulps.js'

const functions = Object.entries(elementary)
const points = 200_000

describe('the reference', () => {
  // A row m, e, H, L, E says f(m·2ᵉ) = (H + L·2⁻⁵³)·2ᴱ; test/fixtures/elementary.sollya writes them.
  const file = readFileSync('test/fixtures/elementary.json', 'utf8')
  const fixture = JSON.parse(file) as Record<string, [number, number, number, number, number][]>

  it.each(functions)('%s is within 2⁻⁹⁶ of what Sollya computes', (name, { reference }) => {
    for (const [m, e, H, L, E] of fixture[name]) {
      const { hi, lo, exponent } = reference(scale(m, e))
      const difference = hi - scale(H, E - exponent) + (lo - scale(L, E - exponent - 53))
      expect(Math.abs(difference), `at ${m}·2^${e}`).toBeLessThanOrEqual(Math.abs(hi) * 2 ** -96)
    }
  })
})

describe.each(['f32', 'f64'] as Precision[])('%s', (precision) => {
  const format = precision === 'f32' ? F32 : F64
  const smallest = 2 ** (format.minExponent - format.precision + 1)
  const largest = 2 ** format.maxExponent * (2 - 2 ** (1 - format.precision))
  const memory = new KernelMemory(precision)

  function apply(name: string, xs: ArrayLike<number>): Floats {
    memory.clear()
    const x = memory.input(xs)
    const y = memory.output(xs.length)
    memory.kernel(name)(y.pointer, x.pointer, xs.length)
    memory.expectGuards()
    return y.values
  }

  it.each(functions)('%s: y[i] = f(x[i]), i < n, for every tail', (name) => {
    const xs = Array.from({ length: 2 * memory.lanes + 3 }, (_, i) => 0.37 + 0.11 * i)
    const ys = xs.map((x) => apply(name, [x])[0])
    for (let n = 0; n <= xs.length; ++n) expect([...apply(name, xs.slice(0, n))]).toEqual(ys.slice(0, n))
  })

  it.each(functions)(`%s: within its bound of ${points} random x`, (name, f) => {
    const random = new Random(1, name)
    const xs = Float64Array.from({ length: points }, (_, i) => randomPoint(f, precision, i, random))
    const ys = apply(name, xs)
    const worst = new Worst()
    for (const [i, x] of xs.entries()) {
      const { hi, lo, exponent } = f.reference(x)
      worst.add(ulps(ys[i], hi, lo, exponent, format), x)
    }
    console.log(worst.row(name, precision, points))
    expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(f.bounds[precision])
  })

  it.each([
    ['exp', 0, 1],
    ['exp', -0, 1],
    ['exp', smallest, 1],
    ['exp', largest, Infinity],
    ['exp', Infinity, Infinity],
    ['exp', -largest, 0],
    ['exp', -Infinity, 0],
    ['expm1', 0, 0],
    ['expm1', -0, -0],
    ['expm1', largest, Infinity],
    ['expm1', Infinity, Infinity],
    ['expm1', -largest, -1],
    ['expm1', -Infinity, -1],
    ['log', 0, -Infinity],
    ['log', -0, -Infinity],
    ['log', 1, 0],
    ['log', Infinity, Infinity],
    ['log', -smallest, NaN],
    ['log', -largest, NaN],
    ['log', -Infinity, NaN],
    ['log1p', 0, 0],
    ['log1p', -0, -0],
    ['log1p', smallest, smallest],
    ['log1p', Infinity, Infinity],
    ['log1p', -1, -Infinity],
    ['log1p', -1.25, NaN],
    ['log1p', -largest, NaN],
    ['log1p', -Infinity, NaN],
    ['tanh', 0, 0],
    ['tanh', -0, -0],
    ['tanh', smallest, smallest],
    ['tanh', -smallest, -smallest],
    ['tanh', largest, 1],
    ['tanh', Infinity, 1],
    ['tanh', -largest, -1],
    ['tanh', -Infinity, -1],
    ['sigmoid', 0, 0.5],
    ['sigmoid', -0, 0.5],
    ['sigmoid', largest, 1],
    ['sigmoid', Infinity, 1],
    ['sigmoid', -largest, 0],
    ['sigmoid', -Infinity, 0],
    ['erf', 0, 0],
    ['erf', -0, -0],
    ['erf', smallest, smallest],
    ['erf', largest, 1],
    ['erf', Infinity, 1],
    ['erf', -largest, -1],
    ['erf', -Infinity, -1],
    ...functions.map(([name]) => [name, NaN, NaN] as [string, number, number]),
  ])('%s(%d) = %d', (name, x, y) => {
    expect(apply(name, [x])[0]).toBe(y)
  })
})

it('exp f32: the largest finite value, infinity after it, the smallest subnormal number, 0 after it', () => {
  const memory = new KernelMemory('f32')
  const x = memory.input([88.72283, 88.72284, -103.97208, -103.97209])
  const y = memory.output(4)
  memory.kernel('exp')(y.pointer, x.pointer, 4)
  expect([...y.values]).toEqual([Math.fround(3.4027985e38), Infinity, 2 ** -149, 0])
})

it('sigmoid f32: e⁻¹⁰⁰ is 27 times the smallest subnormal number', () => {
  const memory = new KernelMemory('f32')
  const x = memory.input([-100])
  const y = memory.output(1)
  memory.kernel('sigmoid')(y.pointer, x.pointer, 1)
  expect(y.values[0]).toBe(27 * 2 ** -149)
})
