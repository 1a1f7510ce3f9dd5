/** What src/engine/engine.ts promises, on every engine. */
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.js'
import { outOfMemory } from '../../src/engine/out-of-memory.js'
import { optimizerNames, resolveOptimizer, sgd } from '../../src/definition/optimizers.js'
import { summedReference } from '../reference.js'
import { engines, flatten, stage, tanhSpec } from '../support/engines.js'
import { expectClose } from '../support/expect-close.js'
import { randomRows } from '../support/random-rows.js'

const sizes = [5, 7, 3]
const tanh = { type: 'tanh', shape: 0 } as const
const spec = tanhSpec(sizes, 'f64')
const weights = [randomRows(7, 5, 1), randomRows(3, 7, 2)]
const biases = [randomRows(1, 7, 3)[0], randomRows(1, 3, 4)[0]]
const net = { activations: [tanh, tanh], loss: 'halfSquared', weights, biases } as const
const x = randomRows(23, 5, 5)
const y = randomRows(23, 3, 6)
const bound = { relative: 1e-12 }

describe.each(engines)('the $name engine', ({ create }) => {
  const start = (): Engine => {
    const engine = create(spec)
    engine.parameters.set(flatten(weights, biases))
    stage(engine, x, y)
    return engine
  }

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 23])('(34), (35) sums over %d samples', (n) => {
    const engine = start()
    const { loss, gradW, gradB } = summedReference(net, x.slice(0, n), y.slice(0, n))
    expectClose(engine.loss(n), loss, bound, sizes.join(' → '))
    expectClose(engine.accumulate(n), loss, bound, sizes.join(' → '))
    expectClose(engine.gradients, flatten(gradW, gradB), bound, `${sizes.join(' → ')}, ${n} samples`)
  })

  it('samples are taken in the order given', () => {
    const engine = start()
    const order = [22, 0, 7, 7, 3]
    engine.order.set(order)
    const rows = order.map((row) => x[row])
    const targets = order.map((row) => y[row])
    const { loss, gradW, gradB, samples } = summedReference(net, rows, targets)
    expectClose(engine.accumulate(5), loss, bound)
    expectClose(engine.gradients, flatten(gradW, gradB), bound)
    engine.predict(5)
    const outputs = samples.flatMap(({ layers }) => layers[1].a)
    expectClose(engine.y.slice(0, 15), outputs, bound)
  })

  it('predict and loss leave gradients and parameters, trace too', () => {
    const engine = start()
    engine.accumulate(3)
    const [parameters, gradients] = [engine.parameters.slice(), engine.gradients.slice()]
    engine.trace()
    engine.loss(23)
    engine.predict(23)
    expect(engine.parameters).toEqual(parameters)
    expect(engine.gradients).toEqual(gradients)
  })

  it.each([
    { byMean: true, pending: 0 },
    { byMean: false, pending: 0 },
    { byMean: true, pending: 6 },
  ])('train is accumulate and update, batch by batch: %o', ({ byMean, pending }) => {
    const [engine, twin] = [start(), start()]
    for (const each of [engine, twin]) {
      each.setOptimizer(sgd({ learningRate: 0.1, momentum: 0.9 }))
      if (pending > 0) each.accumulate(pending)
    }
    let loss = 0
    for (const [first, end] of [
      [0, 9],
      [9, 18],
      [18, 23],
    ]) {
      twin.order.set(Array.from({ length: end - first }, (_, i) => first + i))
      loss += twin.accumulate(end - first)
      twin.update(byMean ? 1 / (end - first + (first === 0 ? pending : 0)) : 1)
    }
    const trained = engine.train(23, 9, { pending, bySum: !byMean })
    expect(trained.batches).toBe(3)
    expectClose(trained.loss, loss, bound)
    expectClose(engine.parameters, twin.parameters, bound)
    expect(engine.gradients.every((g) => g === 0)).toBe(true)
  })

  it('scheduled, each batch has a learning rate of its own; in one call or from where another ended', () => {
    const rates = [0.5, 0.1, 0.3]
    const one = start()
    for (const [i, learningRate] of rates.entries()) {
      one.setOptimizer(sgd({ learningRate }))
      one.train(Math.min(9, 23 - 9 * i), 9, { start: 9 * i })
    }
    const two = start()
    two.rates.set(rates)
    expect(two.train(23, 9, { scheduled: true }).batches).toBe(3)
    expect(two.parameters).toEqual(one.parameters)
    const three = start()
    three.rates.set(rates)
    const { loss } = three.train(9, 9, { scheduled: true })
    three.train(14, 9, { start: 9, scheduled: true, loss })
    expect(three.parameters).toEqual(one.parameters)
  })

  it('train stops before the update of a batch whose loss is not finite', () => {
    const [engine, twin] = [start(), start()]
    engine.y[10 * 3] = Infinity
    for (const each of [engine, twin]) each.setOptimizer(sgd({ learningRate: 0.1 }))
    const { loss } = twin.train(8, 8)
    expect(engine.train(23, 8)).toEqual({ loss: Infinity, batches: 1 })
    expect(loss).toBeGreaterThan(0)
    expect(engine.parameters).toEqual(twin.parameters)
    expect(engine.gradients.every((g) => g === 0)).toBe(true)
  })

  it('and forgets what had been accumulated', () => {
    const engine = start()
    engine.setOptimizer(sgd({ learningRate: 0.1 }))
    const before = engine.parameters.slice()
    engine.accumulate(3)
    engine.y[10 * 3] = Infinity
    expect(engine.train(23, 23, { pending: 3 })).toEqual({ loss: Infinity, batches: 0 })
    expect(engine.parameters).toEqual(before)
    expect(engine.gradients.every((g) => g === 0)).toBe(true)
  })

  const optimizers = optimizerNames.map((type) =>
    resolveOptimizer(type === 'sgd' ? { type, momentum: 0.9 } : { type }),
  )
  it.each(optimizers)('$type goes on in any engine from parameters, slots and counters', (optimizer) => {
    const train = (engine: Engine, steps: number): void => {
      engine.setOptimizer(optimizer)
      for (let t = 0; t < steps; ++t) engine.train(23, 23)
    }
    const [whole, half] = [start(), start()]
    train(whole, 6)
    train(half, 3)
    for (const other of engines) {
      const heir = other.create(spec)
      stage(heir, x, y)
      heir.parameters.set(half.parameters)
      heir.counters.set(half.counters)
      for (const [i, slot] of heir.slotsInUse(3).entries()) slot.set(half.slotsInUse(3)[i])
      train(heir, 3)
      expectClose(
        heir.parameters,
        whole.parameters,
        { relative: 1e-10 },
        `${optimizer.type}, on ${other.name}`,
      )
    }
  })

  it('a network that does not fit in memory is refused with the bytes that it needs', () => {
    const layers = [{ inputs: 2 ** 20, units: 2 ** 31, activation: tanh }]
    const tooLarge = { ...spec, inputs: 2 ** 20, layers }
    expect(() => create(tooLarge)).toThrow(RangeError)
    expect(() => create(tooLarge)).toThrow(/^network: expected to fit in .*memory, needs [\d,]+ bytes$/)
  })
})

it('outOfMemory names the bytes, and the limit if there is one', () => {
  expect(outOfMemory(2 ** 35).message).toBe('network: expected to fit in memory, needs 34,359,738,368 bytes')
  expect(outOfMemory(2 ** 35, 2 ** 32).message).toBe(
    'network: expected to fit in 4,294,967,296 bytes of memory, needs 34,359,738,368 bytes',
  )
})
