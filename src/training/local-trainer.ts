import type { NumberedStreams } from '../base/random.js'
import { rowOf, type Matrix } from '../base/samples.js'
import { writeTarget, type Targets } from '../base/targets.js'
import type { Allowance, Outcome, Parts, Sampling } from '../engine/engine.js'
import { writeOrder } from '../engine/order.js'
import { batchWork } from '../engine/pace.js'
import { beginStaging, copySamples } from '../engine/window.js'
import type { Task } from '../engine/task.js'
import { TURN_MS } from '../platform/event-loop.js'
import { update, zeroGradients, type State } from '../state/state.js'
import type { Trainer } from './trainer.js'

/** A batch of fewer multiply-adds is so short that the clock is not read for it. */
const SHORT = 1e6

/** Trains on this thread; a batch that takes longer than a turn is done in parts, with the same bits. */
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
   * The engine must have the optimiser and regularisation of the task already.
   *
   * @param offset samples of the epoch before those of the task
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

  /**
   * Trains on whole batches at once; or on one that is larger than the engine, or takes longer than a turn (then a
   * promise).
   */
  run(
    first: number,
    n: number,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Outcome | Promise<Outcome> {
    if (this.#isShort) return this.#run(first, n, rates, before)
    const { engine, pace } = this.#state
    const work = this.#workOf(n)
    const isLong = engine.parts === undefined ? n > engine.capacity : pace.isLong(work)
    if (isLong && n <= this.batchSize) return this.#inParts(first, n, rates, before, work)
    const start = performance.now()
    const outcome = this.#run(first, n, rates, before)
    pace.learn(work, performance.now() - start)
    return outcome
  }

  runEpochs(epochs: number, streams: NumberedStreams | undefined): Float64Array | undefined {
    const { engine } = this.#state
    const { x, weights, dropout } = this.#task
    if (engine.trainEpochs === undefined || dropout !== undefined || !this.#isShort) return undefined
    if (x.rows > engine.capacity) return undefined
    if (streams === undefined) this.#order.forEach((_, i, order) => (order[i] = i))
    stageRows(this.#state, this.#task, this.#order)
    const weighted = weights !== undefined
    return engine.trainEpochs({ epochs, samples: x.rows, batch: this.batchSize, weighted, streams })
  }

  #run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    const { engine } = this.#state
    const samples = this.#order.subarray(first, first + n)
    if (this.batchSize > engine.capacity) return this.#largeBatch(first, samples, rates, before)
    stageRows(this.#state, this.#task, samples)
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

  /** Abandons a batch midway. Gradients are zeroed; the caller restores the weights and the state of the optimiser. */
  end(): void {
    this.#state.pace.leave()
  }

  /**
   * One batch in parts; returns its summed loss. Gradients are zero before and after, even if it is abandoned midway.
   */
  *#batch(first: number, n: number, allowance: Allowance): Parts<number> {
    const { engine } = this.#state
    const { capacity, parts } = engine
    let loss = NaN
    try {
      if (n <= capacity && parts !== undefined) {
        stageRows(this.#state, this.#task, this.#order.subarray(first, first + n))
        loss = yield* parts.train(n, this.#sampling(first) ?? {}, allowance)
        return loss
      }
      let sum = 0
      for (let start = first; start < first + n; start += capacity) {
        const rows = this.#order.subarray(start, Math.min(start + capacity, first + n))
        stageRows(this.#state, this.#task, rows)
        sum = yield* this.#accumulate(rows.length, sum, this.#sampling(start) ?? {}, allowance)
      }
      if (!Number.isFinite(sum)) return sum
      if (parts === undefined) engine.update(1 / n)
      else yield* parts.update(1 / n, allowance)
      loss = sum
      return loss
    } finally {
      if (!Number.isFinite(loss)) engine.gradients.fill(0)
    }
  }

  /** Adds the gradients of n rows staged; the window of an engine without parts is one part. */
  *#accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number> {
    const { engine } = this.#state
    if (engine.parts !== undefined) return yield* engine.parts.accumulate(n, loss, sampling, allowance)
    const sum = engine.accumulate(n, loss, sampling)
    allowance.left -= n * this.#work.sample
    if (allowance.left <= 0) yield
    return sum
  }

  /** Sets the learning rate of the next batch. */
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
    // The network itself has been trained.
  }

  /** How to sample, from the first-th sample of the order. */
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
      const rows = samples.subarray(start, start + engine.capacity)
      stageRows(this.#state, this.#task, rows)
      batchLoss = engine.accumulate(rows.length, batchLoss, this.#sampling(first + start))
      state.pending += rows.length
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

/** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
function stageRows(state: State, task: Task, samples: Uint32Array): void {
  const { engine } = state
  const { x, y, weights } = task
  if (x.rows <= engine.capacity) {
    if (engine.staged !== x) {
      copySamples(engine, task)
      engine.staged = x
    }
    engine.order.set(samples)
    return
  }
  beginStaging(engine)
  for (let i = 0; i < samples.length; ++i) {
    const row = samples[i]
    engine.x.set(rowOf(x, row), i * x.columns)
    writeTarget(engine.y, i, y, row)
    if (weights !== undefined) engine.weights[i] = weights.values[row]
    engine.order[i] = i
  }
}
