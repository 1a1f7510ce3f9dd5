/**
 * Small networks have kernels of their own for one sample and for a vector of them: the same bits as the kernels for
 * panels, by which the engine works in parts.
 */
import { describe, expect, it } from 'vitest'
import { activationNames, type Activation } from '../../src/definition/activations.js'
import type { Architecture } from '../../src/definition/architecture.js'
import { fusedActivation, lossNames, type LossName } from '../../src/definition/losses.js'
import { optimizerNames, resolveOptimizer } from '../../src/definition/optimizers.js'
import { Random } from '../../src/base/random.js'
import type { Engine, Parts } from '../../src/engine/engine.js'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'
import { adam, rmsprop, sgd, type Optimizer } from '../../src/index.js'

const ROWS = 40

type Type = Activation['type']

function specOf(
  sizes: readonly number[],
  hidden: Type,
  output: Type,
  loss: LossName,
  precision: Architecture['precision'],
): Architecture {
  const layers = sizes.slice(1).map((units, l) => {
    const type = l < sizes.length - 2 ? hidden : output
    return { inputs: sizes[l], units, activation: { type, shape: 0.3 } }
  })
  return { inputs: sizes[0], layers, loss, precision }
}

function fill(spec: Architecture, scale: number): WasmEngine {
  const engine = WasmEngine.alone(spec, undefined, ROWS)
  const random = new Random(5, 'small')
  const outputs = spec.layers[spec.layers.length - 1].units
  for (let i = 0; i < engine.parameters.length; ++i) engine.parameters[i] = scale * random.normal()
  for (let i = 0; i < ROWS * spec.inputs; ++i) engine.x[i] = random.normal()
  for (let s = 0; s < ROWS; ++s) {
    for (let j = 0; j < outputs; ++j) engine.y[s * outputs + j] = Number(j === s % outputs)
    engine.order[s] = (s * 7) % ROWS
  }
  return engine
}

function atOnce<Result>(parts: Parts<Result>): Result {
  const { value } = parts.next()
  return value as Result
}

/** Trains one engine by its own way and another in parts; both have the same bits afterwards. */
function compare(spec: Architecture, optimizer: Optimizer, scale = 0.7): void {
  const [small, general] = [fill(spec, scale), fill(spec, scale)]
  for (const engine of [small, general]) engine.setOptimizer(optimizer)
  for (const n of [1, 1, 2, 3, 4, 1]) {
    const { loss } = small.train(n, n)
    expect(loss).toBe(atOnce(general.parts.train(n, {}, { left: Infinity })))
    expect(stateOf(small)).toEqual(stateOf(general))
  }
  expect(small.parameters.every(Number.isFinite)).toBe(true)
  // One sample alone, and as one of a panel.
  small.predict(1)
  general.predict(9)
  const outputs = spec.layers[spec.layers.length - 1].units
  expect(small.y.slice(0, outputs)).toEqual(general.y.slice(0, outputs))
}

function stateOf(engine: Engine): unknown[] {
  const { parameters, counters, gradients } = engine
  return [parameters, ...engine.slotsInUse(3), counters, gradients].map((numbers) => numbers.slice())
}

/** Widths that are less than a vector, whole vectors, and more; those up to 16 train on vectors of samples too. */
const shapes = [
  [1, 1],
  [2, 8, 1],
  [2, 3, 2, 2],
  [5, 16, 7, 3],
  [16, 16, 16],
  [8, 9, 4, 12],
  [33, 17, 5],
  [64, 30, 64],
  [17, 3],
]

describe.each(['f32', 'f64'] as const)('%s', (precision) => {
  it.each(shapes.map((sizes) => ({ name: sizes.join('-'), sizes })))(
    '$name, every optimiser',
    ({ sizes }) => {
      const spec = specOf(sizes, 'tanh', 'sigmoid', 'halfSquared', precision)
      const variants = [
        sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
        rmsprop({ momentum: 0.5, centered: true }),
        adam({ amsgrad: true }),
      ]
      for (const optimizer of [...optimizerNames.map(resolveOptimizer), ...variants]) compare(spec, optimizer)
    },
  )

  it.each(activationNames.filter((name) => name !== 'softmax'))('%s, hidden and at the output', (name) => {
    for (const sizes of [
      [3, 6, 5, 2],
      [20, 33, 3],
    ]) {
      compare(specOf(sizes, name, name, 'halfSquared', precision), sgd({ learningRate: 0.01 }))
      compare(specOf(sizes, name, 'linear', 'huber', precision), adam())
    }
  })

  it.each(lossNames)('%s, with every output that it takes', (loss) => {
    const fused = fusedActivation(loss)
    const outputs: readonly Type[] = fused === null ? ['linear', 'sigmoid', 'relu', 'softmax'] : [fused]
    for (const output of outputs) {
      for (const units of [1, 2, 3, 4, 5, 16]) {
        compare(specOf([3, 6, units], 'tanh', output, loss, precision), sgd({ learningRate: 0.1 }))
        compare(specOf([30, 6, units], 'relu', output, loss, precision), sgd({ learningRate: 0.1 }), 0.2)
      }
    }
  })

  it('inputs that drive a sigmoid to its ends', () => {
    for (const scale of [20, 60]) {
      compare(
        specOf([3, 6, 2], 'sigmoid', 'sigmoid', 'halfSquared', precision),
        sgd({ learningRate: 1 }),
        scale,
      )
    }
  })

  it('a loss that is no finite number stops the step before it changes anything', () => {
    for (const n of [1, 3]) {
      const engine = fill(specOf([3, 6, 2], 'relu', 'linear', 'halfSquared', precision), 1)
      engine.setOptimizer(adam())
      engine.x.fill(Infinity)
      const before = stateOf(engine)
      const { loss, batches } = engine.train(2 * n, n)
      expect([Number.isFinite(loss), batches]).toEqual([false, 0])
      expect(stateOf(engine)).toEqual(before)
    }
  })

  it('batches of a run, with the learning rate of each, and a smaller last one', () => {
    for (const batch of [1, 2, 3, 4]) {
      const spec = specOf([2, 8, 1], 'sigmoid', 'sigmoid', 'halfSquared', precision)
      const [small, general] = [fill(spec, 1), fill(spec, 1)]
      for (const engine of [small, general]) engine.setOptimizer(sgd())
      const samples = 4 * batch + 1
      const rates = [0.5, 0.1, 0.02, 0.3, 0.7, 0.2]
      small.rates.set(rates)
      let loss = 0.25
      const outcome = small.train(samples, batch, { scheduled: true, loss })
      for (let first = 0, i = 0; first < samples; first += batch, ++i) {
        general.setOptimizer(sgd({ learningRate: rates[i] }))
        const n = Math.min(batch, samples - first)
        const order = general.order.slice(0, samples)
        general.order.set(order.subarray(first, first + n))
        loss += atOnce(general.parts.train(n, {}, { left: Infinity }))
        general.order.set(order)
      }
      expect(outcome.loss).toBe(loss)
      expect(small.parameters).toEqual(general.parameters)
    }
  })
})
