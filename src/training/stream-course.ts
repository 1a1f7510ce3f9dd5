import { rangeError } from '../base/argument-error.js'
import { readPair } from '../definition/read-pair.js'
import type { State } from '../state/state.js'
import { checkData, type Course, type Prepared } from './course.js'
import { Interrupted, type EpochOutcome, type EpochPlan } from './epoch-outcome.js'
import { EpochLoop } from './epoch.js'
import { notFinite } from './failure.js'
import { fingerprintOf, otherData, PiecesFingerprint } from './fingerprint.js'
import { smoothLabels } from './label-smoothing.js'
import { LocalTrainer } from './local-trainer.js'
import type { RunningOptions } from './options.js'
import { isRepeatable, Pieces, type Stream } from './pieces.js'
import { readWeightColumn, sampleWeights } from './sample-weights.js'
import { readValidation } from './split.js'
import type { Trainer } from './trainer.js'
import { TURN_MS } from '../platform/event-loop.js'

/** @throws TypeError or RangeError that names an option that a stream cannot have, or what is wrong with the validation */
export function prepareStream(state: State, stream: Stream, options: RunningOptions): Prepared {
  const { epochs, threads, classWeights, validation } = options
  if (epochs > 1 && !isRepeatable(stream)) {
    throw rangeError('epochs', '1 with an iterable, or a function that returns one for each epoch', epochs)
  }
  if (typeof threads === 'number') {
    throw rangeError('threads', 'none with a stream, or "auto"', threads)
  }
  if (classWeights === 'balanced') {
    throw rangeError('classWeights', 'a number per class with a stream', '"balanced"')
  }
  const held = readValidation(state.spec, validation, 'samples { x, y } beside a stream')
  const fingerprint = options.checkpoint && { validation: held && fingerprintOf(held) }
  const begin = (): Promise<Course> => Promise.resolve(new StreamCourse(state, stream, options))
  return { samples: undefined, held, fingerprint, begin }
}

function otherPieces(name: string, rows: string): Interrupted {
  return new Interrupted(rangeError(name, `the pieces of the checkpoint, which has trained ${rows}`))
}

/** Epochs of samples that come in pieces, one of which is in memory at a time. This thread trains. */
class StreamCourse implements Course {
  readonly loop: EpochLoop
  readonly #state: State
  readonly #stream: Stream
  readonly #options: RunningOptions
  /** the last piece that has been trained on */
  #piece = 0
  /** of this epoch */
  #fingerprint: PiecesFingerprint | undefined
  #expected: string | undefined
  /** the pieces that the checkpoint has trained are still coming again */
  #isBehind = false
  /** of the last piece */
  #trainer: Trainer | undefined

  constructor(state: State, stream: Stream, options: RunningOptions) {
    this.loop = new EpochLoop(options, TURN_MS)
    this.#state = state
    this.#stream = stream
    this.#options = options
  }

  /** Of those that have been trained, of which the ones that come again may not be all yet. */
  get pieces(): string | undefined {
    return this.#isBehind ? this.#expected : this.#fingerprint?.digest()
  }

  expectPieces(fingerprint: string): void {
    this.#expected = fingerprint
  }

  async epoch(plan: EpochPlan, before: EpochOutcome): Promise<EpochOutcome> {
    const pieces = new Pieces(this.#stream, plan.epoch, this.loop.interruptions)
    let outcome: EpochOutcome
    try {
      outcome = await this.#train(pieces, plan, before)
    } catch (error) {
      this.end()
      await pieces.close().catch(() => undefined)
      throw error
    }
    await pieces.close()
    return outcome
  }

  async #train(pieces: Pieces, plan: EpochPlan, before: EpochOutcome): Promise<EpochOutcome> {
    let [outcome, i, seen] = [before, 0, 0]
    this.#fingerprint = this.#options.checkpoint && new PiecesFingerprint()
    this.#isBehind = before.samples > 0
    for (; ; ++i) {
      const piece = await pieces.next()
      if (piece === undefined) break
      const trainer = this.#read(piece.value, i, seen)
      this.#trainer = trainer
      const { rows } = trainer.x
      const first = Math.min(Math.max(before.samples - seen, 0), rows)
      seen += rows
      this.#isBehind = seen < before.samples
      if (first < rows && first % this.#options.batchSize !== 0) {
        throw otherPieces(`data[${i}]`, `${first} of its rows`)
      }
      if (first > 0 && seen >= before.samples) this.#checkPieces()
      if (first === rows) continue
      this.#piece = i
      const stream = plan.stream && `${plan.stream} ${i}`
      outcome = await this.loop.train(trainer, { ...plan, stream }, outcome, first)
      const isGood = Number.isFinite(outcome.loss) && this.#state.engine.isFinite()
      if (!isGood || outcome.interruption !== undefined) return outcome
    }
    if (pieces.isTimeUp) return { ...outcome, interruption: 'timeLimit' }
    if (before.samples > seen) throw otherPieces('data', `${before.samples} rows, got ${seen}`)
    if (outcome.samples > 0) return outcome
    throw new Interrupted(rangeError('data', `at least 1 piece in epoch ${plan.epoch}`, 0))
  }

  end(): void {
    this.#trainer?.end?.()
  }

  whereItFailed(outcome: EpochOutcome): Promise<string> {
    return Promise.resolve(notFinite(outcome, `data[${this.#piece}] of`))
  }

  /** @throws Interrupted if those that had come of an epoch that is gone on with were others */
  #checkPieces(): void {
    const expected = this.#expected
    if (expected === undefined || this.#options.checkpoint?.otherData === true || expected === this.pieces)
      return
    throw new Interrupted(otherData('checkpoint.data', 'the pieces that it was trained on', 'others'))
  }

  /** @param offset samples of the pieces before the i-th */
  #read(piece: unknown, i: number, offset: number): LocalTrainer {
    const { spec } = this.#state
    const options = this.#options
    try {
      const given = checkData(`data[${i}]`, piece)
      const [x, targets] = readPair(spec, given.x, given.y, `data[${i}].`)
      const own = readWeightColumn(spec, x.rows, given.weights, `data[${i}].weights`)
      this.#fingerprint?.add({ x, y: targets, weights: own })
      const weights = sampleWeights(spec, targets, own, options.classWeights)
      const y = smoothLabels(targets, options.labelSmoothing)
      return new LocalTrainer(this.#state, { ...options, spec, x, y, weights, seed: spec.seed }, offset)
    } catch (error) {
      throw new Interrupted(error)
    }
  }
}
