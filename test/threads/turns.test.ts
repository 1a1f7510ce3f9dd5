/** What is long beside the batches, and is done in parts: each part is short, and all together come to what is done at once. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { createEngine } from '../../src/engine/create.js'
import { copySamplesInParts } from '../../src/engine/window.js'
import { createTrainingMemory } from '../../src/engine/wasm/threads/training-memory.js'
import { WasmEngine } from '../../src/engine/wasm/wasm.js'
import { writeInParts, writeSafetensors } from '../../src/formats/safetensors.js'
import { save } from '../../src/state/state.js'
import { adam, checkpointFile, Network, sgd, stream } from '../../src/index.js'
import { writeOrder } from '../../src/engine/order.js'
import { unregularized } from '../../src/engine/regularization.js'
import { resolveSpec } from '../../src/definition/spec.js'
import { createState } from '../../src/state/state.js'
import { withTurns } from '../../src/platform/event-loop.js'
import { turns } from '../support/counted-turns.js'

/** What a generator returns, and how many parts it had before that. */
function partsOf<Result>(generator: Generator<undefined, Result>): { result: Result; parts: number } {
  for (let parts = 0; ; ++parts) {
    const next = generator.next()
    if (next.done === true) return { result: next.value, parts }
  }
}

/** Bit for bit; toEqual takes seconds for millions of numbers. */
function areSame(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const [one, two] = [a, b].map((view) => Buffer.from(view.buffer, view.byteOffset, view.byteLength))
  return one.equals(two)
}

/** How many turns the event loop gets while something is done, by a clock that goes on by a millisecond whenever it is read. */
async function turnsIn(what: () => Promise<unknown>): Promise<number> {
  let [count, ms] = [0, performance.now()]
  turns.onTurn = () => (count += 1)
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (ms += 1))
  try {
    await what()
  } finally {
    clock.mockRestore()
    turns.onTurn = () => undefined
  }
  return count
}

const numbers = 1000 * 300
const spec = resolveSpec([1000, 300, 10], { seed: 1 })

describe('what is done in parts', () => {
  it('a file: the same bytes, a part for 65,536 numbers', () => {
    const saved = save(createState(spec))
    const { result, parts } = partsOf(writeInParts(saved))
    expect(areSame(result, writeSafetensors(saved))).toBe(true)
    expect(parts).toBeGreaterThanOrEqual(Math.floor(numbers / 65_536))
  })

  it('the samples of workers: the same numbers', () => {
    const engine = createEngine(resolveSpec([1000, 2], { seed: 1 }))
    if (!(engine instanceof WasmEngine)) throw new Error('expected WebAssembly')
    const x = { values: Float32Array.from({ length: 3e6 }, (_, i) => i), rows: 3000, columns: 1000 }
    const y = { values: Float32Array.from({ length: 6000 }, (_, i) => -i), rows: 3000, columns: 2 }
    const given = { x, y, batchSize: 10, optimizer: sgd(), regularization: unregularized, seed: 1 }
    const task = {
      ...given,
      spec: resolveSpec([1000, 2], { seed: 1 }),
      weights: undefined,
      dropout: undefined,
    }
    const { views } = createTrainingMemory(task, engine.core, 2)
    const { parts } = partsOf(copySamplesInParts(views, task))
    expect(parts).toBeGreaterThan(2)
    expect([
      areSame(views.x.subarray(0, 3e6), x.values),
      areSame(views.y.subarray(0, 6000), y.values),
    ]).toEqual([true, true])
  })
})

describe('the turns between parts', () => {
  it('come after half of a turn, 4 ms, of work', async () => {
    function* work(): Generator<undefined, void> {
      for (let i = 0; i < 100; ++i) yield
    }
    expect(await turnsIn(() => withTurns(work()))).toBeGreaterThanOrEqual(20)
  })

  it('come while many samples are put in order', async () => {
    const order = new Uint32Array(3_000_000)
    expect(await turnsIn(async () => writeOrder(order, 3, 'shuffle 1'))).toBeGreaterThanOrEqual(2)
  })

  it('come while a checkpoint is written, which has the bytes of the network', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'turns-'))
    const path = join(folder, 'checkpoint')
    try {
      const data = { x: new Float32Array(1000), y: new Float32Array(10) }
      const fit = (file?: string): Promise<unknown> => {
        const net = new Network([1000, 300, 10], { seed: 1 })
        return net.fit(data, {
          optimizer: adam(),
          ...(file !== undefined && { checkpoint: checkpointFile(file) }),
        })
      }
      const without = await turnsIn(() => fit())
      // Three regions of as many numbers as the network has: parameters, and two of adam.
      const parts = Math.floor((3 * numbers) / 65_536)
      expect(await turnsIn(() => fit(path))).toBeGreaterThanOrEqual(without + Math.floor(parts / 5))
      const net = new Network([1000, 300, 10], { seed: 1 })
      await net.fit(data, { optimizer: adam() })
      expect(Network.fromBytes(readFileSync(path)).predict(data.x)).toEqual(net.predict(data.x))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a batch larger than the window of a small network: the same bits, and turns between its windows', async () => {
    const rows = 100_000
    const data = { x: new Float32Array(16 * rows).map((_, i) => (i % 7) / 7), y: new Float32Array(4 * rows) }
    const options = { epochs: 1, batchSize: rows, optimizer: adam(), shuffle: false }
    const create = (): Network => new Network([16, 16, 4], { activation: 'tanh', seed: 1 })
    const [whole, streamed] = [create(), create()]
    // On a copy that has room for all.
    await whole.fit(data, options)
    expect(await turnsIn(() => streamed.fit(stream([data]), options))).toBeGreaterThanOrEqual(5)
    expect(areSame(streamed.toBytes(), whole.toBytes())).toBe(true)
  })

  it('many class numbers of a small network, in one batch: the same', async () => {
    const rows = 60_000
    const x = new Float32Array(2 * rows).map((_, i) => (i % 11) / 11)
    const y = Uint8Array.from({ length: rows }, (_, i) => i % 60)
    const create = (): Network =>
      new Network([2, 60], { activation: 'softmax', loss: 'categoricalCrossEntropy', seed: 1 })
    const [one, other] = [create(), create()]
    const options = { epochs: 1, batchSize: rows, optimizer: sgd(), shuffle: false }
    expect(await turnsIn(() => one.fit({ x, y }, options))).toBeGreaterThanOrEqual(5)
    const oneHot = new Float32Array(60 * rows)
    for (const [i, number] of y.entries()) oneHot[60 * i + number] = 1
    await other.fit({ x, y: oneHot }, options)
    expect(areSame(one.toBytes(), other.toBytes())).toBe(true)
  })
})
