/**
 * A call with one plain row of numbers stages it itself. That is indistinguishable from what reads all other samples:
 * the same bits, the same messages, and nothing else is disturbed.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Matrix } from '../../src/base/samples.js'
import { readPair } from '../../src/definition/read-pair.js'
import { resolveSpec, type Spec } from '../../src/definition/spec.js'
import { BaselineEngine } from '../../src/engine/baseline/baseline.js'
import { SmallEngine } from '../../src/engine/wasm/small-engine.js'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'
import { Predictor } from '../../src/inference/index.js'
import {
  adam,
  Network,
  rmsprop,
  sgd,
  type Optimizer,
  type OptimizerOption,
  type ShortOptions,
} from '../../src/index.js'
import { randomRows } from '../support/random-rows.js'
import { any, forms, oddities, outcomeOf } from '../support/rows.js'
import { engineOf } from '../support/ways.js'

/** Networks of 3 inputs and 3 outputs: rows of three are plain for both. */
const shapes: readonly {
  readonly name: string
  readonly sizes: readonly number[]
  readonly options: ShortOptions
}[] = [
  { name: 'small', sizes: [3, 5, 3], options: { activation: 'tanh' } },
  { name: 'wide', sizes: [3, 70, 3], options: { activation: { hidden: 'relu', output: 'sigmoid' } } },
  { name: 'softmax', sizes: [3, 4, 3], options: { activation: { hidden: 'tanh', output: 'softmax' } } },
  {
    name: 'labels',
    sizes: [3, 4, 3],
    options: { activation: { hidden: 'tanh', output: 'sigmoid' }, loss: 'binaryCrossEntropy' },
  },
  {
    name: 'softmax of a squared loss',
    sizes: [3, 3],
    options: { activation: { hidden: 'tanh', output: 'softmax' }, loss: 'halfSquared' },
  },
]

const ways = (['wasm', 'baseline'] as const).flatMap((engine) =>
  (['f32', 'f64'] as const).map((precision) => ({ engine, precision })),
)

/** Rows in rows, which no call takes for one plain row. */
function rowsOf({ rows, columns, values }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)])
}

afterEach(() => vi.restoreAllMocks())

describe.each(ways)('$engine, $precision', ({ engine, precision }) => {
  const common = { precision, seed: 3, engine: engineOf[engine] } as const
  const make = (sizes: readonly number[], options: ShortOptions): [Network, Network, Spec] => {
    const given = { ...options, ...common }
    return [new Network(sizes, given), new Network(sizes, given), resolveSpec(sizes, given)]
  }

  it('one plain row stages itself, and nothing else does', () => {
    for (const [sizes, Engine] of [
      [[3, 5, 3], engine === 'wasm' ? SmallEngine : BaselineEngine],
      [[3, 70, 3], engine === 'wasm' ? WasmEngine : BaselineEngine],
    ] as const) {
      const [net] = make(sizes, {})
      const predictRow = vi.spyOn(Engine.prototype, 'predictRow')
      const trainRow = vi.spyOn(Engine.prototype, 'trainRow')
      net.predict([1, 2, 3])
      net.predict(Float32Array.of(1, 2, 3))
      net.predict(Float64Array.of(1, 2, 3))
      expect(predictRow).toHaveBeenCalledTimes(3)
      net.predict([[1, 2, 3]])
      net.predict([1, 2, 3, 4, 5, 6])
      net.predict(Int8Array.of(1, 2, 3))
      expect(predictRow).toHaveBeenCalledTimes(3)
      const optimizer = sgd({ learningRate: 0.01 })
      for (let step = 0; step < 3; ++step) net.train([1, 2, 3], [1, 0, 0], optimizer)
      net.train([1, 2, 3], Float64Array.of(1, 0, 0), sgd({ learningRate: 0.01 }))
      net.train([1, 2, 3], [1, 0, 0], any({ type: 'sgd', learningRate: 0.01 }))
      expect(trainRow).toHaveBeenCalledTimes(4)
      net.train([[1, 2, 3]], [1, 0, 0], optimizer)
      net.train([1, 2, 3], any([[1, 0, 0]]), optimizer)
      net.train([1, 2, 3], [1, 0, 0], sgd({ learningRate: 0.02 }))
      expect(trainRow).toHaveBeenCalledTimes(4)
      vi.restoreAllMocks()
    }
  })

  it.each(shapes)('every form of a row is the same row: $name', ({ sizes, options }) => {
    const [one, other] = make(sizes, options)
    const optimizer = sgd({ learningRate: 0.03 })
    for (const [form, of] of forms) {
      const x = (): never => any(of(1, 2, 3))
      const y = (): never => any(of(0, 1, 0))
      const [nested, classes] = [[[1, 2, 3]], [[0, 1, 0]]]
      const found = [one.loss(x(), y()), one.accumulate(x(), y()), one.predict(x())]
      const expected = [other.loss(nested, classes), other.accumulate(nested, classes), other.predict(nested)]
      expect(found, form).toEqual(expected)
      expect(Object.getPrototypeOf(found[2]), form).toBe(Object.getPrototypeOf(expected[2]))
      for (const net of [one, other]) net.update(optimizer)
      expect(one.train(x(), y(), optimizer), form).toBe(other.train(nested, classes, optimizer))
      expect(one.toBytes(), form).toEqual(other.toBytes())
    }
  })

  it.each(shapes)('whatever x and y are, the same results and messages: $name', ({ sizes, options }) => {
    const [quick, slow, spec] = make(sizes, options)
    const optimizer = rmsprop({ learningRate: 0.001 })
    for (const net of [quick, slow]) net.train([[0, 0, 0]], [[0, 1, 0]], optimizer)
    for (const [name, of] of oddities) {
      const plain = (): number[] => [0, 1, 0]
      for (const [x, y, what] of [
        [of, plain, 'x'],
        [plain, of, 'y'],
        [of, of, 'both'],
      ] as const) {
        // What the reader says; then rows in rows, which nothing else reads.
        const rows = (): number[][] => rowsOf(readPair(spec, x(), y())[0])
        const calls: readonly (readonly [string, () => unknown, () => unknown])[] = [
          ['loss', () => quick.loss(any(x()), any(y())), () => slow.loss(rows(), any(y()))],
          ['accumulate', () => quick.accumulate(any(x()), any(y())), () => slow.accumulate(rows(), any(y()))],
          [
            'train',
            () => quick.train(any(x()), any(y()), optimizer),
            () => slow.train(rows(), any(y()), optimizer),
          ],
        ]
        for (const [method, call, reference] of calls) {
          const found = outcomeOf(call)
          expect(found, `${method}, ${name} as ${what}`).toEqual(outcomeOf(reference))
          if (method !== 'accumulate' || typeof found === 'string') continue
          expect(quick.toBytes(), name).toEqual(slow.toBytes())
          for (const net of [quick, slow]) net.zeroGradients()
        }
      }
      const read = (): number[][] => rowsOf(readPair(spec, of(), zerosFor(of()))[0])
      const found = outcomeOf(() => quick.predict(any(of())))
      expect(found, `predict, ${name}`).toEqual(outcomeOf(() => slow.predict(read())))
      expect(quick.toBytes(), name).toEqual(slow.toBytes())
    }
  })

  it('one input and one output', () => {
    for (const [options, targets] of [
      [{}, [2, -3]],
      [{ activation: { hidden: 'tanh', output: 'sigmoid' }, loss: 'binaryCrossEntropy' }, [0, 1.5, 0.5, -1]],
    ] as const) {
      const [one, other] = make([1, 3, 1], options)
      for (const y of [...targets, ...targets]) {
        const found = outcomeOf(() => one.train([0.5], [y], 'adam'))
        expect(found).toEqual(outcomeOf(() => other.train([[0.5]], [y], 'adam')))
        expect(one.toBytes()).toEqual(other.toBytes())
      }
      expect(one.predict([0.5])).toEqual(other.predict([[0.5]]))
    }
  })

  it('numbers that overflow are predicted, and not trained on', () => {
    const [one, other] = make([3, 4, 2], { activation: 'linear' })
    const largest = precision === 'f64' ? Number.MAX_VALUE : 3.4028234663852886e38
    const x = [largest, -largest, largest]
    for (const net of [one, other]) {
      net.layers[0].weights.fill(2)
      for (let step = 0; step < 2; ++step) net.train([[1e-3, 0, 0]], [[0, 0]], adam())
    }
    expect(one.predict(x)).toEqual(other.predict([x]))
    expect(one.predict(x).every(Number.isFinite)).toBe(false)
    const before = one.toBytes()
    const messages = [
      outcomeOf(() => one.train(x, [0, 0], adam())),
      outcomeOf(() => one.train(x, [0, 0], 'sgd')),
      outcomeOf(() => other.train([x], [[0, 0]], adam())),
    ]
    for (const message of messages) {
      expect(message).toMatch(
        /^Error: train: expected a finite loss, got (NaN|Infinity); nothing was changed$/,
      )
    }
    expect(messages[0]).toBe(messages[2])
    expect(one.toBytes()).toEqual(before)
    for (const net of [one, other]) net.train([1e-3, 0, 0], [0, 0], adam())
    expect(one.toBytes()).toEqual(other.toBytes())
  })

  it('pending gradients are counted, and nothing else is left of them', () => {
    const [one, other] = make([3, 5, 3], {})
    for (let step = 0; step < 3; ++step) {
      for (const net of [one, other]) {
        const of = (row: number[]): never => any(net === one ? row : [row])
        net.train(of([1, 0, 2]), of([0, 1, 0]), 'adam')
        net.accumulate(of([1, 2, 3]), of([1, 0, 0]))
        expect(() => net.train(of([1, 0, NaN]), of([0, 1, 0]), 'adam')).toThrow('finite number')
        net.train(of([1, 1, 2]), of([0, 1, 1]), 'adam')
        expect(() => net.update('adam')).toThrow('expected accumulated gradients')
        net.accumulate(of([1, 2, 3]), of([1, 0, 0]))
        net.zeroGradients()
        net.train(of([3, 1, 2]), of([0, 1, 1]), 'adam')
      }
      expect(one.toBytes()).toEqual(other.toBytes())
    }
  })

  it('optimisers that change from call to call', () => {
    const [one, other] = make([3, 5, 3], {})
    const own: Optimizer = { ...sgd(), learningRate: 0.05 }
    const options: { learningRate: number } = { learningRate: 0.01 }
    const optimizers: readonly (() => OptimizerOption)[] = [
      () => 'adam',
      () => adam,
      () => adam({}),
      () => adam(any({ learningRate: undefined, beta1: 0.9 })),
      () => adam({ amsgrad: true }),
      () => 'sgd',
      () => sgd({ momentum: 0.9 }),
      () => sgd({ momentum: 0.9, nesterov: true }),
      () => sgd,
      () => own,
      () => ({ ...own }),
      () => any({ type: 'rmsprop', alpha: 0.5 }),
      () => sgd(options),
    ]
    for (let call = 0; call < 4 * optimizers.length; ++call) {
      options.learningRate += 1e-3
      // One after the other, each twice, and back again.
      const optimizer = optimizers[(call < 2 * optimizers.length ? call >> 1 : 5 * call) % optimizers.length]
      expect(one.train([1, 2, 3], [0, 1, 0], optimizer())).toBe(
        other.train([[1, 2, 3]], [[0, 1, 0]], optimizer()),
      )
      expect(one.toBytes()).toEqual(other.toBytes())
    }
  })

  it('calls during a fit disturb nothing, right or wrong', async () => {
    const data = { x: randomRows(6, 3, 1), y: randomRows(6, 3, 2) }
    const fitted = async (onEpoch: (net: Network) => void): Promise<[Network, number[]]> => {
      const net = new Network([3, 5, 3], common)
      const { epochs } = await net.fit(data, {
        ...{ epochs: 4, batchSize: 2, optimizer: adam() },
        onEpoch: () => {
          onEpoch(net)
        },
      })
      return [net, epochs.map(({ loss }) => loss)]
    }
    const [alone, losses] = await fitted(() => undefined)
    const [disturbed, disturbedLosses] = await fitted((net) => {
      for (const [, of] of oddities) {
        outcomeOf(() => net.predict(any(of())))
        outcomeOf(() => net.predict([1, 2, 3], any(of())))
        outcomeOf(() => net.loss(any(of()), [0, 1, 0]))
        outcomeOf(() => net.loss([1, 2, 3], any(of())))
      }
      net.predict([1, 2, 3])
      const expected = 'expected a network that is not being fitted'
      expect(() => net.train([1, 2, 3], [0, 1, 0], adam())).toThrow(`train: ${expected}`)
      expect(() => net.accumulate([1, 2, 3], [0, 1, 0])).toThrow(`accumulate: ${expected}`)
    })
    expect(disturbedLosses).toEqual(losses)
    expect(disturbed.toBytes()).toEqual(alone.toBytes())
  })

  it('the order of samples of a fit is not left for the calls behind it', async () => {
    const data = { x: randomRows(6, 3, 1), y: randomRows(6, 3, 2) }
    for (const sizes of [
      [3, 5, 3],
      [3, 70, 3],
    ]) {
      const [one, other] = make(sizes, {})
      const given = { epochs: 3, batchSize: 6, optimizer: sgd() }
      for (const method of ['loss', 'accumulate', 'loss', 'accumulate'] as const) {
        await one.fit(data, given)
        const found = one[method]([1, 2, 3], [0, 1, 0])
        await other.fit(data, given)
        expect(found, method).toBe(other[method]([[1, 2, 3]], [[0, 1, 0]]))
        for (const net of [one, other]) net.zeroGradients()
      }
    }
  })

  it('regularisation and a schedule of a fit are not left for the steps behind it', async () => {
    const data = { x: randomRows(6, 3, 1), y: randomRows(6, 3, 2) }
    const optimizer = sgd({ learningRate: 0.1 })
    const [one, other] = make([3, 5, 3], {})
    for (const net of [one, other]) {
      net.train([1, 2, 3], [0, 1, 0], optimizer)
      await net.fit(
        { ...data, weights: data.x.map(() => 2) },
        {
          ...{ epochs: 2, batchSize: 2, optimizer, schedule: { type: 'exponential', gamma: 0.5 } },
          ...{ l2: 0.5, l1: 0.1, averageWeights: 0.5, dropout: 0.5, maxWeightNorm: 0.1 },
        },
      )
    }
    const twin = new Network([3, 5, 3], common)
    for (const [l, { weights, biases }] of one.layers.entries()) {
      twin.layers[l].weights.set(weights)
      twin.layers[l].biases.set(biases)
    }
    const loss = one.train([1, 2, 3], [0, 1, 0], optimizer)
    expect(loss).toBe(other.train([[1, 2, 3]], [[0, 1, 0]], optimizer))
    expect(loss).toBe(twin.train([1, 2, 3], [0, 1, 0], optimizer))
    expect(one.toBytes()).toEqual(other.toBytes())
    expect(one.predict([1, 2, 3])).toEqual(twin.predict([1, 2, 3]))
  })

  it('a network without an optimiser needs one', () => {
    const [net] = make([3, 5, 3], {})
    const before = net.toBytes()
    for (const x of [[1, 2, 3], [[1, 2, 3]]] as const) {
      for (const wrong of [undefined, null]) {
        expect(() => net.train(x, [0, 1, 0], any(wrong))).toThrow(
          `optimizer: expected an object, got ${wrong}`,
        )
      }
    }
    expect(net.toBytes()).toEqual(before)
  })

  it('predictions are copies', () => {
    const [net] = make([3, 5, 3], {})
    const first = net.predict([1, 2, 3])
    const kept = first.slice()
    net.predict([3, 2, 1])
    expect(first).toEqual(kept)
  })
})

describe.each(['f32', 'f64'] as const)('a Predictor, %s', (precision) => {
  it('predicts every row, and says of every other, what it says of rows in rows', () => {
    const options = { activation: { hidden: 'tanh', output: 'softmax' }, precision, seed: 3 } as const
    const spec = resolveSpec([3, 5, 3], options)
    const predictor = Predictor.fromBytes(new Network([3, 5, 3], options).toBytes())
    const every = [...oddities, ...forms.map(([form, of]) => [form, () => of(1, 2, 3)] as const)]
    for (const [name, of] of every) {
      const read = (): number[][] => rowsOf(readPair(spec, of(), zerosFor(of()))[0])
      const found = outcomeOf(() => predictor.predict(any(of())))
      expect(found, name).toEqual(outcomeOf(() => predictor.predict(read())))
    }
  })
})

/** Targets for as many samples of three as x has, so that only x can be wrong. */
function zerosFor(x: unknown): number[] {
  const flat = outcomeOf(() => Array.from(x as number[][]).flat().length)
  const rows = typeof flat === 'number' ? Math.max(1, Math.floor(flat / 3)) : 1
  return Array.from({ length: 3 * rows }, (_, i) => Number(i % 3 === 0))
}
