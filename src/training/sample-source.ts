import type { NumberedStreams } from '../base/random.js'
import { isImported } from '../base/check.js'
import type { State } from '../state/state.js'
import type { CheckpointData } from './features.js'
import type { EpochLoop } from './epoch-loop.js'
import type { EpochOutcome, EpochPlan } from './epoch-outcome.js'
import type { LearningRates } from './learning-rates.js'
import type { RunningOptions } from './options.js'

/** Samples in pieces, as fit takes them: what `stream` makes. */
export interface SampleStream {
  readonly name: 'stream'
}

/** Samples that stay apart, as fit takes them: what `sharded` makes. */
export interface ShardedSamples {
  readonly name: 'sharded'
}

/** What fit calls on data that are made by one of these; not public, see features.ts. */
export interface MadeData {
  readonly name: (SampleStream | ShardedSamples)['name']
  /**
   * @throws TypeError or RangeError that names an option that such data cannot have, or what is wrong with those that are
   * here, or with the validation
   */
  trainingData(state: State, options: RunningOptions): TrainingData
}

export function areMade(data: unknown): data is MadeData {
  const isOf = (name: MadeData['name']): boolean =>
    isImported<MadeData>(data, { name, member: 'trainingData' })
  return isOf('stream') || isOf('sharded')
}

/** The data of a fit, checked as far as they can be before it begins. */
export interface TrainingData extends CheckpointData {
  /**
   * Starts the workers, if there are any. Arrays are copied unless the network trains on a copy anyway: the caller may
   * write to them. Pieces of a stream are read as they come.
   *
   * @throws RangeError that gives the bytes needed, if network and data of several threads do not fit in one memory
   */
  open(): Promise<SampleSource>
}

/** Where the trainers of an epoch come from: one for arrays and shards, one for each piece of a stream. */
export interface SampleSource {
  /** samples of a batch, at most all there are */
  readonly batchSize: number
  /** of an epoch; Infinity if that is not known */
  readonly samples: number
  /** of its trainers: see Trainer */
  readonly runMs: number
  /**
   * Has the loop train on all samples, or on what is left of the epoch.
   *
   * @param before the result of the epoch so far
   * @returns no promise where everything could be done at once
   * @throws as EpochLoop.train; Interrupted, too, by what the caller's stream throws
   */
  train(loop: EpochLoop, plan: EpochPlan, before: EpochOutcome): EpochOutcome | Promise<EpochOutcome>
  /** As Trainer.runEpochs; undefined where it cannot. */
  runEpochs?(epochs: number, streams: NumberedStreams | undefined): Float64Array | undefined
  /**
   * Makes the network what the epoch has trained.
   *
   * @throws the signal's reason, or TimeUp
   */
  commit?(loop: EpochLoop): void | Promise<void>
  /**
   * Says what stopped being finite in an epoch, and where.
   *
   * @param before as for train; the network is as it was then, and may be changed
   */
  locateFailure(
    outcome: EpochOutcome,
    plan: EpochPlan,
    before: EpochOutcome,
    rates: LearningRates,
  ): Promise<string>
  /** of a stream, if there is a checkpoint: the fingerprint of the pieces of this epoch so far */
  readonly pieces?: string | undefined
  /** Has the pieces of a resumed epoch checked against those it was trained on, by their fingerprint. */
  expectPieces?(fingerprint: string): void
  /**
   * Ends its trainers, see Trainer.end: before the network is restored after an epoch that failed, and when fit ends.
   */
  end?(): void
}
