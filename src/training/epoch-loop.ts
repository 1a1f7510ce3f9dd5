import type { Outcome } from '../engine/engine.js'
import { GRACE_MS, timeUp, type AbortFlag } from '../platform/abort.js'
import { Turns } from '../platform/event-loop.js'
import type { BatchReport } from '../state/reports.js'
import {
  Interrupted,
  noBatches,
  type EpochOutcome,
  type EpochPlan,
  type Interruption,
} from './epoch-outcome.js'
import type { ProgressDisplay } from './features.js'
import type { LearningRates } from './learning-rates.js'
import type { Settings } from './settings.js'
import type { Trainer } from './trainer.js'

/** Of a source of samples. */
interface Sizes {
  readonly batchSize: number
  readonly samples: number
  readonly runMs: number
}

/**
 * Trains an epoch in runs of as many batches as fit into a turn: between two runs the event loop gets its turn, and
 * the epoch may be interrupted. The length of a run depends on the clock; what it computes does not.
 */
export class EpochLoop {
  readonly #batchSize: number
  /** of an epoch; Infinity if that is not known */
  readonly #samples: number
  readonly #rates: LearningRates
  readonly #signal: AbortFlag
  readonly #onBatch: Settings['onBatch']
  readonly #display: ProgressDisplay | undefined
  readonly #turns: Turns
  readonly #runMs: number
  /** samples of the next run, whole batches */
  #run: number
  /** how long to wait for workers beyond the time limit, in milliseconds: at least ten times the longest run so far */
  #graceMs = GRACE_MS

  /** @param sizes of the source of its trainers */
  constructor(
    { batchSize, samples, runMs }: Sizes,
    rates: LearningRates,
    signal: AbortFlag,
    onBatch?: Settings['onBatch'],
    display?: ProgressDisplay,
  ) {
    this.#batchSize = batchSize
    this.#samples = samples
    this.#rates = rates
    this.#signal = signal
    this.#onBatch = onBatch
    this.#display = display
    this.#runMs = runMs
    this.#turns = new Turns(runMs)
    this.#run = batchSize
  }

  /**
   * Trains on the samples of one trainer.
   *
   * @param before the result of the epoch so far
   * @param first sample to train on; those before it are part of `before`
   * @returns both results together; no promise where everything could be done at once
   * @throws Interrupted by the signal, or by a callback or schedule that throws
   * @throws the signal's reason, or TimeUp, in the middle of a run
   */
  train(
    trainer: Trainer,
    plan: EpochPlan,
    before = noBatches,
    first = 0,
  ): EpochOutcome | Promise<EpochOutcome> {
    this.#throwIfAborted()
    const { samples } = trainer
    const begun = trainer.begin(plan.stream, plan.dropoutKey)
    this.#rates.begin(samples)
    if (begun !== undefined || this.#onBatch !== undefined || samples > this.#run || first > 0) {
      return this.#inRuns(trainer, plan.epoch, begun, before, first)
    }
    return this.#inOneRun(trainer, plan.epoch, before)
  }

  /** How many epochs fit into the time of a run, by the time of the last one. */
  get epochsAtOnce(): number {
    return Math.floor(this.#run / this.#samples)
  }

  /**
   * Between some epochs that were trained at once and the next: chooses the length of the next run, and gives the event
   * loop its turn if one is due.
   *
   * @param start when they began
   */
  pauseAfter(epochs: number, start: number): void | Promise<void> {
    return this.#turns.pause(this.#endRun(this.#runMs, Infinity, epochs * this.#samples, start))
  }

  /**
   * Waits for a trainer. Beyond the time limit this thread may end what it computes, however long that takes; workers
   * have ten times the time of their longest run.
   *
   * @throws the signal's reason, at once; TimeUp; what the trainer throws
   */
  reply<T>(trainer: Trainer, promise: Promise<T>): Promise<T> {
    return this.#signal.race(promise, trainer.mayHang ? this.#graceMs : Infinity)
  }

  /** Not by inRuns, which is async: an epoch of four samples takes about a microsecond. */
  #inOneRun(trainer: Trainer, epoch: number, before: EpochOutcome): EpochOutcome | Promise<EpochOutcome> {
    const { samples } = trainer
    const start = performance.now()
    const trained = trainer.run(0, samples, this.#rates.of(0, samples, before.batches, epoch), before)
    if ('loss' in trained) return this.#endOneRun(trainer, before, start, trained)
    return this.reply(trainer, trained).then((outcome) => this.#endOneRun(trainer, before, start, outcome))
  }

  #endOneRun(
    trainer: Trainer,
    before: EpochOutcome,
    start: number,
    { loss, batches }: Outcome,
  ): EpochOutcome | Promise<EpochOutcome> {
    const { samples } = trainer
    const outcome = { loss, batches, samples: before.samples + samples, interruption: undefined }
    const pause = this.#turns.pause(this.#endRun(trainer.runMs, trainer.largestRun, samples, start))
    if (pause === undefined) return outcome
    return pause.then(() => {
      this.#throwIfAborted()
      return outcome
    })
  }

  /** @param begun what the trainer's begin returned */
  async #inRuns(
    trainer: Trainer,
    epoch: number,
    begun: void | Promise<void>,
    before: EpochOutcome,
    first: number,
  ): Promise<EpochOutcome> {
    const [onBatch, signal] = [this.#onBatch, this.#signal]
    if (begun !== undefined) await this.reply(trainer, begun)
    const { samples } = trainer
    const batchesBefore = before.batches - Math.ceil(first / this.#batchSize)
    let [outcome, next]: [Outcome, number] = [before, first]
    let interruption: Interruption | undefined
    while (next < samples && Number.isFinite(outcome.loss) && interruption === undefined) {
      const start = performance.now()
      const n = Math.min(onBatch === undefined ? this.#run : this.#batchSize, samples - next)
      const rates = this.#rates.of(next, n, batchesBefore, epoch)
      // Either way losses are added batch by batch: the bits are the same.
      const base = onBatch === undefined ? outcome : noBatches
      const running = trainer.run(next, n, rates, base)
      const run = 'loss' in running ? running : await this.reply(trainer, running)
      outcome =
        onBatch === undefined
          ? run
          : { loss: outcome.loss + run.loss, batches: outcome.batches + run.batches }
      next += n
      await this.#turns.pause(this.#endRun(trainer.runMs, trainer.largestRun, n, start))
      // After an abort no callback is called any more.
      this.#throwIfAborted()
      if (onBatch !== undefined && Number.isFinite(run.loss)) {
        const report = { epoch, batch: outcome.batches, loss: run.loss / n }
        const answer = await call(onBatch, report, signal)
        if (answer === false) interruption = 'onBatch'
        if (answer === timeUp) interruption = 'timeLimit'
      }
      if (this.#display !== undefined) {
        const trained = before.samples + next - first
        this.#display.show(epoch, trained / this.#samples, outcome.loss / trained)
      }
      this.#throwIfAborted()
      if (next < samples && performance.now() >= signal.deadline) interruption ??= 'timeLimit'
    }
    const { loss, batches } = outcome
    return { loss, batches, samples: before.samples + next - first, interruption }
  }

  #throwIfAborted(): void {
    if (this.#signal.aborted) throw new Interrupted(this.#signal.reason)
  }

  /** Chooses the length of the next run by the time of this one; returns when this one ended. */
  #endRun(runMs: number, largestRun: number, samples: number, start: number): number {
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
  signal: AbortFlag,
): Promise<unknown> {
  try {
    return await signal.answer(onBatch(report))
  } catch (error) {
    throw new Interrupted(error)
  }
}
