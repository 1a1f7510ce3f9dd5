import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { addSymbols } from '../../src/base/well-known-symbols.js'
import { evaluate, toFunction, Network, sgd, type EpochReport, stream } from '../../src/index.js'
import { Model } from '../../src/model/index.js'
import { engineOf } from '../support/ways.js'

const data = { x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0] }
const optimizer = sgd({ learningRate: 0.1 })
const rows = [
  { size: 1, kind: 'apple' },
  { size: 5, kind: 'melon' },
]

const engines = ['wasm', 'baseline'] as const
const create = (engine: 'wasm' | 'baseline' = 'wasm'): Network =>
  new Network([2, 3, 1], { activation: 'tanh', seed: 1, engine: engineOf[engine] })

/** How each public member of a network is used, without the ones that work on a disposed one. */
const uses: Record<string, (net: Network) => unknown> = {
  layers: (net) => net.layers,
  parameters: (net) => net.parameters,
  gradients: (net) => net.gradients,
  inputs: (net) => net.inputs,
  outputs: (net) => net.outputs,
  seed: (net) => net.seed,
  engine: (net) => net.engine,
  arithmetic: (net) => net.arithmetic,
  metadata: (net) => net.metadata,
  'set metadata': (net) => (net.metadata = {}),
  predict: (net) => net.predict([1, 2]),
  loss: (net) => net.loss(data.x, data.y),
  accumulate: (net) => net.accumulate(data.x, data.y),
  addGradients: (net) => net.addGradients(new Float32Array(13), 1),
  update: (net) => net.update(optimizer),
  zeroGradients: (net) => net.zeroGradients(),
  train: (net) => net.train(data.x, data.y, optimizer),
  fit: (net) => net.fit(data),
  epochs: (net) => net.epochs(data),
  trace: (net) => net.trace([1, 2], [1]),
  checkGradients: (net) => net.checkGradients(data.x, data.y),
  toBytes: (net) => net.toBytes(),
  toJSON: (net) => net.toJSON(),
}

/** Every function that is given a network. */
const functions: Readonly<Record<string, (net: Network) => unknown>> = {
  evaluate: (net) => evaluate(net, data),
  toFunction,
}

/** What is no error on a disposed one. */
const lasting: readonly PropertyKey[] = [
  ...['constructor', 'toString', 'dispose', Symbol.dispose, inspect.custom],
  Symbol.toStringTag,
]

/** All members of a class, setters apart. */
function membersOf(prototype: object): PropertyKey[] {
  return Reflect.ownKeys(prototype).flatMap((key) => {
    const isSettable = Object.getOwnPropertyDescriptor(prototype, key)?.set !== undefined
    return isSettable ? [key, `set ${String(key)}`] : [key]
  })
}

const outcome = (use: (net: Network) => unknown, net: Network): Promise<unknown> =>
  new Promise((resolve) => resolve(use(net)))

describe('a disposed network', () => {
  it('has no member that is not tested here', () => {
    const net = create()
    const names = [...Object.keys(uses), ...lasting]
    expect(new Set(membersOf(Network.prototype))).toEqual(new Set(names))
    expect(Reflect.ownKeys(net)).toEqual([])
  })

  it.each(engines)('says so, by the name of what is used, %s', async (engine) => {
    for (const [name, use] of Object.entries({ ...uses, ...functions })) {
      const net = create(engine)
      net.accumulate(data.x, data.y)
      if (name === 'fit' || name === 'epochs') net.zeroGradients()
      // Nothing else is wrong with these uses.
      await outcome(use, net)
      if (name === 'fit') await expect(use(net)).resolves.toBeDefined()
      const other = create(engine)
      other.dispose()
      const method = name.replace('set ', '')
      const error = new Error(`${method}: expected a network that is not disposed`)
      await expect(outcome(use, other), name).rejects.toThrow(error)
    }
  })

  it.each(engines)('is disposed once or twice, by name or by symbol, %s', (engine) => {
    const net = create(engine)
    net[Symbol.dispose]()
    net[Symbol.dispose]()
    net.dispose()
    expect(() => net.seed).toThrow('seed: expected a network that is not disposed')
  })

  it('is told by its text', () => {
    const net = create()
    net.dispose()
    expect(String(net)).toBe('disposed Network(2 → 3 tanh → 1 tanh; 13 parameters, f32, halfSquared)')
  })

  it.each(engines)('leaves views of length 0 with whoever holds them, %s', (engine) => {
    const net = create(engine)
    const { layers } = net
    const views = layers.flatMap((layer) => [
      layer.weights,
      layer.biases,
      layer.weightGradients,
      layer.biasGradients,
    ])
    const outputs = net.predict(data.x)
    expect(Math.min(...views.map(({ length }) => length))).toBeGreaterThan(0)
    net.dispose()
    expect(views.map(({ length }) => length)).toEqual(views.map(() => 0))
    expect(outputs).toHaveLength(4)
    expect(layers.map(({ units }) => units)).toEqual([3, 1])
  })

  it('leaves other networks alone', () => {
    const [net, twin] = [create(), create()]
    const before = twin.predict(data.x)
    net.dispose()
    expect(twin.predict(data.x)).toEqual(before)
    expect(create().predict(data.x)).toEqual(before)
  })

  it('takes back the memory of the baseline engine at once, where buffers have the method for it', () => {
    const transfer = vi.fn<(bytes: number) => void>()
    const prototype = ArrayBuffer.prototype as { transfer?: unknown }
    const { transfer: before } = prototype
    prototype.transfer = transfer
    try {
      create('baseline').dispose()
    } finally {
      if (before === undefined) delete prototype.transfer
      else prototype.transfer = before
    }
    expect(transfer.mock.calls).toEqual(Array.from({ length: 11 }, () => [0]))
  })
})

describe('disposing during fit', () => {
  const message = 'fit: expected a network that is not disposed'

  /** The views of a network that is disposed by what is given while it is fitted. */
  async function fitAndDispose(
    net: Network,
    fitted: (dispose: () => void) => Promise<unknown>,
  ): Promise<number> {
    const { weights } = net.layers[0]
    const fitting = fitted(() => {
      net.dispose()
      // At once for whoever uses it, whatever fit has still to do.
      expect(() => net.predict([1, 2])).toThrow('predict: expected a network that is not disposed')
    })
    await expect(fitting).rejects.toThrow(new Error(message))
    return weights.length
  }

  const ways: Record<string, (net: Network, dispose: () => void) => Promise<unknown>> = {
    'in onEpoch': (net, dispose) => net.fit(data, { epochs: 1e6, onEpoch: dispose }),
    'in onBatch': (net, dispose) => net.fit(data, { epochs: 1e6, onBatch: dispose }),
    'in a schedule': (net, dispose) =>
      net.fit(data, {
        epochs: 1e6,
        schedule: (update) => {
          if (update === 3) dispose()
          return 0.1
        },
      }),
    'in a stream': (net, dispose) =>
      net.fit(
        stream(function* () {
          yield data
          dispose()
          yield data
        }),
      ),
    'while a stream is waited for': (net, dispose) =>
      net.fit(
        stream(async function* () {
          yield data
          setTimeout(dispose)
          await new Promise(() => undefined)
        }),
      ),
    'by a timer': (net, dispose) => {
      setTimeout(dispose, 20)
      return net.fit(data, { epochs: 1e9 })
    },
    'with threads': (net, dispose) => net.fit(data, { epochs: 1e6, threads: 2, onEpoch: dispose }),
    'before the first epoch': (net, dispose) => {
      const fitting = net.fit(data, { epochs: 1e6, threads: 2 })
      dispose()
      return fitting
    },
    'with a signal of its own': (net, dispose) =>
      net.fit(data, { epochs: 1e6, onEpoch: dispose, signal: new AbortController().signal }),
    'in validation, by a timer': (net, dispose) => {
      setTimeout(dispose, 20)
      return net.fit(data, {
        epochs: 1e9,
        validation: data,
        averageWeights: 0.9,
        earlyStopping: {},
        batchSize: 1,
      })
    },
  }

  it.each(Object.keys(ways))('ends it, %s', async (name) => {
    const net = create()
    expect(await fitAndDispose(net, (dispose) => ways[name](net, dispose))).toBe(0)
  })

  it('ends it on the baseline engine, too', async () => {
    const net = create('baseline')
    expect(await fitAndDispose(net, (dispose) => ways['in onEpoch'](net, dispose))).toBe(0)
  })

  it('ends a loop over epochs at its next step', async () => {
    const net = create()
    const { weights } = net.layers[0]
    const seen: EpochReport[] = []
    const loop = async (): Promise<void> => {
      for await (const report of net.epochs(data, { epochs: 1e6 })) {
        seen.push(report)
        net.dispose()
      }
    }
    await expect(loop()).rejects.toThrow(new Error(message))
    expect([seen.length, weights.length]).toEqual([1, 0])
  })

  it('ends a loop over epochs that has been left without a word, with its workers', async () => {
    const net = create()
    const { weights } = net.layers[0]
    const loop = net.epochs(data, { epochs: 1e6, threads: 1 })
    await loop.next()
    net.dispose()
    await vi.waitFor(() => expect(weights.length).toBe(0))
  })

  it('keeps a loop over epochs from beginning', async () => {
    const net = create()
    const loop = net.epochs(data)
    net.dispose()
    await expect(loop.next()).rejects.toThrow(new Error(message))
  })

  it('is not needed before one that has ended with an error', async () => {
    const net = create()
    const onEpoch = (): never => {
      throw new Error('mine')
    }
    await expect(net.fit(data, { onEpoch })).rejects.toThrow('mine')
    expect(net.train(data.x, data.y, optimizer)).toBeGreaterThan(0)
    net.dispose()
    expect(() => net.train(data.x, data.y, optimizer)).toThrow(
      'train: expected a network that is not disposed',
    )
  })
})

it('where memory or addresses are used up, the error says what takes them', () => {
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory')
  })
  // Small networks share a memory.
  expect(() => new Network([2, 100, 1])).toThrow(
    /^network: expected addresses for each network that is not disposed, of which V8 reserves 8 or 10 GiB, got too few; raise ulimit -v, or run Node with --disable-wasm-trap-handler, or use { engine: baseline } of deltaprop\/baseline$/,
  )
  vi.restoreAllMocks()
})

describe('a disposed model', () => {
  it('says so where it needs its network, and tells still what it is', async () => {
    const model = Model.create(rows, { target: 'kind', hidden: [3], seed: 1 })
    const { network } = model
    model[Symbol.dispose]()
    model.dispose()
    expect(() => network.seed).toThrow('seed: expected a network that is not disposed')
    const text = (method: string): string => `${method}: expected a network that is not disposed`
    expect(() => model.predict({ size: 1 })).toThrow(text('predict'))
    expect(() => model.evaluate(rows)).toThrow(text('evaluate'))
    expect(() => model.toBytes()).toThrow(text('toBytes'))
    expect(() => model.toJSON()).toThrow(text('toJSON'))
    await expect(model.fit(rows)).rejects.toThrow(text('fit'))
    expect(model.encode(rows)).toEqual(Model.create(rows, { target: 'kind' }).encode(rows))
    expect(model.inputs.map(({ name }) => name)).toEqual(['size'])
    expect(model.outputs.map(({ name }) => name)).toEqual(['kind'])
    expect(model.notes).toEqual([])
    expect(String(model)).toMatch(/^Model\(1 columns → kind of 2 classes; disposed Network\(1 → 3 /)
    expect(new Set(Reflect.ownKeys(Model.prototype))).toEqual(
      new Set([
        ...[
          'constructor',
          'predict',
          'evaluate',
          'toBytes',
          'toJSON',
          'fit',
          'encode',
          'inputs',
          'outputs',
          'notes',
        ],
        ...['toString', 'dispose', Symbol.dispose, inspect.custom, Symbol.toStringTag],
      ]),
    )
  })
})

describe('an engine without Symbol.dispose', () => {
  it('imports, and has a method of that name alone', async () => {
    const before = Symbol.dispose
    vi.resetModules()
    vi.stubGlobal('Symbol', withoutDispose())
    try {
      const { Network } = await import('../../src/index.js')
      const { Model } = await import('../../src/model/index.js')
      const net = new Network([2, 1])
      const model = Model.create(rows, { target: 'kind' })
      for (const object of [net, model, Network.prototype, Model.prototype]) {
        expect('undefined' in object).toBe(false)
        expect(before in object).toBe(false)
      }
      model.dispose()
      net.dispose()
      net.dispose()
      expect(() => net.seed).toThrow('seed: expected a network that is not disposed')
    } finally {
      vi.unstubAllGlobals()
      vi.resetModules()
    }
  })

  /** Symbol as it was, whose own dispose cannot be taken away. */
  function withoutDispose(): unknown {
    const original = Symbol
    return new Proxy(() => undefined, {
      get: (_, key) => (key === 'dispose' ? undefined : (Reflect.get(original, key) as unknown)),
    })
  }
})

it('using calls dispose, of a class that has one of its own too', () => {
  const calls: string[] = []
  class Plain {
    constructor() {
      addSymbols(this)
    }
    dispose(): void {
      calls.push('dispose')
    }
  }
  class Own extends Plain {
    [Symbol.dispose](): void {
      calls.push('own')
    }
  }
  for (const object of [new Own(), new Plain(), new Plain()]) {
    ;(object as unknown as Disposable)[Symbol.dispose]()
    expect(Object.keys(object)).toEqual([])
  }
  expect(calls).toEqual(['own', 'dispose', 'dispose'])
})

it('console.log shows networks and models as String does', () => {
  const [net, model] = [create(), Model.create(rows, { target: 'kind', seed: 1 })]
  expect([net, model].map((object) => inspect(object))).toEqual([String(net), String(model)])
  net.dispose()
  expect(inspect(net)).toMatch(/^disposed Network/)
})
