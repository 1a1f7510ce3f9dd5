import type { Task } from '../engine/task.js'
import { readPair } from '../definition/read-pair.js'
import type { State } from '../state/state.js'
import { checkData, type Course, type Prepared } from './course.js'
import type { EpochOutcome, EpochPlan } from './epoch-outcome.js'
import { EpochLoop } from './epoch.js'
import { whereItFailed } from './failure.js'
import { fingerprintOf } from './fingerprint.js'
import { smoothLabels } from './label-smoothing.js'
import { LocalTrainer } from './local-trainer.js'
import type { RunningOptions } from './options.js'
import { readWeightColumn, sampleWeights } from './sample-weights.js'
import { splitValidation, type Pair } from './split.js'
import { trainerFor } from './trainer-for.js'
import type { Trainer } from './trainer.js'

/** @throws TypeError or RangeError that names what is wrong with the samples or those of the validation */
export function prepareArrays(state: State, data: unknown, options: RunningOptions): Prepared {
  const { spec } = state
  const given = checkData('data', data)
  const [inputs, targets] = readPair(spec, given.x, given.y)
  const own = readWeightColumn(spec, inputs.rows, given.weights)
  const samples: Pair = { x: inputs, y: targets, weights: own }
  const split = splitValidation(spec, samples, options.validation)
  const { x, y, validation } = split
  const { optimizer, regularization, dropout } = options
  // Not by a spread, whose objects V8 takes for different: an epoch of four samples became a tenth slower.
  const task: Task = {
    spec,
    x,
    y: smoothLabels(y, options.labelSmoothing),
    weights: sampleWeights(spec, y, split.weights, options.classWeights),
    batchSize: Math.min(options.batchSize, x.rows),
    optimizer,
    regularization,
    dropout,
    seed: spec.seed,
  }
  const begin = async (): Promise<Course> => {
    const trainer = await trainerFor(state, task, { x: given.x, y: given.y }, options)
    return new ArrayCourse(state, task, trainer, options)
  }
  const fingerprint = options.checkpoint && {
    ...fingerprintOf(samples),
    // A fraction of the samples is known with them.
    validation: typeof options.validation === 'number' ? undefined : validation && fingerprintOf(validation),
  }
  return { samples: x.rows, held: validation, fingerprint, begin }
}

/** Epochs of samples that are all there, as a trainer has them. */
class ArrayCourse implements Course {
  readonly loop: EpochLoop
  readonly #state: State
  readonly #task: Task
  readonly #trainer: Trainer

  constructor(state: State, task: Task, trainer: Trainer, options: RunningOptions) {
    this.loop = new EpochLoop({ ...options, batchSize: task.batchSize }, trainer.runMs, task.x.rows)
    this.#state = state
    this.#task = task
    this.#trainer = trainer
  }

  epoch(plan: EpochPlan, before: EpochOutcome): EpochOutcome | Promise<EpochOutcome> {
    return this.loop.train(this.#trainer, plan, before, before.samples)
  }

  commit(): void | Promise<void> {
    const committed = this.#trainer.commit()
    return committed && this.loop.reply(this.#trainer, committed)
  }

  whereItFailed(outcome: EpochOutcome, plan: EpochPlan, before: EpochOutcome): Promise<string> {
    const { x, y } = this.#trainer
    const local = new LocalTrainer(this.#state, { ...this.#task, x, y })
    const { rates, interruptions } = this.loop
    return whereItFailed(outcome, local, plan, rates, before.batches, interruptions.signal)
  }

  end(): void {
    this.#trainer.end?.()
  }
}
