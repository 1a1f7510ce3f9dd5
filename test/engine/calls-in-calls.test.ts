/**
 * Reading an argument may run code of the caller's, a getter's, a proxy's or a maker's, which calls networks itself.
 * All is read first: then the call does what it does with plain arguments.
 */
import { describe, expect, it } from 'vitest'
import {
  adam,
  clone,
  crossover,
  evaluate,
  mutate,
  Network,
  predictAll,
  sgd,
  type History,
  type Optimizer,
  type OptimizerOption,
} from '../../src/index.js'
import { Predictor } from '../../src/inference/index.js'
import { any } from '../support/rows.js'
import { engineOf } from '../support/ways.js'

const rows = {
  x: [
    [0, 0, 1],
    [0, 1, 0],
  ],
  y: [
    [0, 1, 0],
    [1, 0, 0],
  ],
}

it('a loop of epochs whose data begin another fit leaves that one to its end', async () => {
  const net = new Network([3, 5, 3], { seed: 1 })
  let other: Promise<History> | undefined
  const data = {
    get x() {
      other ??= net.fit(rows, { epochs: 50, onEpoch: () => Promise.resolve() })
      return rows.x
    },
    y: rows.y,
  }
  await expect(net.epochs(data).next()).rejects.toThrow('expected a network that is not being fitted')
  expect(await other).toMatchObject({ ended: 'epochs' })
})

const cases = [
  { name: 'small, f32', sizes: [3, 5, 3], engine: 'wasm', precision: 'f32' },
  { name: 'small, f64', sizes: [3, 5, 3], engine: 'wasm', precision: 'f64' },
  { name: 'with a memory of its own', sizes: [3, 70, 3], engine: 'wasm', precision: 'f32' },
  { name: 'in plain JavaScript', sizes: [3, 5, 3], engine: 'baseline', precision: 'f32' },
] as const

const optimizer = sgd({ learningRate: 0.01 })

/** A row whose number at a place is a getter, or a proxy's, that calls something the first time. */
const hooked: readonly (readonly [
  string,
  (values: number[], place: number, hook: () => unknown) => number[],
])[] = [
  [
    'a getter',
    (values, place, hook) => {
      const once = onceOnly(hook)
      const value = values[place]
      return Object.defineProperty([...values], place, {
        get() {
          once()
          return value
        },
      })
    },
  ],
  [
    'a proxy',
    (values, place, hook) => {
      const once = onceOnly(hook)
      const get = (row: number[], key: string | symbol): unknown => {
        if (key === String(place)) once()
        return Reflect.get(row, key) as unknown
      }
      return new Proxy(values, { get })
    },
  ],
]

/** What is not plain may be read again. */
function onceOnly(hook: () => unknown): () => void {
  let isFirst = true
  return () => {
    if (!isFirst) return
    isFirst = false
    hook()
  }
}

describe.each(cases)('$name', ({ engine, precision, sizes }) => {
  const create = (seed = 3): Network => {
    const net = new Network(sizes, { activation: 'tanh', precision, seed, engine: engineOf[engine] })
    net.train([1, 1, 1], [1, 1, 1], optimizer)
    return net
  }

  /** What may be called meanwhile; it may change the network, and does so before the call does. */
  const calls: readonly (readonly [string, (net: Network, other: Network) => unknown])[] = [
    ['predict', (net) => net.predict([7, 8, 9])],
    [
      'predict of two',
      (net) =>
        net.predict([
          [7, 8, 9],
          [9, 9, 9],
        ]),
    ],
    ['loss', (net) => net.loss([7, 8, 9], [7, 7, 7])],
    ['trace', (net) => net.trace([7, 8, 9], [7, 7, 7])],
    ['checkGradients', (net) => net.checkGradients([7, 8, 9], [7, 7, 7])],
    ['train', (net) => net.train([7, 8, 9], [1, 0, 1], optimizer)],
    ['train with another optimiser', (net) => net.train([7, 8, 9], [1, 0, 1], 'adam')],
    ['accumulate', (net) => net.accumulate([7, 8, 9], [1, 0, 1])],
    ['predict of another', (_, other) => other.predict([7, 8, 9])],
    ['train of another', (_, other) => other.train([7, 8, 9], [1, 0, 1], optimizer)],
    ['predictAll', (net, other) => predictAll([other, net], any([7, 8, 9, 6, 6, 6]))],
    ['what throws', (net) => expect(() => net.predict([7, NaN, 9])).toThrow()],
    ['clone, and what it predicts', (net) => clone(net).predict([7, 8, 9])],
    ['dispose of another', (_, other) => other.dispose()],
    ['layers', (net) => net.layers[0].weights.fill(0.125)],
  ]

  it.each(calls)('%s', (_, meanwhile) => {
    for (const [i, [, rowOf]] of hooked.entries()) {
      for (const place of [[0, 2], [1]][i]) {
        const steps: readonly (readonly [
          (net: Network, hook: () => unknown) => unknown,
          (net: Network) => unknown,
        ])[] = [
          [(net, hook) => net.predict(rowOf([1, 2, 3], place, hook)), (net) => net.predict([[1, 2, 3]])],
          [
            (net, hook) => net.loss(rowOf([1, 2, 3], place, hook), [0, 1, 0]),
            (net) => net.loss([[1, 2, 3]], [[0, 1, 0]]),
          ],
          [
            (net, hook) => net.accumulate([1, 2, 3], rowOf([0, 1, 0], place, hook)),
            (net) => net.accumulate([[1, 2, 3]], [[0, 1, 0]]),
          ],
          [
            (net, hook) => net.train(rowOf([1, 2, 3], place, hook), [0, 1, 0], optimizer),
            (net) => net.train([[1, 2, 3]], [[0, 1, 0]], optimizer),
          ],
          [
            (net, hook) => net.train([1, 2, 3], rowOf([0, 1, 0], place, hook), optimizer),
            (net) => net.train([[1, 2, 3]], [[0, 1, 0]], optimizer),
          ],
          [
            (net, hook) => net.train([1, 2, 3], [0, 1, 0], makerOf(hook)),
            (net) => net.train([[1, 2, 3]], [[0, 1, 0]], optimizer),
          ],
          [
            (net, hook) => net.train([1, 2, 3], [0, 1, 0], optionsOf(hook)),
            (net) => net.train([[1, 2, 3]], [[0, 1, 0]], optimizer),
          ],
        ]
        for (const [step, expected] of steps) {
          const [net, same, other] = [create(), create(), create(4)]
          meanwhile(same, create(4))
          expect(step(net, () => meanwhile(net, other))).toEqual(expected(same))
          expect(net.toBytes()).toEqual(same.toBytes())
        }
      }
    }
  })

  it('dispose of the network itself: nothing is computed of what is there no more', () => {
    for (const [, rowOf] of hooked) {
      for (const [method, call] of [
        ['predict', (net, hook) => net.predict(rowOf([1, 2, 3], 2, hook))],
        ['predict', (net, hook) => net.predict([rowOf([1, 2, 3], 2, hook)])],
        ['loss', (net, hook) => net.loss(rowOf([1, 2, 3], 2, hook), [0, 1, 0])],
        ['loss', (net, hook) => net.loss([1, 2, 3], rowOf([0, 1, 0], 2, hook))],
        ['accumulate', (net, hook) => net.accumulate(rowOf([1, 2, 3], 2, hook), [0, 1, 0])],
        ['trace', (net, hook) => net.trace(rowOf([1, 2, 3], 2, hook), [0, 1, 0])],
        ['train', (net, hook) => net.train(rowOf([1, 2, 3], 2, hook), [0, 1, 0], optimizer)],
        ['train', (net, hook) => net.train([1, 2, 3], rowOf([0, 1, 0], 2, hook), optimizer)],
        ['train', (net, hook) => net.train([1, 2, 3], [0, 1, 0], makerOf(hook))],
        ['train', (net, hook) => net.train([[1, 2, 3]], [0, 1, 0], makerOf(hook))],
        ['train', (net, hook) => net.train([1, 2, 3], [0, 1, 0], optionsOf(hook))],
        ['update', (net, hook) => accumulated(net).update(makerOf(hook))],
        ['update', (net, hook) => accumulated(net).update(optimizer, hookedOption('reduction', 'sum', hook))],
        ['checkGradients', (net, hook) => net.checkGradients(rowOf([1, 2, 3], 2, hook), [0, 1, 0])],
        ['metadata', (net, hook) => (net.metadata = hookedOption('author', 'me', hook))],
        ['evaluate', (net, hook) => evaluate(net, { x: rowOf([1, 2, 3], 2, hook), y: [0, 1, 0] })],
        ['evaluate', (net, hook) => evaluate(net, hookedOption('y', [0, 1, 0], hook, { x: [1, 2, 3] }))],
        ['mutate', (net, hook) => mutate(net, hookedOption('scale', 1, hook))],
        ['a', (net, hook) => crossover(net, create(), hookedOption('seed', 1, hook))],
        ['b', (net, hook) => crossover(create(), net, hookedOption('seed', 1, hook))],
        ['networks[1]', (net, hook) => predictAll([create(), net], rowOf([1, 2, 3, 4, 5, 6], 2, hook))],
      ] as readonly (readonly [string, (net: Network, hook: () => unknown) => unknown])[]) {
        const [net, other] = [create(), create(4)]
        const before = other.toBytes()
        const message = `${method}: expected a network that is not disposed`
        expect(() =>
          call(net, () => {
            net.dispose()
          }),
        ).toThrow(message)
        expect(other.toBytes()).toEqual(before)
      }
    }
  })

  it('dispose of the network itself, before a fit: there is none', async () => {
    const data = { x: [1, 2, 3], y: [0, 1, 0] }
    for (const [, rowOf] of hooked) {
      for (const fit of [
        (net, hook) => net.fit({ ...data, x: rowOf(data.x, 2, hook) }),
        (net, hook) => net.fit({ ...data, y: rowOf(data.y, 2, hook) }),
        (net, hook) => net.fit(hookedOption('y', data.y, hook, data)),
        (net, hook) => net.fit(data, hookedOption('epochs', 2, hook)),
        (net, hook) => net.fit(data, { optimizer: makerOf(hook) }),
        (net, hook) => net.fit(data, { signal: hookedSignal(hook) }),
        (net, hook) => net.epochs(data, hookedOption('batchSize', 2, hook)).next(),
      ] as readonly ((net: Network, hook: () => unknown) => Promise<unknown>)[]) {
        const net = create()
        await expect(fit(net, () => net.dispose())).rejects.toThrow(
          'fit: expected a network that is not disposed',
        )
      }
    }
  })

  it('a fit that begins before another: that one is the only one', async () => {
    const fit = { epochs: 3, batchSize: 1, optimizer }
    const data = { x: [1, 2, 3], y: [0, 1, 0] }
    for (const second of [
      (net, hook) => net.fit({ ...data, x: hooked[0][1](data.x, 1, hook) }),
      (net, hook) => net.fit(data, { optimizer: makerOf(hook) }),
      (net, hook) => net.fit(data, { signal: hookedSignal(hook) }),
    ] as readonly ((net: Network, hook: () => unknown) => Promise<unknown>)[]) {
      const [net, same] = [create(), create()]
      let first: Promise<unknown> | undefined
      await expect(second(net, () => (first = net.fit(data, fit)))).rejects.toThrow(
        'fit: expected a network that is not being fitted',
      )
      await Promise.all([first, same.fit(data, fit)])
      expect(net.toBytes()).toEqual(same.toBytes())
    }
  })

  it('a signal that cannot be listened to ends the fit, and no other', async () => {
    const [net, same] = [create(), create()]
    const signal = hookedSignal(() => undefined)
    const failing = (): never => {
      throw new Error('deaf')
    }
    const data = { x: [1, 2, 3], y: [0, 1, 0] }
    const deaf = any(Object.assign(signal, { addEventListener: failing }))
    await expect(net.fit(data, { signal: deaf })).rejects.toThrow('deaf')
    for (const each of [net, same]) await each.fit(data, { epochs: 2 })
    expect(net.predict([1, 2, 3])).toEqual(same.predict([1, 2, 3]))
  })

  it('gradients that are zeroed by a maker: there is nothing to update with', () => {
    const [net, same] = [accumulated(create()), create()]
    for (const option of [makerOf, optionsOf]) {
      net.accumulate([1, 2, 3], [0, 1, 0])
      expect(() => net.update(option(() => net.zeroGradients()))).toThrow(
        'update: expected accumulated gradients, call accumulate first',
      )
      expect(net.toBytes()).toEqual(same.toBytes())
    }
  })

  it('a fit that begins meanwhile: nothing is trained beside it', async () => {
    const fit = { epochs: 3, batchSize: 1, optimizer }
    const data = { x: [1, 2, 3], y: [0, 1, 0] }
    for (const [method, call] of [
      ['accumulate', (net, hook) => net.accumulate([1, 2, 3], hooked[0][1]([0, 1, 0], 1, hook))],
      ['train', (net, hook) => net.train(hooked[0][1]([1, 2, 3], 1, hook), [0, 1, 0], optimizer)],
      ['train', (net, hook) => net.train([1, 2, 3], [0, 1, 0], makerOf(hook))],
      ['mutate', (net, hook) => mutate(net, hookedOption('scale', 1, hook))],
    ] as readonly (readonly [string, (net: Network, hook: () => unknown) => unknown])[]) {
      const [net, same] = [create(), create()]
      let fitted: Promise<unknown> | undefined
      expect(() => call(net, () => (fitted = net.fit(data, fit)))).toThrow(
        `${method}: expected a network that is not being fitted`,
      )
      await Promise.all([fitted, same.fit(data, fit)])
      expect(net.toBytes()).toEqual(same.toBytes())
    }
  })

  it('a row that changes its length, or its numbers, while it is read', () => {
    const [net, same] = [create(), create()]
    const shrinking = Object.defineProperty([1, 2, 3], 0, {
      get(this: number[]) {
        this.length = 2
        return 1
      },
    })
    expect(() => net.predict(shrinking)).toThrow(/^x/)
    const changing = hooked[0][1]([1, 2, 3], 0, () => (changing[1] = 5))
    expect(net.predict(changing)).toEqual(same.predict([[1, 5, 3]]))
    let reads = 0
    const turning = Object.defineProperty([1, 2, 3], 2, { get: () => (++reads < 2 ? NaN : 3) })
    // It is no number when the call looks, and one when the reader does.
    expect(net.predict(turning)).toEqual(same.predict([[1, 2, 3]]))
    expect(net.toBytes()).toEqual(same.toBytes())
  })

  it('out whose length is a getter', () => {
    const [net, same] = [create(), create()]
    const Kind = precision === 'f64' ? Float64Array : Float32Array
    const out = new Kind(3)
    Object.defineProperty(out, 'length', {
      get: () => {
        net.train([7, 8, 9], [1, 0, 1], optimizer)
        return 3
      },
    })
    const found = net.predict([1, 2, 3], out)
    const expected = [...Array.from({ length: 4 }, () => 0)].map(() => {
      same.train([7, 8, 9], [1, 0, 1], optimizer)
      return [...same.predict([1, 2, 3])]
    })
    // Once for each time that it is looked at.
    expect(expected).toContainEqual([found[0], found[1], found[2]])
  })

  it('a maker is called once for a step, after x and y have been read', () => {
    const net = create()
    let made = 0
    const maker = (): Optimizer => sgd({ learningRate: 0.1 / ++made })
    const failing = (): never => {
      throw new Error('no optimiser')
    }
    for (let step = 1; step <= 3; ++step) {
      net.train([1, 2, 3], [0, 1, 0], maker)
      net.train([[1, 2, 3]], [[0, 1, 0]], maker)
      expect(made).toBe(2 * step)
      const before = net.toBytes()
      const wrong: readonly OptimizerOption[] = [
        ...[failing, any('Adam'), any({ type: 'adamx' }), any(Promise.resolve(adam())), any(null)],
      ]
      for (const optimizer of wrong) {
        for (const [x, y, message] of [
          [[1, 2, NaN], [0, 1, 0], 'x[2]: expected a finite number'],
          [[1, 2, 3], [0, NaN, 0], 'y[1]: expected a finite number'],
          [[1, 2, 3], [0, 1, 0, 0], 'y: '],
          [[1, 2, 3], [0, 1, 0], /optimi[sz]er/],
          [[[1, 2, 3]], [0, 1, 0], /optimi[sz]er/],
        ] as const) {
          expect(() => net.train(any(x), y, optimizer)).toThrow(message)
        }
      }
      expect(net.toBytes()).toEqual(before)
    }
  })
})

/** With gradients. */
function accumulated(net: Network): Network {
  net.accumulate([1, 2, 3], [0, 1, 0])
  return net
}

/** An object of which one property is a getter that calls something the first time. */
function hookedOption(name: string, value: unknown, hook: () => unknown, others = {}): never {
  const once = onceOnly(hook)
  const get = (): unknown => {
    once()
    return value
  }
  return any(Object.defineProperty({ ...others }, name, { get, enumerable: true, configurable: true }))
}

/** A signal that calls something when it is last looked at before a fit. */
function hookedSignal(hook: () => unknown): never {
  const listen = (): void => undefined
  const methods = { addEventListener: listen, removeEventListener: listen }
  let looks = 0
  const get = (): boolean => {
    if (++looks === 2) hook()
    return false
  }
  return any(Object.defineProperty(methods, 'aborted', { get }))
}

it('a Predictor that is disposed of meanwhile', () => {
  const bytes = new Network([3, 2]).toBytes()
  for (const [, rowOf] of hooked) {
    for (const samplesOf of [(row: number[]) => row, (row: number[]) => [row]]) {
      const net = Predictor.fromBytes(bytes)
      expect(() => net.predict(samplesOf(rowOf([1, 2, 3], 2, () => net.dispose())))).toThrow(
        'predict: expected a network that is not disposed',
      )
    }
  }
})

function makerOf(hook: () => unknown): () => Optimizer {
  return () => {
    hook()
    return optimizer
  }
}

function optionsOf(hook: () => unknown): OptimizerOption {
  return any({
    get type() {
      hook()
      return 'sgd'
    },
    learningRate: 0.01,
  })
}
