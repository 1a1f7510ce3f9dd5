/** What an engine does in parts: the same bits as at once, whatever the parts are. */
import { describe, expect, it } from 'vitest'
import type { Allowance, Engine, Parts, Sampling } from '../../src/engine/engine.js'
import { unregularized, type Regularization } from '../../src/engine/regularization.js'
import { adam, rmsprop, sgd, type Optimizer } from '../../src/index.js'
import { optimizerNames, resolveOptimizer } from '../../src/definition/optimizers.js'
import type { Floats } from '../../src/base/floats.js'
import { Random } from '../../src/base/random.js'
import { partedEngines, type PartedSpec } from '../support/parted.js'

const optimizers: readonly Optimizer[] = [
  ...optimizerNames.map(resolveOptimizer),
  sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  rmsprop({ momentum: 0.5, centered: true }),
  adam({ amsgrad: true }),
]

const all: Regularization = {
  l1: 1e-3,
  l2: 1e-2,
  clipValue: 0.1,
  clipNorm: 0.2,
  clipGlobalNorm: 0.25,
  maxWeightNorm: 0.9,
  averageTake: 0.1,
}

const regularizations: Record<string, Regularization> = {
  none: unregularized,
  penalties: { ...unregularized, l1: 1e-3, l2: 1e-2 },
  'clipped by value': { ...unregularized, clipValue: 0.05 },
  'clipped by layer': { ...unregularized, clipNorm: 0.1 },
  'clipped by all': { ...unregularized, clipGlobalNorm: 0.1 },
  'limited weights': { ...unregularized, maxWeightNorm: 0.5 },
  averaged: { ...unregularized, averageTake: 0.2 },
  all,
}

const samplings: Record<string, Sampling> = {
  alike: {},
  weighted: { weighted: true },
  'with dropout': { dropout: { rates: [0.3, 0.2, 0], key: 12345, position: 7 } },
  both: { weighted: true, dropout: { rates: [0, 0.5, 0], key: 1, position: 0 } },
}

/** All of it, with allowances that are random, now and then so small that each part is the smallest there is. */
function inParts<Result>(random: Random, begin: (allowance: Allowance) => Parts<Result>): Result {
  const allowance = { left: 0 }
  const parts = begin(allowance)
  for (;;) {
    allowance.left = 10 ** (7 * random.uniform())
    const part = parts.next()
    if (part.done === true) return part.value
  }
}

type Parted = ReturnType<PartedSpec['create']>

/** Every number that a step leaves behind. */
function everything(engine: Engine): Floats[] {
  const { parameters, gradients, average, counters } = engine
  const slots = engine.slotsInUse(3)
  return [parameters, gradients, ...slots, average, counters].map((numbers) => numbers.slice())
}

describe.each(partedEngines)('$name, $precision, $layers', ({ create }: PartedSpec) => {
  const random = new Random(1, 'parts')
  /** Two of the same, one of which goes in parts. */
  const pair = (optimizer: Optimizer, regularization: Regularization): [Parted, Parted] => {
    const engines: [Parted, Parted] = [create(), create()]
    for (const engine of engines) engine.setOptimizer(optimizer, regularization)
    return engines
  }
  const sizes = [1, 2, 3, 7, 8, 9, 31, 64, 255, 256, 257, 300, 512, 513]

  it.each(Object.keys(samplings))('train, samples %s: every size about panels and chunks', (name) => {
    for (const [i, n] of sizes.entries()) {
      const [atOnce, parted] = pair(optimizers[i % optimizers.length], unregularized)
      for (let step = 0; step < 2; ++step) {
        const { loss } = atOnce.train(n, n, samplings[name])
        const partLoss = inParts(random, (allowance) => parted.parts.train(n, samplings[name], allowance))
        expect(partLoss, `${n} samples`).toBe(loss)
        expect(everything(parted), `${n} samples`).toEqual(everything(atOnce))
      }
    }
  })

  it.each(Object.keys(regularizations))('train, %s: every optimiser', (name) => {
    for (const optimizer of optimizers) {
      const [atOnce, parted] = pair(optimizer, regularizations[name])
      for (const n of [5, 40, 300]) {
        const sampling = samplings[name === 'all' ? 'both' : 'alike']
        const { loss } = atOnce.train(n, n, sampling)
        const partLoss = inParts(random, (allowance) => parted.parts.train(n, sampling, allowance))
        expect(partLoss).toBe(loss)
        expect(everything(parted), optimizer.type).toEqual(everything(atOnce))
      }
    }
  })

  it('accumulate and update', () => {
    const [atOnce, parted] = pair(adam(), all)
    for (const n of [1, 100, 520]) {
      const loss = atOnce.accumulate(n, 0.5, samplings.both)
      const partLoss = inParts(random, (allowance) =>
        parted.parts.accumulate(n, 0.5, samplings.both, allowance),
      )
      expect(partLoss).toBe(loss)
      expect(everything(parted)).toEqual(everything(atOnce))
    }
    atOnce.update(0.01)
    inParts(random, (allowance) => parted.parts.update(0.01, allowance))
    expect(everything(parted)).toEqual(everything(atOnce))
  })

  it.each([false, true])('loss, weighted: %s', (weighted) => {
    const [atOnce, parted] = pair(adam(), unregularized)
    for (const n of sizes) {
      const loss = inParts(random, (allowance) => parted.parts.loss(n, weighted, allowance))
      expect(loss, `${n} samples`).toBe(atOnce.loss(n, weighted))
    }
  })

  it('a loss that is no finite number changes nothing but gradients', () => {
    const [, parted] = pair(adam(), unregularized)
    parted.x[0] = NaN
    const before = everything(parted)
    expect(inParts(random, (allowance) => parted.parts.train(9, {}, allowance))).toBeNaN()
    parted.gradients.fill(0)
    expect(everything(parted)).toEqual(before)
  })

  it('what is left in the middle leaves nothing behind that later calls would see, but gradients', () => {
    const [fresh, left] = pair(adam(), unregularized)
    const allowance = { left: 1 }
    const parts = left.parts.accumulate(40, 0, samplings.both, allowance)
    for (let i = 0; i < 12; ++i) {
      allowance.left = 1
      expect(parts.next().done).toBe(false)
    }
    parts.return(0)
    left.gradients.fill(0)
    expect(left.loss(40)).toBe(fresh.loss(40))
    expect(left.train(40, 20)).toEqual(fresh.train(40, 20))
    expect(everything(left)).toEqual(everything(fresh))
  })
})
