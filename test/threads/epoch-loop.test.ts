/** Whom an epoch waits for, and for how long, when it is to end. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AbortFlag, TimeUp } from '../../src/platform/abort.js'
import { EpochLoop } from '../../src/training/epoch-loop.js'
import { LearningRates } from '../../src/training/learning-rates.js'
import type { Trainer } from '../../src/training/trainer.js'
import { turns } from '../support/counted-turns.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  turns.onTurn = () => undefined
})

let tests = 0

const plan = { epoch: 1, stream: undefined, dropoutKey: 0 }

/** A loop with a time limit of 1 ms, and a trainer of which each run takes a minute. */
function begin(mayHang: boolean, rows: number, onBatch?: () => void) {
  const signal = new AbortFlag()
  signal.limit(0.001)
  const sizes = { batchSize: 4, samples: rows, runMs: 8 }
  const loop = new EpochLoop(sizes, new LearningRates(undefined, 4), signal, onBatch)
  const trainer = {
    samples: rows,
    mayHang,
    runMs: 8,
    largestRun: rows,
    begin: () => undefined,
    run: (_: number, __: number, ___: unknown, { loss, batches }: { loss: number; batches: number }) =>
      new Promise((resolve) => {
        setTimeout(() => resolve({ loss: loss + 1, batches: batches + 1 }), 60_000)
      }),
  }
  return { signal, ran: Promise.resolve(loop.train(trainer as unknown as Trainer, plan)) }
}

describe.each([4, 12])('an epoch of %i samples', (rows) => {
  it('a time limit lets this thread end its batch, however long that takes', async () => {
    const { ran } = begin(false, rows)
    await vi.advanceTimersByTimeAsync(60_000)
    const interruption = rows === 4 ? undefined : 'timeLimit'
    expect(await ran).toEqual({ loss: 1, batches: 1, samples: 4, interruption })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('a time limit waits a second for workers', async () => {
    const { ran } = begin(true, rows)
    const error = ran.catch((reason: unknown) => reason)
    await vi.advanceTimersByTimeAsync(1002)
    expect(await error).toBeInstanceOf(TimeUp)
  })

  it.each([false, true])('a signal waits for neither', async (mayHang) => {
    const { ran, signal } = begin(mayHang, rows)
    const reason = new Error('enough')
    signal.abort(reason)
    await expect(ran).rejects.toBe(reason)
  })

  it.each([undefined, vi.fn()])('who has ended it in a turn is not called any more', async (onBatch) => {
    // The clock of each test begins anew, that of turns does not: it is time for one.
    vi.advanceTimersByTime(1000 * ++tests)
    const { ran, signal } = begin(false, rows, onBatch)
    const error = ran.catch((thrown: unknown) => thrown)
    turns.onTurn = () => signal.abort(new Error('enough'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await error).toMatchObject({ reason: signal.reason })
    if (onBatch !== undefined) expect(onBatch).not.toHaveBeenCalled()
  })
})
