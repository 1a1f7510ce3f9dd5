/** Every option of every optimiser, step by step, against the rules of torch.optim in test/support/optimizers.ts. */
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import type { Architecture } from '../../src/definition/architecture.js'
import type { Floats } from '../../src/base/floats.js'
import {
  optimizerNames,
  resolveOptimizer,
  type Optimizer,
  type OptimizerName,
} from '../../src/definition/optimizers.js'
import { engines, stage } from '../support/engines.js'
import { expectClose } from '../support/expect-close.js'
import { referencePath } from '../support/optimizers.js'
import { randomRows } from '../support/random-rows.js'

const STEPS = 30
/** 1/samples of a mean over three */
const SCALE = 1 / 3

const adams = [
  { learningRate: 0.05 },
  { beta1: 0.6 },
  { beta2: 0.8 },
  { weightDecay: 0.3 },
  { epsilon: 0.5 },
  { amsgrad: true, beta2: 0.8 },
  { learningRate: 0.05, beta1: 0.6, beta2: 0.8, weightDecay: 0.3, epsilon: 0.5, amsgrad: true },
]

/** Each option alone, and all together. */
const options: Readonly<Record<OptimizerName, readonly Readonly<Record<string, unknown>>[]>> = {
  sgd: [
    { learningRate: 0.02 },
    { weightDecay: 0.3 },
    { momentum: 0.7 },
    { momentum: 0.7, nesterov: true },
    { learningRate: 0.02, momentum: 0.7, nesterov: true, weightDecay: 0.3 },
  ],
  adagrad: [
    { learningRate: 0.2 },
    { learningRateDecay: 0.3 },
    { weightDecay: 0.3 },
    { epsilon: 0.5 },
    { learningRate: 0.2, learningRateDecay: 0.3, weightDecay: 0.3, epsilon: 0.5 },
  ],
  rmsprop: [
    { learningRate: 0.05 },
    { alpha: 0.8 },
    { momentum: 0.7 },
    { centered: true },
    { weightDecay: 0.3 },
    { epsilon: 0.5 },
    { learningRate: 0.05, alpha: 0.8, momentum: 0.7, centered: true, weightDecay: 0.3, epsilon: 0.5 },
  ],
  adadelta: [
    { learningRate: 3 },
    { rho: 0.6 },
    { weightDecay: 0.3 },
    { epsilon: 0.1 },
    { learningRate: 3, rho: 0.6, weightDecay: 0.3, epsilon: 0.1 },
  ],
  adam: adams,
  adamw: adams,
  nadam: [
    { learningRate: 0.05 },
    { beta1: 0.6 },
    { beta2: 0.8 },
    { momentumDecay: 0.9 },
    { weightDecay: 0.3 },
    { epsilon: 0.5 },
    { learningRate: 0.05, beta1: 0.6, beta2: 0.8, momentumDecay: 0.9, weightDecay: 0.3, epsilon: 0.5 },
  ],
  rprop: [
    { learningRate: 0.1 },
    { etaMinus: 0.3 },
    { etaPlus: 1.7 },
    { learningRate: 0.1, stepMin: 0.08 },
    { learningRate: 0.1, stepMax: 0.13 },
    { learningRate: 0.1, etaMinus: 0.3, etaPlus: 1.7, stepMin: 0.08, stepMax: 0.13 },
  ],
}

const cases = optimizerNames.flatMap((type) =>
  [{}, ...options[type]].map((given) => {
    const title = `${type} ${JSON.stringify(given).replaceAll('"', '')}`
    return { title, optimizer: resolveOptimizer({ type, ...given }) }
  }),
)

it('has each option of each optimiser', () => {
  for (const type of optimizerNames) {
    const known = Object.keys(resolveOptimizer(type)).filter((name) => name !== 'type')
    expect(new Set(options[type].flatMap(Object.keys)), type).toEqual(new Set(known))
  }
})

/** 2, 3, 4, 5, 7, 8, 9 and 19 parameters, w and b of one layer: whole vectors, tails, and tails alone. */
const shapes = [
  [1, 1],
  [2, 1],
  [1, 2],
  [4, 1],
  [6, 1],
  [3, 2],
  [2, 3],
  [18, 1],
] as const

/** The gradients of a parameter at every step: sizes from 1e-3 to 10, a fifth of them 0, signs that stay and turn. */
function gradientsOf(parameter: number): number[] {
  const [sizes, signs, zeros] = randomRows(3, STEPS, parameter)
  return sizes.map((size, t) => (zeros[t] < -0.6 ? 0 : Math.sign(signs[t] + 0.3) * 10 ** (2 * size - 1)))
}

/**
 * A step has some ten roundings, and thirty of them add up: 300·2⁻²⁴ = 1.8e-5 of the size of the parameters at worst in f32,
 * 300·2⁻⁵³ = 3e-14 in f64. Measured: 3.1e-6 and 8.1e-15.
 */
const precisions = [
  { precision: 'f64', bound: { relative: 1e-12 } },
  { precision: 'f32', bound: { relative: 1e-5 } },
] as const

describe.each(engines)('the $name engine', ({ create }) => {
  describe.each(precisions)('$precision', ({ precision, bound }) => {
    const round = precision === 'f32' ? Math.fround : Number
    const specOf = (sizes: readonly number[]): Architecture => {
      const layers = sizes.slice(1).map((units, l) => {
        return { inputs: sizes[l], units, activation: { type: 'tanh', shape: 0 } } as const
      })
      return { inputs: sizes[0], layers, loss: 'halfSquared', precision }
    }
    const start = (sizes: readonly number[], optimizer: Optimizer): Engine => {
      const engine = create(specOf(sizes))
      engine.parameters.set(randomRows(1, engine.parameters.length, 99)[0])
      engine.setOptimizer(optimizer)
      return engine
    }
    /** The parameters after each step with given gradients, gradients[i][t] of parameter i. */
    const run = (engine: Engine, gradients: readonly number[][], scale = SCALE): Floats[] =>
      gradients[0].map((_, t) => {
        engine.gradients.set(gradients.map((steps) => steps[t]))
        engine.update(scale)
        expect(engine.gradients.every((g) => g === 0)).toBe(true)
        return engine.parameters.slice()
      })

    it.each(cases)('$title', ({ optimizer }) => {
      for (const sizes of shapes) {
        const engine = start(sizes, optimizer)
        const first = [...engine.parameters]
        const gradients = first.map((_, i) => gradientsOf(i).map(round))
        const paths = first.map((w, i) =>
          referencePath(
            optimizer,
            w,
            gradients[i].map((g) => SCALE * g),
          ),
        )
        for (const [t, parameters] of run(engine, gradients).entries()) {
          const expected = paths.map((path) => path[t])
          expectClose(parameters, expected, bound, `step ${t + 1}, ${precision}, ${sizes.join(' → ')}`)
        }
        expect(engine.counters[0]).toBe(STEPS)
      }
    })

    it('rprop grows, rests for one step where the gradient turns, then goes back; 0 neither grows nor turns', () => {
      const optimizer = resolveOptimizer({ type: 'rprop', learningRate: 0.25, etaPlus: 1.5, etaMinus: 0.5 })
      const engine = start([2, 1], optimizer)
      engine.parameters.fill(0)
      const paths = run(engine, [
        [8, 1e-3, -1, -9, -1, 0, -1],
        [-8, -1e-3, 1, 1, 1, 0, 1],
        [0, 0, 1, 0, -1, -1, 1],
      ])
      expect(paths.map((w) => [...w])).toEqual([
        [-0.25, 0.25, 0],
        [-0.625, 0.625, 0],
        [-0.625, 0.625, -0.25],
        [-0.4375, 0.4375, -0.25],
        [-0.15625, 0.15625, 0],
        [-0.15625, 0.15625, 0.375],
        [0.125, -0.125, 0.375],
      ])
    })

    it('rprop keeps its steps between stepMin and stepMax', () => {
      const limits = { learningRate: 1, etaPlus: 1.5, stepMin: 0.25, stepMax: 2 }
      const engine = start([1, 1], resolveOptimizer({ type: 'rprop', ...limits }))
      engine.parameters.fill(0)
      const paths = run(engine, [
        [1, 1, 1, 1, 1, 1, 1],
        [1, -1, -1, 1, 1, -1, -1],
      ])
      expect(paths.map((w) => [...w])).toEqual([
        [-1, -1],
        [-2.5, -1],
        [-4.5, -0.5],
        [-6.5, -0.5],
        [-8.5, -0.75],
        [-10.5, -0.75],
        [-12.5, -0.5],
      ])
    })

    it.each([0.3, 0.5, 0.9, 0.99])(
      'rmsprop, centred, of gradients that stay, whose variance is never below 0: alpha %d',
      (alpha) => {
        const engine = start([99, 1], resolveOptimizer({ type: 'rmsprop', centered: true, alpha }))
        const gradients = randomRows(1, 100, 7)[0].map((g, i) => g * 10 ** ((i % 5) - 3))
        for (let t = 0; t < 5000; ++t) {
          engine.gradients.set(gradients)
          engine.update(1)
        }
        const broken = gradients.filter((_, i) => !Number.isFinite(engine.parameters[i]))
        expect(broken).toEqual([])
      },
    )

    // ranges of 1, 1, 2, 2, 6, 3, 21, 7, 7 and 1 parameters
    it.each(cases)(
      'train updates weights and biases, layer by layer, as update all of them: $title',
      ({ optimizer }) => {
        const sizes = [1, 1, 2, 3, 7, 1]
        const [engine, twin] = [start(sizes, optimizer), start(sizes, optimizer)]
        const [x, y] = [randomRows(5, 1, 1), randomRows(5, 1, 2)]
        for (const each of [engine, twin]) stage(each, x, y)
        for (let t = 0; t < 5; ++t) {
          engine.train(5, 5)
          twin.accumulate(5)
          twin.update(1 / 5)
          expect(engine.parameters).toEqual(twin.parameters)
        }
      },
    )
  })
})
