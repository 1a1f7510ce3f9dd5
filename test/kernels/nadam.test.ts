/**
 * NAdam against a reference of its own. The fixture comes from PyTorch 1.13, whose μ-product of the next step has one factor
 * μₜ too many (corrected in 2.0, pytorch/pytorch#92699): the reference with that error is PyTorch 1.13's, the reference without
 * it is ours, and that of PyTorch since.
 */
import { describe, expect, it } from 'vitest'
import { nadam } from '../../src/definition/optimizers.js'
import { summedReference } from '../reference.js'
import { engines, flatten, stage } from '../support/engines.js'
import { expectClose } from '../support/expect-close.js'
import { optimizerCases, specOf } from '../support/fixtures.js'

const given = optimizerCases().filter(({ optimizer }) => optimizer === 'nadam')[0]
const [learningRate, beta1, beta2, epsilon, momentumDecay] = [0.01, 0.9, 0.999, 1e-8, 0.004]

/** NAdam (Dozat 2016) on the mean loss; the parameters at the end, flat. `surplus` is 1, or what 1.13 has for μₜ. */
function train(surplus: (mu: number) => number): number[] {
  const activations = specOf(given, 'f64').layers.map(({ activation }) => activation)
  let w = flatten(given.start.weights, given.start.biases)
  const m = w.map(() => 0)
  const h = w.map(() => 0)
  const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))
  let product = 1
  for (let t = 1; t <= given.steps; ++t) {
    const net = { activations, loss: given.loss, ...unflatten(w) }
    const { gradW, gradB } = summedReference(net, given.x, given.y)
    const [mu, muNext] = [momentum(t), momentum(t + 1)]
    product *= mu
    w = flatten(gradW, gradB).map((sum, i) => {
      const g = sum / given.samples
      m[i] = beta1 * m[i] + (1 - beta1) * g
      h[i] = beta2 * h[i] + (1 - beta2) * g * g
      const mixed = ((1 - mu) * g) / (1 - product) + (muNext * m[i]) / (1 - product * muNext * surplus(mu))
      return w[i] - (learningRate * mixed) / (Math.sqrt(h[i] / (1 - beta2 ** t)) + epsilon)
    })
  }
  return w
}

/** Weights and biases from the layout of `flatten`. */
function unflatten(w: readonly number[]): { weights: number[][][]; biases: number[][] } {
  let start = 0
  const take = (n: number): number[] => w.slice(start, (start += n))
  const weights: number[][][] = []
  const biases: number[][] = []
  for (const [l, nOut] of given.sizes.slice(1).entries()) {
    weights.push(Array.from({ length: nOut }, () => take(given.sizes[l])))
    biases.push(take(nOut))
  }
  return { weights, biases }
}

describe('nadam', () => {
  it('the reference with the error is PyTorch 1.13', () => {
    expectClose(
      train((mu) => mu),
      flatten(given.end.weights, given.end.biases),
      { relative: 1e-10 },
    )
  })

  it.each(engines)('the $name engine is the reference without it', ({ create }) => {
    const engine = create(specOf(given, 'f64'))
    engine.parameters.set(flatten(given.start.weights, given.start.biases))
    engine.setOptimizer(nadam({ learningRate }))
    const n = stage(engine, given.x, given.y)
    for (let t = 0; t < given.steps; ++t) engine.train(n, n)
    expectClose(
      engine.parameters,
      train(() => 1),
      { relative: 1e-10 },
    )
    expect(engine.counters[0]).toBe(given.steps)
  })
})
