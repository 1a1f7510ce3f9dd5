import { readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { Network } from '../../src/index.js'
import { reference, summedReference } from '../reference.js'
import { expectClose } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'

interface Seed {
  readonly x: number[][]
  readonly y: number[][]
  readonly weights: number[][][]
  readonly biases: number[][]
}

const seed = JSON.parse(readFileSync('test/fixtures/seed-2-3-2-2.json', 'utf8')) as Seed[] | Seed
const { x, y, weights, biases } = Array.isArray(seed) ? seed[0] : seed
const [a0, y0] = [x[0], y[0]]
const sigmoid = { type: 'sigmoid', shape: 0 }
const net = { activations: [sigmoid, sigmoid, sigmoid], loss: 'halfSquared', weights, biases }

const σ = (z: number): number => 1 / (1 + Math.exp(-z))
const σʹ = (z: number): number => σ(z) * (1 - σ(z))
const transpose = (w: number[][]): number[][] => w[0].map((_, k) => w.map((row) => row[k]))
const times = (w: number[][], v: ArrayLike<number>): number[] =>
  w.map((row) => row.reduce((sum, wjk, k) => sum + wjk * v[k], 0))
const rows = (m: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: m.length / columns }, (_, j) =>
    Array.from({ length: columns }, (_, k) => m[j * columns + k]),
  )

// The network of the derivation: inputs a₀, three neurons z₁, two z₂, two outputs z₃. In the derivation's names, w of layer
// i = 1 leads from a₀ to z₁, and w of layer j = 2 from a₁ to z₂.
describe.each(['wasm', 'baseline'] as const)('the derivation on 2-3-2-2, %s', (engine) => {
  const network = (change: (net: Network) => void = () => undefined): Network => {
    const made = new Network([2, 3, 2, 2], {
      activation: 'sigmoid',
      loss: 'halfSquared',
      precision: 'f64',
      engine,
    })
    for (const [l, layer] of made.layers.entries()) {
      layer.weights.set(weights[l].flat())
      layer.biases.set(biases[l])
    }
    change(made)
    return made
  }
  const trace = network().trace(a0, y0)
  const [one, two, three] = trace.layers
  const close = (actual: number | ArrayLike<number>, expected: number | ArrayLike<number>): void =>
    expectClose(actual, expected, { relative: 1e-13 })
  /** The change of a quantity with a parameter, by central difference. */
  const slopeOf = (
    quantity: (net: Network) => number,
    change: (net: Network, by: number) => void,
  ): number => {
    const h = 1e-5
    const at = (by: number): number => quantity(network((changed) => change(changed, by)))
    return (at(h) - at(-h)) / (2 * h)
  }
  const lossOf = (changed: Network): number => changed.loss(a0, y0)
  const nearly = (actual: number, expected: number): void => expectClose(actual, expected, { relative: 1e-6 })

  it('(F1) z = w·a + b', () => {
    for (const [l, { z, inputs }] of trace.layers.entries()) {
      close(
        z,
        times(weights[l], inputs).map((sum, j) => sum + biases[l][j]),
      )
    }
  })

  it('(F2) a = σ(z)', () => {
    for (const { a, z } of trace.layers) close(a, Array.from(z, σ))
  })

  it('(33) C = ½‖y − o‖² = ½Σ(yᵢ − oᵢ)²', () => {
    const C = 0.5 * ((y0[0] - three.a[0]) ** 2 + (y0[1] - three.a[1]) ** 2)
    close(trace.loss, C)
    close(network().loss(a0, y0), C)
  })

  const xs = randomRows(19, 2, 1)
  const ys = randomRows(19, 2, 2)
  const summed = summedReference(net, xs, ys)

  it('(34) L = Σₙ Cⁿ', () => {
    close(network().loss(xs, ys), summed.loss)
    close(
      network().loss(xs, ys),
      xs.reduce((sum, xn, n) => sum + network().trace(xn, ys[n]).loss, 0),
    )
  })

  it('(35) ∂L/∂w = Σₙ ∂Cⁿ/∂w, ∂L/∂b = Σₙ ∂Cⁿ/∂b', () => {
    const accumulated = network((changed) => changed.accumulate(xs, ys))
    const traces = xs.map((xn, n) => network().trace(xn, ys[n]))
    for (const [l, { weightGradients, biasGradients }] of accumulated.layers.entries()) {
      const sums = Array.from(weightGradients, (_, i) =>
        traces.reduce((sum, t) => sum + t.layers[l].gradW[i], 0),
      )
      close(weightGradients, sums)
      close(weightGradients, summed.gradW[l].flat())
      close(biasGradients, summed.gradB[l])
    }
  })

  it('(36) ∂C/∂w₀₀ = ∂C/∂z₁₀ · ∂z₁₀/∂w₀₀', () => {
    const nudge = (changed: Network, by: number): void => void (changed.layers[0].weights[0] += by)
    const dz_dw = slopeOf((changed) => changed.trace(a0, y0).layers[0].z[0], nudge)
    nearly(one.gradW[0], one.dC_dz[0] * dz_dw)
    nearly(slopeOf(lossOf, nudge), one.dC_dz[0] * dz_dw)
  })

  it('(37) w is a matrix of one row per neuron: z₁₀ = w₀₀·a₀₀ + w₀₁·a₀₁ + b₁₀', () => {
    const [w, b] = [weights[0], biases[0]]
    close(
      one.z,
      w.map((row, j) => row[0] * a0[0] + row[1] * a0[1] + b[j]),
    )
  })

  it('(38) ∂z/∂w has the inputs a_h in every row', () => {
    close(one.inputs, a0)
    close(two.inputs, one.a)
    close(three.inputs, two.a)
    for (let i = 0; i < 6; ++i) {
      const j = Math.floor(i / 2)
      const dz_dw = slopeOf(
        (changed) => changed.trace(a0, y0).layers[0].z[j],
        (changed, by) => void (changed.layers[0].weights[i] += by),
      )
      nearly(dz_dw, one.inputs[i % 2])
    }
  })

  it('(39) ∂C/∂z₁₀ = ∂C/∂a₁₀ · ∂a₁₀/∂z₁₀', () => {
    close(one.a, Array.from(one.z, σ))
    close(one.dC_dz[0], one.dC_da[0] * one.sigmaPrime[0])
  })

  it('(40) ∂a₁₀/∂z₁₀ = σ′(z₁₀)', () => {
    close(one.sigmaPrime[0], σʹ(one.z[0]))
    nearly(one.sigmaPrime[0], (σ(one.z[0] + 1e-5) - σ(one.z[0] - 1e-5)) / 2e-5)
  })

  it('(41) the vector of σ′(z)', () => {
    for (const { sigmaPrime, z } of trace.layers) close(sigmaPrime, Array.from(z, σʹ))
  })

  it('(42) ∂C/∂a₁₀ = ∂C/∂z₂₀ · ∂z₂₀/∂a₁₀ + ∂C/∂z₂₁ · ∂z₂₁/∂a₁₀', () => {
    // z₂ as a function of a₁₀, a₁₀ being moved
    const z2 = (by: number): number[] => times(weights[1], [one.a[0] + by, one.a[1], one.a[2]])
    const dz_da = z2(0.5).map((z, j) => z - z2(-0.5)[j])
    close(one.dC_da[0], two.dC_dz[0] * dz_da[0] + two.dC_dz[1] * dz_da[1])
  })

  it('(43) ∂C/∂a₁₀ = ∂C/∂z₂₀ · w₀₀ + ∂C/∂z₂₁ · w₁₀', () => {
    const w = weights[1]
    close(one.dC_da[0], two.dC_dz[0] * w[0][0] + two.dC_dz[1] * w[1][0])
  })

  it('(44) the same for ∂C/∂a₁₁ and ∂C/∂a₁₂', () => {
    const w = weights[1]
    close(one.dC_da[1], two.dC_dz[0] * w[0][1] + two.dC_dz[1] * w[1][1])
    close(one.dC_da[2], two.dC_dz[0] * w[0][2] + two.dC_dz[1] * w[1][2])
  })

  it('(45) ∂C/∂a₁ is a matrix times ∂C/∂z₂', () => {
    const w = weights[1]
    const columns = [
      [w[0][0], w[1][0]],
      [w[0][1], w[1][1]],
      [w[0][2], w[1][2]],
    ]
    close(one.dC_da, times(columns, two.dC_dz))
  })

  it('(46) and that matrix is wᵀ', () => {
    close(one.dC_da, times(transpose(weights[1]), two.dC_dz))
    close(two.dC_da, times(transpose(weights[2]), three.dC_dz))
  })

  it('(47) ∂C/∂z₁₀ = σ′(z₁₀)(w₀₀·∂C/∂z₂₀ + w₁₀·∂C/∂z₂₁)', () => {
    const w = weights[1]
    close(one.dC_dz[0], σʹ(one.z[0]) * (w[0][0] * two.dC_dz[0] + w[1][0] * two.dC_dz[1]))
  })

  it('(48) ∂C/∂w₀₀ = a₀₀ · ∂C/∂z₁₀', () => {
    close(one.gradW[0], a0[0] * one.dC_dz[0])
    nearly(
      one.gradW[0],
      slopeOf(lossOf, (changed, by) => void (changed.layers[0].weights[0] += by)),
    )
  })

  it('(49) ∂C/∂w₀₀ of layer i from w of layer j', () => {
    const w = weights[1]
    const inner = w[0][0] * two.dC_dz[0] + w[1][0] * two.dC_dz[1]
    close(one.gradW[0], a0[0] * σʹ(one.z[0]) * inner)
  })

  it('(50) ∇w: every row of inputs times the error of its neuron', () => {
    for (const { gradW, inputs, dC_dz } of trace.layers) {
      for (const [j, row] of rows(gradW, inputs.length).entries()) {
        close(
          row,
          Array.from(inputs, (ah) => ah * dC_dz[j]),
        )
      }
    }
  })

  it('(51) ∂C/∂z₁ = σ′(z₁) ⊙ ∂C/∂a₁', () => {
    close(
      one.dC_dz,
      Array.from(one.z, (z, j) => σʹ(z) * one.dC_da[j]),
    )
  })

  it('(52) ∂C/∂z₁ = σ′(z₁) ⊙ (w²ᵀ·∂C/∂z₂)', () => {
    const error = times(transpose(weights[1]), two.dC_dz)
    close(
      one.dC_dz,
      error.map((e, j) => σʹ(one.z[j]) * e),
    )
  })

  it('(53) ∇w¹ = a₀ rows ⊙ {σ′(z₁) ⊙ (w²ᵀ·∂C/∂z₂)}', () => {
    const error = times(transpose(weights[1]), two.dC_dz)
    close(
      one.gradW,
      error.flatMap((e, j) => a0.map((ah) => ah * σʹ(one.z[j]) * e)),
    )
  })

  it('(54) C = ½(y₀² − 2y₀o₀ + o₀² + y₁² − 2y₁o₁ + o₁²)', () => {
    const [o, t] = [three.a, y0]
    const C = 0.5 * (t[0] ** 2 - 2 * t[0] * o[0] + o[0] ** 2 + t[1] ** 2 - 2 * t[1] * o[1] + o[1] ** 2)
    close(trace.loss, C)
  })

  it('(55) o₀ = σ(z₃₀)', () => {
    close(network().predict(a0)[0], σ(three.z[0]))
  })

  it('(56) ∂C/∂z₃₀ = (o₀ − y₀)σ′(z₃₀)', () => {
    close(three.dC_da[0], three.a[0] - y0[0])
    close(three.dC_dz[0], (three.a[0] - y0[0]) * σʹ(three.z[0]))
  })

  it('(57) ∂C/∂z₃₁ = (o₁ − y₁)σ′(z₃₁)', () => {
    close(three.dC_da[1], three.a[1] - y0[1])
    close(three.dC_dz[1], (three.a[1] - y0[1]) * σʹ(three.z[1]))
  })

  it('(58) ∂C/∂z₃ = (o − y)σ′(z₃)', () => {
    close(
      three.dC_dz,
      Array.from(three.a, (o, j) => (o - y0[j]) * σʹ(three.z[j])),
    )
  })

  it('(59) ∂C/∂zᵢ = σ′(zᵢ) ⊙ (wʲᵀ·∂C/∂zⱼ), for every two layers', () => {
    for (const [l, { dC_dz, z }] of trace.layers.slice(0, -1).entries()) {
      const error = times(transpose(weights[l + 1]), trace.layers[l + 1].dC_dz)
      close(
        dC_dz,
        error.map((e, j) => σʹ(z[j]) * e),
      )
    }
  })

  it('(60) ∂C/∂zₒ = (o − y)σ′(zₒ), and its slope is that of C', () => {
    close(three.dC_dz, reference(net, a0, y0).layers[2].dC_dz)
    for (const j of [0, 1]) {
      nearly(
        three.dC_dz[j],
        slopeOf(lossOf, (changed, by) => void (changed.layers[2].biases[j] += by)),
      )
    }
  })

  it('(61) ∇wⁱ = a_h rows ⊙ ∂C/∂zᵢ, and it is the slope of C with every weight', () => {
    const { layers } = reference(net, a0, y0)
    for (const [l, { gradW }] of trace.layers.entries()) {
      close(gradW, layers[l].gradW.flat())
      for (const [i, g] of gradW.entries()) {
        nearly(
          g,
          slopeOf(lossOf, (changed, by) => void (changed.layers[l].weights[i] += by)),
        )
      }
    }
  })

  it('(62) ∂C/∂b₁₀ = ∂C/∂z₁₀ · ∂z₁₀/∂b₁₀', () => {
    const nudge = (changed: Network, by: number): void => void (changed.layers[0].biases[0] += by)
    const dz_db = slopeOf((changed) => changed.trace(a0, y0).layers[0].z[0], nudge)
    nearly(slopeOf(lossOf, nudge), one.dC_dz[0] * dz_db)
  })

  it('(63) ∂z₁/∂b₁ = [1, 1, 1]', () => {
    for (const j of [0, 1, 2]) {
      const dz_db = slopeOf(
        (changed) => changed.trace(a0, y0).layers[0].z[j],
        (changed, by) => void (changed.layers[0].biases[j] += by),
      )
      nearly(dz_db, 1)
    }
  })

  it('(64) ∇bⁱ = ∂C/∂zᵢ', () => {
    for (const { gradB, dC_dz } of trace.layers) close(gradB, dC_dz)
  })
})
