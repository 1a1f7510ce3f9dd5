import { checkObject } from '../check.js'
import { readPair } from '../samples.js'
import type { State } from '../state.js'
import type { Course, Prepared } from './course.js'
import { EpochLoop, type EpochOutcome } from './epoch.js'
import { whereItFailed } from './failure.js'
import { smoothLabels } from './label-smoothing.js'
import { LocalTrainer } from './local-trainer.js'
import type { ResolvedOptions } from './options.js'
import { splitValidation } from './split.js'
import { trainerFor } from './trainer-for.js'
import type { Trainer } from './trainer.js'

/** @throws TypeError or RangeError that names what is wrong with the samples or those of the validation */
export function prepareArrays(state: State, data: unknown, options: ResolvedOptions): Prepared {
  const { spec } = state
  const given = checkObject('data', data)
  const { x, y, validation } = splitValidation(spec, ...readPair(spec, given.x, given.y), options.validation)
  const { optimizer, maxNorm, labelSmoothing, threads, epochs } = options
  const batchSize = Math.min(options.batchSize, x.rows)
  const smooth = smoothLabels(y, labelSmoothing)
  const begin = async (): Promise<Course> => {
    const task = { spec, x, y: smooth, batchSize, optimizer, maxNorm, seed: spec.seed }
    const trainer = await trainerFor(state, task, { x: given.x, y: given.y }, threads, epochs)
    return new ArrayCourse(state, trainer, { ...options, batchSize })
  }
  return { held: validation, begin }
}

/** Epochs of samples that are all there, as a trainer has them. */
class ArrayCourse implements Course {
  readonly loop: EpochLoop
  readonly #state: State
  readonly #trainer: Trainer
  readonly #options: ResolvedOptions

  constructor(state: State, trainer: Trainer, options: ResolvedOptions) {
    this.loop = new EpochLoop(options, trainer.runMs)
    this.#state = state
    this.#trainer = trainer
    this.#options = options
  }

  epoch(
    epoch: number,
    stream: string | undefined,
    before: EpochOutcome,
  ): EpochOutcome | Promise<EpochOutcome> {
    return this.loop.train(this.#trainer, epoch, stream, before, before.samples)
  }

  commit(): void | Promise<void> {
    return this.#trainer.commit()
  }

  whereItFailed(outcome: EpochOutcome, stream: string | undefined, before: EpochOutcome): Promise<string> {
    const { x, y } = this.#trainer
    const { batchSize, maxNorm } = this.#options
    const local = new LocalTrainer(this.#state, x, y, batchSize, maxNorm)
    return whereItFailed(outcome, local, stream, this.loop.rates, before.batches)
  }

  end(): void {
    this.#trainer.end?.()
  }
}
