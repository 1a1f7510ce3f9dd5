/**
 * Activations and losses where they are hard: at zero and corners, and far out, where eᶻ and z³ overflow. The kernels in both
 * precisions and the baseline, against the formulas of test/support/activations.ts.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { activationNames, type ActivationName } from '../../src/definition/activations.js'
import { activations as baseline } from '../../src/engine/baseline/activation.js'
import { outputDelta as baselineDelta } from '../../src/engine/baseline/loss.js'
import { fusedActivation, lossNames, type LossName } from '../../src/definition/losses.js'
import { activations } from '../support/activations.js'
import { expectClose } from '../support/expect-close.js'
import { losses as lossFormulas } from '../support/losses.js'
import { KernelMemory, type Precision } from '../support/kernel-memory.js'
import { fromSamplePanels, toSamplePanels } from '../support/panels.js'

/** Value and slope far to the left, and far to the right. */
type Ends = readonly [number, number, number, number]

/** Arrays of samples × units. */
type Rows = number[][]

/** What computes activations (F2), (41), and losses and errors (33), (60), of some samples. */
interface Subject {
  readonly name: string
  readonly precision: Precision
  readonly activate: (type: ActivationName, z: Rows, shape: number) => { a: Rows; sigmaPrime: Rows }
  /** `activation` is what made a; of a fused loss `held` is z, of another σ′(z). */
  readonly outputDelta: (
    loss: LossName,
    activation: ActivationName,
    held: Rows,
    a: Rows,
    y: Rows,
  ) => { losses: number[]; delta: Rows }
}

function kernels(precision: Precision): Subject {
  const memory = new KernelMemory(precision)
  const { lanes } = memory
  /** f of every panel of samples. */
  const byPanel = <Result>(samples: number, f: (first: number, count: number) => Result): Result[] => {
    return Array.from({ length: Math.ceil(samples / lanes) }, (_, p) => {
      memory.clear()
      const result = f(p * lanes, Math.min(lanes, samples - p * lanes))
      memory.expectGuards()
      return result
    })
  }
  return {
    name: `kernels, ${precision}`,
    precision,
    activate(type, z, shape) {
      const n = z[0].length
      const panels = byPanel(z.length, (first, count) => {
        const zs = memory.input(toSamplePanels(z.slice(first, first + count), lanes))
        const [a, sigmaPrime] = [memory.output(n * lanes), memory.output(n * lanes)]
        const code = activationNames.indexOf(type)
        memory.kernel('activate')(code, a.pointer, sigmaPrime.pointer, zs.pointer, n, shape)
        return [a, sigmaPrime].map(({ values }) => fromSamplePanels(values, count, n, lanes))
      })
      return { a: panels.flatMap(([a]) => a), sigmaPrime: panels.flatMap(([, prime]) => prime) }
    },
    outputDelta(loss, activation, held, a, y) {
      const n = y[0].length
      const panels = byPanel(y.length, (first, count) => {
        const place = (rows: Rows) => memory.input(toSamplePanels(rows.slice(first, first + count), lanes))
        const [delta, outputs, targets, losses] = [place(held), place(a), place(y), memory.output(lanes)]
        const pointers = [losses, delta, outputs, targets].map(({ pointer }) => pointer)
        const code = lossNames.indexOf(loss)
        memory.kernel('outputDelta')(code, activation === 'softmax', ...pointers, count, n)
        return {
          losses: [...losses.values.subarray(0, count)],
          delta: fromSamplePanels(delta.values, count, n, lanes),
        }
      })
      return { losses: panels.flatMap(({ losses }) => losses), delta: panels.flatMap(({ delta }) => delta) }
    },
  }
}

const subjects: readonly Subject[] = [
  kernels('f32'),
  kernels('f64'),
  {
    name: 'baseline',
    precision: 'f64',
    activate(type, z, shape) {
      const samples = z.map((row) => {
        const [a, sigmaPrime] = [new Float64Array(row.length), new Float64Array(row.length)]
        baseline[type](a, sigmaPrime, Float64Array.from(row), shape)
        return { a: [...a], sigmaPrime: [...sigmaPrime] }
      })
      return { a: samples.map(({ a }) => a), sigmaPrime: samples.map(({ sigmaPrime }) => sigmaPrime) }
    },
    outputDelta(loss, activation, held, a, y) {
      const losses: number[] = []
      const deltas = y.map((target, s) => {
        const [h, o, t] = [held[s], a[s], target].map((row) => Float64Array.from(row))
        const delta = new Float64Array(target.length)
        losses.push(baselineDelta(loss, activation === 'softmax', delta, h, o, t, h, Infinity))
        return [...delta]
      })
      return { losses, delta: deltas }
    },
  },
]

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
/** Where 1 − σ(z), 1 − tanh z and 1 − Φ(z) are 0 beside 1 in f64. */
const [farSigmoid, farNormal] = [40, 9]
const capped = (z: number, far: number): number => Math.min(Math.abs(z), far)
const cubic = (z: number): number => 1.6 * (capped(z, 30) + 0.045 * capped(z, 30) ** 3)

/**
 * The size of the terms of a value or a derivative where they cancel, such as 1 − u near u = 1: errors are some ε of that. Of
 * what is not listed, they are some ε of the result itself.
 */
const terms: Readonly<
  Partial<
    Record<
      ActivationName,
      { value?: (z: number) => number; derivative?: (z: number, shape: number) => number }
    >
  >
> = {
  sigmoid: { derivative: sigmoid },
  tanh: { derivative: () => 1 },
  elu: { derivative: (_, alpha) => alpha },
  selu: { derivative: () => 1.76 },
  // z·½(1 + erf), and that half beside z·φ(z)
  gelu: {
    value: (z) => (z < -farNormal ? 0 : Math.abs(z)),
    derivative: (z) => (z < -farNormal ? 0 : 1),
  },
  // the error of eᵛ is v·ε
  geluTanh: {
    value: (z) => Math.abs(z) * sigmoid(Math.sign(z) * cubic(z)) * (z < 0 ? cubic(z) : 1),
    derivative: (z) =>
      sigmoid(Math.sign(z) * cubic(z)) * cubic(capped(z, farNormal)) * (z < 0 ? cubic(z) : 3),
  },
  silu: { derivative: (z) => sigmoid(z) * capped(z, farSigmoid) },
  mish: { derivative: (z) => sigmoid(z) * capped(z, farSigmoid) },
  hardSigmoid: { value: () => 1 },
}

/** Elementwise activations with the parameters that they take. */
const elementwise = [
  ...activationNames.flatMap((type) =>
    type === 'softmax' ? [] : [{ type, shape: type === 'elu' ? 1 : 0.01 } as const],
  ),
  { type: 'leakyRelu', shape: 0.3 },
  { type: 'leakyRelu', shape: 0 },
  { type: 'elu', shape: 0.3 },
] as const

describe.each(subjects)('$name', ({ precision, activate, outputDelta }) => {
  const isSingle = precision === 'f32'
  const round = isSingle ? Math.fround : Number
  const epsilon = isSingle ? 2 ** -23 : 2 ** -52
  const smallest = isSingle ? 2 ** -149 : 2 ** -1074
  const largest = isSingle ? (2 - 2 ** -23) * 2 ** 127 : Number.MAX_VALUE
  // (3e19)² is infinite in f32, where its inverse is still a number
  const sizes = [1e-30, 1e-8, 0.5, 1, 1.278, 3, 5, 8, 20, 30, 31, 80, 100, 700, 1e4, 1e18, 3e19, largest]
  const points = [0, -0, ...sizes.flatMap((z) => [round(z), round(-z)])]

  describe.each([1, 2, 5])('n = %d', (n) => {
    /** All points, n to a sample, the last sample filled up with the first points. */
    const z = Array.from({ length: Math.ceil(points.length / n) }, (_, s) =>
      Array.from({ length: n }, (_, j) => points[(s * n + j) % points.length]),
    )

    it.each(elementwise)('(F2), (40), (41) $type, parameter $shape', ({ type, shape }) => {
      const { a, sigmaPrime } = activate(type, z, shape)
      const { value, derivative } = activations[type]
      const { value: valueTerms, derivative: primeTerms } = terms[type] ?? {}
      // 8ε of the result or of its terms; below the normal numbers 4 steps of the factor of z
      const bound = (expected: number, zj: number, size = 0): number =>
        Number.isFinite(expected)
          ? 8 * epsilon * Math.max(Math.abs(expected), size) + 4 * smallest * (1 + capped(zj, 1e3))
          : 0
      for (const [s, zs] of z.entries()) {
        const where = `z = ${zs.join(', ')}`
        const values = zs.map((zj) => round(value(zj, shape)))
        // the derivative of geluTanh as the reference has it is ∞·0 where z² overflows
        const primes = zs.map((zj) =>
          round(derivative(type === 'geluTanh' ? Math.max(-1e100, Math.min(1e100, zj)) : zj, shape)),
        )
        expect([...values, ...primes], where).not.toContain(NaN)
        expectClose(
          a[s],
          values,
          values.map((e, j) => bound(e, zs[j], valueTerms?.(zs[j]))),
          `a, ${where}`,
        )
        expectClose(
          sigmaPrime[s],
          primes,
          primes.map((e, j) => bound(e, zs[j], primeTerms?.(zs[j], shape))),
          `sigmaPrime, ${where}`,
        )
      }
    })
  })

  const at = (type: ActivationName, z: number, shape = 0): { a: number; sigmaPrime: number } => {
    const { a, sigmaPrime } = activate(type, [[z]], shape)
    return { a: a[0][0], sigmaPrime: sigmaPrime[0][0] }
  }

  // σ and σ′ at −z and at z for the largest z: what they tend to
  const ends: Readonly<Record<Exclude<ActivationName, 'softmax'>, Ends>> = {
    linear: [-largest, 1, largest, 1],
    sigmoid: [0, 0, 1, 0],
    tanh: [-1, 0, 1, 0],
    relu: [0, 0, largest, 1],
    leakyRelu: [-largest / 4, 0.25, largest, 1],
    elu: [-0.25, 0, largest, 1],
    // λ·z is beyond the largest number.
    selu: [round(-1.7580993408473766), 0, Infinity, round(1.0507009873554805)],
    softplus: [0, 0, largest, 1],
    softsign: [-1, 0, 1, 0],
    gelu: [0, 0, largest, 1],
    geluTanh: [0, 0, largest, 1],
    silu: [0, 0, largest, 1],
    mish: [0, 0, largest, 1],
    hardSigmoid: [0, 0, 1, 0],
  }
  it.each(Object.entries(ends) as [keyof typeof ends, Ends][])(
    '%s ends at %j: value and slope on the left, on the right',
    (type, [left, leftSlope, right, rightSlope]) => {
      const [below, above] = [at(type, -largest, 0.25), at(type, largest, 0.25)]
      expectClose([below.a, below.sigmaPrime], [left, leftSlope], 0)
      expectClose([above.a, above.sigmaPrime], [right, rightSlope], 0)
    },
  )

  it('corners: relu′(0) = 0, leakyRelu′(0) = slope, elu′(0) = alpha, hardSigmoid′(±3) = 0', () => {
    for (const zero of [0, -0]) {
      expectClose(at('relu', zero).sigmaPrime, 0, 0)
      expectClose(at('leakyRelu', zero, 0.25).sigmaPrime, 0.25, 0)
      expectClose(at('elu', zero, 0.25).sigmaPrime, 0.25, 0)
    }
    for (const three of [-3, 3]) {
      expectClose(at('hardSigmoid', three).sigmaPrime, 0, 0)
      expectClose(at('hardSigmoid', three * (1 - epsilon)).sigmaPrime, round(1 / 6), 0)
    }
  })

  describe('softmax', () => {
    const softmax = (z: Rows): Rows => activate('softmax', z, 0).a
    /** 11 samples, a whole panel and more, of eighths. */
    const eighths = (units: number): Rows =>
      Array.from({ length: 11 }, (_, s) =>
        Array.from({ length: units }, (_, j) => (((s * 37 + j * 23) % 101) - 50) / 8),
      )

    it.each([1, 2, 5, 33])('of %d units is e^z[j] / Σᵢ e^z[i]; it sums to 1', (units) => {
      const z = eighths(units)
      for (const [s, row] of softmax(z).entries()) {
        const total = z[s].reduce((sum, zj) => sum + Math.exp(zj), 0)
        const bounds = z[s].map((zj) => (units + 8) * epsilon * (Math.exp(zj) / total))
        expectClose(
          row,
          z[s].map((zj) => Math.exp(zj) / total),
          bounds,
        )
        expectClose(
          row.reduce((sum, aj) => sum + aj, 0),
          1,
          (units + 2) * epsilon,
        )
      }
    })

    it('softmax(z + c) = softmax(z), to the bit where z + c is exact', () => {
      const z = eighths(5)
      for (const c of [1, -64, 4096, -65536]) {
        expect(softmax(z.map((row) => row.map((zj) => zj + c)))).toEqual(softmax(z))
      }
    })

    it('far apart, what is largest takes all', () => {
      const far = round(1e30)
      expect(
        softmax([
          [far, 0, -far],
          [-far, far, far],
          [0, -far, -1],
          [-far, -far, -far],
          [largest, -largest, 0],
        ]).map((row) => row.map((aj) => Math.round(aj * 1e4) / 1e4)),
      ).toEqual([
        [1, 0, 0],
        [0, 0.5, 0.5],
        [0.7311, 0, 0.2689],
        [0.3333, 0.3333, 0.3333],
        [1, 0, 0],
      ])
    })

    it('of one unit is 1', () => {
      expect(softmax(points.map((z) => [z]))).toEqual(points.map(() => [1]))
    })
  })

  describe('(33), (60) losses', () => {
    const { softplus } = activations

    it.each(lossNames)('%s is Σ C(o, y), its error ∂C/∂o behind the output activation', (loss) => {
      const activation = fusedActivation(loss) ?? 'linear'
      const z = [
        [-3, 0.25, 1.5],
        [0.5, 0.5, -2],
        [4, -1, 0.125],
      ]
      const y = [
        [1, 0, 0],
        [0, 0, 1],
        [0.25, 0.5, 0.25],
      ]
      const { a, sigmaPrime } = activate(activation, z, 0)
      const { losses, delta } = outputDelta(loss, activation, activation === 'linear' ? sigmaPrime : z, a, y)
      const { value, derivative } = lossFormulas[loss]
      const bound = { relative: 100 * epsilon }
      for (const [s, o] of a.entries()) {
        const dC_da = o.map((oj, j) => derivative(oj, y[s][j]))
        /** ∂o[i]/∂z[j] */
        const slope = (i: number, j: number): number => {
          if (activation === 'softmax') return (i === j ? o[i] : 0) - o[i] * o[j]
          return i === j ? (activation === 'sigmoid' ? o[j] * (1 - o[j]) : 1) : 0
        }
        const total = o.reduce((sum, oj, j) => sum + value(oj, y[s][j]), 0)
        const errors = o.map((_, j) => dC_da.reduce((sum, d, i) => sum + d * slope(i, j), 0))
        expectClose(losses[s], total, bound)
        expectClose(delta[s], errors, bound)
      }
    })
    const far = [0, 1e-8, 0.5, 1, 5, 20, 100, 700, 1e4, 1e18, 1e30].flatMap((z) => [round(z), round(-z)])
    const fused = (loss: LossName, z: Rows, y: Rows): { losses: number[]; delta: Rows } => {
      const activation = fusedActivation(loss) ?? 'linear'
      return outputDelta(loss, activation, z, activate(activation, z, 0).a, y)
    }

    it.each([0, 0.25, 1])(
      'binaryCrossEntropy of far z: y·log(1 + e^−z) + (1 − y)·log(1 + e^z), target %d',
      (y) => {
        const { losses, delta } = fused(
          'binaryCrossEntropy',
          far.map((z) => [z]),
          far.map(() => [y]),
        )
        const expected = far.map((z) => y * softplus.value(-z, 0) + (1 - y) * softplus.value(z, 0))
        // z·y and max(z, 0) cancel, to the last digit where y is 0 or 1
        const bounds = far.map(
          (z, i) => 8 * epsilon * Math.max(expected[i], y === 0.25 ? Math.abs(z) : 0) + 4 * smallest,
        )
        expectClose(losses, expected, bounds)
        expectClose(
          delta.flat(),
          far.map((z) => sigmoid(z) - y),
          4 * epsilon,
        )
      },
    )

    it('binaryCrossEntropy sums over outputs', () => {
      const z = [[20, -20, 0.5, -0.5, 1e30].map(round)]
      const y = [[0, 1, 1, 0, 1]]
      const expected = 2 * softplus.value(20, 0) + 2 * softplus.value(-0.5, 0)
      expectClose(fused('binaryCrossEntropy', z, y).losses, [expected], 40 * epsilon * expected)
    })

    it('categoricalCrossEntropy of far z: log Σᵢ e^z[i] − z[j] of the target j', () => {
      const top = round(1e30)
      const samples = [
        { z: [top, 0, -top], loss: [0, top, 2 * top], o: [1, 0, 0] },
        { z: [-top, -top, -top], loss: [Math.log(3), Math.log(3), Math.log(3)], o: [1 / 3, 1 / 3, 1 / 3] },
        { z: [100, 0, 100], loss: [Math.LN2, 100 + Math.LN2, Math.LN2], o: [0.5, 0, 0.5] },
        { z: [-700, 0, -1e4], loss: [700, 0, 1e4], o: [0, 1, 0] },
      ]
      for (const target of [0, 1, 2]) {
        const y = [0, 1, 2].map((j) => (j === target ? 1 : 0))
        const { losses, delta } = fused(
          'categoricalCrossEntropy',
          samples.map(({ z }) => z),
          samples.map(() => y),
        )
        // log 3 beside z = 1e30 is lost, and 0 a right answer there
        const sizes = samples.map(({ z }) => Math.max(...z.map(Math.abs)))
        expectClose(
          losses,
          samples.map(({ loss }) => loss[target]),
          sizes.map((size) => 4 * epsilon * size),
        )
        expectClose(
          delta.flat(),
          samples.flatMap(({ o }) => o.map((oj, j) => oj - y[j])),
          8 * epsilon,
        )
      }
    })

    it('huber is ½d² up to |d| = 1, |d| − ½ beyond: at 1 both are ½, with slope ±1', () => {
      const d = [
        1,
        -1,
        1 - 2 * epsilon,
        2 * epsilon - 1,
        1 + epsilon,
        -1 - epsilon,
        0,
        0.5,
        -0.5,
        3,
        -3,
        1e18,
        -1e18,
      ]
      const o = d.map((di) => [round(di)])
      const { losses, delta } = outputDelta(
        'huber',
        'linear',
        o.map(() => [1]),
        o,
        o.map(() => [0]),
      )
      const expected = o.map(([di]) => (Math.abs(di) < 1 ? di ** 2 / 2 : Math.abs(di) - 0.5))
      expectClose(
        losses,
        expected,
        expected.map((loss) => epsilon * loss),
      )
      expect(losses.slice(0, 2)).toEqual([0.5, 0.5])
      expectClose(
        delta.flat(),
        o.map(([di]) => Math.max(-1, Math.min(1, di))),
        0,
      )
    })

    it('meanAbsolute is |d|; its derivative is 0 at 0', () => {
      const o = [0, -0, 1e-30, -1e-30, 0.5, -0.5, 1e18, -1e18].map((d) => [round(d)])
      const { losses, delta } = outputDelta(
        'meanAbsolute',
        'linear',
        o.map(() => [2]),
        o,
        o.map(() => [0]),
      )
      expect(losses).toEqual(o.map(([d]) => Math.abs(d)))
      expectClose(delta.flat(), [0, 0, 2, -2, 2, -2, 2, -2], 0)
    })

    it.each(lossNames.filter((name) => fusedActivation(name) === null))(
      '%s of an output that is NaN is NaN',
      (loss) => {
        expect(outputDelta(loss, 'linear', [[1]], [[NaN]], [[0]])).toEqual({ losses: [NaN], delta: [[NaN]] })
      },
    )
  })
})

describe.each(['f32', 'f64'] as const)('the memory of activate, %s', (precision) => {
  const memory = new KernelMemory(precision)
  const { lanes } = memory
  const activate = memory.kernel('activate')
  beforeEach(() => memory.clear())

  it.each(activationNames)('%s: a or sigmaPrime may be z; sigmaPrime = 0 writes no derivative', (type) => {
    const code = activationNames.indexOf(type)
    for (const n of [1, 2, 5]) {
      memory.clear()
      const values = Array.from({ length: n * lanes }, (_, i) => ((i * 37) % 29) / 2 - 7)
      const [z, zOfA, zOfPrime] = [memory.input(values), memory.input(values), memory.input(values)]
      const [a, a1, a2, a3, prime, prime1] = Array.from({ length: 6 }, () => memory.output(values.length))
      activate(code, a.pointer, prime.pointer, z.pointer, n, 0.3)
      activate(code, zOfA.pointer, prime1.pointer, zOfA.pointer, n, 0.3)
      activate(code, a2.pointer, zOfPrime.pointer, zOfPrime.pointer, n, 0.3)
      const low = new Uint8Array(z.values.buffer, 0, 1024)
      const before = low.slice()
      activate(code, a3.pointer, 0, z.pointer, n, 0.3)
      expect(low).toEqual(before)
      activate(code, a1.pointer, prime1.pointer, z.pointer, n, 0.3)
      expect(z.values).toEqual(z.values.map((_, i) => values[i]))
      for (const each of [zOfA, a1, a2, a3]) expect(each.values).toEqual(a.values)
      expect(prime1.values).toEqual(prime.values)
      if (type === 'softmax') expect(prime.values).toEqual(prime.values.map(() => NaN))
      else expect(zOfPrime.values).toEqual(prime.values)
      memory.expectGuards()
    }
  })
})
