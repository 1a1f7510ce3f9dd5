import type { Outcome } from '../engine/engine.js'
import type { LearningRate } from '../schedules.js'
import type { RunningOptions } from './options.js'
import type { ProgressBar } from './progress.js'
import { GRACE_MS, timeUp, type Stop } from './stop.js'
import type { Trainer } from './trainer.js'
import { Turns } from './turns.js'

/** What came of one batch. */
export interface BatchReport {
  /** as in EpochReport */
  readonly epoch: number
  /** 1 for the first batch of the epoch */
  readonly batch: number
  /** mean over the samples of the batch, before its update */
  readonly loss: number
}

/** Where an epoch may be left before its end. */
export interface Interruptions {
  readonly onBatch?: ((report: BatchReport) => unknown) | undefined
  /** has the deadline, too */
  readonly signal: Stop
}

/** Why an epoch was left before its end. */
export type Interruption = 'onBatch' | 'timeLimit'

/** What ended an epoch with an error that is not the trainer's: the signal's reason, or what a callback or a schedule threw. */
export class Interrupted extends Error {
  constructor(readonly reason: unknown) {
    super('interrupted')
  }
}

/** Which epoch it is, and its random numbers. */
export interface EpochPlan {
  /** as in EpochReport */
  readonly epoch: number
  /** of the random numbers that the order of the samples follows from; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** of the random numbers of dropout */
  readonly dropoutKey: number
}

/** What came of an epoch, or of its part before an interruption. */
export interface EpochOutcome extends Outcome {
  readonly samples: number
  readonly interruption: Interruption | undefined
}

/** What has come of no batch. */
export const nothing: EpochOutcome = { loss: 0, batches: 0, samples: 0, interruption: undefined }

/**
 * Takes trainers through epochs, in runs of as many batches as it does in its time: between them the event loop gets its turn, and
 * the epoch may be interrupted. How many batches a run has depends on the clock, what they compute does not.
 */
export class EpochLoop {
  /** before this epoch */
  updates = 0
  /** of the last update; undefined where it is always that of the optimiser */
  learningRate: number | undefined
  readonly #batchSize: number
  readonly #rate: LearningRate | undefined
  #rates = new Float64Array(0)
  readonly interruptions: Interruptions
  /** is shown how far the epoch is */
  bar: ProgressBar | undefined
  /** of an epoch; Infinity where that is not known */
  readonly #samples: number
  /** samples of the next run, whole batches */
  #run: number
  readonly #turns: Turns
  /** how long workers are waited for beyond the time limit, in milliseconds: ten times as long as a run has taken, at least */
  #graceMs = GRACE_MS

  /**
   * The time limit counts from here on.
   *
   * @param runMs of the trainers
   * @param samples of an epoch, if that is known
   */
  constructor(options: RunningOptions, runMs: number, samples = Infinity) {
    const { batchSize, rate, onBatch, signal, timeLimit } = options
    signal.limit(timeLimit)
    this.interruptions = { onBatch, signal }
    this.#samples = samples
    this.#batchSize = batchSize
    this.#rate = rate
    this.#run = batchSize
    this.#turns = new Turns(runMs)
  }

  /** The learning rate of each batch of the last trainer; undefined: that of the optimiser. */
  get rates(): Float64Array | undefined {
    return this.#rate && this.#rates
  }

  /**
   * Trains on the samples that a trainer has.
   *
   * @param before what came of the epoch so far
   * @param first of the samples: those before it are part of that
   * @returns that and what came of these; no promise where all was done at once: an epoch of four samples takes a microsecond
   * @throws Interrupted by the signal, or a callback or schedule that throws; the signal's reason, or TimeUp, in the middle of a run;
   *   Error if a worker ends
   */
  train(
    trainer: Trainer,
    plan: EpochPlan,
    before = nothing,
    first = 0,
  ): EpochOutcome | Promise<EpochOutcome> {
    const { onBatch } = this.interruptions
    this.#throwIfAborted()
    const { rows } = trainer.x
    const begun = trainer.begin(plan.stream, plan.dropoutKey)
    if (this.#rate !== undefined) this.#makeRates(rows)
    if (begun !== undefined || onBatch !== undefined || rows > this.#run || first > 0) {
      return this.#runs(trainer, plan.epoch, begun, before, first)
    }
    const start = performance.now()
    const trained = trainer.run(0, rows, this.#ratesOf(plan.epoch, before.batches, 0, rows), before)
    if ('loss' in trained) return this.#end(trainer, before, start, trained)
    return this.reply(trainer, trained).then((outcome) => this.#end(trainer, before, start, outcome))
  }

  /**
   * What a trainer comes to; a time limit lets this thread end what it computes, however long that takes, and workers take ten times as
   * long as their longest run.
   *
   * @throws the signal's reason at once; TimeUp; what the trainer throws
   */
  reply<T>(trainer: Trainer, promise: Promise<T>): Promise<T> {
    return this.interruptions.signal.race(promise, trainer.mayHang ? this.#graceMs : Infinity)
  }

  /** What came of an epoch, or of all that a trainer has of it, in one run. */
  #end(
    trainer: Trainer,
    before: EpochOutcome,
    start: number,
    { loss, batches }: Outcome,
  ): EpochOutcome | Promise<EpochOutcome> {
    const { rows } = trainer.x
    const outcome = { loss, batches, samples: before.samples + rows, interruption: undefined }
    const pause = this.#turns.pause(this.#endRun(trainer, rows, start))
    if (pause === undefined) return outcome
    return pause.then(() => {
      this.#throwIfAborted()
      return outcome
    })
  }

  /** An epoch, or what a trainer has of it, in several runs. */
  async #runs(
    trainer: Trainer,
    epoch: number,
    begun: void | Promise<void>,
    before: EpochOutcome,
    first: number,
  ): Promise<EpochOutcome> {
    const { onBatch, signal } = this.interruptions
    if (begun !== undefined) await this.reply(trainer, begun)
    const { rows } = trainer.x
    const batchesBefore = before.batches - Math.ceil(first / this.#batchSize)
    let [outcome, next]: [Outcome, number] = [before, first]
    let interruption: Interruption | undefined
    while (next < rows && Number.isFinite(outcome.loss) && interruption === undefined) {
      const start = performance.now()
      const n = Math.min(onBatch === undefined ? this.#run : this.#batchSize, rows - next)
      // Losses are added batch by batch either way: the same bits.
      const base = onBatch === undefined ? outcome : nothing
      const running = trainer.run(next, n, this.#ratesOf(epoch, batchesBefore, next, n), base)
      const run = 'loss' in running ? running : await this.reply(trainer, running)
      outcome =
        onBatch === undefined
          ? run
          : { loss: outcome.loss + run.loss, batches: outcome.batches + run.batches }
      next += n
      await this.#turns.pause(this.#endRun(trainer, n, start))
      // Whoever has ended it, or disposed of the network, is not called any more.
      this.#throwIfAborted()
      if (onBatch !== undefined && Number.isFinite(run.loss)) {
        const report = { epoch, batch: outcome.batches, loss: run.loss / n }
        const answer = await call(onBatch, report, signal)
        if (answer === false) interruption = 'onBatch'
        if (answer === timeUp) interruption = 'timeLimit'
      }
      if (this.bar !== undefined) {
        const samples = before.samples + next - first
        this.bar.show(epoch, samples / this.#samples, outcome.loss / samples)
      }
      this.#throwIfAborted()
      if (next < rows && performance.now() >= signal.deadline) interruption ??= 'timeLimit'
    }
    const { loss, batches } = outcome
    return { loss, batches, samples: before.samples + next - first, interruption }
  }

  #throwIfAborted(): void {
    const { signal } = this.interruptions
    if (signal.aborted) throw new Interrupted(signal.reason)
  }

  #makeRates(rows: number): void {
    const batches = Math.ceil(rows / this.#batchSize)
    if (this.#rates.length < batches) this.#rates = new Float64Array(batches)
  }

  /**
   * The learning rates of the batches of n samples from the first-th on; undefined: that of the optimiser.
   *
   * @param before batches of the epoch before those that the trainer has
   */
  #ratesOf(epoch: number, before: number, first: number, n: number): Float64Array | undefined {
    if (this.#rate === undefined) return undefined
    const start = first / this.#batchSize
    const rates = this.#rates.subarray(start, Math.ceil((first + n) / this.#batchSize))
    for (let i = 0; i < rates.length; ++i) {
      rates[i] = asked(this.#rate, this.updates + before + start + i, epoch - 1)
    }
    this.learningRate = rates[rates.length - 1]
    return rates
  }

  /** Chooses the length of the next run by the time of this one; returns when that was over. */
  #endRun({ runMs, largestRun }: Trainer, samples: number, start: number): number {
    const now = performance.now()
    this.#graceMs = Math.max(this.#graceMs, 10 * (now - start))
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

async function call(
  onBatch: (report: BatchReport) => unknown,
  report: BatchReport,
  signal: Stop,
): Promise<unknown> {
  try {
    return await signal.answer(onBatch(report))
  } catch (error) {
    throw new Interrupted(error)
  }
}
