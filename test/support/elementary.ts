import type { Random } from '../../src/base/random.js'
import * as reference from './double-double.js'
import type { Precision } from './kernel-memory.js'

/** A function of assembly/math, and what is claimed of it. */
export interface Elementary {
  readonly reference: (x: number) => reference.Reference
  /** The largest error, in ulp. */
  readonly bounds: Readonly<Record<Precision, number>>
  /** Where the function is defined: x > above. */
  readonly above: number
  /** Where errors are made: random numbers come from each of these intervals in turn. */
  readonly intervals: readonly (readonly [from: number, to: number])[]
}

const { exp, expm1, log, log1p, tanh, sigmoid, erf } = reference
const near0 = [-2, 2] as const

export const elementary: Readonly<Record<string, Elementary>> = {
  exp: { reference: exp, bounds: { f32: 1, f64: 1 }, above: -Infinity, intervals: [near0, [-746, 710]] },
  expm1: { reference: expm1, bounds: { f32: 2, f64: 2.5 }, above: -Infinity, intervals: [near0, [-40, 710]] },
  log: {
    reference: log,
    bounds: { f32: 1, f64: 1 },
    above: 0,
    intervals: [
      [0, 1],
      [0.7, 1.5],
      [0, 1000],
    ],
  },
  log1p: {
    reference: log1p,
    bounds: { f32: 1.5, f64: 1.5 },
    above: -1,
    intervals: [
      [-1, 1],
      [-0.3, 0.5],
      [0, 1000],
    ],
  },
  tanh: { reference: tanh, bounds: { f32: 2, f64: 2 }, above: -Infinity, intervals: [near0, [-22, 22]] },
  sigmoid: {
    reference: sigmoid,
    bounds: { f32: 2, f64: 2 },
    above: -Infinity,
    intervals: [near0, [-40, 40], [-746, 0]],
  },
  erf: { reference: erf, bounds: { f32: 1.5, f64: 1.5 }, above: -Infinity, intervals: [near0, [-6.2, 6.2]] },
}

const f32 = new Float32Array(1)
const f64 = new Float64Array(1)
const bits = { f32: new Uint32Array(f32.buffer), f64: new Uint32Array(f64.buffer) }

/** A finite number of this type, all patterns of bits equally likely. */
function randomBits(precision: Precision, random: Random): number {
  const number = precision === 'f32' ? f32 : f64
  do {
    for (let i = 0; i < bits[precision].length; ++i) bits[precision][i] = random.bits()
  } while (!Number.isFinite(number[0]))
  return number[0]
}

/** The i-th random argument: every fifth of any bits, the others from the intervals. */
export function randomPoint(
  { above, intervals }: Elementary,
  precision: Precision,
  i: number,
  random: Random,
): number {
  if (i % 5 === 0) {
    const x = randomBits(precision, random)
    return x > above ? x : Math.abs(x)
  }
  const [from, to] = intervals[i % intervals.length]
  const x = from + (to - from) * random.uniform()
  return precision === 'f32' ? Math.fround(x) : x
}

/** The largest error so far, and where. */
export class Worst {
  ulps = 0
  x = NaN

  add(ulps: number, x: number): void {
    if (ulps <= this.ulps) return
    this.ulps = ulps
    this.x = x
  }

  /** One row of the table: function, type, ulps, x, points. */
  row(name: string, precision: Precision, points: number): string {
    return [
      name.padEnd(8),
      precision,
      this.ulps.toFixed(4).padStart(8),
      `ulp at x = ${this.x}`.padEnd(34),
      `${points} points`.padStart(18),
    ].join('  ')
  }
}
