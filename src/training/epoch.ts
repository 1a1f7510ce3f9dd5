import { allFinite } from '../floats.js'
import { Random } from '../random.js'
import type { Matrix } from '../samples.js'
import { update, zeroGradients, type State } from '../state.js'
import { nextTask } from './next-task.js'

/** What came of an epoch. */
export interface Outcome {
  /** summed over the samples, batch by batch */
  readonly loss: number
  /** batches done: those before the one whose loss is not finite, or all */
  readonly batches: number
}

/** Between two looks at the event loop, in milliseconds. */
const RUN_MS = 8

/** The order of so many samples that follows from a stream of random numbers; as they are, without one. */
export function orderOf(rows: number, seed: number, stream: string | undefined): Uint32Array {
  const order = new Uint32Array(rows)
  for (let i = 0; i < rows; ++i) order[i] = i
  if (stream !== undefined) new Random(seed, stream).shuffle(order)
  return order
}

/**
 * Trains on all samples in the given order, on this thread. Gives the event loop a turn every RUN_MS: how many batches a call into
 * the engine has depends on the clock, what they compute does not.
 */
export async function runEpoch(
  state: State,
  x: Matrix,
  y: Matrix,
  order: Uint32Array,
  batchSize: number,
): Promise<Outcome> {
  const largestRun = Math.max(1, Math.floor(state.engine.capacity / batchSize)) * batchSize
  let outcome: Outcome = { loss: 0, batches: 0 }
  let run = batchSize
  let lastTurn = performance.now()
  for (let first = 0; first < order.length;) {
    const start = performance.now()
    const samples = order.subarray(first, first + run)
    outcome = runBatches(state, x, y, samples, batchSize, outcome)
    if (!Number.isFinite(outcome.loss)) break
    first += samples.length

    const now = performance.now()
    const wanted = (samples.length * RUN_MS) / Math.max(now - start, RUN_MS / 16)
    run = Math.min(largestRun, Math.max(1, Math.floor(wanted / batchSize)) * batchSize)
    if (now - lastTurn < RUN_MS) continue
    await nextTask()
    lastTurn = performance.now()
  }
  return outcome
}

/**
 * Trains an epoch again, whose losses were finite but whose weights are not, and returns the number of the batch that made them so,
 * from 1 on.
 */
export async function batchOfOverflow(
  state: State,
  x: Matrix,
  y: Matrix,
  order: Uint32Array,
  batchSize: number,
): Promise<number> {
  let first = 0
  let lastTurn = performance.now()
  do {
    const samples = order.subarray(first, first + batchSize)
    runBatches(state, x, y, samples, batchSize, { loss: 0, batches: 0 })
    first += batchSize
    if (performance.now() - lastTurn < RUN_MS) continue
    await nextTask()
    lastTurn = performance.now()
  } while (first < order.length && allFinite(state.engine.parameters))
  return first / batchSize
}

/** Trains on samples, whole batches, that fit into one call; or on one batch that is larger than that. Adds to what was before. */
function runBatches(
  state: State,
  x: Matrix,
  y: Matrix,
  samples: Uint32Array,
  batchSize: number,
  before: Outcome,
): Outcome {
  const { engine } = state
  if (batchSize <= engine.capacity) {
    stageOrdered(state, x, y, samples)
    const { loss, batches } = engine.train(samples.length, batchSize, 0, true, before.loss)
    return { loss, batches: before.batches + batches }
  }
  let batchLoss = 0
  for (let first = 0; first < samples.length; first += engine.capacity) {
    const piece = samples.subarray(first, first + engine.capacity)
    stageOrdered(state, x, y, piece)
    batchLoss = engine.accumulate(piece.length, batchLoss)
    state.pending += piece.length
  }
  const loss = before.loss + batchLoss
  if (Number.isFinite(batchLoss)) {
    update(state, 'mean')
    return { loss, batches: before.batches + 1 }
  }
  zeroGradients(state)
  return { loss, batches: before.batches }
}

/** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
function stageOrdered(state: State, x: Matrix, y: Matrix, samples: Uint32Array): void {
  const { engine } = state
  if (x.rows <= engine.capacity) {
    if (state.staged !== x) {
      engine.x.set(x.values)
      engine.y.set(y.values)
      state.staged = x
    }
    engine.order.set(samples)
    return
  }
  for (let i = 0; i < samples.length; ++i) {
    const row = samples[i]
    engine.x.set(x.values.subarray(row * x.columns, (row + 1) * x.columns), i * x.columns)
    engine.y.set(y.values.subarray(row * y.columns, (row + 1) * y.columns), i * y.columns)
    engine.order[i] = i
  }
  state.staged = undefined
}
