/** Every engine, and the reference, against exact values: of every quantity, and of the steps of every optimiser. */
import { describe, expect, it } from 'vitest'
import { activationNames } from '../../src/definition/activations.js'
import { fusedActivation, lossNames } from '../../src/definition/losses.js'
import { optimizerNames, resolveOptimizer } from '../../src/definition/optimizers.js'
import { summedReference } from '../reference.js'
import { engines, flatten, stage } from '../support/engines.js'
import { expectClose } from '../support/expect-close.js'
import { gradientCases, optimizerCases, specOf } from '../support/fixtures.js'

const cases = (['seed-2-3-2-2', 'activations', 'losses', 'shapes'] as const).flatMap((file) =>
  gradientCases(file).map((given) => ({ ...given, title: `${file}, ${given.name}` })),
)

it('has a case of every activation, loss and optimiser: test/fixtures/gradients.py, optimizers.py', () => {
  const activations = new Set(cases.flatMap((given) => given.activations))
  const losses = new Set(cases.map(({ loss }) => loss))
  const optimizers = new Set(optimizerCases().map(({ optimizer }) => optimizer.type))
  expect([...activations].sort()).toEqual([...activationNames].sort())
  expect([...losses].sort()).toEqual([...lossNames].sort())
  expect([...optimizers].sort()).toEqual([...optimizerNames].sort())
})

describe('the reference', () => {
  it.each(cases)('$title', (given) => {
    const activations = specOf(given, 'f64').layers.map(({ activation }) => activation)
    const bound = { relative: 1e-12 }
    const { loss, gradW, gradB, samples } = summedReference({ ...given, activations }, given.x, given.y)
    expectClose(loss, given.lossSum, bound)
    expectClose(flatten(gradW, gradB), flatten(given.grad_w, given.grad_b), bound)
    for (const [s, { layers }] of samples.entries()) {
      for (const [l, { z, a, dC_da, dC_dz }] of layers.entries()) {
        expectClose(z, given.z[l][s], bound, `z, layer ${l}, sample ${s}`)
        expectClose(a, given.a[l][s], bound, `a, layer ${l}, sample ${s}`)
        expectClose(dC_dz, given.dC_dz[l][s], bound, `dC_dz, layer ${l}, sample ${s}`)
        if (l + 1 === layers.length) continue
        expectClose(dC_da, given.dC_da_hidden[l][s], bound, `dC_da, layer ${l}, sample ${s}`)
      }
    }
  })
})

describe.each(engines)('the $name engine', ({ create }) => {
  describe.each([
    { precision: 'f64', relative: 1e-12 },
    { precision: 'f32', relative: 2e-5 },
  ] as const)('$precision', ({ precision, relative }) => {
    const bound = { relative }
    const load = (given: (typeof cases)[number]) => {
      const engine = create(specOf(given, precision))
      engine.parameters.set(flatten(given.weights, given.biases))
      return { engine, n: stage(engine, given.x, given.y), sizes: given.sizes.join(' → ') }
    }

    it.each(cases)('(F1), (F2), (45), (59), (60) z, a, ∂C/∂a, ∂C/∂z of every sample: $title', (given) => {
      const { engine, n, sizes } = load(given)
      for (let s = 0; s < n; ++s) {
        engine.order[0] = s
        const { layers } = engine.trace()
        for (const [l, { z, a, dC_da, dC_dz, gradB }] of layers.entries()) {
          const where = `layer ${l}, sample ${s}, ${sizes}`
          expectClose(z, given.z[l][s], bound, `z, ${where}`)
          expectClose(a, given.a[l][s], bound, `a, ${where}`)
          expectClose(dC_dz, given.dC_dz[l][s], bound, `dC_dz, ${where}`)
          expectClose(gradB, dC_dz, 0, `gradB, ${where}`)
          if (l + 1 === layers.length) continue
          expectClose(dC_da, given.dC_da_hidden[l][s], bound, `dC_da, ${where}`)
        }
      }
    })

    it.each(cases)(
      '(41), (50) σ′, ∇w and ∂C/∂o, a factor of (56), of every sample, as in the reference: $title',
      (given) => {
        const { engine, n, sizes } = load(given)
        const activations = specOf(given, 'f64').layers.map(({ activation }) => activation)
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
      expectClose(engine.y.subarray(0, outputs.length), outputs, bound, sizes)
    })

    it.each(cases)('(34) the summed loss: $title', (given) => {
      const { engine, n, sizes } = load(given)
      expectClose(engine.loss(n), given.lossSum, bound, sizes)
    })

    it.each(cases)('(61), (64) gradients, summed over samples (35), and added to: $title', (given) => {
      const { engine, n, sizes } = load(given)
      const expected = flatten(given.grad_w, given.grad_b)
      expectClose(engine.accumulate(n), given.lossSum, bound, sizes)
      expectClose(engine.gradients, expected, bound, sizes)
      engine.accumulate(n)
      expectClose(
        engine.gradients,
        expected.map((g) => 2 * g),
        bound,
        sizes,
      )
    })
  })

  it.each(optimizerCases())('$name: $steps full-batch steps of the mean loss', (given) => {
    const engine = create(specOf(given, 'f64'))
    engine.parameters.set(flatten(given.start.weights, given.start.biases))
    engine.setOptimizer(resolveOptimizer(given.optimizer))
    const n = stage(engine, given.x, given.y)
    const losses = Array.from({ length: given.steps }, () => engine.train(n, n).loss / n)
    expectClose(losses, given.losses, { relative: 1e-12 }, given.sizes.join(' → '))
    expectClose(engine.parameters, flatten(given.end.weights, given.end.biases), { relative: 1e-12 })
    expect(engine.counters[0]).toBe(given.steps)
  })
})
