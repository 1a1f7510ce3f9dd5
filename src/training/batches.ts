import type { Outcome } from '../engine/engine.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import type { Trainer } from './trainer.js'

/** Samples in the order of an epoch: from the first-th to the one before the end-th. */
export interface Span {
  readonly first: number
  readonly end: number
}

/**
 * Trains one batch after the other, with turns for the event loop, until the loss is not finite. That of a loop is
 * longer than it may keep this thread for.
 *
 * @param rates the learning rate of each batch of the epoch; undefined: that of the optimiser
 * @param before the result of the epoch so far
 * @param isOver asked after each batch, and its turn; may throw
 * @returns both results together
 */
export async function trainBatches(
  trainer: Pick<Trainer, 'run'>,
  batchSize: number,
  { first, end }: Span,
  rates: Float64Array | undefined,
  before: Outcome,
  isOver: () => boolean,
): Promise<Outcome> {
  const turns = new Turns(TURN_MS)
  let outcome = before
  for (let next = first; next < end && Number.isFinite(outcome.loss); next += batchSize) {
    const batch = next / batchSize
    const n = Math.min(batchSize, end - next)
    outcome = await trainer.run(next, n, rates?.subarray(batch, batch + 1), outcome)
    await turns.pause()
    if (isOver()) break
  }
  return outcome
}
