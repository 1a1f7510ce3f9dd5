import type { Outcome } from '../engine/engine.js'
import type { LearningRate } from '../schedules.js'
import type { Trainer } from './trainer.js'
import { Turns } from './turns.js'

/** What has come of no batch. */
const nothing: Outcome = { loss: 0, batches: 0 }

/** What came of one batch. */
export interface BatchReport {
  /** 1 for the first epoch of this call */
  readonly epoch: number
  /** 1 for the first batch of the epoch */
  readonly batch: number
  /** mean over the samples of the batch, before its update */
  readonly loss: number
}

/** Where an epoch may be left before its end. */
export interface Interruptions {
  readonly onBatch?: ((report: BatchReport) => unknown) | undefined
  readonly signal?: AbortSignal | undefined
  /** in the time of performance.now() */
  readonly deadline: number
}

/** Why an epoch was left before its end. */
export type Interruption = 'onBatch' | 'timeLimit'

/** What ended an epoch with an error that is not the trainer's: the signal's reason, or what a callback or a schedule threw. */
export class Interrupted extends Error {
  constructor(readonly reason: unknown) {
    super('interrupted')
  }
}

/** What came of an epoch, or of its part before an interruption. */
export interface EpochOutcome extends Outcome {
  readonly samples: number
  readonly interruption: Interruption | undefined
}

/**
 * Takes a trainer through epochs, in runs of as many batches as it does in its time: between them the event loop gets its turn, and
 * the epoch may be interrupted. How many batches a run has depends on the clock, what they compute does not.
 */
export class EpochLoop {
  readonly #trainer: Trainer
  readonly #batchSize: number
  readonly #rate: LearningRate | undefined
  readonly #rates: Float64Array
  readonly #interruptions: Interruptions
  /** samples of the next run, whole batches */
  #run: number
  readonly #turns: Turns
  /** before this epoch */
  #updates = 0

  constructor(
    trainer: Trainer,
    batchSize: number,
    rate: LearningRate | undefined,
    interruptions: Interruptions,
  ) {
    this.#trainer = trainer
    this.#batchSize = batchSize
    this.#rate = rate
    this.#rates = new Float64Array(rate === undefined ? 0 : Math.ceil(trainer.x.rows / batchSize))
    this.#interruptions = interruptions
    this.#run = batchSize
    this.#turns = new Turns(trainer.runMs)
  }

  /** The learning rate of each batch of the last epoch; undefined: that of the optimiser. */
  get rates(): Float64Array | undefined {
    return this.#rate && this.#rates
  }

  /**
   * Trains on all samples, in the order that follows from a stream of random numbers; undefined: 0, 1, 2 …
   *
   * @param epoch from 1 on
   * @param dropoutKey of the random numbers of dropout
   * @returns no promise where all was done at once: an epoch of four samples takes a microsecond
   * @throws Interrupted by the signal, or a callback or schedule that throws; Error if a worker ends
   */
  epoch(epoch: number, stream: string | undefined, dropoutKey: number): EpochOutcome | Promise<EpochOutcome> {
    const { onBatch, signal } = this.#interruptions
    const samples = this.#trainer.x.rows
    if (signal?.aborted === true) throw new Interrupted(signal.reason)
    const begun = this.#trainer.begin(stream, dropoutKey)
    if (begun instanceof Promise || onBatch !== undefined || samples > this.#run) {
      return this.#runs(epoch, begun)
    }
    const start = performance.now()
    const trained = this.#trainer.run(0, samples, this.#ratesOf(epoch, 0, samples), nothing)
    if (trained instanceof Promise) throw new Error('an epoch that begins at once is trained at once')
    const outcome = this.#end(trained, samples, undefined)
    return this.#turns.pause(this.#endRun(samples, start))?.then(() => outcome) ?? outcome
  }

  /** An epoch in several runs. */
  async #runs(epoch: number, begun: void | Promise<void>): Promise<EpochOutcome> {
    await begun
    const { onBatch, signal, deadline } = this.#interruptions
    const total = this.#trainer.x.rows
    let [outcome, samples]: [Outcome, number] = [nothing, 0]
    let interruption: Interruption | undefined
    while (samples < total && Number.isFinite(outcome.loss) && interruption === undefined) {
      const start = performance.now()
      const wanted = onBatch === undefined ? this.#run : this.#batchSize
      const n = Math.min(wanted, total - samples)
      // Losses are added batch by batch either way: the same bits.
      const before = onBatch === undefined ? outcome : nothing
      const run = await this.#trainer.run(samples, n, this.#ratesOf(epoch, samples, n), before)
      outcome =
        onBatch === undefined
          ? run
          : { loss: outcome.loss + run.loss, batches: outcome.batches + run.batches }
      samples += n
      await this.#turns.pause(this.#endRun(n, start))
      if (onBatch !== undefined && Number.isFinite(run.loss)) {
        const report = { epoch, batch: outcome.batches, loss: run.loss / n }
        if ((await call(onBatch, report)) === false) interruption = 'onBatch'
      }
      if (signal?.aborted === true) throw new Interrupted(signal.reason)
      if (samples < total && performance.now() >= deadline) interruption ??= 'timeLimit'
    }
    return this.#end(outcome, samples, interruption)
  }

  #end({ loss, batches }: Outcome, samples: number, interruption: Interruption | undefined): EpochOutcome {
    this.#updates += batches
    return { loss, batches, samples, interruption }
  }

  /** The learning rates of the batches of n samples from the first-th on; undefined: that of the optimiser. */
  #ratesOf(epoch: number, first: number, n: number): Float64Array | undefined {
    if (this.#rate === undefined) return undefined
    const start = first / this.#batchSize
    const rates = this.#rates.subarray(start, Math.ceil((first + n) / this.#batchSize))
    for (let i = 0; i < rates.length; ++i) {
      rates[i] = asked(this.#rate, this.#updates + start + i, epoch - 1)
    }
    return rates
  }

  /** Chooses the length of the next run by the time of this one; returns when that was over. */
  #endRun(samples: number, start: number): number {
    const { runMs, largestRun } = this.#trainer
    const now = performance.now()
    const wanted = (samples * runMs) / Math.max(now - start, runMs / 16)
    const most = Math.max(1, Math.floor(largestRun / this.#batchSize))
    this.#run = Math.min(most, Math.max(1, Math.floor(wanted / this.#batchSize))) * this.#batchSize
    return now
  }
}

/** A schedule may be any function of the caller's. */
function asked(rate: LearningRate, update: number, epoch: number): number {
  try {
    return rate.at(update, epoch)
  } catch (error) {
    throw new Interrupted(error)
  }
}

async function call(onBatch: (report: BatchReport) => unknown, report: BatchReport): Promise<unknown> {
  try {
    return await onBatch(report)
  } catch (error) {
    throw new Interrupted(error)
  }
}
