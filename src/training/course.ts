import { checkKeys } from '../base/check.js'
import { otherData } from '../definition/other-names.js'
import type { EpochOutcome, EpochPlan } from './epoch-outcome.js'
import type { EpochLoop } from './epoch.js'
import type { DataFingerprint } from './fingerprint.js'
import type { Pair } from './split.js'

/** What the epochs of a fit go through: samples that are there, or a stream of them. */
export interface Course {
  readonly loop: EpochLoop
  /**
   * Trains an epoch, or what is left of it.
   *
   * @param before what came of the epoch so far
   * @returns no promise where all was done at once
   * @throws Interrupted by the signal, or by what the caller's own code throws; the signal's reason, or TimeUp, in the middle of a run;
   *   Error if a worker ends
   */
  epoch(plan: EpochPlan, before: EpochOutcome): EpochOutcome | Promise<EpochOutcome>
  /**
   * Makes the network what the epoch has trained.
   *
   * @throws the signal's reason, or TimeUp; Error if a worker ends
   */
  commit?(): void | Promise<void>
  /**
   * What is not finite after an epoch, and where it became that.
   *
   * @param before what had come of the epoch, as for epoch; the network is that of then, and may be changed
   */
  whereItFailed(outcome: EpochOutcome, plan: EpochPlan, before: EpochOutcome): Promise<string>
  /** of a stream, if there is a checkpoint: the fingerprint of the pieces that have come in this epoch */
  readonly pieces?: string | undefined
  /** That of those which have been trained on, of an epoch that is gone on with. */
  expectPieces?(fingerprint: string): void
  /** Ends its trainers, as Trainer.end does; before the network is taken back to what it was before an epoch, and once more in the end. */
  end?(): void
}

/**
 * Samples, all at once or a piece of them; what is in them is not looked at yet.
 *
 * @throws TypeError or RangeError unless it is an object that has nothing but x, y and weights
 */
export function checkData(name: string, data: unknown): Record<string, unknown> {
  return checkKeys(name, data, ['x', 'y', 'weights'], otherData)
}

/** Data and options of a fit, checked. */
export interface Prepared {
  /** how many there are; undefined for a stream */
  readonly samples: number | undefined
  /** those of the validation */
  readonly held: Pair | undefined
  /** of what the caller has given, if there is a checkpoint */
  readonly fingerprint: DataFingerprint | undefined
  /**
   * Starts workers, if there are any. Nothing that the caller writes to arrays after its call changes the samples; the pieces of a
   * stream are read as they come.
   *
   * @throws RangeError that gives the bytes needed, if network and data of several threads do not fit in one memory
   * @throws Error if a worker ends before the first epoch
   */
  readonly begin: () => Promise<Course>
}
