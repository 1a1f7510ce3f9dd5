/**
 * What fit knows of the parts that not every fit needs. The caller imports them and gives them as options (progressBar,
 * validationMetrics, what checkpointFile makes), and nothing else does, so bundlers drop them where nobody does. Streams and
 * sharded data are the others: see MadeData in sample-source.ts.
 */
import type { Floats } from '../base/floats.js'
import type { Targets } from '../base/targets.js'
import type { Spec } from '../definition/spec.js'
import type { Evaluation } from '../metrics/evaluate.js'
import type { AbortFlag } from '../platform/abort.js'
import type { EpochReport } from '../state/reports.js'
import type { State } from '../state/state.js'
import type { EarlyStopping } from './early-stopping.js'
import type { EpochReports } from './epoch-reports.js'
import type { EpochOutcome } from './epoch-outcome.js'
import type { LearningRates } from './learning-rates.js'
import type { SampleSet } from './sample-set.js'
import type { Settings } from './settings.js'

/** Metrics of the validation, as an option of fit: `validationMetrics`. */
export interface ValidationMetrics {
  readonly name: 'validationMetrics'
}

/** What fit calls on it; not public. */
export interface MetricsFeature extends ValidationMetrics {
  readonly evaluate: Evaluate
}

/** From the outputs for the samples of the validation. */
export type Evaluate = (
  outputs: Floats,
  y: Targets,
  weights: readonly number[],
  loss: Spec['loss'],
) => Evaluation

/** A line with a progress bar, as an option of fit: `progressBar`. */
export interface ProgressBar {
  readonly name: 'progressBar'
}

/** What fit calls on it; not public. */
export interface ProgressFeature extends ProgressBar {
  /** Makes the display for so many epochs; undefined where there is nothing to show it on. */
  readonly show: (epochs: number) => ProgressDisplay | undefined
}

/** Shows how far training is. */
export interface ProgressDisplay {
  /**
   * @param epoch that is being trained, from 1
   * @param share of it that is done; 0 if that is not known
   * @param loss mean over the samples so far
   */
  show(epoch: number, share: number, loss: number): void
  /** Shows an epoch that is done. */
  report(report: EpochReport): void
  end(): void
}

/** Fingerprints of the arrays of a sample set; weights undefined where there are none. */
export interface Fingerprint {
  readonly x: string
  readonly y: string
  readonly weights?: string | undefined
}

/** Fingerprints of all data of a fit. */
export interface DataFingerprint extends Partial<Fingerprint> {
  /** of a validation set with data of its own */
  readonly validation?: Fingerprint | undefined
  /** of sharded data: of each shard */
  readonly shards?: readonly string[] | undefined
  /** of the pieces of a stream that have come in an epoch that is not over */
  readonly pieces?: string | undefined
}

/** The fingerprint of the pieces of a stream, as they come. */
export interface PiecesFingerprint {
  add(piece: SampleSet): void
  /** of all pieces so far */
  digest(): string
}

/** A file that training can resume from, as an option of fit: what `checkpointFile` makes. */
export interface CheckpointFile {
  readonly name: 'checkpointFile'
}

/** What fit calls on it; not public: how checkpoints are kept. */
export interface CheckpointFeature extends CheckpointFile {
  /**
   * By which data can be recognised later. Called before the caller of fit can change them.
   *
   * @param samples undefined for a stream
   * @param validation with data of its own
   */
  fingerprint(samples: SampleSet | undefined, validation: SampleSet | undefined): DataFingerprint
  fingerprintPieces(): PiecesFingerprint
  /** @throws RangeError if the pieces of a resumed epoch differ from those that it was trained on */
  checkPieces(saved: string, current: string | undefined): void
  /** @throws Error where there are no files */
  open(state: State, settings: Settings, data: CheckpointData): Promise<Checkpoint>
}

/** What a checkpoint says of the data. */
export interface CheckpointData {
  /** how many to train on; undefined for a stream */
  readonly samples: number | undefined
  readonly validationSet: SampleSet | undefined
  /** of what the caller has given, if there is a checkpoint */
  readonly fingerprint: DataFingerprint | undefined
}

/** The checkpoint of a fit. */
export interface Checkpoint {
  /**
   * Restores the network from a checkpoint that is to be resumed; undefined if there is none.
   *
   * @throws TypeError or RangeError that names what is wrong in the checkpoint, or differs from this fit; nothing is
   * changed then
   * @throws Error if it cannot be written, or another fit writes it; the signal's reason; TimeUp
   */
  resume(signal: AbortFlag): Promise<SavedProgress | undefined>
  /** Whether to write after this epoch. */
  isDue(epoch: number): boolean
  /**
   * @param outcome of the last epoch; undefined if it has none
   * @param pieces of a stream: the fingerprint of those that have come in an epoch that was interrupted
   */
  write(
    progress: TrainingProgress,
    outcome: EpochOutcome | undefined,
    pieces: string | undefined,
    signal: AbortFlag,
  ): Promise<void>
  /** Frees the file for other fits, once what is being written is written. */
  release(): void
}

/** The progress that a checkpoint has saved. */
export interface SavedProgress {
  /** of a stream: the fingerprint of the pieces that the interrupted epoch was trained on */
  readonly pieces: string | undefined
  /** Continues from there. */
  restore(progress: TrainingProgress): void
}

/** How far a training has come, apart from the network: what a checkpoint saves between two epochs. */
export interface TrainingProgress {
  readonly state: State
  readonly settings: Settings
  readonly reports: EpochReports
  readonly rates: LearningRates
  readonly stopping: EarlyStopping | undefined
  /** the result of the next epoch so far, if it was interrupted before the checkpoint */
  before: EpochOutcome
}
