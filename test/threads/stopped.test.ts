/**
 * Workers that stop, in each way in which they can: nothing of the fit can be told from one that was trained on this
 * thread. No test waits for it: the timers of those who wait are moved on once a worker has stopped.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as workerThreads from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resolveSpec } from '../../src/definition/spec.js'
import { layOut } from '../../src/engine/wasm/memory.js'
import type { CallMessage, Message } from '../../src/engine/wasm/threads/messages.js'
import type * as index from '../../src/index.js'
import type { BatchReport, EpochReport, FitOptions, History, Network } from '../../src/index.js'
import { randomRows } from '../support/random-rows.js'

type Library = typeof index
type Thread = workerThreads.Worker

/** What becomes of a message, and of the worker. */
type Fault = (worker: Faulty, message: Message) => void

/** What is wrong with workers: the first message after `arm` that the fault is for, and all that this worker gets then. */
class Plan {
  readonly workers: Faulty[] = []
  /** resolves when a worker has stopped */
  readonly stopped: Promise<void>
  isArmed = false
  #stop: () => void = () => undefined

  /**
   * @param fault undefined: none
   * @param which of the workers, in the order in which they were started
   */
  constructor(
    readonly fault: Fault | undefined,
    public which: number,
    readonly message: Message['type'] | 'commit',
    /** told of each worker that is started */
    readonly onStart: (worker: Faulty) => void = () => undefined,
  ) {
    this.stopped = new Promise((resolve) => (this.#stop = resolve))
  }

  isFor(worker: Faulty, message: Message): boolean {
    if (!this.isArmed || worker !== this.workers[this.which]) return false
    const type = message.type === 'call' && message.call === undefined ? 'commit' : message.type
    return type === this.message
  }

  stop(): void {
    this.isArmed = false
    this.#stop()
  }
}

let plan: Plan

/** Workers of Node that can have a fault. */
interface Faulty extends Thread {
  readonly isEnded: boolean
  /** as Node's */
  send(message: Message): void
  kill(): void
  /** hears of no event any more */
  hush(): void
  /** keeps replies back until `release` */
  hold(): void
  release(): void
  /** goes on when it is terminated */
  outlive(): void
  /** whether there are replies that it keeps back */
  readonly hasHeld: boolean
  /** what it was started with */
  readonly memory: WebAssembly.Memory | number | undefined
}

let alive = 0

/** What spawn listens to; Node listens to others, before a worker is made. */
const EVENTS = ['message', 'messageerror', 'error', 'exit']

function faulty(threads: typeof workerThreads): typeof workerThreads.Worker {
  return class extends threads.Worker implements Faulty {
    isEnded = false
    memory: WebAssembly.Memory | number | undefined
    readonly #plan = plan
    #isStuck = false
    #isHushed = false
    #isImmortal = false
    #held: (() => void)[] | undefined

    constructor(...args: ConstructorParameters<typeof threads.Worker>) {
      super(...args)
      plan.workers.push(this)
      plan.onStart(this)
      ++alive
      super.on('exit', () => --alive)
    }

    override on(event: string, listener: (value: never) => void): this {
      if (!EVENTS.includes(event)) return super.on(event, listener as (value: unknown) => void)
      return super.on(event, (value: unknown) => {
        if (this.#isHushed) return
        if (this.#held === undefined) listener(value as never)
        else this.#held.push(() => listener(value as never))
      })
    }

    get hasHeld(): boolean {
      return (this.#held ?? []).length > 0
    }

    override postMessage(message: Message): void {
      if (message.type === 'start') this.memory = message.memory
      if (this.#plan.isFor(this, message)) {
        this.#isStuck = true
        this.#plan.fault?.(this, message)
        this.#plan.stop()
      } else if (!this.#isStuck) super.postMessage(message)
    }

    override terminate(): Promise<number> {
      this.isEnded = true
      return this.#isImmortal ? Promise.resolve(0) : super.terminate()
    }

    send(message: Message): void {
      super.postMessage(message)
    }

    kill(): void {
      void super.terminate()
    }

    hush(): void {
      this.#isHushed = true
    }

    hold(): void {
      this.#held ??= []
    }

    release(): void {
      for (const tell of this.#held ?? []) tell()
      this.#held = undefined
      this.#isStuck = false
    }

    outlive(): void {
      this.#isImmortal = true
    }
  }
}

const SIZES = [4, 6, 2] as const
const batchSize = 7

/** The workers before it have come to a barrier, or are about to. */
const faults: Readonly<Record<string, Fault>> = {
  'does not answer': () => undefined,
  'dies, and nobody is told': (worker) => {
    worker.hush()
    worker.kill()
  },
  'answers, but not in time': (worker, message) => {
    worker.hold()
    worker.send(message)
  },
}

/** It has all batches but the last, at whose barrier it leaves the others. */
const atBarrier: Fault = (worker, message) => {
  const { call, ...more } = message as CallMessage
  if (call === undefined) throw new Error('expected a call')
  const [name, network, record, report, first, samples, ...rest] = call
  const fewer = Math.max(0, Number(samples) - batchSize)
  worker.send({ ...more, call: [name, network, record, report, first, fewer, ...rest] })
}

const x = randomRows(60, 4, 1)
const y = randomRows(60, 2, 2)
const weights = x.map((_, i) => 1 + (i % 3))
const data = { x, y, weights }
const validation = { x: randomRows(20, 4, 3), y: randomRows(20, 2, 4) }

const timers = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const

const warnings: string[] = []
let library: Library
let folder: string

beforeEach(async () => {
  const threads = process.getBuiltinModule('node:worker_threads')
  const real = process.getBuiltinModule.bind(process)
  plan = new Plan(undefined, 0, 'call')
  alive = 0
  warnings.length = 0
  folder = mkdtempSync(join(tmpdir(), 'stopped-'))
  vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
    name === 'node:worker_threads' ? { ...threads, Worker: faulty(threads) } : real(name as 'node:fs'),
  )
  vi.spyOn(console, 'warn').mockImplementation((message: string) => void warnings.push(message))
  // What is said once is said once for all networks of a copy of the modules.
  vi.resetModules()
  library = await import('../../src/index.js')
  vi.useFakeTimers({ toFake: [...timers] })
})

afterEach(async () => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
  for (const worker of plan.workers) worker.kill()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  rmSync(folder, { recursive: true })
  await vi.waitFor(() => expect(alive).toBe(0), { timeout: 120_000 })
})

/**
 * Lets time pass once a worker has stopped, until it is ended; not longer, as others would then seem to have stopped, too.
 */
async function passTime(fit: Promise<unknown>): Promise<void> {
  await Promise.race([plan.stopped, fit])
  const worker = plan.workers[plan.which]
  while (!worker.isEnded) await vi.advanceTimersByTimeAsync(500)
}

interface Trained {
  readonly bytes: Uint8Array
  readonly checkpoint: Uint8Array
  readonly history: unknown
  readonly batches: readonly BatchReport[]
  readonly epochs: readonly unknown[]
  /** updates of which the schedule was asked for the rate */
  readonly updates: readonly number[]
}

const EPOCHS = 4

/** Options of fit, and which are not given after all. */
type More = { readonly [Name in keyof FitOptions]?: FitOptions[Name] | undefined }

/** Everything that could differ. */
const rich = (): FitOptions => ({
  batchSize,
  optimizer: library.adam(),
  dropout: 0.2,
  averageWeights: 0.9,
  clipGradients: { globalNorm: 0.5 },
  l2: 1e-3,
  validation,
  metrics: library.validationMetrics,
  earlyStopping: { patience: 2 },
})

/** Trains with a plan, which is armed when workers start, or, at an epoch or a batch, for the next message. */
async function train(
  threads: number | undefined,
  arm: 'start' | { readonly epoch: number; readonly batch?: number | undefined } = 'start',
  more: More = {},
  net = fresh(),
): Promise<Trained> {
  const batches: BatchReport[] = []
  const epochs: unknown[] = []
  const updates: number[] = []
  const path = join(folder, 'checkpoint')
  if (arm === 'start' || (arm.epoch === 1 && arm.batch === undefined)) plan.isArmed = threads !== undefined
  const onBatch = (report: BatchReport): void => {
    batches.push(report)
    if (arm !== 'start' && arm.epoch === report.epoch && arm.batch === report.batch) plan.isArmed = true
  }
  const isByBatch = arm !== 'start' && arm.batch !== undefined
  const options = {
    ...rich(),
    epochs: EPOCHS,
    schedule: (update: number) => {
      updates.push(update)
      return 0.01 / (1 + update)
    },
    checkpoint: library.checkpointFile({ path, resume: false }),
    ...(threads !== undefined && { threads }),
    ...((isByBatch || threads === undefined) && { onBatch }),
    onEpoch: (report: EpochReport) => {
      epochs.push(without(report))
      if (arm !== 'start' && arm.batch === undefined && arm.epoch === report.epoch + 1) plan.isArmed = true
    },
    ...more,
  }
  const history = await net.fit(data, options as FitOptions)
  const whole = { ...history, epochs: history.epochs.map(without) }
  return { bytes: net.toBytes(), checkpoint: timeless(path), history: whole, batches, epochs, updates }
}

const without = (report: EpochReport): unknown => ({ ...report, seconds: 0 })

/** A checkpoint has seconds, too. */
const timeless = (path: string): Uint8Array => library.Network.fromBytes(readFileSync(path)).toBytes()

const fresh = (): Network => new library.Network([...SIZES], { activation: 'tanh', seed: 3 })

/** Without reports of batches, of which there are none unless they are asked for. */
async function expectSame(trained: Trained): Promise<void> {
  plan.isArmed = false
  const expected = await train(undefined, { epoch: 0, batch: 0 })
  const isByBatch = trained.batches.length > 0
  expect(trained).toEqual({ ...expected, batches: isByBatch ? expected.batches : [] })
}

const said = (why: string, who = 'this thread trains'): string => `deltaprop: fit: threads: ${why}; ${who}`
const SILENT = 'a worker has not answered for 5 s'

describe.each([1, 2, 3])('%i workers', (threads) => {
  const which = threads - 1

  describe.each(Object.entries(faults))('one %s', (_, fault) => {
    it('when it is started: this thread trains', async () => {
      plan = new Plan(fault, which, 'start')
      const training = train(threads)
      await passTime(training)
      await expectSame(await training)
      expect(warnings).toEqual([said(SILENT)])
      expect(plan.workers).toHaveLength(threads)
    })

    it('in the first epoch: this thread goes on', async () => {
      plan = new Plan(fault, which, 'call')
      const training = train(threads, { epoch: 1, batch: 3 })
      await passTime(training)
      await expectSame(await training)
      expect(warnings).toEqual([said(SILENT)])
      expect(plan.workers).toHaveLength(threads)
    })

    it.each([undefined, 3])('in a later epoch, after batch %j: other workers go on', async (batch) => {
      plan = new Plan(fault, which, 'call')
      const training = train(threads, { epoch: 3, batch })
      await passTime(training)
      await expectSame(await training)
      expect(warnings).toEqual([said(SILENT, 'other workers train')])
      expect(plan.workers).toHaveLength(2 * threads)
    })
  })

  it('one that says why it ends, when it is started', async () => {
    plan = new Plan((worker) => worker.emit('error', new Error('out of memory')), which, 'start')
    await expectSame(await train(threads))
    expect(warnings).toEqual([said('a worker ended: out of memory')])
  })

  it('one that ends in an epoch', async () => {
    plan = new Plan((worker) => worker.kill(), which, 'call')
    await expectSame(await train(threads, { epoch: 3 }))
    expect(warnings).toEqual([said('a worker ended: exit code 1', 'other workers train')])
  })

  it('what they still write and say when it is too late changes nothing', async () => {
    const late: Faulty[] = []
    plan = new Plan(
      (worker, message) => {
        for (const each of plan.workers) each.outlive()
        late.push(...plan.workers)
        worker.hold()
        held = () => {
          worker.send(message)
          worker.release()
        }
      },
      which,
      'call',
    )
    let held = (): void => undefined
    const answered = (): Promise<unknown> =>
      Promise.all(late.map((each) => new Promise((resolve) => each.once('message', resolve))))
    // The others wait at the barrier, and go on with it: into the memory, and back with their answers.
    const onEpoch = async ({ epoch }: EpochReport): Promise<void> => {
      if (epoch === 2) plan.isArmed = true
      if (epoch !== 3) return
      const answers = answered()
      held()
      await answers
    }
    const training = train(threads, { epoch: 0 }, { onEpoch })
    await passTime(training)
    const { bytes, history } = await training
    const expected = await train(undefined)
    expect({ bytes, history }).toEqual({ bytes: expected.bytes, history: expected.history })
    expect(late).toHaveLength(threads)
    for (const each of late) each.kill()
  })
})

it('one that leaves the others at a barrier in the middle of an epoch, and is alive', async () => {
  plan = new Plan(atBarrier, 1, 'call')
  const training = train(3, { epoch: 3 })
  await passTime(training)
  await expectSame(await training)
  expect(warnings).toEqual([said(SILENT, 'other workers train')])
})

describe('one worker without shared memory', () => {
  beforeEach(() => void vi.stubGlobal('SharedArrayBuffer', undefined))

  it.each(['call', 'commit'] as const)('stops with a %s, in each epoch', async (message) => {
    for (const [epoch, who] of [
      [1, 'this thread trains'],
      [2, 'other workers train'],
    ] as const) {
      warnings.length = 0
      plan = new Plan(faults['does not answer'], 0, message)
      const training = train(1, { epoch })
      await passTime(training)
      await expectSame(await training)
      expect(warnings).toEqual([said(SILENT, who)])
    }
  })
})

describe('workers that are slow', () => {
  const hold: Fault = (worker, message) => {
    worker.hold()
    worker.send(message)
  }
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

  it('are waited for while they come to barriers', async () => {
    plan = new Plan(hold, 1, 'call')
    const training = train(2, { epoch: 2 })
    await Promise.race([plan.stopped, training])
    const [, worker] = plan.workers
    while (!worker.hasHeld) await turn()
    const { barrier } = layOut(resolveSpec([...SIZES], {}), 2, x.length)
    const rounds = new Int32Array((worker.memory as WebAssembly.Memory).buffer, barrier + 4, 1)
    for (let i = 0; i < 8; ++i) {
      await vi.advanceTimersByTimeAsync(4000)
      Atomics.add(rounds, 0, 1)
    }
    worker.release()
    await expectSame(await training)
    expect(warnings).toEqual([])
  })

  it('are waited for while one after the other starts', async () => {
    plan = new Plan(undefined, 0, 'start', (worker) => worker.hold())
    const training = train(3, { epoch: 0 })
    while (plan.workers.length < 3) await turn()
    for (const worker of plan.workers) {
      while (!worker.hasHeld) await turn()
      await vi.advanceTimersByTimeAsync(4000)
      worker.release()
      // Told in a later turn than the one that it is waited in.
      await turn()
    }
    await expectSame(await training)
    expect(warnings).toEqual([])
  })

  it('are waited for as long as a large batch takes on a slow machine', async () => {
    plan = new Plan(faults['does not answer'], 0, 'call')
    plan.isArmed = true
    const controller = new AbortController()
    // 800 times a sample's 3·1000·(500 + 2) multiply-adds are 1.2e9, of which such a machine does 2e8 in a second.
    const net = new library.Network([500, 1000, 2], { activation: 'tanh', seed: 1 })
    const large = { x: new Float32Array(500 * 800), y: new Float32Array(2 * 800) }
    const fit = net.fit(large, { batchSize: 800, threads: 2, signal: controller.signal })
    const failed = fit.catch((error: unknown) => error)
    await Promise.race([plan.stopped, fit])
    await vi.advanceTimersByTimeAsync(6000)
    expect(plan.workers.some(({ isEnded }) => isEnded)).toBe(false)
    await vi.advanceTimersByTimeAsync(6000)
    expect(plan.workers.every(({ isEnded }) => isEnded)).toBe(true)
    controller.abort(new Error('enough'))
    expect(await failed).toBe(controller.signal.reason)
    expect(warnings).toEqual([expect.stringMatching(/: a worker has not answered for [6-9] s; this thread/)])
  })
})

/** Has the workers of a plan stop, and then those that take their place; all of them are ended afterwards. */
async function stopTwice(
  [first, second]: readonly [Plan, Plan],
  fit: () => Promise<unknown>,
): Promise<() => void> {
  plan = first
  const training = fit()
  await first.stopped
  plan = second
  plan.isArmed = true
  while (!first.workers[first.which].isEnded) await vi.advanceTimersByTimeAsync(500)
  await Promise.race([second.stopped, training])
  return () => {
    for (const worker of first.workers) worker.kill()
  }
}

describe('workers that stop again', () => {
  const stuck = faults['does not answer']

  it.each(['start', 'call'] as const)('with a %s: this thread trains', async (message) => {
    let training = Promise.resolve({} as Trained)
    const plans = [new Plan(stuck, 0, 'call'), new Plan(stuck, 1, message)] as const
    const kill = await stopTwice(plans, () => (training = train(2, { epoch: 2 })))
    await passTime(training)
    await expectSame(await training)
    const whoIs = { start: [said(SILENT)], call: [said(SILENT, 'other workers train'), said(SILENT)] }
    expect(warnings).toEqual(whoIs[message])
    kill()
  })

  it('in every epoch: three times others train, then this thread', async () => {
    plan = new Plan((worker) => worker.kill(), 0, 'call')
    const onEpoch = (): void => {
      plan.which = plan.workers.length - 2
      plan.isArmed = true
    }
    const { history } = await train(2, { epoch: 0 }, { epochs: 8, earlyStopping: false, onEpoch })
    expect((history as History).epochs).toHaveLength(8)
    expect(plan.workers).toHaveLength(8)
    expect(warnings).toEqual([
      said('a worker ended: exit code 1', 'other workers train'),
      said('a worker ended: exit code 1'),
    ])
  })

  it('can be ended by a signal while others start', async () => {
    const controller = new AbortController()
    const net = fresh()
    const plans = [new Plan(stuck, 0, 'call'), new Plan(stuck, 0, 'start')] as const
    let fit = Promise.resolve<unknown>(undefined)
    const more = { signal: controller.signal, averageWeights: undefined }
    const kill = await stopTwice(plans, () => {
      fit = train(2, { epoch: 3 }, more, net).catch((error: unknown) => error)
      return fit
    })
    controller.abort(new Error('enough'))
    expect(await fit).toBe(controller.signal.reason)
    expect(warnings).toEqual([])
    await expectEpochs(net, 2)
    kill()
  })

  it('can be ended by a time limit while others start', async () => {
    vi.useFakeTimers({ toFake: [...timers, 'performance'] })
    const net = fresh()
    const plans = [new Plan(stuck, 0, 'call'), new Plan(stuck, 0, 'start')] as const
    let fit = Promise.resolve<Partial<Trained>>({})
    const more = { timeLimit: 6, averageWeights: undefined }
    const kill = await stopTwice(plans, () => (fit = train(2, { epoch: 3 }, more, net)))
    await vi.advanceTimersByTimeAsync(3000)
    expect((await fit).history).toMatchObject({ ended: 'timeLimit' })
    expect(warnings).toEqual([])
    await expectEpochs(net, 2)
    kill()
  })
})

/** That a network is as it is after so many epochs, whatever comes late. */
async function expectEpochs(net: Network, epochs: number): Promise<void> {
  for (let i = 0; i < 5; ++i) await new Promise((resolve) => void setImmediate(resolve))
  const other = fresh()
  plan.isArmed = false
  await train(undefined, 'start', { epochs, averageWeights: undefined }, other)
  expect(Array.from(net.layers[0].weights)).toEqual(Array.from(other.layers[0].weights))
}

describe('what goes on in their place', () => {
  it('can be ended while it trains the epoch again: the network is that of the last whole one', async () => {
    const controller = new AbortController()
    const net = fresh()
    vi.spyOn(console, 'warn').mockImplementation(() => controller.abort(new Error('enough')))
    plan = new Plan((worker) => worker.kill(), 0, 'call')
    const more = { signal: controller.signal, averageWeights: undefined, checkpoint: undefined }
    const { LocalTrainer } = await import('../../src/training/local-trainer.js')
    const run = vi.spyOn(LocalTrainer.prototype, 'run')
    const fit = train(2, { epoch: 1, batch: 5 }, more, net)
    const error: unknown = await fit.catch((thrown: unknown) => thrown)
    expect(error).toBe(controller.signal.reason)
    for (let i = 0; i < 5; ++i) await new Promise((resolve) => void setImmediate(resolve))
    expect(Array.from(net.layers[0].weights)).toEqual(Array.from(fresh().layers[0].weights))
    // Nor does it go on behind.
    expect(run.mock.calls.length).toBeLessThan(5)
  })

  it('trains on a copy: the network changes when an epoch ends, as with workers', async () => {
    const net = fresh()
    const seen = new Set<number>()
    const onBatch = ({ epoch, batch }: BatchReport): void => {
      if (epoch === 1 && batch === 2) plan.isArmed = true
      if (epoch === 1) seen.add(net.layers[0].weights[0])
    }
    plan = new Plan((worker) => worker.kill(), 0, 'call')
    await train(2, { epoch: 0 }, { onBatch }, net)
    expect(warnings).toHaveLength(1)
    expect(seen.size).toBe(1)
  })

  it('begins with the network as it was, whatever has been written to it in the epoch', async () => {
    const net = fresh()
    const onBatch = ({ epoch, batch }: BatchReport): void => {
      if (epoch === 2 && batch === 3) plan.isArmed = true
      if (epoch === 2) net.layers[0].weights.fill(1)
    }
    plan = new Plan((worker) => worker.kill(), 0, 'call')
    const { bytes } = await train(2, { epoch: 0 }, { onBatch }, net)
    expect(warnings).toHaveLength(1)
    expect(bytes).toEqual((await train(undefined)).bytes)
  })

  it('finds that a number is not finite as it would have without them', async () => {
    const broken = { x, y: y.map((row, i) => (i === 40 ? [3e38, -3e38] : row)) }
    const errors: unknown[] = []
    for (const threads of [undefined, 2]) {
      plan = new Plan((worker) => worker.kill(), 0, 'call')
      const onBatch = ({ batch }: BatchReport): void => void (plan.isArmed ||= batch === 2)
      const fit = fresh().fit(broken, { batchSize, shuffle: false, onBatch, ...(threads && { threads }) })
      errors.push(await fit.catch(String))
    }
    expect(errors[1]).toMatch(/^Error: fit: the loss is \w+ in batch 6 of epoch 1/)
    expect(errors[1]).toBe(errors[0])
    expect(warnings).toHaveLength(1)
  })

  it('an error of the training comes again, and ends the fit', async () => {
    const { LocalTrainer } = await import('../../src/training/local-trainer.js')
    vi.spyOn(LocalTrainer.prototype, 'run').mockImplementation(() => {
      throw new Error('unreachable')
    })
    plan = new Plan((worker) => worker.emit('error', new Error('unreachable')), 0, 'call')
    const message = 'fit: unreachable in epoch 1; the weights are those before the first epoch'
    await expect(train(2, { epoch: 1, batch: 2 })).rejects.toThrow(message)
    expect(warnings).toEqual([said('a worker ended: unreachable')])
  })

  it('without memory for a copy it is an error, too', async () => {
    plan = new Plan(
      (worker) => {
        worker.kill()
        vi.spyOn(WebAssembly, 'Memory').mockImplementation(function none(): never {
          throw new RangeError('no more memory')
        })
      },
      0,
      'call',
    )
    // Not a small one, which needs no memory of its own.
    const net = new library.Network([4, 80, 2], { activation: 'tanh', seed: 3 })
    const before = net.toBytes()
    const fit = train(2, { epoch: 1, batch: 2 }, { checkpoint: undefined }, net)
    await expect(fit).rejects.toThrow(/in epoch 1; the weights are those before the first epoch$/)
    vi.restoreAllMocks()
    expect(Array.from(net.layers[0].weights)).toEqual(
      Array.from(library.Network.fromBytes(before).layers[0].weights),
    )
  })

  it.each([32, 1000])('has room for fewer samples than they had; batches of %i', async (size) => {
    const many = { x: randomRows(1200, 500, 5), y: randomRows(1200, 2, 6) }
    const states = []
    for (const threads of [undefined, 2]) {
      plan = new Plan((worker) => worker.kill(), 1, 'call')
      const net = new library.Network([500, 3, 2], { activation: 'tanh', seed: 4 })
      const onBatch = (): void => void (plan.isArmed = true)
      const options = { epochs: 2, batchSize: size, dropout: 0.1, onBatch, ...(threads && { threads }) }
      await net.fit(many, options)
      states.push(net.toBytes())
    }
    expect(states[1]).toEqual(states[0])
    expect(warnings).toHaveLength(1)
  })

  it('takes classes by their numbers', async () => {
    const labels = { x: randomRows(60, 1, 1), y: Uint8Array.from({ length: 60 }, (_, i) => (i * 7) % 30) }
    const states = []
    for (const threads of [undefined, 2]) {
      plan = new Plan((worker) => worker.kill(), 1, 'call')
      const activation = { hidden: 'tanh', output: 'softmax' } as const
      const net = new library.Network([1, 4, 30], { activation, seed: 4 })
      const onBatch = (): void => void (plan.isArmed = true)
      await net.fit(labels, { epochs: 2, onBatch, ...(threads && { threads }) })
      states.push(net.toBytes())
    }
    expect(states[1]).toEqual(states[0])
    expect(warnings).toHaveLength(1)
  })

  it('goes on in the middle of an epoch that a checkpoint was written in', async () => {
    const path = join(folder, 'half')
    const given = { ...rich(), epochs: 4 }
    const half = fresh()
    await half.fit(data, {
      ...given,
      onBatch: ({ epoch, batch }) => epoch < 2 || batch < 3,
      checkpoint: library.checkpointFile({ path }),
    })
    const net = fresh()
    plan = new Plan((worker) => worker.kill(), 0, 'call')
    const onBatch = ({ batch }: BatchReport): void => void (plan.isArmed ||= batch === 5)
    const checkpoint = library.checkpointFile({ path, resume: true })
    await net.fit(data, { ...given, checkpoint, threads: 2, onBatch })
    expect(warnings).toHaveLength(1)
    const whole = fresh()
    await whole.fit(data, given)
    expect(net.toBytes()).toEqual(whole.toBytes())
  })
})
