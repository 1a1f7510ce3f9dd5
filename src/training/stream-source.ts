import { rangeError } from '../base/argument-error.js'
import { TURN_MS } from '../platform/event-loop.js'
import type { Engine } from '../engine/engine.js'
import type { State } from '../state/state.js'
import { createEngine } from '../engine/create.js'
import { trainedSamples } from './class-options.js'
import type { EpochLoop } from './epoch-loop.js'
import {
  Interrupted,
  lossFailure,
  weightFailure,
  type EpochOutcome,
  type EpochPlan,
} from './epoch-outcome.js'
import type { DataFingerprint, PiecesFingerprint } from './features.js'
import { LocalSums } from './local-sums.js'
import { LocalTrainer } from './local-trainer.js'
import type { FitPieces, RunningOptions } from './options.js'
import { checkOrigin, isRepeatable, Pieces, type Origin } from './pieces.js'
import { checkData, readSampleSet, type SampleSet } from './sample-set.js'
import type { SampleSource, MadeData, SampleStream, TrainingData } from './sample-source.js'
import { ShardTrainer } from './shard-trainer.js'
import { evenly } from './shards.js'
import type { Trainer } from './trainer.js'
import { readValidation } from './validation-set.js'

/**
 * Samples that come in pieces, for data larger than memory. Rows are used in the order in which they arrive, unless
 * `shuffle` is given; training runs on this thread; an error thrown by the iterable is passed on unchanged.
 *
 * @param pieces an iterable, async or not, for one epoch, an array of pieces for any number, or a function that returns
 *   an iterable for each epoch, counted from 1
 * @returns what fit takes as data
 * @throws TypeError if it is none of these
 * @example
 * import { Network, stream } from 'deltaprop'
 * function* pieces(epoch) {
 *   for (let i = 0; i < 10; ++i) yield { x: [[i, 1], [i, 2]], y: [i, 2 * i] }
 * }
 * await new Network([2, 1], { seed: 1 }).fit(stream(pieces), { epochs: 3 })
 */
export function stream(
  pieces: FitPieces | ((epoch: number) => FitPieces | Promise<FitPieces>),
): SampleStream {
  const origin = checkOrigin(pieces)
  const feature: SampleStream & MadeData = {
    name: 'stream',
    trainingData: (state, options) => new StreamData(state, origin, options),
  }
  return feature
}

class StreamData implements TrainingData {
  readonly samples = undefined
  readonly validationSet: SampleSet | undefined
  readonly fingerprint: DataFingerprint | undefined
  readonly #state: State
  readonly #origin: Origin
  readonly #options: RunningOptions

  /**
   * @throws TypeError or RangeError that names an option that a stream cannot have, or what is wrong with the
   * validation
   */
  constructor(state: State, origin: Origin, options: RunningOptions) {
    const { epochs, threads, cluster, classWeights, validation } = options
    if (epochs > 1 && !isRepeatable(origin)) {
      throw rangeError('epochs', '1 with an iterable', epochs, {
        hint: 'give the function that returns one, without ()',
      })
    }
    if (cluster !== undefined) throw rangeError('on', 'none with a stream')
    if (typeof threads === 'number') {
      throw rangeError('threads', 'none with a stream, or "auto"', threads)
    }
    if (classWeights === 'balanced') {
      throw rangeError('classWeights', 'a number per class with a stream', '"balanced"')
    }
    this.validationSet = readValidation(state.spec, validation, 'samples { x, y } beside a stream')
    this.fingerprint = options.checkpoint?.fingerprint(undefined, this.validationSet)
    this.#state = state
    this.#origin = origin
    this.#options = options
  }

  open(): Promise<SampleSource> {
    return Promise.resolve(new StreamSource(this.#state, this.#origin, this.#options))
  }
}

function otherPieces(name: string, rows: string): Interrupted {
  return new Interrupted(rangeError(name, `the pieces of the checkpoint, which has trained ${rows}`))
}

/** One trainer after the other, one for each piece: only that one is in memory. This thread trains. */
class StreamSource implements SampleSource {
  readonly batchSize: number
  readonly samples = Infinity
  readonly runMs = TURN_MS
  readonly #state: State
  readonly #origin: Origin
  readonly #options: RunningOptions
  /** index of the last piece that has been trained on */
  #piece = 0
  /** of the pieces of this epoch */
  #fingerprint: PiecesFingerprint | undefined
  /** of those that the checkpoint was trained on */
  #expected: string | undefined
  /** not all pieces that the checkpoint was trained on have come again */
  #isBehind = false
  /** of the last piece */
  #trainer: Trainer | undefined
  /** of all pieces, if there are shards */
  readonly #engine: Engine | undefined

  constructor(state: State, origin: Origin, options: RunningOptions) {
    this.batchSize = options.batchSize
    this.#state = state
    this.#origin = origin
    this.#options = options
    this.#engine = options.shards === undefined ? undefined : createEngine(state.spec)
  }

  /** Of the pieces that have been trained on: while some of them have not come again, as the checkpoint has it. */
  get pieces(): string | undefined {
    return this.#isBehind ? this.#expected : this.#fingerprint?.digest()
  }

  expectPieces(fingerprint: string): void {
    this.#expected = fingerprint
  }

  async train(loop: EpochLoop, plan: EpochPlan, before: EpochOutcome): Promise<EpochOutcome> {
    const pieces = new Pieces(this.#origin, plan.epoch, this.#options.signal)
    let outcome: EpochOutcome
    try {
      outcome = await this.#train(loop, pieces, plan, before)
    } catch (error) {
      this.end()
      await pieces.close().catch(() => undefined)
      throw error
    }
    await pieces.close()
    return outcome
  }

  async #train(
    loop: EpochLoop,
    pieces: Pieces,
    plan: EpochPlan,
    before: EpochOutcome,
  ): Promise<EpochOutcome> {
    let [outcome, i, seen] = [before, 0, 0]
    this.#fingerprint = this.#options.checkpoint?.fingerprintPieces()
    this.#isBehind = before.samples > 0
    for (; ; ++i) {
      const piece = await pieces.next()
      if (piece === undefined) break
      const trainer = this.#read(piece.value, i, seen)
      this.#trainer = trainer
      const { samples: rows } = trainer
      const first = Math.min(Math.max(before.samples - seen, 0), rows)
      seen += rows
      this.#isBehind = seen < before.samples
      if (first < rows && first % this.batchSize !== 0)
        throw otherPieces(`data[${i}]`, `${first} of its rows`)
      if (first > 0 && seen >= before.samples) this.#checkPieces()
      if (first === rows) continue
      this.#piece = i
      const stream = plan.stream && `${plan.stream} ${i}`
      outcome = await loop.train(trainer, { ...plan, stream }, outcome, first)
      const isGood = Number.isFinite(outcome.loss) && this.#state.engine.isFinite()
      if (!isGood || outcome.interruption !== undefined) return outcome
    }
    if (pieces.isTimeUp) return { ...outcome, interruption: 'timeLimit' }
    if (before.samples > seen) throw otherPieces('data', `${before.samples} rows, got ${seen}`)
    if (outcome.samples > 0) return outcome
    throw new Interrupted(rangeError('data', `at least 1 piece in epoch ${plan.epoch}`, '0'))
  }

  end(): void {
    this.#trainer?.end?.()
  }

  locateFailure(outcome: EpochOutcome): Promise<string> {
    const where = `data[${this.#piece}] of`
    const isLoss = !Number.isFinite(outcome.loss)
    return Promise.resolve(isLoss ? `${lossFailure(outcome)}, ${where}` : weightFailure(where))
  }

  /** @throws Interrupted if the pieces that a resumed epoch was trained on were others */
  #checkPieces(): void {
    if (this.#expected === undefined) return
    try {
      this.#options.checkpoint?.checkPieces(this.#expected, this.pieces)
    } catch (error) {
      throw new Interrupted(error)
    }
  }

  /** @param offset samples of the pieces before the i-th */
  #read(piece: unknown, i: number, offset: number): Trainer {
    const { spec } = this.#state
    const options = this.#options
    try {
      const given = checkData(`data[${i}]`, piece)
      const samples = readSampleSet(spec, given, `data[${i}].`)
      this.#fingerprint?.add(samples)
      const task = { ...options, spec, ...trainedSamples(spec, samples, options), seed: spec.seed }
      const { shards } = options
      if (shards === undefined || this.#engine === undefined)
        return new LocalTrainer(this.#state, task, offset)
      const division = evenly(task.x.rows, task.batchSize, shards)
      return new ShardTrainer(this.#state, task, division, new LocalSums(this.#engine, task, offset))
    } catch (error) {
      throw new Interrupted(error)
    }
  }
}
