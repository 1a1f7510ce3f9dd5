import { stateUse } from '../engine/task.js'
import type { Floats } from '../floats.js'
import { arrayNames, type BestEpoch, type SavedTraining } from '../formats/saved-training.js'
import { Random } from '../random.js'
import type { PlateauState } from '../schedules.js'
import type { State } from '../state.js'
import { messageOf } from '../thrown.js'
import type { Checkpoint } from './checkpoint.js'
import type { Course } from './course.js'
import { EarlyStopping } from './early-stopping.js'
import { Interrupted, nothing, type EpochOutcome, type EpochPlan } from './epoch-outcome.js'
import { failure, unwritten } from './failure.js'
import { fileAnswer } from './file-answer.js'
import type { EpochReport, History, RunningOptions } from './options.js'
import { Snapshot } from './snapshot.js'
import type { Pair } from './split.js'
import { timeUp, TimeUp } from './stop.js'
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
  readonly #reports: EpochReport[] = []
  /** what came of the epoch that is next, before the checkpoint that training goes on from */
  #before = nothing

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
  }

  /**
   * Trains until an epoch is the last one.
   *
   * @throws as Network.fit; the network is that of the last finished epoch
   */
  async run(): Promise<History> {
    const { epochs, onEpoch, signal } = this.#options
    const [state, course, snapshot, reports] = [this.#state, this.#course, this.#snapshot, this.#reports]
    const { engine } = state
    let ended = this.#endedBefore()
    while (ended === undefined) {
      const start = performance.now()
      const plan = this.#plan()
      const { epoch } = plan
      snapshot.take()
      let outcome: EpochOutcome
      try {
        // Not awaited where it is done already: an epoch of four samples takes a microsecond.
        const run = course.epoch(plan, this.#before)
        outcome = 'loss' in run ? run : await run
        const committed = Number.isFinite(outcome.loss) ? course.commit?.() : undefined
        if (committed !== undefined) await committed
      } catch (cause) {
        course.end?.()
        snapshot.restore()
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
    if (cause instanceof TimeUp) return { ...this.#before, interruption: 'timeLimit' }
    if (cause instanceof Interrupted) throw cause.reason
    this.#options.signal.throwIfAborted()
    throw failure(epoch, `${messageOf(cause)} in`, this.#before.samples > 0, cause)
  }

  #plan(): EpochPlan {
    const { epochs, spec } = this.#state
    const { shuffle, dropout } = this.#options
    return {
      epoch: this.#reports.length + 1,
      stream: shuffle ? `shuffle ${epochs}` : undefined,
      dropoutKey: dropout === undefined ? 0 : new Random(spec.seed, `dropout ${epochs}`).bits(),
    }
  }

  #endEpoch(epoch: number, { loss, batches, samples }: EpochOutcome, start: number): EpochReport {
    this.#state.epochs += 1
    this.#course.loop.updates += batches
    this.#before = nothing
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
      const where = await this.#course.whereItFailed(outcome, plan, this.#before)
      return failure(plan.epoch, where, this.#before.samples > 0)
    } finally {
      this.#snapshot.restore()
    }
  }

  /** Makes this a training that stands where a checkpoint stood; the network does already. */
  goOn({ reports, updates, learningRate, part, plateaus, best, arrays }: SavedTraining): void {
    Object.assign(this.#course.loop, { updates, learningRate })
    for (const report of reports) this.#reports.push(report)
    for (const [i, plateau] of this.#plateaus.entries()) Object.assign(plateau, plateaus[i])
    if (this.#stopping !== undefined && best !== undefined) this.#stopping.state = best
    const saved = Array.from(arrays.values())
    for (const [i, values] of this.#arrays(best).entries()) values.set(saved[i])
    if (part === undefined) return
    this.#before = { ...part, interruption: undefined }
    this.#state.epochs -= 1
  }

  /** @param outcome of the last epoch; undefined: nothing came of it */
  async #save(outcome: EpochOutcome | undefined): Promise<void> {
    const { updates, learningRate } = this.#course.loop
    const { slots, average } = stateUse(this.#options)
    const part = outcome?.interruption && { ...outcome, interruption: undefined }
    const best = this.#stopping?.state
    const scalars = {
      reports: part === undefined ? this.#reports : this.#reports.slice(0, -1),
      updates: updates - (part?.batches ?? 0),
      learningRate,
      part,
      plateaus: this.#plateaus,
      best,
      average,
    }
    const values = this.#arrays(best)
    const arrays = new Map(arrayNames(scalars, slots).map((name, i) => [name, values[i]]))
    const { signal } = this.#options
    try {
      const writing = this.#checkpoint?.write({ ...scalars, arrays }, part && this.#course.pieces)
      if (writing !== undefined) await fileAnswer(signal, writing)
    } catch (cause) {
      signal.throwIfAborted()
      throw unwritten(this.#reports.length, cause)
    }
  }

  /** The arrays of a checkpoint, in the order of arrayNames; live. */
  #arrays(best: BestEpoch | undefined): Floats[] {
    const kept = best?.counters && this.#stopping?.kept
    return [
      ...(stateUse(this.#options).average ? [this.#state.engine.average] : []),
      ...(kept ? [kept.parameters, ...kept.slots] : []),
    ]
  }

  get #plateaus(): PlateauState[] {
    return this.#options.rate?.plateaus ?? []
  }

  /** Why training has ended with the checkpoint that it goes on from, if it has. */
  #endedBefore(): History['ended'] | undefined {
    const { length } = this.#reports
    if (this.#before.samples > 0) return undefined
    if (this.#stopping?.isEnough(length) === true) return 'earlyStopping'
    return length === this.#options.epochs ? 'epochs' : undefined
  }

  #history(ended: History['ended']): History {
    const bestEpoch = this.#stopping?.bestEpoch
    return { epochs: this.#reports, ended, ...(bestEpoch !== undefined && { bestEpoch }) }
  }
}
