import { typeError } from '../base/argument-error.js'
import type { NumberedStreams } from '../base/random.js'
import { isRecord, show } from '../base/check.js'
import type { Task } from '../engine/task.js'
import type { AbortFlag } from '../platform/abort.js'
import { otherData } from '../definition/other-names.js'
import type { State } from '../state/state.js'
import { trainBatches } from './batches.js'
import { trainedSamples } from './class-options.js'
import type { EpochLoop } from './epoch-loop.js'
import { lossFailure, weightFailure, type EpochOutcome, type EpochPlan } from './epoch-outcome.js'
import type { DataFingerprint } from './features.js'
import type { LearningRates } from './learning-rates.js'
import { LocalTrainer } from './local-trainer.js'
import type { RunningOptions } from './options.js'
import { isIterable } from './pieces.js'
import { checkData, readSampleSet, type GivenSamples, type SampleSet } from './sample-set.js'
import type { SampleSource, TrainingData } from './sample-source.js'
import type { Trainer } from './trainer.js'
import { trainerFor } from './trainers.js'
import { splitValidation } from './validation-set.js'

/** @throws TypeError or RangeError unless data are an object with no keys but x, y and weights */
function checkSamples(data: unknown): GivenSamples {
  if (arePieces(data)) {
    const hint = "stream(pieces) makes one: import { stream } from 'deltaprop'"
    throw typeError('data', 'samples { x, y }, or a stream of them', show(data), { hint })
  }
  if (areRows(data)) throw typeError('data', 'samples { x, y }', show(data), { hint: otherData['*'] })
  return checkData('data', data)
}

function arePieces(data: unknown): boolean {
  if (typeof data === 'function') return true
  if (areRows(data)) return 'x' in data[0]
  return isIterable(data) && !Array.isArray(data) && !('x' in data)
}

/** Whether data are an array of objects. */
function areRows(data: unknown): data is readonly [object] {
  return Array.isArray(data) && isRecord(data[0])
}

/** Samples in arrays. */
export class ArrayData implements TrainingData {
  readonly samples: number
  readonly validationSet: SampleSet | undefined
  readonly fingerprint: DataFingerprint | undefined
  readonly #state: State
  readonly #given: GivenSamples
  readonly #task: Task
  readonly #options: RunningOptions

  /** @throws TypeError or RangeError that names what is wrong with the samples, or those of the validation */
  constructor(state: State, data: unknown, options: RunningOptions) {
    const { spec } = state
    const given = checkSamples(data)
    const samples = readSampleSet(spec, given)
    const { validation, ...kept } = splitValidation(spec, samples, options.validation)
    const { x, y, weights } = trainedSamples(spec, kept, options)
    const { optimizer, regularization, dropout } = options
    this.samples = x.rows
    this.validationSet = validation
    this.#state = state
    this.#given = given
    this.#options = options
    // Written out: a spread of options gives V8 another hidden class, and an epoch of four samples took a tenth longer
    // (measured).
    this.#task = {
      spec,
      x,
      y,
      weights,
      batchSize: Math.min(options.batchSize, x.rows),
      optimizer,
      regularization,
      dropout,
      seed: spec.seed,
    }
    // A fraction of the samples needs no fingerprint of its own.
    const own = typeof options.validation === 'number' ? undefined : validation
    this.fingerprint = options.checkpoint?.fingerprint(samples, own)
  }

  async open(): Promise<SampleSource> {
    const trainer = await trainerFor(this.#state, this.#task, this.#given, this.#options)
    return new ArraySource(this.#state, this.#task, trainer, this.#options)
  }
}

/** One trainer that has all samples. */
class ArraySource implements SampleSource {
  readonly batchSize: number
  readonly samples: number
  readonly runMs: number
  readonly #state: State
  readonly #task: Task
  readonly #trainer: Trainer
  readonly #signal: AbortFlag
  readonly #isSharded: boolean

  constructor(state: State, task: Task, trainer: Trainer, { signal, shards }: RunningOptions) {
    this.batchSize = task.batchSize
    this.samples = task.x.rows
    this.runMs = trainer.runMs
    this.#state = state
    this.#task = task
    this.#trainer = trainer
    this.#signal = signal
    this.#isSharded = shards !== undefined
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
    const { x, y } = this.#trainer
    const { batchSize } = this
    // Sums of shards have bits of their own, and their trainer trains the network itself.
    const local = this.#isSharded ? this.#trainer : new LocalTrainer(this.#state, { ...this.#task, x, y })
    await local.begin(plan.stream, plan.dropoutKey)
    const span = { first: done * batchSize, end: x.rows }
    const before = { loss: 0, batches: done }
    const { batches } = await trainBatches(local, batchSize, span, rates, before, () => {
      this.#signal.throwIfAborted()
      return !engine.isFinite()
    })
    if (engine.isFinite()) throw new Error('fit: expected weights that stop being finite once more')
    return batches
  }
}
