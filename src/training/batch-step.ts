/** What trainers on this thread do for each batch. */
import type { Outcome } from '../engine/engine.js'
import type { Task } from '../engine/task.js'
import type { State } from '../state/state.js'

/** Sets the learning rate of the next batch; undefined: it stays. */
export function setRate(
  { engine, optimizer }: State,
  { regularization }: Pick<Task, 'regularization'>,
  rates: Float64Array | undefined,
): void {
  if (rates === undefined || optimizer === undefined) return
  engine.setOptimizer({ ...optimizer, learningRate: rates[0] }, regularization)
}

/** The result of the batches before and one with this loss, which was not completed unless that is finite. */
export function after({ loss, batches }: Outcome, batchLoss: number): Outcome {
  return { loss: loss + batchLoss, batches: batches + Number(Number.isFinite(batchLoss)) }
}
