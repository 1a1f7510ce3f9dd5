/**
 * The barriers of a step, one by one and without luck. Each thread has a barrier of its own, which this thread opens:
 * so between two barriers one thread does all of its work before the next begins, of any two threads each first once. A
 * barrier that is missing is work done too early, in every run; one that a thread misses is an error, not a hang.
 */
import { createHash } from 'node:crypto'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { unregularized, type Regularization } from '../../src/engine/regularization.js'
import { coreFor } from '../../src/engine/wasm/core.js'
import { instantiate, kernelsOf } from '../../src/engine/wasm/instance.js'
import { layOut } from '../../src/engine/wasm/memory.js'
import {
  writeNetworkRecords,
  writeOptimizerRecord,
  writeRegularizationRecord,
  writeThreadRecord,
} from '../../src/engine/wasm/records.js'
import { CACHE_LINE } from '../../src/engine/wasm/layout.generated.js'
import { allocate, PAGE } from '../../src/engine/wasm/reservation.js'
import type { Call } from '../../src/engine/wasm/threads/messages.js'
import { spawn, type WorkerHandle } from '../../src/engine/wasm/threads/spawn.js'
import { viewsOf } from '../../src/engine/wasm/views.js'
import { adam } from '../../src/index.js'
import { tanhSpec } from '../support/engines.js'
import { randomRows } from '../support/random-rows.js'

const THREADS = 3
/** a count of work items that no share has */
const ALL_TAKEN = 1 << 20

/** Each thread has a panel of each batch, and a block of rows of each layer. */
const sizes = [5, 30, 29]
const batch = 40
const spec = tanhSpec(sizes, 'f32')
const optimizer = adam({ learningRate: 0.05 })

const layout = layOut(spec, THREADS, 1000)
const memory = allocate({ pages: layout.pages + 1 }, 'shared')
const module = sharedModule()
const kernels = kernelsOf(instantiate(module, memory), 'f32')
const views = viewsOf(memory, layout, spec)
const words = new Int32Array(memory.buffer)
const taken = new Uint32Array(memory.buffer, layout.taken, (THREADS * layout.takenBytes) / 4)
const addresses = Array.from({ length: THREADS }, (_, t) => layout.pages * PAGE + t * CACHE_LINE)

function sharedModule(): WebAssembly.Module {
  const shared = coreFor().sharedModule()
  if (shared === undefined) throw new Error('expected a core that can share its memory')
  return shared
}

/** Everything as before the first step. */
function begin(regularization: Regularization, samples: number, isAlone: boolean): void {
  new Uint8Array(memory.buffer, layout.network).fill(0)
  writeNetworkRecords(views.memory, spec, layout)
  writeRegularizationRecord(views.memory, layout, regularization)
  for (const [t, thread] of layout.threads.entries()) {
    const threads = layout.threads.slice(0, isAlone ? 1 : THREADS)
    if (t < threads.length)
      writeThreadRecord(views.memory, { ...layout, threads, barrier: addresses[t] }, t, false)
    writeOptimizerRecord(views.memory, thread, optimizer)
  }
  views.parameters.set(randomRows(1, layout.parameterCount, 1)[0])
  views.average.set(views.parameters)
  views.x.set(randomRows(samples, sizes[0], 2).flat())
  views.y.set(randomRows(samples, spec.layers[1].units, 3).flat())
  for (let s = 0; s < samples; ++s) views.order[s] = s
}

/** What a step leaves, as digests: a difference of thousands of numbers takes half a second to print. */
const results = (): Record<string, string> => {
  const { parameters, gradients, slots, average, reports } = views
  const numbers = { parameters, gradients, slot0: slots[0], slot1: slots[1], average, report: reports[0] }
  return Object.fromEntries(
    Object.entries(numbers).map(([name, view]) => [
      name,
      createHash('sha256').update(new Uint8Array(view.slice().buffer)).digest('hex'),
    ]),
  )
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

let workers: WorkerHandle[] = []
const end = (): void => {
  for (const worker of workers) worker.end()
  workers = []
}
/** Workers that a test has left waiting would never answer the next one. */
afterEach(({ task }) => {
  if (task.result?.state === 'fail') end()
})
afterAll(end)

async function startWorkers(): Promise<void> {
  if (workers.length > 0) return
  workers = layout.threads.map(() => spawn())
  await Promise.all(workers.map((worker) => worker.ask({ type: 'start', module, memory })))
}

/**
 * Has all threads make their calls, one after the other from barrier to barrier, each its own share; returns how many
 * barriers there were.
 */
async function inOrder(
  order: readonly number[],
  callOf: (t: number) => Call,
  signal: AbortSignal,
): Promise<number> {
  await startWorkers()
  const states: string[] = workers.map(() => 'waiting')
  const perThread = layout.takenBytes / 4
  for (let barriers = 0; ; ++barriers) {
    for (const t of order) {
      taken.fill(ALL_TAKEN)
      taken.fill(0, t * perThread, (t + 1) * perThread)
      states[t] = 'running'
      const at = addresses[t] / 4
      if (barriers === 0) {
        workers[t].ask({ type: 'call', writes: [], call: callOf(t), reads: [] }).then(
          () => (states[t] = 'ended'),
          (error: unknown) => (states[t] = String(error)),
        )
      } else {
        Atomics.store(words, at, 0)
        Atomics.add(words, at + 1, 1)
        Atomics.notify(words, at + 1)
      }
      while (states[t] === 'running') {
        signal.throwIfAborted()
        if (Atomics.load(words, at) === 1) states[t] = 'waiting'
        else await turn()
      }
    }
    const [first] = states
    if (first === 'ended' && states.every((state) => state === first)) return barriers
    if (states.some((state) => state !== 'waiting')) throw new Error(`barrier ${barriers}: ${states.join()}`)
  }
}

const call = (t: number, samples: number): Call => {
  const { record, report } = layout.threads[t]
  return ['train_f32', layout.network, record, report, 0, samples, batchOf(samples), 0, true, false, 0]
}
/** Two batches, so that what one leaves undone is seen by the next. */
const batchOf = (samples: number): number => samples / 2

const given: Partial<Regularization>[] = [
  { l1: 0.01, l2: 0.1 },
  { clipValue: 0.01 },
  { clipNorm: 0.05 },
  { clipGlobalNorm: 0.04 },
  { maxWeightNorm: 0.7 },
  { averageTake: 0.1 },
]
const cases = Array.from({ length: 1 << given.length }, (_, set) => {
  const chosen = Object.assign({}, ...given.filter((_, i) => (set >> i) & 1)) as Partial<Regularization>
  return { name: Object.keys(chosen).join(' ') || 'no option', chosen }
})

/** Barriers of a batch, as docs/threads.md has them. */
function barriersOf(chosen: Partial<Regularization>, chunks: number): number {
  if (Object.keys(chosen).length === 0 && chunks === 1) return 2
  const { l1, clipValue, clipNorm, clipGlobalNorm, maxWeightNorm } = { ...unregularized, ...chosen }
  const isByElement = l1 > 0 || clipValue > 0
  return (
    2 * chunks +
    (isByElement && (clipNorm > 0 || clipGlobalNorm > 0) ? 1 : 0) +
    (clipNorm > 0 ? 1 : 0) +
    (clipGlobalNorm > 0 ? 1 : 0) +
    (maxWeightNorm > 0 ? 2 : 0) +
    1
  )
}

describe.each([
  ['of one sample', 1, 1, false],
  ['of one chunk', batch, 1, false],
  ['of two chunks', layout.chunk + batch, 2, false],
  ['with a loss that is not finite', batch, 1, true],
])('a batch %s', (_, count, chunks, isBroken) => {
  it.for(cases)('$name: whoever comes first between two barriers', async ({ chosen }, { signal }) => {
    const regularization = { ...unregularized, ...chosen }
    const samples = 2 * count
    const start = (isAlone: boolean): void => {
      begin(regularization, samples, isAlone)
      if (isBroken) views.y[0] = Infinity
    }
    start(true)
    const { record, report } = layout.threads[0]
    kernels.train(layout.network, record, report, 0, samples, count, 0, true, false, 0)
    const expected = results()
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
    ]) {
      start(false)
      const barriers = await inOrder(order, (t) => call(t, samples), signal)
      expect(results()).toEqual(expected)
      if (isBroken) expect(views.reports[0][0]).not.toSatisfy(Number.isFinite)
      else expect(barriers).toBe(2 * barriersOf(chosen, chunks))
    }
  })
})
