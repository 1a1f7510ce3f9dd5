/** Makers of optimisers, and networks, remember what they made last; nobody can tell. */
import { describe, expect, it } from 'vitest'
import { resolveSpec } from '../../src/definition/spec.js'
import { adam, Network, rmsprop, sgd, type Optimizer } from '../../src/index.js'
import { any, inRealm, outcomeOf, type Maker } from '../support/rows.js'

const notAnObject = (got: string): string =>
  `TypeError: sgd: expected an object, got ${got}; such as { learningRate: 0.01 }`

const unknownOption = (got: string): string =>
  `RangeError: sgd: expected one of learningRate, momentum, nesterov, weightDecay, got "${got}"`

/** Options of sgd, and the learning rate that they give, or the message. */
const options: readonly (readonly [Maker, number | string])[] = [
  [() => undefined, 0.001],
  [() => ({}), 0.001],
  [() => ({ learningRate: undefined }), 0.001],
  [() => ({ momentum: undefined }), 0.001],
  [() => ({ learningRate: 0.1 }), 0.1],
  [() => ({ learningRate: 0.1, momentum: undefined }), 0.1],
  [() => ({ momentum: undefined, learningRate: 0.2 }), 0.2],
  [() => ({ momentum: 0, learningRate: 0.1 }), 0.1],
  [() => ({ learningRate: 0 }), 0],
  [() => ({ learningRate: -0 }), -0],
  [() => ({ [Symbol('learningRate')]: 5 }), 0.001],
  [() => ({ [Symbol('learningRate')]: 6, learningRate: 0.3 }), 0.3],
  [() => new WithGetter(), 0.25],
  [() => Object.create({ learningRate: 0.5 }) as unknown, 0.5],
  [() => Object.create({ momentum: 0 }, { learningRate: { value: 0.6, enumerable: true } }) as unknown, 0.6],
  [() => Object.assign(Object.create(null) as object, { learningRate: 0.7 }), 0.7],
  [() => inRealm('({ learningRate: 0.8 })'), 0.8],
  [() => new Proxy({ learningRate: 0.9 }, {}), 0.9],
  [() => Object.freeze({ learningRate: 0.15 }), 0.15],
  [() => null, notAnObject('null')],
  [() => 0.1, notAnObject('0.1')],
  [() => [], notAnObject('an array')],
  [() => new Map(), notAnObject('a Map')],
  [() => new Date(0), notAnObject('a Date')],
  [() => ({ learningRate: NaN }), 'RangeError: sgd.learningRate: expected a number >= 0, got NaN'],
  [() => ({ learningRate: '0.1' }), 'TypeError: sgd.learningRate: expected a number >= 0, got "0.1"'],
  [() => ({ nesterov: 0 }), 'TypeError: sgd.nesterov: expected true or false, got 0'],
  [() => ({ beta1: undefined }), unknownOption('beta1')],
  [() => ({ constructor: Object }), unknownOption('constructor')],
]

class WithGetter {
  get learningRate(): number {
    return 0.25
  }
}

describe('an optimiser', () => {
  it('of every other object of options, each directly behind each', () => {
    for (const [before] of options) {
      for (const [of, expected] of options) {
        outcomeOf(() => sgd(any(before())))
        const made = outcomeOf(() => sgd(any(of())))
        expect(typeof made === 'string' ? made : (made as Optimizer).learningRate).toBe(expected)
        if (typeof made === 'string') continue
        expect(made).toMatchObject({ type: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 })
      }
    }
  })

  it('of options that are written to between two calls', () => {
    const mutable: Record<string, unknown> = { learningRate: 0.1 }
    const first = sgd(mutable)
    expect(sgd(mutable)).toBe(first)
    mutable.learningRate = 0.2
    expect(sgd(mutable)).toMatchObject({ learningRate: 0.2, momentum: 0 })
    mutable.momentum = 0.5
    expect(sgd(mutable)).toMatchObject({ learningRate: 0.2, momentum: 0.5 })
    delete mutable.learningRate
    expect(sgd(mutable)).toMatchObject({ learningRate: 0.001, momentum: 0.5 })
    expect(first).toEqual({ type: 'sgd', learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0 })
    expect(Object.isFrozen(sgd(mutable))).toBe(true)
  })

  it('of getters: each is read once', () => {
    let reads = 0
    const rates = {
      get learningRate() {
        return 0.1 / ++reads
      },
    }
    for (let call = 1; call <= 3; ++call) expect(sgd(rates).learningRate).toBe(0.1 / call)
  })

  it('of several types in turn', () => {
    for (let call = 0; call < 2; ++call) {
      for (const make of [adam, rmsprop, sgd]) {
        expect(make({ learningRate: 0.1 })).toMatchObject({ type: make.name, learningRate: 0.1 })
      }
      expect(() => adam({ amsgrad: any(0) })).toThrow('adam.amsgrad: expected true or false, got 0')
      expect(adam({ amsgrad: false })).toMatchObject({ amsgrad: false })
    }
  })
})

/** Options of a network 2-3-1, and a part of its description, or the message. */
const networks: readonly (readonly [Maker, string])[] = [
  [() => undefined, '3 relu → 1 linear; 13 parameters, f32, halfSquared'],
  [() => ({}), '3 relu → 1 linear; 13 parameters, f32, halfSquared'],
  [() => ({ seed: 3 }), '3 relu → 1 linear; 13 parameters, f32, halfSquared'],
  [() => ({ activation: 'tanh' }), '3 tanh → 1 tanh; 13 parameters, f32, halfSquared'],
  [() => ({ activation: undefined }), '3 relu → 1 linear;'],
  [() => ({ activation: 'tanh', loss: 'huber', seed: 1 }), '3 tanh → 1 tanh; 13 parameters, f32, huber'],
  [() => ({ precision: 'f64' }), '13 parameters, f64, halfSquared'],
  [() => ({ activation: { output: 'relu' } }), '3 relu → 1 relu;'],
  [() => ({ activation: { hidden: 'tanh' } }), '3 tanh → 1 linear;'],
  [() => ({ activation: Object.create({ hidden: 'gelu' }) as unknown }), '3 gelu → 1 linear;'],
  [() => ({ activation: { type: 'elu', alpha: 0.5 } }), '3 elu → 1 elu;'],
  [() => Object.create({ activation: 'tanh' }) as unknown, '3 tanh → 1 tanh;'],
  [() => Object.create({ seed: 5 }) as unknown, '3 relu → 1 linear;'],
  [() => Object.assign(Object.create(null) as object, { activation: 'relu' }), '3 relu → 1 relu;'],
  [() => inRealm('({ activation: "tanh" })'), '3 tanh → 1 tanh;'],
  [() => null, 'TypeError: options: expected an object, got null'],
  [() => [], 'TypeError: options: expected an object, got an array'],
  [() => new Map(), 'TypeError: options: expected an object, got a Map'],
  [() => new Date(0), 'TypeError: options: expected an object, got a Date'],
]

describe('a network', () => {
  it('of every other object of options, each directly behind each', () => {
    const made = (of: Maker): unknown => outcomeOf(() => String(new Network([2, 3, 1], any(of()))))
    for (const [before] of networks) {
      for (const [of, expected] of networks) {
        made(before)
        expect(made(of)).toContain(expected)
      }
    }
  })

  it('of sizes and options that are written to between two', () => {
    const sizes = [2, 3, 1]
    const mutable = { activation: { hidden: 'tanh', output: 'relu' }, precision: 'f32', seed: 1 }
    const make = (): Network => new Network(sizes, any(mutable))
    const first = make()
    mutable.activation.output = 'linear'
    expect(String(make())).toContain('3 tanh → 1 linear;')
    mutable.precision = 'f64'
    expect(make().predict([1, 2])).toBeInstanceOf(Float64Array)
    mutable.seed = 2
    expect(make().seed).toBe(2)
    sizes.push(4)
    expect(make().outputs).toBe(4)
    expect(String(first)).toContain('3 tanh → 1 relu; 13 parameters, f32')
    expect(first.seed).toBe(1)
  })

  it('of getters: each is read once', () => {
    const names = ['tanh', 'relu']
    let reads = 0
    const options = {
      get activation() {
        return names[reads++ % 2]
      },
    }
    for (const name of names) {
      expect(resolveSpec([2, 3, 1], options).layers[0].activation.type).toBe(name)
      expect(resolveSpec([2, 3, 1], { activation: name }).layers[0].activation.type).toBe(name)
    }
  })

  it('of sizes and names that are getters: each is read once', () => {
    const turning = <Value>(first: Value, second: Value): (() => Value) => {
      let reads = 0
      return () => (++reads === 1 ? first : second)
    }
    for (const [first, second] of [
      [3, 5],
      [5, 3],
    ]) {
      const sizes = Object.defineProperty([2, 0, 1], 1, { get: turning(first, second) })
      expect(resolveSpec(sizes, undefined).layers[0].units).toBe(first)
      for (const units of [first, second]) {
        expect(resolveSpec([2, units, 1], undefined).layers[0].units).toBe(units)
      }
    }
    for (const name of ['hidden', 'output']) {
      const get = turning('tanh', 'softsign')
      const activation = Object.defineProperty({}, name, { get, enumerable: true })
      const typesOf = (given: object): string[] =>
        resolveSpec([2, 3, 1], { activation: given }).layers.map(({ activation: { type } }) => type)
      expect(typesOf(activation)).toContain('tanh')
      for (const type of ['tanh', 'softsign']) expect(typesOf({ [name]: type })).toContain(type)
    }
  })

  it('seeds are random where there are none, and wrong ones are said', () => {
    expect(new Network([2, 1]).seed).not.toBe(new Network([2, 1]).seed)
    expect(new Network([2, 1], { seed: 7 }).seed).toBe(7)
    expect(() => new Network([2, 1], { seed: -1 })).toThrow('seed: expected an integer >= 0, got -1')
  })
})
