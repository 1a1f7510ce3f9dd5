import type { LocalTrainer } from './local-trainer.js'
import { nextTask } from './next-task.js'

/** Why an epoch, counted from 1 on, was given up, and which weights the network has now. */
export function failure(epoch: number, what: string, cause?: unknown): Error {
  const good = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

/** Between two looks at the event loop, in milliseconds. */
const TURN_MS = 8

/**
 * Trains an epoch again, whose losses were finite but whose weights are not, and returns the number of the batch that made them so,
 * from 1 on.
 *
 * @param rateOf the learning rate of a batch, from 0 on; undefined: that of the optimiser
 */
export async function batchOfOverflow(
  trainer: LocalTrainer,
  stream: string | undefined,
  rateOf: ((batch: number) => number) | undefined,
): Promise<number> {
  const { rows } = trainer.x
  const { batchSize } = trainer
  trainer.begin(stream)
  let lastTurn = performance.now()
  for (let batch = 0; batch * batchSize < rows; ++batch) {
    const first = batch * batchSize
    const rates = rateOf && Float64Array.of(rateOf(batch))
    trainer.run(first, Math.min(batchSize, rows - first), rates, { loss: 0, batches: 0 })
    if (!trainer.isFinite()) return batch + 1
    if (performance.now() - lastTurn < TURN_MS) continue
    await nextTask()
    lastTurn = performance.now()
  }
  throw new Error('batchOfOverflow: expected weights that stop being finite')
}
