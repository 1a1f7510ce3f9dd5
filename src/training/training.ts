import { stateUse } from '../engine/task.js'
import { Random } from '../random.js'
import type { State } from '../state.js'
import type { Course } from './course.js'
import { EarlyStopping } from './early-stopping.js'
import { Interrupted, nothing, type EpochOutcome, type EpochPlan } from './epoch.js'
import { failure } from './failure.js'
import type { EpochReport, History, ResolvedOptions } from './options.js'
import { Snapshot } from './snapshot.js'
import type { Pair } from './split.js'
import { Validation } from './validation.js'

/** All epochs of a fit: what they are judged by, and what ends them. */
export class Training {
  readonly #state: State
  readonly #course: Course
  readonly #options: ResolvedOptions
  readonly #validation: Validation | undefined
  readonly #snapshot: Snapshot
  readonly #stopping: EarlyStopping | undefined
  readonly #reports: EpochReport[] = []

  /** @param held the samples of the validation */
  constructor(state: State, course: Course, options: ResolvedOptions, held: Pair | undefined) {
    const use = stateUse(options)
    const { engine } = state
    if (use.average) engine.average.set(engine.parameters)
    this.#state = state
    this.#course = course
    this.#options = options
    this.#validation = held && new Validation(held, use.average)
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
    const { deadline } = this.#course.loop.interruptions
    let ended: History['ended'] | undefined
    while (ended === undefined) {
      const start = performance.now()
      const plan = this.#plan()
      const { epoch } = plan
      this.#snapshot.take()
      let outcome: EpochOutcome
      try {
        // Not awaited where it is done already: an epoch of four samples takes a microsecond.
        const run = this.#course.epoch(plan, nothing)
        outcome = run instanceof Promise ? await run : run
        const committed = Number.isFinite(outcome.loss) ? this.#course.commit?.() : undefined
        if (committed instanceof Promise) await committed
      } catch (cause) {
        this.#snapshot.restore()
        if (cause instanceof Interrupted) throw cause.reason
        throw failure(epoch, `${cause instanceof Error ? cause.message : String(cause)} in`, cause)
      }
      if (!Number.isFinite(outcome.loss) || !this.#state.engine.isFinite()) {
        throw await this.#failed(plan, outcome)
      }
      ended = outcome.interruption
      if (outcome.samples === 0) break
      const trained = this.#endEpoch(epoch, outcome, start)
      const validation = this.#validation && (await this.#validation.report(this.#state, signal))
      const report = validation === undefined ? trained : { ...trained, validation }
      // The loss of a part of an epoch is not one to judge by.
      if (ended === undefined && this.#isEnough(report)) ended = 'earlyStopping'
      this.#reports.push(report)
      if (onEpoch !== undefined && (await onEpoch(report)) === false) ended ??= 'onEpoch'
      signal?.throwIfAborted()
      if (epoch === epochs) ended ??= 'epochs'
      if (deadline < Infinity && performance.now() >= deadline) ended ??= 'timeLimit'
    }
    this.#stopping?.restore()
    const { parameters, average } = this.#state.engine
    if (stateUse(this.#options).average) parameters.set(average)
    return this.#history(ended ?? 'timeLimit')
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
    const { learningRate } = this.#course.loop
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
      return failure(plan.epoch, await this.#course.whereItFailed(outcome, plan, nothing))
    } finally {
      this.#snapshot.restore()
    }
  }

  #history(ended: History['ended']): History {
    const bestEpoch = this.#stopping?.bestEpoch
    return { epochs: this.#reports, ended, ...(bestEpoch !== undefined && { bestEpoch }) }
  }
}
