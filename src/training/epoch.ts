import type { Outcome } from '../engine/engine.js'
import {
  Interrupted,
  nothing,
  type EpochOutcome,
  type EpochPlan,
  type Interruption,
  type Interruptions,
} from './epoch-outcome.js'
import type { BatchReport } from '../state/reports.js'
import type { RunningOptions } from './options.js'
import type { ProgressBar } from './progress.js'
import { ScheduledRates } from './scheduled-rates.js'
import { GRACE_MS, timeUp, type Stop } from '../platform/stop.js'
import type { Trainer } from './trainer.js'
import { Turns } from '../platform/event-loop.js'

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
  readonly #scheduled: ScheduledRates | undefined
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
    this.#scheduled = rate && new ScheduledRates(rate, batchSize)
    this.#run = batchSize
    this.#turns = new Turns(runMs)
  }

  /** The learning rate of each batch of the last trainer; undefined: that of the optimiser. */
  get rates(): Float64Array | undefined {
    return this.#scheduled?.all
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
    this.#scheduled?.begin(rows)
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

  /**
   * The learning rates of the batches of n samples from the first-th on; undefined: that of the optimiser.
   *
   * @param before batches of the epoch before those that the trainer has
   */
  #ratesOf(epoch: number, before: number, first: number, n: number): Float64Array | undefined {
    const rates = this.#scheduled?.of(first, n, this.updates + before, epoch)
    if (rates !== undefined) this.learningRate = rates[rates.length - 1]
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
