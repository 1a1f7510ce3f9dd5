import { stateUse } from '../engine/task.js'
import type { Floats } from '../base/floats.js'
import { arrayNames, type BestEpoch, type SavedTraining } from '../state/saved.js'
import type { PlateauState } from '../definition/schedules.js'
import type { State } from '../state/state.js'
import type { EarlyStopping } from './early-stopping.js'
import { nothing, type EpochOutcome } from './epoch-outcome.js'
import type { EpochLoop } from './epoch.js'
import type { RunningOptions } from './options.js'
import type { EpochReport } from '../state/reports.js'

/** Where a training stands between two epochs: what a checkpoint has of it beside the network. */
export class Standing {
  readonly reports: EpochReport[] = []
  /** what came of the epoch that is next, before the checkpoint that training goes on from */
  before = nothing
  readonly #state: State
  readonly #loop: EpochLoop
  readonly #options: RunningOptions
  readonly #stopping: EarlyStopping | undefined

  constructor(state: State, loop: EpochLoop, options: RunningOptions, stopping: EarlyStopping | undefined) {
    this.#state = state
    this.#loop = loop
    this.#options = options
    this.#stopping = stopping
  }

  /** Stands where a checkpoint stood; the network does already. */
  goOn({ reports, updates, learningRate, part, plateaus, best, arrays }: SavedTraining): void {
    Object.assign(this.#loop, { updates, learningRate })
    for (const report of reports) this.reports.push(report)
    for (const [i, plateau] of this.#plateaus.entries()) Object.assign(plateau, plateaus[i])
    if (this.#stopping !== undefined && best !== undefined) this.#stopping.state = best
    const saved = Array.from(arrays.values())
    for (const [i, values] of this.#arrays(best).entries()) values.set(saved[i])
    if (part === undefined) return
    this.before = { ...part, interruption: undefined }
    this.#state.epochs -= 1
  }

  /**
   * What a checkpoint has; its arrays are live.
   *
   * @param outcome of the last epoch; undefined: nothing came of it
   */
  saved(outcome: EpochOutcome | undefined): Omit<SavedTraining, 'options'> {
    const { updates, learningRate } = this.#loop
    const { slots, average } = stateUse(this.#options)
    const part = outcome?.interruption && { ...outcome, interruption: undefined }
    const best = this.#stopping?.state
    const scalars = {
      reports: part === undefined ? this.reports : this.reports.slice(0, -1),
      updates: updates - (part?.batches ?? 0),
      learningRate,
      part,
      plateaus: this.#plateaus,
      best,
      average,
    }
    const values = this.#arrays(best)
    return { ...scalars, arrays: new Map(arrayNames(scalars, slots).map((name, i) => [name, values[i]])) }
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
}
