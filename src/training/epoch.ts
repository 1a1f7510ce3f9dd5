import type { Outcome } from '../engine/engine.js'
import type { Matrix } from '../samples.js'
import { update, zeroGradients, type State } from '../state.js'
import { nextTask } from './next-task.js'
import { writeOrder } from '../order.js'

/** What trains a network epoch by epoch: its own thread, or workers. */
export interface Trainer {
  /** the samples; what the caller of fit writes to its arrays does not change them */
  readonly x: Matrix
  readonly y: Matrix
  /**
   * Trains on all samples, in the order that follows from a stream of random numbers; undefined: 0, 1, 2 …
   *
   * @throws Error if a worker ends
   */
  epoch(stream: string | undefined): Outcome | Promise<Outcome>
  /** Ends its workers. */
  end?(): void
}

/** What has come of no batch. */
const nothing: Outcome = { loss: 0, batches: 0 }

/** Between two looks at the event loop, in milliseconds. */
const RUN_MS = 8

/**
 * Trains epochs on the thread that calls. Gives the event loop a turn every RUN_MS: how many batches a call into the engine has
 * depends on the clock, what they compute does not.
 */
export class LocalTrainer implements Trainer {
  readonly x: Matrix
  readonly y: Matrix
  readonly #state: State
  readonly #batchSize: number
  readonly #order: Uint32Array
  readonly #largestRun: number
  #run: number
  #lastTurn = performance.now()

  constructor(state: State, x: Matrix, y: Matrix, batchSize: number) {
    this.#state = state
    this.x = x
    this.y = y
    this.#batchSize = batchSize
    this.#order = new Uint32Array(x.rows)
    this.#largestRun = Math.max(1, Math.floor(state.engine.capacity / batchSize)) * batchSize
    this.#run = batchSize
  }

  epoch(stream: string | undefined): Outcome | Promise<Outcome> {
    const order = this.#order
    writeOrder(order, this.#state.spec.seed, stream)
    if (order.length > this.#run) return this.#runs()
    const start = performance.now()
    const outcome = runBatches(this.#state, this.x, this.y, order, this.#batchSize, nothing)
    const turn = this.#endRun(order.length, start)
    return turn instanceof Promise ? turn.then(() => outcome) : outcome
  }

  /** An epoch in several runs. */
  async #runs(): Promise<Outcome> {
    const order = this.#order
    let outcome = nothing
    let start = performance.now()
    for (let first = 0; first < order.length && Number.isFinite(outcome.loss);) {
      const samples = order.subarray(first, first + this.#run)
      outcome = runBatches(this.#state, this.x, this.y, samples, this.#batchSize, outcome)
      first += samples.length
      start = await this.#endRun(samples.length, start)
    }
    return outcome
  }

  /** Chooses the length of the next run by the time of this one, and gives the event loop its turn; returns the time. */
  #endRun(samples: number, start: number): number | Promise<number> {
    const now = performance.now()
    const wanted = (samples * RUN_MS) / Math.max(now - start, RUN_MS / 16)
    this.#run = Math.min(
      this.#largestRun,
      Math.max(1, Math.floor(wanted / this.#batchSize)) * this.#batchSize,
    )
    return now - this.#lastTurn < RUN_MS ? now : this.#turn()
  }

  async #turn(): Promise<number> {
    await nextTask()
    this.#lastTurn = performance.now()
    return this.#lastTurn
  }
}

/**
 * Trains an epoch again, whose losses were finite but whose weights are not, and returns the number of the batch that made them so,
 * from 1 on.
 */
export async function batchOfOverflow(
  state: State,
  x: Matrix,
  y: Matrix,
  stream: string | undefined,
  batchSize: number,
): Promise<number> {
  const order = new Uint32Array(x.rows)
  writeOrder(order, state.spec.seed, stream)
  let first = 0
  let lastTurn = performance.now()
  do {
    const samples = order.subarray(first, first + batchSize)
    runBatches(state, x, y, samples, batchSize, nothing)
    first += batchSize
    if (performance.now() - lastTurn < RUN_MS) continue
    await nextTask()
    lastTurn = performance.now()
  } while (first < order.length && state.engine.isFinite())
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
    const { loss, batches } = engine.train(samples.length, batchSize, { loss: before.loss })
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
