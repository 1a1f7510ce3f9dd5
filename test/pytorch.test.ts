/** Every engine, and the reference, against values that PyTorch computed in f64. */
import { describe, expect, it } from 'vitest'
import { fusedActivation } from '../src/losses.js'
import { summedReference } from './reference.js'
import { engines, flatten, stage } from './support/engines.js'
import { expectClose, type Bound } from './support/expect-close.js'
import { gradientCases, optimizerCases, optimizerOf, specOf, type GradientCase } from './support/fixtures.js'

const cases = (['seed-2-3-2-2', 'activations', 'losses', 'shapes'] as const).flatMap((file) =>
  gradientCases(file).map((given) => ({ ...given, title: `${file}, ${given.name}` })),
)

/** geluTanh: PyTorch's 1 + tanh v and 1 − tanh²v cancel where v is far below 0; the terms are of size 1. */
function valueBound({ activations }: GradientCase, relative: number): Bound {
  return activations.includes('geluTanh') ? { relative, scale: 1 } : { relative }
}

/** For derivatives, hardSigmoid: PyTorch 1.13 rounds σ′ = 1/6 to f32, 3e-8 too large, here in two layers. */
function derivativeBound(given: GradientCase, relative: number): Bound {
  return valueBound(given, given.activations.includes('hardSigmoid') ? Math.max(relative, 1e-7) : relative)
}

describe('the reference', () => {
  it.each(cases)('$title', (given) => {
    const activations = specOf(given, 'f64').layers.map(({ activation }) => activation)
    const values = valueBound(given, 1e-12)
    const derivatives = derivativeBound(given, 1e-12)
    const { loss, gradW, gradB, samples } = summedReference({ ...given, activations }, given.x, given.y)
    expectClose(loss, given.lossSum, values)
    expectClose(flatten(gradW, gradB), flatten(given.grad_w, given.grad_b), derivatives)
    for (const [s, { layers }] of samples.entries()) {
      for (const [l, { z, a, dC_da, dC_dz }] of layers.entries()) {
        expectClose(z, given.z[l][s], values, `z, layer ${l}, sample ${s}`)
        expectClose(a, given.a[l][s], values, `a, layer ${l}, sample ${s}`)
        expectClose(dC_dz, given.dC_dz[l][s], derivatives, `dC_dz, layer ${l}, sample ${s}`)
        if (l + 1 === layers.length) continue
        expectClose(dC_da, given.dC_da_hidden[l][s], derivatives, `dC_da, layer ${l}, sample ${s}`)
      }
    }
  })
})

describe.each(engines)('the $name engine', ({ create }) => {
  describe.each([
    { precision: 'f64', relative: 1e-12 },
    { precision: 'f32', relative: 2e-5 },
  ] as const)('$precision', ({ precision, relative }) => {
    const load = (given: (typeof cases)[number]) => {
      const engine = create(specOf(given, precision))
      engine.parameters.set(flatten(given.weights, given.biases))
      return { engine, n: stage(engine, given.x, given.y), sizes: given.sizes.join(' → ') }
    }

    it.each(cases)('(F1), (F2), (45), (59), (60) z, a, ∂C/∂a, ∂C/∂z of every sample: $title', (given) => {
      const { engine, n, sizes } = load(given)
      const values = valueBound(given, relative)
      const derivatives = derivativeBound(given, relative)
      for (let s = 0; s < n; ++s) {
        engine.order[0] = s
        const { layers } = engine.trace()
        for (const [l, { z, a, dC_da, dC_dz, gradB }] of layers.entries()) {
          const where = `layer ${l}, sample ${s}, ${sizes}`
          expectClose(z, given.z[l][s], values, `z, ${where}`)
          expectClose(a, given.a[l][s], values, `a, ${where}`)
          expectClose(dC_dz, given.dC_dz[l][s], derivatives, `dC_dz, ${where}`)
          expectClose(gradB, dC_dz, 0, `gradB, ${where}`)
          if (l + 1 === layers.length) continue
          expectClose(dC_da, given.dC_da_hidden[l][s], derivatives, `dC_da, ${where}`)
        }
      }
    })

    it.each(cases)(
      '(41), (50) σ′, ∇w and ∂C/∂o, a factor of (56), of every sample, as in the reference: $title',
      (given) => {
        const { engine, n, sizes } = load(given)
        const activations = specOf(given, 'f64').layers.map(({ activation }) => activation)
        const bound = valueBound(given, relative)
        const { samples } = summedReference({ ...given, activations }, given.x, given.y)
        for (let s = 0; s < n; ++s) {
          engine.order[0] = s
          for (const [l, layer] of engine.trace().layers.entries()) {
            const expected = samples[s].layers[l]
            const isTop = l + 1 === given.weights.length
            const isMatrix =
              given.activations[l] === 'softmax' || (isTop && fusedActivation(given.loss) !== null)
            const sigmaPrime = isMatrix ? expected.jacobian.flat() : expected.sigmaPrime
            const where = `layer ${l}, sample ${s}, ${sizes}`
            expectClose(layer.sigmaPrime, sigmaPrime, bound, `sigmaPrime, ${where}`)
            expectClose(layer.gradW, expected.gradW.flat(), bound, `gradW, ${where}`)
            expectClose(layer.dC_da, expected.dC_da, bound, `dC_da, ${where}`)
            expectClose(layer.inputs, expected.inputs, bound, `inputs, ${where}`)
          }
        }
      },
    )

    it.each(cases)('(F2) outputs: $title', (given) => {
      const { engine, n, sizes } = load(given)
      engine.predict(n)
      const outputs = given.a[given.a.length - 1].flat()
      expectClose(engine.y.subarray(0, outputs.length), outputs, valueBound(given, relative), sizes)
    })

    it.each(cases)('(34) the summed loss: $title', (given) => {
      const { engine, n, sizes } = load(given)
      expectClose(engine.loss(n), given.lossSum, valueBound(given, relative), sizes)
    })

    it.each(cases)('(61), (64) gradients, summed over samples (35), and added to: $title', (given) => {
      const { engine, n, sizes } = load(given)
      const derivatives = derivativeBound(given, relative)
      const expected = flatten(given.grad_w, given.grad_b)
      expectClose(engine.accumulate(n), given.lossSum, valueBound(given, relative), sizes)
      expectClose(engine.gradients, expected, derivatives, sizes)
      engine.accumulate(n)
      expectClose(
        engine.gradients,
        expected.map((g) => 2 * g),
        derivatives,
        sizes,
      )
    })
  })

  // without nadam, where PyTorch 1.13 has an error: see nadam.test.ts
  it.each(optimizerCases().filter(({ optimizer }) => optimizer !== 'nadam'))(
    '$optimizer: $steps full-batch steps of the mean loss',
    (given) => {
      const engine = create(specOf(given, 'f64'))
      engine.parameters.set(flatten(given.start.weights, given.start.biases))
      engine.setOptimizer(optimizerOf(given))
      const n = stage(engine, given.x, given.y)
      const losses = Array.from({ length: given.steps }, () => engine.train(n, n).loss / n)
      expectClose(losses, given.losses, { relative: 1e-10 }, given.sizes.join(' → '))
      expectClose(engine.parameters, flatten(given.end.weights, given.end.biases), { relative: 1e-10 })
      expect(engine.counters[0]).toBe(given.steps)
    },
  )
})
