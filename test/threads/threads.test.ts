import { readFileSync } from 'node:fs'
import type * as workerThreads from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  adam,
  type BatchReport,
  Network,
  nadam,
  type setCore,
  sgd,
  type EpochReport,
} from '../../src/index.js'
import {
  dataFor,
  goldenCases,
  inBothPrecisions,
  layer,
  parametersOf,
  type TrainingCase,
} from '../support/golden.js'
import { randomRows } from '../support/random-rows.js'
import { engineOf } from '../support/ways.js'
import { relaxed } from '../../src/engine/wasm/relaxed.js'

type Worker = workerThreads.Worker

/** The workers that the library starts. */
let workers: Worker[] = []
let alive = 0
const warnings: string[] = []

beforeEach(() => {
  const threads = process.getBuiltinModule('node:worker_threads')
  workers = []
  alive = 0
  warnings.length = 0
  class Watched extends threads.Worker {
    constructor(...args: ConstructorParameters<typeof threads.Worker>) {
      super(...args)
      workers.push(this)
      ++alive
      this.once('exit', () => --alive)
    }
  }
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
    name === 'node:worker_threads' ? { ...threads, Worker: Watched } : { availableParallelism: () => 2 },
  )
  vi.spyOn(console, 'warn').mockImplementation((message: string) => void warnings.push(message))
})

afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  // None is left running, whatever came of the fit.
  await vi.waitFor(() => expect(alive).toBe(0), { timeout: 120_000 })
})

/** More and fewer panels and blocks of rows than threads, batches of several chunks, every path of the gradient, an optimiser with state. */
const cases: readonly TrainingCase[] = [
  { ...goldenCases[0], name: '2-3-2-2, batch 32', samples: 100 },
  goldenCases[1],
  goldenCases[3],
  {
    name: '64-70-24-10, batch 600',
    spec: { inputs: 64, layers: [layer(70, 'gelu'), layer(24, 'tanh'), layer(10, 'sigmoid')], seed: 3 },
    optimizer: nadam(),
    samples: 1300,
    batchSize: 600,
  },
  {
    name: '784-40-10, batch 10',
    spec: { inputs: 784, layers: [layer(40, 'sigmoid'), layer(10, 'sigmoid')], seed: 5 },
    optimizer: sgd({ learningRate: 0.5 }),
    samples: 45,
    batchSize: 10,
  },
  {
    name: '500-3-2, batch 32, data larger than the window',
    spec: { inputs: 500, layers: [layer(3, 'tanh'), layer(2, 'sigmoid')], seed: 4 },
    optimizer: sgd({ learningRate: 0.1 }),
    samples: 1200,
    batchSize: 32,
  },
  {
    name: '500-3-2, batch 1000, of several chunks',
    spec: { inputs: 500, layers: [layer(3, 'tanh'), layer(2, 'sigmoid')], seed: 4 },
    optimizer: sgd({ learningRate: 0.1 }),
    samples: 1200,
    batchSize: 1000,
  },
  { ...goldenCases[3], name: 'regularised, batch 600 of several chunks', samples: 1300, batchSize: 600 },
  // All options at once have every barrier: what is missing where one is left out is seen in pairs.
  ...(
    [
      { l2: 1e-3, clipGradients: { globalNorm: 0.12 } },
      { clipGradients: { value: 0.05, globalNorm: 0.12 } },
    ] as const
  ).map((options) => ({ ...goldenCases[3], name: JSON.stringify(options), options })),
]

/** Options for so many workers, or for the thread that calls. */
const on = (threads: number | undefined): { threads?: number } => (threads === undefined ? {} : { threads })

describe('fit with threads', () => {
  it.each(inBothPrecisions(cases))(
    '$name, $precision: the same bits on this thread and in 1, 2, 3 and 8 workers',
    async ({ given, precision }) => {
      const results: { bytes: Uint8Array; losses: number[] }[] = []
      for (const threads of [undefined, 1, 2, 3, 8]) {
        const net = new Network({ ...given.spec, precision })
        const { optimizer, batchSize, options } = given
        const fitOptions = { epochs: 3, batchSize, optimizer, ...options, ...on(threads) }
        const { epochs } = await net.fit(dataFor(given), fitOptions)
        results.push({ bytes: net.toBytes(), losses: epochs.map(({ loss }) => loss) })
      }
      expect(workers).toHaveLength(1 + 2 + 3 + 8)
      for (const result of results) expect(result).toEqual(results[0])
      // Nor were there workers that failed and were replaced by something that does not.
      expect(warnings).toEqual([])
    },
  )

  const options = { activation: 'tanh', seed: 3 } as const
  const data = { x: randomRows(50, 4, 1), y: randomRows(50, 2, 2) }

  it('goes on where another fit ended, whatever the threads of either', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    await one.fit(data, { epochs: 4, optimizer: adam() })
    await two.fit(data, { epochs: 1, optimizer: adam(), threads: 2 })
    await two.fit(data, { epochs: 2, optimizer: adam() })
    await two.fit(data, { epochs: 1, optimizer: adam(), threads: 3 })
    expect(two.toBytes()).toEqual(one.toBytes())
  })

  it.each([1, 2])('%i: leaves the event loop free: timers come within one large batch', async (threads) => {
    const net = new Network([100, 300, 10], options)
    const rows = 20_000
    const big = { x: new Float32Array(100 * rows), y: new Float32Array(10 * rows) }
    let turns = 0
    let turnsBefore = 0
    const timer = setInterval(() => ++turns, 1)
    const onEpoch = ({ epoch }: EpochReport): void => {
      if (epoch === 1) turnsBefore = turns
    }
    await net.fit(big, { epochs: 2, batchSize: rows, optimizer: sgd(), threads, onEpoch })
    clearInterval(timer)
    expect(turns - turnsBefore).toBeGreaterThan(5)
  })

  it('a callback that throws ends the fit, and the network stays usable', async () => {
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    const onEpoch = (): void => {
      throw new Error('enough')
    }
    await expect(one.fit(data, { epochs: 5, threads: 2, onEpoch })).rejects.toThrow('enough')
    await two.fit(data, { epochs: 1 })
    expect(one.toBytes()).toEqual(two.toBytes())
    await one.fit(data, { epochs: 1, threads: 2 })
  })

  it('a fit that is ended while workers start leaves the optimiser and its state', async () => {
    const net = new Network([4, 6, 2], options)
    await net.fit(data, { epochs: 1, optimizer: adam() })
    const before = net.toBytes()
    const controller = new AbortController()
    const fit = net.fit(data, { epochs: 1, optimizer: sgd(), threads: 2, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(fit).rejects.toThrow('enough')
    expect(net.toBytes()).toEqual(before)
    await net.fit(data, { epochs: 1, threads: 2 })
  })

  it('with relaxed arithmetic, too, where the engine has it', async () => {
    const losses: number[][] = []
    for (const threads of [undefined, 2]) {
      const net = new Network([4, 6, 2], { ...options, arithmetic: relaxed })
      const { epochs } = await net.fit(data, { epochs: 3, ...on(threads) })
      losses.push(epochs.map(({ loss }) => loss))
    }
    expect(losses[1]).toEqual(losses[0])
  })

  it('awaits the callback, which may write weights, and stops when it returns false', async () => {
    const train = async (threads?: number): Promise<number[]> => {
      const net = new Network([4, 6, 2], options)
      const { epochs } = await net.fit(data, {
        epochs: 10,
        ...on(threads),
        onEpoch: async ({ epoch }) => {
          await Promise.resolve()
          net.layers[0].weights.fill(0.1)
          return epoch < 3
        },
      })
      expect(epochs).toHaveLength(3)
      return parametersOf(net)
    }
    expect(await train(2)).toEqual(await train())
  })

  it('a worker that dies, at any time, changes no bit', async () => {
    const big = { x: new Float32Array(4 * 20_000), y: new Float32Array(2 * 20_000).fill(0.5) }
    const [one, two] = [new Network([4, 6, 2], options), new Network([4, 6, 2], options)]
    const onEpoch = ({ epoch }: EpochReport): void => {
      if (epoch === 3) setTimeout(() => void workers[1].terminate(), 5)
    }
    const { ended } = await one.fit(big, { epochs: 20, threads: 2, onEpoch })
    expect(ended).toBe('epochs')
    await two.fit(big, { epochs: 20 })
    expect(one.toBytes()).toEqual(two.toBytes())
  })

  it('a loss or a weight that stops being finite is found as without threads', async () => {
    const errors: unknown[] = []
    for (const threads of [undefined, 2]) {
      const net = new Network([4, 6, 2], options)
      const before = parametersOf(net)
      const y = data.y.map((row, i) => (i === 40 ? [3e38, -3e38] : row))
      await net
        .fit({ x: data.x, y }, { epochs: 1, batchSize: 7, ...on(threads) })
        .catch((e: unknown) => errors.push(e))
      expect(parametersOf(net)).toEqual(before)
      const overflow = new Network([1, 1], { activation: 'sigmoid', initializer: 'zeros' })
      const steep = { x: [1e-30, 1e-30, 3e38, 1e-30], y: [0.5, 0.5, 1, 0.5] }
      const optimizer = sgd({ learningRate: 100 })
      await overflow
        .fit(steep, { epochs: 1, batchSize: 1, shuffle: false, optimizer, ...on(threads) })
        .catch((e: unknown) => errors.push(e))
      expect(parametersOf(overflow)).toEqual([0, 0])
    }
    expect(errors.map(String)).toEqual([
      String(errors[0]),
      String(errors[1]),
      ...errors.slice(0, 2).map(String),
    ])
    expect(String(errors[0])).toMatch(/^Error: fit: the loss is \w+ in batch \d+ of epoch 1/)
    expect(String(errors[1])).toMatch(
      /^Error: fit: a weight stopped being a finite number in batch 3 of epoch 1/,
    )
  })

  it("'auto' stays on this thread where the work is small, and takes the cores where it is not", async () => {
    const small = new Network([4, 6, 2], options)
    await small.fit(data, { epochs: 100, threads: 'auto' })
    expect(workers).toHaveLength(0)
    const large = new Network([400, 400, 2], options)
    const many = { x: new Float32Array(400 * 1000), y: new Float32Array(2 * 1000) }
    await large.fit(many, { epochs: 5, batchSize: 100, threads: 'auto' })
    expect(workers).toHaveLength(2)
  })

  describe('where something is missing it says so once', () => {
    // Each in a copy of the modules of its own: what is said once is said once for all networks.
    const fresh = async (): Promise<{ Network: typeof Network; setCore: typeof setCore }> => {
      vi.resetModules()
      return import('../../src/index.js')
    }
    const expected = async (library: { Network: typeof Network }): Promise<number[]> => {
      const net = new library.Network([4, 6, 2], options)
      await net.fit(data, { epochs: 4 })
      return parametersOf(net)
    }

    it('without shared memory one worker trains, with the same bits', async () => {
      vi.stubGlobal('SharedArrayBuffer', undefined)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
      expect(workers).toHaveLength(2)
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual([
        'deltaprop: fit: threads: memory cannot be shared here (a page needs cross-origin isolation); one worker trains',
      ])
    })

    it('one worker that was asked for trains as it is asked to, and says nothing', async () => {
      vi.stubGlobal('SharedArrayBuffer', undefined)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 1 })
      expect(workers).toHaveLength(2)
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual([])
    })

    it('one worker keeps in step, run by run, with an optimiser that has state and a schedule', async () => {
      vi.stubGlobal('SharedArrayBuffer', undefined)
      const library = await fresh()
      const schedule = (update: number): number => 0.01 / (1 + update)
      const train = async (threads?: number): Promise<Uint8Array> => {
        const net = new library.Network([4, 6, 2], options)
        // One run a batch, and an epoch that is left in its middle.
        const onBatch = ({ epoch, batch }: BatchReport): boolean => epoch < 3 || batch < 2
        const fitting = { epochs: 5, batchSize: 12, optimizer: adam({ amsgrad: true }), schedule }
        await net.fit(data, { ...fitting, ...on(threads), onBatch })
        await net.fit(data, { ...fitting, ...on(threads) })
        return net.toBytes()
      }
      expect(await train(4)).toEqual(await train())
      expect(workers).toHaveLength(2)
    })

    it('with a core that was given as a module one worker trains', async () => {
      const library = await fresh()
      library.setCore(new WebAssembly.Module(readFileSync('build/core.dist.wasm')))
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
      expect(workers).toHaveLength(2)
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual([
        'deltaprop: fit: threads: the core that runs here has no shared memory; one worker trains',
      ])
    })

    it("'auto' trains here then, and says nothing", async () => {
      vi.stubGlobal('SharedArrayBuffer', undefined)
      const large = new Network([400, 400, 2], options)
      const many = { x: new Float32Array(400 * 1000), y: new Float32Array(2 * 1000) }
      await large.fit(many, { epochs: 5, batchSize: 100, threads: 'auto' })
      expect(workers).toHaveLength(0)
      expect(warnings).toEqual([])
    })

    it('without workers this thread trains', async () => {
      vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual(['deltaprop: fit: threads: this runtime has no workers; this thread trains'])
    })

    it('without workers but in name, as Cloudflare has them, this thread trains', async () => {
      vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      await net.fit(data, { epochs: 4, threads: 4 })
      expect(workers).toHaveLength(0)
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual(['deltaprop: fit: threads: this runtime has no workers; this thread trains'])
    })

    const refused = (reason: string): string =>
      `deltaprop: fit: threads: workers may not be started here (a page needs worker-src blob: in its Content-Security-Policy, Node --allow-worker)${reason}; this thread trains`

    it('where a policy forbids workers from blobs with an event, as in Chromium and Firefox, this thread trains', async () => {
      class Forbidden {
        onerror: ((event: object) => void) | undefined
        constructor() {
          setTimeout(() => this.onerror?.({ type: 'error' }))
        }
        postMessage(): void {
          ++posted
        }
        terminate(): void {
          ++ended
        }
      }
      let [posted, ended] = [0, 0]
      vi.stubGlobal('Worker', Forbidden)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
      expect([posted, ended]).toEqual([8, 8])
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual([refused('')])
    })

    it('where it makes the constructor throw, as in WebKit and under the permissions of Node, too', async () => {
      function Forbidden(): never {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }
      for (const what of ['web', 'node']) {
        warnings.length = 0
        if (what === 'web') vi.stubGlobal('Worker', Forbidden)
        else {
          vi.unstubAllGlobals()
          vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ Worker: Forbidden })
        }
        const library = await fresh()
        const net = new library.Network([4, 6, 2], options)
        for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
        expect(parametersOf(net)).toEqual(await expected(library))
        expect(warnings).toEqual([refused(': The operation is insecure.')])
      }
    })

    it("'auto' says nothing of that", async () => {
      function Forbidden(): never {
        throw new Error('Access to this API has been restricted')
      }
      vi.spyOn(process, 'getBuiltinModule').mockReturnValue({
        Worker: Forbidden,
        availableParallelism: () => 2,
      })
      const large = new Network([400, 400, 2], options)
      const many = { x: new Float32Array(400 * 1000), y: new Float32Array(2 * 1000) }
      await large.fit(many, { epochs: 5, batchSize: 100, threads: 'auto' })
      expect(warnings).toEqual([])
    })

    it('where workers say why they end, too', async () => {
      class Failing {
        onerror: ((event: object) => void) | undefined
        postMessage(): void {
          setTimeout(() => this.onerror?.({ type: 'error', message: 'out of memory' }))
        }
        terminate(): void {
          // It has ended.
        }
      }
      vi.stubGlobal('Worker', Failing)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 2, threads: 4 })
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual(['deltaprop: fit: threads: a worker ended: out of memory; this thread trains'])
    })

    it('where they end without a word after they have replied, too: that is no policy', async () => {
      class Silent {
        onmessage: ((event: object) => void) | undefined
        onerror: ((event: object) => void) | undefined
        #asked = 0
        postMessage(): void {
          const isFirst = ++this.#asked === 1
          setTimeout(() => (isFirst ? this.onmessage?.({ data: [] }) : this.onerror?.({ type: 'error' })))
        }
        terminate(): void {
          // It has ended.
        }
      }
      vi.stubGlobal('Worker', Silent)
      const library = await fresh()
      const net = new library.Network([4, 6, 2], options)
      await net.fit(data, { epochs: 4, threads: 4 })
      expect(parametersOf(net)).toEqual(await expected(library))
      expect(warnings).toEqual([
        'deltaprop: fit: threads: a worker ended, and did not say why; this thread trains',
      ])
    })

    it('with the baseline engine this thread trains', async () => {
      const library = await fresh()
      const net = new library.Network([4, 6, 2], { ...options, engine: engineOf.baseline })
      for (let i = 0; i < 2; ++i) await net.fit(data, { epochs: 1, threads: 4 })
      expect(workers).toHaveLength(0)
      expect(warnings).toEqual([
        'deltaprop: fit: threads: the baseline engine has no threads; this thread trains',
      ])
    })
  })

  it('where the third worker cannot be started those before it end, and this thread trains', async () => {
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    const limited = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        if (alive === 2) throw new Error('too many')
        super(...args)
      }
    }
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ Worker: limited })
    const net = new Network([4, 6, 2], options)
    expect((await net.fit(data, { threads: 4 })).ended).toBe('epochs')
    expect(workers).toHaveLength(2)
    await vi.waitFor(() => expect(alive).toBe(0))
  })

  it('the address of a worker’s text is taken back, also where it cannot be started', async () => {
    const create = vi.spyOn(URL, 'createObjectURL')
    const revoke = vi.spyOn(URL, 'revokeObjectURL')
    vi.stubGlobal('Worker', function forbidden() {
      throw new Error('forbidden')
    })
    const net = new Network([4, 6, 2], options)
    await net.fit(data, { threads: 2 })
    expect(create).toHaveBeenCalledTimes(2)
    expect(revoke.mock.calls).toEqual(create.mock.results.map(({ value }) => [value as string]))
  })

  it.each([
    [0, 'RangeError: threads: expected an integer >= 1 and <= 64, got 0'],
    [65, 'RangeError: threads: expected an integer >= 1 and <= 64, got 65'],
    [1.5, 'RangeError: threads: expected an integer >= 1 and <= 64, got 1.5'],
    ['all', 'TypeError: threads: expected an integer >= 1 and <= 64, or "auto", got "all"'],
  ])('threads: %j is refused', async (threads, message) => {
    const fit = new Network([4, 6, 2], options).fit(data, { threads: threads as number })
    await expect(fit.catch(String)).resolves.toBe(message)
  })
})
