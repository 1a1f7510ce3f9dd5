import type { Outcome } from '../engine/engine.js'
import { writeOrder } from '../order.js'
import { rowOf, type Matrix } from '../samples.js'
import { update, zeroGradients, type State } from '../state.js'
import type { Trainer } from './trainer.js'
import { TURN_MS } from './turns.js'

/** Trains on the thread that calls. */
export class LocalTrainer implements Trainer {
  readonly runMs = TURN_MS
  readonly largestRun: number
  readonly x: Matrix
  readonly y: Matrix
  readonly #state: State
  readonly batchSize: number
  readonly #maxNorm: number
  readonly #order: Uint32Array

  /** @param maxNorm of the gradients, which the engine clips them by already; 0 for no limit */
  constructor(state: State, x: Matrix, y: Matrix, batchSize: number, maxNorm: number) {
    this.#state = state
    this.x = x
    this.y = y
    this.batchSize = batchSize
    this.#maxNorm = maxNorm
    this.#order = new Uint32Array(x.rows)
    this.largestRun = state.engine.capacity
  }

  begin(stream: string | undefined): void {
    writeOrder(this.#order, this.#state.spec.seed, stream)
  }

  /** Whole batches that fit into one call; or one batch that is larger than that. */
  run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    const { engine } = this.#state
    const samples = this.#order.subarray(first, first + n)
    if (this.batchSize > engine.capacity) return this.#largeBatch(samples, rates, before)
    this.#stage(samples)
    if (rates !== undefined) engine.rates.set(rates)
    const scheduled = rates !== undefined
    const outcome = engine.train(n, this.batchSize, { scheduled, loss: before.loss })
    if (before.batches === 0) return outcome
    return { loss: outcome.loss, batches: before.batches + outcome.batches }
  }

  /** Whether all weights are finite numbers. */
  isFinite(): boolean {
    return this.#state.engine.isFinite()
  }

  commit(): void {
    // It trains the network itself.
  }

  #largeBatch(samples: Uint32Array, rates: Float64Array | undefined, before: Outcome): Outcome {
    const state = this.#state
    const { engine, optimizer } = state
    let batchLoss = 0
    for (let first = 0; first < samples.length; first += engine.capacity) {
      const piece = samples.subarray(first, first + engine.capacity)
      this.#stage(piece)
      batchLoss = engine.accumulate(piece.length, batchLoss)
      state.pending += piece.length
    }
    const loss = before.loss + batchLoss
    if (Number.isFinite(batchLoss)) {
      if (rates !== undefined && optimizer !== undefined) {
        engine.setOptimizer({ ...optimizer, learningRate: rates[0] }, this.#maxNorm)
      }
      update(state, 'mean')
      return { loss, batches: before.batches + 1 }
    }
    zeroGradients(state)
    return { loss, batches: before.batches }
  }

  /** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
  #stage(samples: Uint32Array): void {
    const state = this.#state
    const { engine } = state
    const { x, y } = this
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
      engine.x.set(rowOf(x, row), i * x.columns)
      engine.y.set(rowOf(y, row), i * y.columns)
      engine.order[i] = i
    }
    state.staged = undefined
  }
}
