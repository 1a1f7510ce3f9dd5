import { numberedStreams, Random } from '../base/random.js'
import { messageOf } from '../base/thrown.js'
import { EPOCHS_AT_ONCE } from '../engine/engine.js'
import { SHUFFLE, shuffleStream } from '../engine/order.js'
import { stateUse } from '../engine/task.js'
import { Snapshot } from '../engine/trained-state.js'
import { timeUp, TimeUp } from '../platform/abort.js'
import type { EpochReport, History } from '../state/reports.js'
import type { State } from '../state/state.js'
import { EarlyStopping } from './early-stopping.js'
import { EpochLoop } from './epoch-loop.js'
import {
  checkpointFailure,
  epochFailure,
  Interrupted,
  noBatches,
  type EpochOutcome,
  type EpochPlan,
} from './epoch-outcome.js'
import { EpochReports } from './epoch-reports.js'
import type { Checkpoint, ProgressDisplay, TrainingProgress } from './features.js'
import { LearningRates } from './learning-rates.js'
import { areUnwatched, type RunningOptions } from './options.js'
import type { SampleSet } from './sample-set.js'
import type { SampleSource } from './sample-source.js'
import { Validation } from './validation.js'

/** The epochs of a fit: trains each, judges it, reports it, and decides whether it was the last. */
export class Training {
  readonly progress: TrainingProgress
  readonly #state: State
  readonly #options: RunningOptions
  readonly #source: SampleSource
  readonly #rates: LearningRates
  readonly #loop: EpochLoop
  readonly #validation: Validation | undefined
  readonly #snapshot: Snapshot
  readonly #stopping: EarlyStopping | undefined
  readonly #checkpoint: Checkpoint | undefined
  readonly #display: ProgressDisplay | undefined
  /** whether nobody looks between epochs, and the source has trained as many at once as it was asked for so far */
  #mayTrainAtOnce: boolean

  constructor(
    state: State,
    source: SampleSource,
    options: RunningOptions,
    validationSet: SampleSet | undefined,
    checkpoint: Checkpoint | undefined,
    display: ProgressDisplay | undefined,
  ) {
    const { rate, signal, onBatch, metrics, earlyStopping } = options
    const { engine, spec } = state
    const use = stateUse(options)
    if (use.average) engine.average.set(engine.parameters)
    this.#state = state
    this.#options = options
    this.#source = source
    this.#rates = new LearningRates(rate, source.batchSize)
    this.#loop = new EpochLoop(source, this.#rates, signal, onBatch, display)
    this.#validation =
      validationSet && new Validation(validationSet, spec.precision, use.average, metrics?.evaluate)
    this.#snapshot = new Snapshot(engine, use)
    this.#stopping = earlyStopping && new EarlyStopping(earlyStopping, engine, use)
    this.#checkpoint = checkpoint
    this.#display = display
    this.#mayTrainAtOnce = source.runEpochs !== undefined && areUnwatched(options)
    const [rates, stopping] = [this.#rates, this.#stopping]
    this.progress = {
      state,
      settings: options,
      reports: new EpochReports(),
      rates,
      stopping,
      before: noBatches,
    }
  }

  /**
   * Trains epoch after epoch until one is the last.
   *
   * @throws as Network.fit; the network is that of the last finished epoch
   */
  async run(): Promise<History> {
    const { onEpoch, signal } = this.#options
    const [state, source, loop, rates] = [this.#state, this.#source, this.#loop, this.#rates]
    const [snapshot, progress] = [this.#snapshot, this.progress]
    const { engine } = state
    let ended = this.#endedBefore()
    while (ended === undefined) {
      const many = this.#epochsAtOnce()
      if (many > 1) {
        const paused = this.#trainAtOnce(many)
        if (paused !== undefined) await paused
        signal.throwIfAborted()
        ended = this.#endedByCount()
        continue
      }
      const start = performance.now()
      const plan = this.#plan()
      const { epoch } = plan
      const learningRate = rates.last
      snapshot.take()
      let outcome: EpochOutcome
      try {
        // Awaited only where there is a promise: an epoch of four samples takes a microsecond.
        const trained = source.train(loop, plan, progress.before)
        outcome = 'loss' in trained ? trained : await trained
        const committed = Number.isFinite(outcome.loss) ? source.commit?.(loop) : undefined
        if (committed !== undefined) await committed
      } catch (cause) {
        source.end?.()
        snapshot.restore()
        rates.last = learningRate
        outcome = this.#outcomeOf(cause, epoch)
      }
      if (!Number.isFinite(outcome.loss) || !engine.isFinite()) throw await this.#failed(plan, outcome)
      ended = outcome.interruption
      if (outcome.samples === 0) {
        await this.#save(undefined)
        break
      }
      const trained = this.#endEpoch(epoch, outcome, start)
      const validation = this.#validation && (await this.#validation.report(state, signal))
      const report = validation === undefined ? trained : { ...trained, validation }
      // Only whole epochs are judged.
      if (ended === undefined && this.#isEnough(report)) ended = 'earlyStopping'
      progress.reports.push(report)
      this.#display?.report(report)
      if (onEpoch !== undefined) {
        const answer = await signal.answer(onEpoch(report))
        if (answer === false) ended ??= 'onEpoch'
        if (answer === timeUp) ended ??= 'timeLimit'
      }
      signal.throwIfAborted()
      ended ??= this.#endedByCount()
      if (this.#checkpoint !== undefined && (ended !== undefined || this.#checkpoint.isDue(epoch))) {
        await this.#save(outcome)
      }
    }
    this.#stopping?.restore()
    if (stateUse(this.#options).average) engine.parameters.set(engine.average)
    return this.#history(ended ?? 'timeLimit')
  }

  /** Why training had ended already when the checkpoint was written that it resumes, if it had. */
  #endedBefore(): History['ended'] | undefined {
    const { before, reports } = this.progress
    if (before.samples > 0) return undefined
    if (this.#stopping?.isEnough(reports.length) === true) return 'earlyStopping'
    return reports.length === this.#options.epochs ? 'epochs' : undefined
  }

  /** Why training ends after the epochs so far, apart from what they have shown. */
  #endedByCount(): History['ended'] | undefined {
    const { epochs, signal } = this.#options
    if (this.progress.reports.length === epochs) return 'epochs'
    return signal.deadline < Infinity && performance.now() >= signal.deadline ? 'timeLimit' : undefined
  }

  /** How many of the next epochs may be trained at once, as nobody looks at the network between them. */
  #epochsAtOnce(): number {
    const { progress } = this
    if (!this.#mayTrainAtOnce || progress.before.samples > 0) return 1
    return Math.min(EPOCHS_AT_ONCE, this.#loop.epochsAtOnce, this.#options.epochs - progress.reports.length)
  }

  /**
   * Trains some epochs at once. If one of them fails, the network is that of the last one before it, and the next is
   * trained by itself, which shows what is wrong with it.
   */
  #trainAtOnce(many: number): void | Promise<void> {
    const [source, snapshot, state] = [this.#source, this.#snapshot, this.#state]
    const { shuffle, optimizer } = this.#options
    const start = performance.now()
    snapshot.take()
    const streams = shuffle ? numberedStreams(state.spec.seed, SHUFFLE, state.epochs) : undefined
    let losses = source.runEpochs?.(many, streams)
    this.#mayTrainAtOnce = losses?.length === many
    if (losses === undefined) return undefined
    if (losses.length < many) {
      snapshot.restore()
      if (losses.length === 0) return undefined
      const again = source.runEpochs?.(losses.length, streams)
      if (again?.length !== losses.length) throw new Error('expected the same epochs to end well again')
      losses = again
    }
    const batches = Math.ceil(source.samples / source.batchSize)
    const seconds = (performance.now() - start) / 1000 / losses.length
    const { learningRate } = optimizer
    const { samples } = source
    this.progress.reports.pushAll({ losses: losses.slice(), samples, batches, learningRate, seconds })
    state.epochs += losses.length
    this.#rates.updates += losses.length * batches
    return this.#loop.pauseAfter(losses.length, start)
  }

  #plan(): EpochPlan {
    const { epochs, spec } = this.#state
    const { shuffle, dropout } = this.#options
    return {
      epoch: this.progress.reports.length + 1,
      stream: shuffle ? shuffleStream(epochs) : undefined,
      dropoutKey: dropout === undefined ? 0 : new Random(spec.seed, `dropout ${epochs}`).bits(),
    }
  }

  /**
   * The outcome of an epoch that threw, after the network has been restored: that of no more batches, if the time was
   * up.
   *
   * @throws otherwise why it was given up
   */
  #outcomeOf(cause: unknown, epoch: number): EpochOutcome {
    const { before } = this.progress
    if (cause instanceof TimeUp) return { ...before, interruption: 'timeLimit' }
    if (cause instanceof Interrupted) throw cause.reason
    this.#options.signal.throwIfAborted()
    throw epochFailure(epoch, `${messageOf(cause)} in`, before.samples > 0, cause)
  }

  /** The error of an epoch in which something stopped being finite; the network is what it was before. */
  async #failed(plan: EpochPlan, outcome: EpochOutcome): Promise<Error> {
    const { before } = this.progress
    this.#snapshot.restore()
    try {
      const where = await this.#source.locateFailure(outcome, plan, before, this.#rates)
      return epochFailure(plan.epoch, where, before.samples > 0)
    } finally {
      this.#snapshot.restore()
    }
  }

  #endEpoch(epoch: number, { loss, batches, samples }: EpochOutcome, start: number): EpochReport {
    this.#state.epochs += 1
    this.#rates.updates += batches
    this.progress.before = noBatches
    const learningRate = this.#rates.last ?? this.#options.optimizer.learningRate
    const seconds = (performance.now() - start) / 1000
    return { epoch, loss: loss / samples, batches, learningRate, seconds }
  }

  /** Tells the schedule and early stopping the loss of an epoch; whether that ends training. */
  #isEnough({ epoch, loss, validation }: EpochReport): boolean {
    const judged = validation?.loss ?? loss
    this.#options.rate?.endEpoch(judged)
    return this.#stopping?.endEpoch(epoch, judged) === true
  }

  /** @param outcome of the last epoch; undefined if it has none */
  async #save(outcome: EpochOutcome | undefined): Promise<void> {
    const { signal } = this.#options
    const pieces = outcome?.interruption && this.#source.pieces
    try {
      await this.#checkpoint?.write(this.progress, outcome, pieces, signal)
    } catch (cause) {
      signal.throwIfAborted()
      throw checkpointFailure(this.progress.reports.length, cause)
    }
  }

  #history(ended: History['ended']): History {
    const bestEpoch = this.#stopping?.bestEpoch
    return this.progress.reports.history({ ended, ...(bestEpoch !== undefined && { bestEpoch }) })
  }
}
