import type { Allowance, Outcome, Parts, Sampling } from '../engine/engine.js'
import type { Task } from '../engine/task.js'
import { writeOrder } from '../engine/order.js'
import type { Matrix } from '../base/samples.js'
import { update, zeroGradients, type State } from '../state/state.js'
import type { Targets } from '../base/targets.js'
import { batchWork } from '../engine/pace.js'
import { stageSamples } from './staging.js'
import type { Trainer } from './trainer.js'
import { TURN_MS } from '../platform/event-loop.js'

/** Multiply-adds of a batch that is not worth a look at the clock. */
const SHORT = 1e6

/** Trains on the thread that calls: a batch that takes longer than a turn in parts, with the same bits. */
export class LocalTrainer implements Trainer {
  readonly runMs = TURN_MS
  readonly mayHang = false
  readonly largestRun: number
  readonly x: Matrix
  readonly y: Targets
  readonly #state: State
  readonly #task: Task
  readonly #order: Uint32Array
  readonly #offset: number
  #dropoutKey = 0
  /** multiply-adds of a sample, and of an update */
  readonly #work: { readonly sample: number; readonly update: number }
  readonly #isShort: boolean

  /**
   * The engine has the task's optimiser and regularisation already.
   *
   * @param offset samples of the epoch that come before those of the task
   */
  constructor(state: State, task: Task, offset = 0) {
    this.#offset = offset
    this.#state = state
    this.x = task.x
    this.y = task.y
    this.#task = task
    this.#order = new Uint32Array(task.x.rows)
    this.largestRun = state.engine.capacity
    this.#work = batchWork(state.spec)
    this.#isShort = this.#workOf(task.batchSize) < SHORT
  }

  get batchSize(): number {
    return this.#task.batchSize
  }

  begin(stream: string | undefined, dropoutKey: number): void | Promise<void> {
    this.#dropoutKey = dropoutKey
    const { seed } = this.#state.spec
    return writeOrder(this.#order, seed, stream)
  }

  /** Whole batches that fit into one call; or one batch that is larger than that, or takes longer than a turn: then it is a promise. */
  run(
    first: number,
    n: number,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Outcome | Promise<Outcome> {
    if (this.#isShort) return this.#run(first, n, rates, before)
    const { pace } = this.#state
    const work = this.#workOf(n)
    if (n <= this.batchSize && pace.isLong(work)) return this.#inParts(first, n, rates, before, work)
    const start = performance.now()
    const outcome = this.#run(first, n, rates, before)
    pace.learn(work, performance.now() - start)
    return outcome
  }

  #run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    const { engine } = this.#state
    const samples = this.#order.subarray(first, first + n)
    if (this.batchSize > engine.capacity) return this.#largeBatch(first, samples, rates, before)
    stageSamples(this.#state, this.#task, samples)
    if (rates !== undefined) engine.rates.set(rates)
    const scheduled = rates !== undefined
    const outcome = engine.train(n, this.batchSize, {
      scheduled,
      loss: before.loss,
      ...this.#sampling(first),
    })
    if (before.batches === 0) return outcome
    return { loss: outcome.loss, batches: before.batches + outcome.batches }
  }

  async #inParts(
    first: number,
    n: number,
    rates: Float64Array | undefined,
    before: Outcome,
    work: number,
  ): Promise<Outcome> {
    const { pace, fitting } = this.#state
    this.#setRate(rates)
    const batchLoss = await pace.run((allowance) => this.#batch(first, n, allowance), work, fitting)
    const loss = before.loss + batchLoss
    return { loss, batches: before.batches + Number(Number.isFinite(batchLoss)) }
  }

  /** Leaves a batch where it is, with gradients that are zero: weights and the optimiser's state are for the caller to take back. */
  end(): void {
    this.#state.pace.leave()
  }

  /** One batch in parts: its summed loss. Gradients are zero before and after, whoever leaves it when. */
  *#batch(first: number, n: number, allowance: Allowance): Parts<number> {
    const { capacity, parts, gradients } = this.#state.engine
    let loss = NaN
    try {
      if (n <= capacity) {
        stageSamples(this.#state, this.#task, this.#order.subarray(first, first + n))
        loss = yield* parts.train(n, this.#sampling(first) ?? {}, allowance)
        return loss
      }
      let sum = 0
      for (let start = first; start < first + n; start += capacity) {
        const piece = this.#order.subarray(start, Math.min(start + capacity, first + n))
        stageSamples(this.#state, this.#task, piece)
        sum = yield* parts.accumulate(piece.length, sum, this.#sampling(start) ?? {}, allowance)
      }
      if (Number.isFinite(sum)) yield* parts.update(1 / n, allowance)
      loss = sum
      return loss
    } finally {
      if (!Number.isFinite(loss)) gradients.fill(0)
    }
  }

  /** The learning rate of one batch, which the optimiser has then. */
  #setRate(rates: Float64Array | undefined): void {
    const { engine, optimizer } = this.#state
    if (rates === undefined || optimizer === undefined) return
    engine.setOptimizer({ ...optimizer, learningRate: rates[0] }, this.#task.regularization)
  }

  /** Multiply-adds of the batches of n samples. */
  #workOf(n: number): number {
    return n * this.#work.sample + Math.ceil(n / this.batchSize) * this.#work.update
  }

  /** Whether all weights are finite numbers. */
  isFinite(): boolean {
    return this.#state.engine.isFinite()
  }

  commit(): void {
    // It trains the network itself.
  }

  /** How the samples of the order from the first-th on count. */
  #sampling(first: number): Sampling | undefined {
    const { weights, dropout } = this.#task
    if (weights === undefined && dropout === undefined) return undefined
    return {
      weighted: weights !== undefined,
      dropout: dropout && { rates: dropout, key: this.#dropoutKey, position: this.#offset + first },
    }
  }

  #largeBatch(
    first: number,
    samples: Uint32Array,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Outcome {
    const state = this.#state
    const { engine } = state
    let batchLoss = 0
    for (let start = 0; start < samples.length; start += engine.capacity) {
      const piece = samples.subarray(start, start + engine.capacity)
      stageSamples(this.#state, this.#task, piece)
      batchLoss = engine.accumulate(piece.length, batchLoss, this.#sampling(first + start))
      state.pending += piece.length
    }
    const loss = before.loss + batchLoss
    if (Number.isFinite(batchLoss)) {
      this.#setRate(rates)
      update(state, 'mean')
      return { loss, batches: before.batches + 1 }
    }
    zeroGradients(state)
    return { loss, batches: before.batches }
  }
}
