import { stateUse } from '../engine/task.js'
import type { SavedTraining } from '../state/saved.js'
import { Random } from '../base/random.js'
import type { State } from '../state/state.js'
import { messageOf } from '../base/thrown.js'
import type { Checkpoint } from './checkpoint.js'
import type { Course } from './course.js'
import { EarlyStopping } from './early-stopping.js'
import { Interrupted, nothing, type EpochOutcome, type EpochPlan } from './epoch-outcome.js'
import { failure, unwritten } from './failure.js'
import { fileAnswer } from './file-answer.js'
import type { RunningOptions } from './options.js'
import type { EpochReport, History } from '../state/reports.js'
import { Snapshot } from './snapshot.js'
import type { Pair } from './split.js'
import { Standing } from './standing.js'
import { timeUp, TimeUp } from '../platform/stop.js'
import { Validation } from './validation.js'

/** All epochs of a fit: what they are judged by, and what ends them. */
export class Training {
  readonly #state: State
  readonly #course: Course
  readonly #options: RunningOptions
  readonly #validation: Validation | undefined
  readonly #snapshot: Snapshot
  readonly #stopping: EarlyStopping | undefined
  readonly #checkpoint: Checkpoint | undefined
  readonly #standing: Standing

  /** @param held the samples of the validation */
  constructor(
    state: State,
    course: Course,
    options: RunningOptions,
    held: Pair | undefined,
    checkpoint: Checkpoint | undefined,
  ) {
    const use = stateUse(options)
    const { engine } = state
    if (use.average) engine.average.set(engine.parameters)
    this.#state = state
    this.#course = course
    this.#checkpoint = checkpoint
    this.#options = options
    this.#validation = held && new Validation(held, state.spec.precision, use.average, options.metrics)
    this.#snapshot = new Snapshot(engine, use)
    this.#stopping = options.earlyStopping && new EarlyStopping(options.earlyStopping, engine, use)
    this.#standing = new Standing(state, course.loop, options, this.#stopping)
  }

  /**
   * Trains until an epoch is the last one.
   *
   * @throws as Network.fit; the network is that of the last finished epoch
   */
  async run(): Promise<History> {
    const { epochs, onEpoch, signal } = this.#options
    const [state, course, snapshot, reports] = [
      this.#state,
      this.#course,
      this.#snapshot,
      this.#standing.reports,
    ]
    const { engine } = state
    let ended = this.#endedBefore()
    while (ended === undefined) {
      const start = performance.now()
      const plan = this.#plan()
      const { epoch } = plan
      const { learningRate } = course.loop
      snapshot.take()
      let outcome: EpochOutcome
      try {
        // Not awaited where it is done already: an epoch of four samples takes a microsecond.
        const run = course.epoch(plan, this.#standing.before)
        outcome = 'loss' in run ? run : await run
        const committed = Number.isFinite(outcome.loss) ? course.commit?.() : undefined
        if (committed !== undefined) await committed
      } catch (cause) {
        course.end?.()
        snapshot.restore()
        course.loop.learningRate = learningRate
        outcome = this.#given(cause, epoch)
      }
      if (!Number.isFinite(outcome.loss) || !engine.isFinite()) {
        throw await this.#failed(plan, outcome)
      }
      ended = outcome.interruption
      if (outcome.samples === 0) {
        await this.#save(undefined)
        break
      }
      const trained = this.#endEpoch(epoch, outcome, start)
      const validation = this.#validation && (await this.#validation.report(state, signal))
      const report = validation === undefined ? trained : { ...trained, validation }
      // The loss of a part of an epoch is not one to judge by.
      if (ended === undefined && this.#isEnough(report)) ended = 'earlyStopping'
      reports.push(report)
      course.loop.bar?.report(report)
      if (onEpoch !== undefined) {
        const answer = await signal.answer(onEpoch(report))
        if (answer === false) ended ??= 'onEpoch'
        if (answer === timeUp) ended ??= 'timeLimit'
      }
      signal.throwIfAborted()
      if (epoch === epochs) ended ??= 'epochs'
      if (signal.deadline < Infinity && performance.now() >= signal.deadline) ended ??= 'timeLimit'
      if (this.#checkpoint !== undefined && (ended !== undefined || this.#checkpoint.isDue(epoch))) {
        await this.#save(outcome)
      }
    }
    this.#stopping?.restore()
    if (stateUse(this.#options).average) engine.parameters.set(engine.average)
    return this.#history(ended ?? 'timeLimit')
  }

  /**
   * What has come of an epoch that was given up, from which the network has been taken back: nothing, if the time was up.
   *
   * @throws otherwise why it was given up
   */
  #given(cause: unknown, epoch: number): EpochOutcome {
    if (cause instanceof TimeUp) return { ...this.#standing.before, interruption: 'timeLimit' }
    if (cause instanceof Interrupted) throw cause.reason
    this.#options.signal.throwIfAborted()
    throw failure(epoch, `${messageOf(cause)} in`, this.#standing.before.samples > 0, cause)
  }

  #plan(): EpochPlan {
    const { epochs, spec } = this.#state
    const { shuffle, dropout } = this.#options
    return {
      epoch: this.#standing.reports.length + 1,
      stream: shuffle ? `shuffle ${epochs}` : undefined,
      dropoutKey: dropout === undefined ? 0 : new Random(spec.seed, `dropout ${epochs}`).bits(),
    }
  }

  #endEpoch(epoch: number, { loss, batches, samples }: EpochOutcome, start: number): EpochReport {
    this.#state.epochs += 1
    this.#course.loop.updates += batches
    this.#standing.before = nothing
    const learningRate = this.#course.loop.learningRate ?? this.#options.optimizer.learningRate
    const seconds = (performance.now() - start) / 1000
    return { epoch, loss: loss / samples, batches, learningRate, seconds }
  }

  /** Learns what an epoch is worth; whether training has come to its end by that. */
  #isEnough({ epoch, loss, validation }: EpochReport): boolean {
    const judged = validation?.loss ?? loss
    this.#options.rate?.endEpoch(judged)
    return this.#stopping?.endEpoch(epoch, judged) === true
  }

  /** Takes the network back to what it was before an epoch in which something stopped being finite. */
  async #failed(plan: EpochPlan, outcome: EpochOutcome): Promise<Error> {
    this.#snapshot.restore()
    try {
      const where = await this.#course.whereItFailed(outcome, plan, this.#standing.before)
      return failure(plan.epoch, where, this.#standing.before.samples > 0)
    } finally {
      this.#snapshot.restore()
    }
  }

  /** Makes this a training that stands where a checkpoint stood; the network does already. */
  goOn(saved: SavedTraining): void {
    this.#standing.goOn(saved)
  }

  /** @param outcome of the last epoch; undefined: nothing came of it */
  async #save(outcome: EpochOutcome | undefined): Promise<void> {
    const { signal } = this.#options
    const pieces = outcome?.interruption && this.#course.pieces
    try {
      const writing = this.#checkpoint?.write(this.#standing.saved(outcome), pieces)
      if (writing !== undefined) await fileAnswer(signal, writing)
    } catch (cause) {
      signal.throwIfAborted()
      throw unwritten(this.#standing.reports.length, cause)
    }
  }

  /** Why training has ended with the checkpoint that it goes on from, if it has. */
  #endedBefore(): History['ended'] | undefined {
    const { length } = this.#standing.reports
    if (this.#standing.before.samples > 0) return undefined
    if (this.#stopping?.isEnough(length) === true) return 'earlyStopping'
    return length === this.#options.epochs ? 'epochs' : undefined
  }

  #history(ended: History['ended']): History {
    const bestEpoch = this.#stopping?.bestEpoch
    return { epochs: this.#standing.reports, ended, ...(bestEpoch !== undefined && { bestEpoch }) }
  }
}
