import type { Outcome } from '../engine/engine.js'

/** Which epoch it is, and where its random numbers come from. */
export interface EpochPlan {
  /** as in EpochReport */
  readonly epoch: number
  /** the random stream that orders the samples; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** key of the random numbers of dropout */
  readonly dropoutKey: number
}

/** Why an epoch ended early. */
export type Interruption = 'onBatch' | 'timeLimit'

/** The result of an epoch, or of its part before an interruption. */
export interface EpochOutcome extends Outcome {
  readonly samples: number
  readonly interruption: Interruption | undefined
}

/** The result of no batch. */
export const noBatches: EpochOutcome = { loss: 0, batches: 0, samples: 0, interruption: undefined }

/**
 * Ends an epoch with an error that is not the trainer's: the signal's reason, or what a callback, a schedule or a
 * stream threw.
 */
export class Interrupted extends Error {
  constructor(readonly reason: unknown) {
    super('interrupted')
  }
}
