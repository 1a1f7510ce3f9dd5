import { rangeError, typeError } from '../base/argument-error.js'
import { isRecord, show } from '../base/check.js'
import type { Task } from '../engine/task.js'
import { otherData } from '../definition/other-names.js'
import type { State } from '../state/state.js'
import { trainedSamples } from './class-options.js'
import type { DataFingerprint } from './features.js'
import { LocalTrainer } from './local-trainer.js'
import { OneTrainerSource } from './one-trainer-source.js'
import type { RunningOptions } from './options.js'
import { isIterable } from './pieces.js'
import { checkData, readSampleSet, type GivenSamples, type SampleSet } from './sample-set.js'
import type { SampleSource, TrainingData } from './sample-source.js'
import { shardTrainerFor } from './shard-trainers.js'
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
    if (options.cluster !== undefined && options.shards === undefined) {
      throw rangeError('on', 'the option shards with it')
    }
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
    const [state, task, given, options] = [this.#state, this.#task, this.#given, this.#options]
    const { shards, signal } = options
    const { batchSize } = task
    if (shards !== undefined) {
      const trainer = await shardTrainerFor(state, task, given, shards, options)
      return new OneTrainerSource(state, trainer, batchSize, signal)
    }
    const trainer = await trainerFor(state, task, given, options)
    const { x, y } = trainer
    const again = (): Trainer => new LocalTrainer(state, { ...task, x, y })
    return new OneTrainerSource(state, trainer, batchSize, signal, again)
  }
}
