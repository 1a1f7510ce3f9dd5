/** How an epoch ends: its result, what interrupted it, and why it was given up. */
import { messageOf } from '../base/thrown.js'
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

/**
 * Why an epoch, counted from 1, was given up, and which weights the network has now.
 *
 * @param isPart the epoch was resumed: its first part is in the checkpoint
 */
export function epochFailure(epoch: number, what: string, isPart: boolean, cause?: unknown): Error {
  const whole = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  const good = isPart ? 'of the checkpoint' : whole
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

/** Why a checkpoint could not be written after an epoch; the network is as it was then. */
export function checkpointFailure(epoch: number, cause: unknown): Error {
  const what = messageOf(cause)
  return new Error(`fit: checkpoint: ${what}; the weights are those after epoch ${epoch}`, { cause })
}

/** The loss is not finite in the batch after those of the outcome. */
export function lossFailure({ loss, batches }: Outcome): string {
  return `the loss is ${loss} in batch ${batches + 1}`
}

export function weightFailure(where: string): string {
  return `a weight stopped being a finite number in ${where}`
}
