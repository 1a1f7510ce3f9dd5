import type { NumberedStreams } from '../base/random.js'
import type { AbortFlag } from '../platform/abort.js'
import type { State } from '../state/state.js'
import { trainBatches } from './batches.js'
import type { EpochLoop } from './epoch-loop.js'
import { lossFailure, weightFailure, type EpochOutcome, type EpochPlan } from './epoch-outcome.js'
import type { LearningRates } from './learning-rates.js'
import type { SampleSource } from './sample-source.js'
import type { Trainer } from './trainer.js'

/** One trainer that has all samples. */
export class OneTrainerSource implements SampleSource {
  readonly batchSize: number
  readonly samples: number
  readonly runMs: number
  readonly #state: State
  readonly #trainer: Trainer
  readonly #signal: AbortFlag
  readonly #again: () => Trainer

  /** @param again who trains the network itself, with the same bits: the trainer unless given */
  constructor(
    state: State,
    trainer: Trainer,
    batchSize: number,
    signal: AbortFlag,
    again = (): Trainer => trainer,
  ) {
    this.batchSize = batchSize
    this.samples = trainer.samples
    this.runMs = trainer.runMs
    this.#state = state
    this.#trainer = trainer
    this.#signal = signal
    this.#again = again
  }

  train(loop: EpochLoop, plan: EpochPlan, before: EpochOutcome): EpochOutcome | Promise<EpochOutcome> {
    return loop.train(this.#trainer, plan, before, before.samples)
  }

  runEpochs(epochs: number, streams: NumberedStreams | undefined): Float64Array | undefined {
    return this.#trainer.runEpochs?.(epochs, streams)
  }

  commit(loop: EpochLoop): void | Promise<void> {
    const committed = this.#trainer.commit()
    return committed && loop.reply(this.#trainer, committed)
  }

  /** Which batch it was. Where it is a weight, the epoch is trained again, a batch at a time. */
  async locateFailure(
    outcome: EpochOutcome,
    plan: EpochPlan,
    before: EpochOutcome,
    rates: LearningRates,
  ): Promise<string> {
    if (!Number.isFinite(outcome.loss)) return `${lossFailure(outcome)} of`
    const batch = await this.#batchOfOverflow(plan, rates.ofBatches, before.batches)
    return weightFailure(`batch ${batch} of`)
  }

  end(): void {
    this.#trainer.end?.()
  }

  /**
   * Trains an epoch again, up to the batch, counted from 1, after which a weight is not finite.
   *
   * @param rates the learning rate of each batch; undefined: that of the optimiser
   * @param done batches of the epoch that were trained before
   * @throws the signal's reason
   */
  async #batchOfOverflow(plan: EpochPlan, rates: Float64Array | undefined, done: number): Promise<number> {
    const { engine } = this.#state
    const { batchSize } = this
    const trainer = this.#again()
    await trainer.begin(plan.stream, plan.dropoutKey)
    const span = { first: done * batchSize, end: this.samples }
    const before = { loss: 0, batches: done }
    const { batches } = await trainBatches(trainer, batchSize, span, rates, before, () => {
      this.#signal.throwIfAborted()
      return !engine.isFinite()
    })
    if (engine.isFinite()) throw new Error('fit: expected weights that stop being finite once more')
    return batches
  }
}
