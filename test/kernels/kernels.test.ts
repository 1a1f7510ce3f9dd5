import { beforeEach, describe, expect, it } from 'vitest'
import { dropoutBits } from '../../src/engine/dropout.js'
import { expectClose } from '../support/expect-close.js'
import { KernelMemory, type Place, type Precision } from '../support/kernel-memory.js'
import { fromSamplePanels, panelCount, toFeaturePanels, toSamplePanels } from '../support/panels.js'
import { randomRows } from '../support/random-rows.js'

// Every loop at least twice and every tail: one to two tiles and three, and a few that are large.
const widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 19]
const shapes = widths
  .flatMap((nIn) => widths.map((nOut) => [nIn, nOut] as const))
  .concat([
    [64, 33],
    [130, 5],
  ])
const sampleCounts = [1, 2, 3, 4, 5, 7, 8, 9, 16, 19]

/** A strip of packed columns is a cache line wide. */
const LINE_BYTES = 64

/** Layers of several blocks of weights, as affine reads them; in f64 with rows of which a block holds fewer than four. */
const blockShapes = [...shapes, [4100, 17], [17, 4100]] as const

describe.each(['f32', 'f64'] as Precision[])('kernels, %s', (precision) => {
  const memory = new KernelMemory(precision)
  const { lanes } = memory
  const epsilon = precision === 'f64' ? 2 ** -52 : 2 ** -23
  const rounded = (rows: number[][]): number[][] =>
    precision === 'f64' ? rows : rows.map((row) => row.map(Math.fround))
  const random = (rows: number, columns: number, seed: number): number[][] =>
    rounded(randomRows(rows, columns, seed))

  beforeEach(() => memory.clear())

  it('(37), (38) gather: a[k][s] = x[order[s]][k], and the same as feature panels', () => {
    for (const width of [...widths, 64, 67]) {
      for (let n = 1; n <= lanes; ++n) {
        memory.clear()
        const x = random(20, width, width)
        const rows = Array.from({ length: n }, (_, s) => (s * 7 + 3) % 20)
        const xs = memory.input(x.flat())
        const order = memory.order(rows)
        const a = memory.output(width * lanes)
        const features = memory.output(Math.ceil(width / lanes) * lanes * lanes)
        memory.kernel('gatherSamples')(a.pointer, xs.pointer, order, n, width)
        memory.kernel('gatherFeatures')(features.pointer, lanes * 32, xs.pointer, order, n, width)
        const padded = Array.from({ length: lanes }, (_, s) => x[rows[Math.min(s, n - 1)]])
        expect([...a.values]).toEqual(toSamplePanels(padded, lanes))
        expect([...features.values]).toEqual(toFeaturePanels(padded, lanes))
        memory.expectGuards()
      }
    }
  })

  it('the feature panels of a sample panel are its transpose; scatter is the way back to rows', () => {
    for (const width of [...widths, 64, 67]) {
      memory.clear()
      const rows = random(lanes, width, width)
      const a = memory.input(toSamplePanels(rows, lanes))
      const features = memory.output(Math.ceil(width / lanes) * lanes * lanes)
      const back = memory.output(lanes * width)
      memory.kernel('transposePanel')(features.pointer, lanes * 32, a.pointer, width)
      memory.kernel('scatterSamples')(back.pointer, a.pointer, lanes, width)
      expect([...features.values]).toEqual(toFeaturePanels(rows, lanes))
      expect([...back.values]).toEqual(rows.flat())
      memory.expectGuards()
    }
  })

  it('of several panels each fills its own rows of every feature panel, and no others', () => {
    for (const width of [...widths, 64, 67]) {
      for (let p = 0; p < 3; ++p) {
        memory.clear()
        const rows = random(lanes, width, width)
        const order = memory.order(rows.map((_, s) => s))
        const xs = memory.input(rows.flat())
        const a = memory.input(toSamplePanels(rows, lanes))
        const gathered = memory.output(Math.ceil(width / lanes) * 3 * lanes * lanes)
        const transposed = memory.output(gathered.values.length)
        const [featureBytes, rowOffset] = [3 * lanes * 32, p * lanes * 32]
        memory.kernel('gatherFeatures')(
          gathered.pointer + rowOffset,
          featureBytes,
          xs.pointer,
          order,
          lanes,
          width,
        )
        memory.kernel('transposePanel')(transposed.pointer + rowOffset, featureBytes, a.pointer, width)
        const one = toFeaturePanels(rows, lanes)
        const expected = Array.from(gathered.values, (_, i) => {
          const [f, q, offset] = [
            Math.floor(i / (3 * lanes * lanes)),
            Math.floor(i / lanes ** 2) % 3,
            i % lanes ** 2,
          ]
          return q === p ? one[f * lanes ** 2 + offset] : NaN
        })
        expect([...gathered.values]).toEqual(expected)
        expect([...transposed.values]).toEqual(expected)
        memory.expectGuards()
      }
    }
  })

  // The last of two panels holds one sample, as many as one of its halves, one more than that, or is full.
  it.each(blockShapes)('(F1) z = w·a + b, %i → %i', (nIn, nOut) => {
    const counts =
      nIn * nOut < 1000 ? [lanes + 1, lanes + lanes / 2, lanes + lanes / 2 + 1, 2 * lanes] : [lanes + 1]
    for (const samples of counts) {
      memory.clear()
      const [a, w, [b]] = [random(samples, nIn, 1), random(nOut, nIn, 2), random(1, nOut, 3)]
      const z = memory.output(nOut * lanes * 2)
      const inputs = memory.input(toSamplePanels(a, lanes))
      const weights = memory.input(w.flat())
      const biases = memory.input(b)
      memory.kernel('affine')(z.pointer, inputs.pointer, weights.pointer, biases.pointer, nIn, nOut, samples)
      const expected = a.map((as) => w.map((wj, j) => wj.reduce((sum, wjk, k) => sum + wjk * as[k], b[j])))
      const terms = a.map((as) =>
        w.map((wj, j) => wj.reduce((sum, wjk, k) => sum + Math.abs(wjk * as[k]), Math.abs(b[j]))),
      )
      const bounds = terms.flat().map((sum) => (nIn + 1) * epsilon * sum)
      const found = fromSamplePanels(z.values, samples, nOut, lanes)
      expectClose(found.flat(), expected.flat(), bounds, `${nIn} → ${nOut}, ${samples} samples`)
      memory.expectGuards()
    }
  })

  it.each(shapes)(
    '(F1) of a panel that is half full: the bits of a whole one, and again, %i → %i',
    (nIn, nOut) => {
      const [a, w, [b]] = [random(lanes, nIn, 1), random(nOut, nIn, 2), random(1, nOut, 3)]
      const [whole, half] = [memory.output(nOut * lanes), memory.output(nOut * lanes)]
      const inputs = memory.input(toSamplePanels(a, lanes))
      const [weights, biases] = [memory.input(w.flat()).pointer, memory.input(b).pointer]
      memory.kernel('affine')(whole.pointer, inputs.pointer, weights, biases, nIn, nOut, lanes)
      memory.kernel('affine')(half.pointer, inputs.pointer, weights, biases, nIn, nOut, lanes / 2)
      const expected = fromSamplePanels(whole.values, lanes / 2, nOut, lanes)
      const rows = fromSamplePanels(half.values, lanes, nOut, lanes)
      expect(rows).toEqual([...expected, ...expected])
      memory.expectGuards()
    },
  )

  it.each([...shapes, [37, 41], [9, 38], [6, 31]] as const)(
    '(F1) of one sample has the bits of a panel, from packed weights too, %i → %i',
    (nIn, nOut) => {
      const [a, w, [b]] = [random(1, nIn, 1), random(nOut, nIn, 2), random(1, nOut, 3)]
      const z = memory.output(nOut)
      const panel = memory.output(nOut * lanes)
      const inputs = memory.input(a[0])
      const inputPanel = memory.input(toSamplePanels(a, lanes))
      const [weights, biases] = [memory.input(w.flat()).pointer, memory.input(b).pointer]
      memory.kernel('affineOne')(z.pointer, inputs.pointer, weights, biases, nIn, nOut)
      memory.kernel('affine')(panel.pointer, inputPanel.pointer, weights, biases, nIn, nOut, 1)
      expect([...z.values]).toEqual(fromSamplePanels(panel.values, 1, nOut, lanes)[0])
      // Vectors are written whole.
      const same = memory.output(nOut, lanes / 2 - 1)
      const strips = Array.from({ length: Math.ceil(nOut / 4) }, (_, i) => w.slice(4 * i, 4 * i + 4))
      const columns = strips.map((strip) => a[0].map((_, k) => strip.map((row) => row[k])))
      const packed = memory.input(columns.flat(2))
      memory.kernel('affineOnePacked')(same.pointer, inputs.pointer, packed.pointer, biases, nIn, nOut)
      expect([...same.values]).toEqual([...z.values])
      memory.expectGuards()
    },
  )

  it.each(shapes)('(45), (52), (59) δ = σ′(z) ⊙ wᵀ·δ′, %i → %i', (nIn, nOut) => {
    const [samples, panels] = [2 * lanes + 1, 3]
    const [next, w, prime] = [random(samples, nOut, 1), random(nOut, nIn, 2), random(samples, nIn, 3)]
    const deltaNext = memory.input(toSamplePanels(next, lanes))
    const weights = memory.input(w.flat())
    const delta = memory.input(toSamplePanels(prime, lanes))
    const dC_da = memory.output(nIn * lanes * panels)
    const packed = memory.output((nOut * LINE_BYTES) / memory.bytes)
    const read = [deltaNext.pointer, weights.pointer, packed.pointer]
    memory.kernel('hiddenDelta')(delta.pointer, ...read, nIn, nOut, panels)
    memory.kernel('hiddenError')(dC_da.pointer, ...read, nIn, nOut, panels)
    const columns = Array.from({ length: nIn }, (_, k) => w.map((row) => row[k]))
    const sums = next.map((d) => columns.map((wk) => wk.reduce((sum, wjk, j) => sum + wjk * d[j], 0)))
    const terms = next.map((d) =>
      columns.map((wk) => wk.reduce((sum, wjk, j) => sum + Math.abs(wjk * d[j]), 0)),
    )
    const bounds = terms.flat().map((sum) => (nOut + 1) * epsilon * sum)
    const sizes = `${nIn} → ${nOut}`
    expectClose(fromSamplePanels(dC_da.values, samples, nIn, lanes).flat(), sums.flat(), bounds, sizes)
    const errors = sums.map((row, s) => row.map((sum, k) => sum * prime[s][k])).flat()
    const errorBounds = bounds.map(
      (bound, i) => 2 * bound * Math.abs(prime.flat()[i]) + epsilon * Math.abs(errors[i]),
    )
    expectClose(fromSamplePanels(delta.values, samples, nIn, lanes).flat(), errors, errorBounds, sizes)
    memory.expectGuards()
  })

  it.each([...shapes, [37, 41] as const])(
    '(59) and (61) of one sample have the bits of a panel, %i → %i',
    (nIn, nOut) => {
      const [next, w, prime, a] = [
        random(1, nOut, 1),
        random(nOut, nIn, 2),
        random(1, nIn, 3),
        random(1, nIn, 4),
      ]
      // Vectors are read and written whole.
      const padded = (values: number[]): Place =>
        memory.input([...values, ...new Array<number>(lanes).fill(0)])
      const weights = padded(w.flat())
      const [deltaNext, delta, inputs] = [padded(next[0]), padded(prime[0]), padded(a[0])]
      const gradW = memory.output(nOut * nIn, lanes)
      memory.kernel('hiddenDeltaOne')(delta.pointer, deltaNext.pointer, weights.pointer, nIn, nOut)
      memory.kernel('gradientOne')(gradW.pointer, deltaNext.pointer, inputs.pointer, nOut, nIn)

      const nextPanel = memory.input(toSamplePanels(next, lanes))
      const deltaPanel = memory.input(toSamplePanels(prime, lanes))
      const packed = memory.output(Math.ceil(nOut / 4) * 4 * Math.max(lanes, LINE_BYTES / memory.bytes))
      const read = [nextPanel.pointer, weights.pointer, packed.pointer]
      memory.kernel('hiddenDelta')(deltaPanel.pointer, ...read, nIn, nOut, 1)
      expect([...delta.values.subarray(0, nIn)]).toEqual(
        fromSamplePanels(deltaPanel.values, 1, nIn, lanes)[0],
      )

      const whole = memory.output(nOut * nIn, lanes)
      const inputPanel = memory.input(toSamplePanels(a, lanes))
      const features = memory.input(toFeaturePanels(a, lanes))
      const arrays = [whole.pointer, nextPanel.pointer, inputPanel.pointer, features.pointer, packed.pointer]
      memory.kernel('gradient')(...arrays, nOut, nIn, nOut, 1)
      expect([...gradW.values]).toEqual([...whole.values])
      memory.expectGuards()
    },
  )

  it.each(shapes)('(61) ∇w = δ·aᵀ and (64) ∇b = δ, summed over samples (35), %i → %i', (nIn, nOut) => {
    for (const samples of sampleCounts) {
      memory.clear()
      const [d, a] = [random(samples, nOut, 1), random(samples, nIn, 2)]
      const delta = memory.input(toSamplePanels(d, lanes))
      const inputs = memory.input(toSamplePanels(a, lanes, 1))
      const features = memory.input(toFeaturePanels(a, lanes))
      const gradW = memory.output(nOut * nIn, lanes)
      const gradB = memory.output(nOut)
      const packed = memory.output(Math.ceil(nOut / 4) * 4 * panelCount(samples, lanes) * lanes)
      const pointers = [gradW.pointer, delta.pointer, inputs.pointer, features.pointer, packed.pointer]
      memory.kernel('gradient')(...pointers, nOut, nIn, nOut, samples)
      memory.kernel('biasGradient')(gradB.pointer, delta.pointer, nOut, nOut, samples)
      const sum = (term: (s: number) => number): number => d.reduce((total, _, s) => total + term(s), 0)
      const cells = Array.from({ length: nOut * nIn }, (_, i) => [Math.floor(i / nIn), i % nIn])
      const expected = cells.map(([j, k]) => sum((s) => d[s][j] * a[s][k]))
      const bounds = cells.map(([j, k]) => (samples + 2) * epsilon * sum((s) => Math.abs(d[s][j] * a[s][k])))
      const sizes = `${nIn} → ${nOut}, ${samples} samples`
      expectClose(gradW.values, expected, bounds, sizes)
      const biases = d[0].map((_, j) => sum((s) => d[s][j]))
      const biasBounds = d[0].map((_, j) => (samples + 2) * epsilon * sum((s) => Math.abs(d[s][j])))
      expectClose(gradB.values, biases, biasBounds, sizes)
      memory.expectGuards()
    }
  })

  it('(61) some rows of a layer are what they are in the whole layer, to the bit', () => {
    const [nIn, nOut, samples] = [19, 11, 13]
    const [d, a] = [random(samples, nOut, 1), random(samples, nIn, 2)]
    const delta = memory.input(toSamplePanels(d, lanes))
    const features = memory.input(toFeaturePanels(a, lanes))
    const packed = memory.output(12 * 2 * lanes * lanes)
    const whole = memory.output(nOut * nIn, lanes)
    const read = [0, features.pointer, packed.pointer]
    memory.kernel('gradient')(whole.pointer, delta.pointer, ...read, nOut, nIn, nOut, samples)
    for (let rows = 1; rows <= 9; ++rows) {
      const part = memory.output(rows * nIn, lanes)
      const from = delta.pointer + 2 * 32
      memory.kernel('gradient')(part.pointer, from, ...read, rows, nIn, nOut, samples)
      expect([...part.values]).toEqual([...whole.values.subarray(2 * nIn, (2 + rows) * nIn)])
    }
    memory.expectGuards()
  })

  it('dropout: a ⊙ m and σ′ ⊙ m, m = 0 where a random number is below p·2³², else 1/(1 − p)', () => {
    const [key, position, threshold] = [0xfedcba98, 0xfffffffd, Math.round(0.3 * 2 ** 32)]
    const scale =
      precision === 'f64' ? 1 / (1 - threshold / 2 ** 32) : Math.fround(1 / (1 - threshold / 2 ** 32))
    for (const nOut of [...widths, 67]) {
      memory.clear()
      const [a, sigmaPrime] = [random(lanes, nOut, 1), random(lanes, nOut, 2)].map((rows) =>
        memory.input(toSamplePanels(rows, lanes)),
      )
      const expected = [a, sigmaPrime].map(({ values }) =>
        Array.from(values, (value, i) => {
          const [j, s] = [Math.floor(i / lanes), i % lanes]
          const isOut = dropoutBits(key, j, position + s) < threshold
          const kept = precision === 'f64' ? scale * value : Math.fround(scale * value)
          return isOut ? 0 : kept
        }),
      )
      memory.kernel('drop')(a.pointer, sigmaPrime.pointer, nOut, key, position, threshold)
      for (const [i, { values }] of [a, sigmaPrime].entries()) {
        expect(Array.from(values, (value) => value + 0)).toEqual(expected[i])
      }
      memory.expectGuards()
    }
  })

  it('weigh: losses[s] and δ[j][s] times the weight of the sample', () => {
    for (const nOut of [...widths, 67]) {
      for (let n = 1; n <= lanes; ++n) {
        memory.clear()
        const rows = Array.from({ length: n }, (_, s) => (s * 7 + 3) % 20)
        const [weights] = random(1, 20, 3)
        const samples = random(n, nOut + 1, 4)
        const losses = memory.input(
          toSamplePanels(
            samples.map(([loss]) => [loss]),
            lanes,
          ),
        )
        const delta = memory.input(
          toSamplePanels(
            samples.map(([, ...errors]) => errors),
            lanes,
          ),
        )
        const panel = memory.output(lanes)
        const given = memory.input(weights)
        const order = memory.order(rows)
        memory.kernel('weigh')(losses.pointer, delta.pointer, panel.pointer, given.pointer, order, n, nOut)
        const weighted = rounded(samples.map((row, s) => row.map((value) => weights[rows[s]] * value)))
        const plus0 = (values: ArrayLike<number>): number[] => Array.from(values, (value) => value + 0)
        expect(plus0(losses.values)).toEqual(
          plus0(
            toSamplePanels(
              weighted.map(([loss]) => [loss]),
              lanes,
            ),
          ),
        )
        const errors = weighted.map(([, ...row]) => row)
        expect(plus0(delta.values)).toEqual(plus0(toSamplePanels(errors, lanes)))
        memory.expectGuards()
      }
    }
  })

  it('penalize: clamp(scale·g + λ₁·sign(w) + λ₂·w, ±limit)', () => {
    const [scale, l1, l2] = [0.3, 0.05, 0.2]
    for (const n of [...widths, 67]) {
      for (const limit of [Infinity, 0.15]) {
        memory.clear()
        const [g, w] = [random(1, n, 1)[0], random(1, n, 2)[0].map((value, i) => (i % 5 === 3 ? 0 : value))]
        const gradients = memory.input(g)
        memory.kernel('penalize')(gradients.pointer, memory.input(w).pointer, n, scale, l1, l2, limit)
        const expected = g.map((value, i) =>
          Math.max(-limit, Math.min(limit, scale * value + l1 * Math.sign(w[i]) + l2 * w[i])),
        )
        expectClose(gradients.values, expected, 4 * epsilon, `${n} numbers`)
        memory.expectGuards()
      }
    }
  })

  it('norm and multiply: √Σ v² and v·factor, of any length', () => {
    for (const n of [...widths, 67, 1000]) {
      memory.clear()
      const [values] = random(1, n, n)
      const v = memory.input(values)
      const expected = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
      expectClose(memory.kernel('norm')(v.pointer, n), expected, n * 2 ** -52 * expected, `${n} numbers`)
      memory.kernel('multiply')(v.pointer, n, 0.37)
      expectClose(
        v.values,
        values.map((value) => 0.37 * value),
        2 * epsilon,
        `${n} numbers`,
      )
      memory.expectGuards()
    }
  })

  it('allFinite finds any one number that is not', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 16, 17]) {
      memory.clear()
      const values = memory.input(random(1, n, n)[0])
      expect(memory.kernel('allFinite')(values.pointer, n)).toBe(1)
      for (let i = 0; i < n; ++i) {
        const value = values.values[i]
        for (const other of [NaN, Infinity, -Infinity]) {
          values.values[i] = other
          expect(memory.kernel('allFinite')(values.pointer, n)).toBe(0)
        }
        values.values[i] = value
      }
      memory.expectGuards()
    }
  })
})
