import type { NumberedStreams } from '../base/random.js'
import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'
import type { Allowance, Outcome, Parts } from '../engine/engine.js'
import { atOnce, batchWork } from '../engine/pace.js'
import type { Task } from '../engine/task.js'
import { TURN_MS } from '../platform/event-loop.js'
import type { State } from '../state/state.js'
import { after, setRate } from './batch-step.js'
import { OrderedSamples } from './ordered-samples.js'
import type { ArrayTrainer } from './trainer.js'

/** A batch of fewer multiply-adds is so short that the clock is not read for it. */
const SHORT = 1e6

/** Trains on this thread; a batch that takes longer than a turn is done in parts, with the same bits. */
export class LocalTrainer implements ArrayTrainer {
  readonly runMs = TURN_MS
  readonly mayHang = false
  readonly largestRun: number
  readonly samples: number
  readonly x: Matrix
  readonly y: Targets
  readonly #state: State
  readonly #task: Task
  readonly #samples: OrderedSamples
  /** multiply-adds of a sample, and of an update */
  readonly #work: { readonly sample: number; readonly update: number }
  readonly #isShort: boolean

  /**
   * The engine must have the optimiser and regularisation of the task already.
   *
   * @param offset samples of the epoch before those of the task
   */
  constructor(state: State, task: Task, offset = 0) {
    this.#state = state
    this.samples = task.x.rows
    this.x = task.x
    this.y = task.y
    this.#task = task
    this.#samples = new OrderedSamples(task, offset)
    this.largestRun = state.engine.capacity
    this.#work = batchWork(state.spec)
    this.#isShort = this.#workOf(task.batchSize) < SHORT
  }

  begin(stream: string | undefined, dropoutKey: number): void | Promise<void> {
    return this.#samples.begin(stream, dropoutKey)
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
    if (isLong && n <= this.#task.batchSize) return this.#inParts(first, n, rates, before, work)
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
    if (streams === undefined) void this.#samples.begin(undefined, 0)
    this.#samples.stage(engine, 0, x.rows)
    const weighted = weights !== undefined
    return engine.trainEpochs({ epochs, samples: x.rows, batch: this.#task.batchSize, weighted, streams })
  }

  #run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    const { engine } = this.#state
    if (this.#task.batchSize > engine.capacity) return this.#largeBatch(first, n, rates, before)
    this.#samples.stage(engine, first, n)
    if (rates !== undefined) engine.rates.set(rates)
    const scheduled = rates !== undefined
    const outcome = engine.train(n, this.#task.batchSize, {
      scheduled,
      loss: before.loss,
      ...this.#samples.sampling(first),
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
    setRate(this.#state, this.#task, rates)
    return after(before, await pace.run((allowance) => this.#batch(first, n, allowance), work, fitting))
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
        this.#samples.stage(engine, first, n)
        loss = yield* parts.train(n, this.#samples.sampling(first) ?? {}, allowance)
        return loss
      }
      const sum = yield* this.#samples.accumulate(engine, first, n, allowance)
      if (!Number.isFinite(sum)) return sum
      if (parts === undefined) engine.update(1 / n)
      else yield* parts.update(1 / n, allowance)
      loss = sum
      return loss
    } finally {
      if (!Number.isFinite(loss)) engine.gradients.fill(0)
    }
  }

  /** Multiply-adds of the batches of n samples. */
  #workOf(n: number): number {
    return n * this.#work.sample + Math.ceil(n / this.#task.batchSize) * this.#work.update
  }

  commit(): void {
    // The network itself has been trained.
  }

  /** A batch that is larger than the engine, or what is left for the last one. */
  #largeBatch(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    setRate(this.#state, this.#task, rates)
    return after(
      before,
      atOnce((allowance) => this.#batch(first, n, allowance)),
    )
  }
}
