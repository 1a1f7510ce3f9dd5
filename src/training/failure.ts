import type { LocalTrainer } from './local-trainer.js'
import { Turns } from './turns.js'

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
 * @param rates the learning rate of each batch; undefined: that of the optimiser
 */
export async function batchOfOverflow(
  trainer: LocalTrainer,
  stream: string | undefined,
  rates: Float64Array | undefined,
): Promise<number> {
  const { rows } = trainer.x
  const { batchSize } = trainer
  const turns = new Turns(TURN_MS)
  trainer.begin(stream)
  for (let batch = 0; batch * batchSize < rows; ++batch) {
    const first = batch * batchSize
    const rate = rates?.subarray(batch, batch + 1)
    trainer.run(first, Math.min(batchSize, rows - first), rate, { loss: 0, batches: 0 })
    if (!trainer.isFinite()) return batch + 1
    await turns.pause()
  }
  throw new Error('fit: expected weights that stop being finite once more')
}
