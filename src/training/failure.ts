import { messageOf } from '../base/thrown.js'
import type { Outcome } from '../engine/engine.js'

/**
 * Why an epoch, counted from 1, was given up, and which weights the network has now.
 *
 * @param isPart the epoch was resumed: its first part is in the checkpoint
 */
export function failure(epoch: number, what: string, isPart: boolean, cause?: unknown): Error {
  const whole = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  const good = isPart ? 'of the checkpoint' : whole
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

/** Why a checkpoint could not be written after an epoch; the network is as it was then. */
export function unwritten(epoch: number, cause: unknown): Error {
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
