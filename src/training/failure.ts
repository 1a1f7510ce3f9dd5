import type { Outcome } from '../engine/engine.js'
import type { LocalTrainer } from './local-trainer.js'
import { TURN_MS, Turns } from './turns.js'

/** Why an epoch, counted from 1 on, was given up, and which weights the network has now. */
export function failure(epoch: number, what: string, cause?: unknown): Error {
  const good = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

/**
 * What is not finite after an epoch, the loss or a weight, and in which batch it became that. Where it is a weight, the epoch is trained
 * again to find it.
 *
 * @param trainer of the network as it was before the epoch, which it changes
 * @param rates the learning rate of each batch; undefined: that of the optimiser
 */
export async function whereItFailed(
  { loss, batches }: Outcome,
  trainer: LocalTrainer,
  stream: string | undefined,
  dropoutKey: number,
  rates: Float64Array | undefined,
): Promise<string> {
  if (!Number.isFinite(loss)) return `the loss is ${loss} in batch ${batches + 1} of`
  const batch = await batchOfOverflow(trainer, stream, dropoutKey, rates)
  return `a weight stopped being a finite number in batch ${batch} of`
}

/** Trains an epoch again, up to the batch, counted from 1 on, after which a weight is not finite. */
async function batchOfOverflow(
  trainer: LocalTrainer,
  stream: string | undefined,
  dropoutKey: number,
  rates: Float64Array | undefined,
): Promise<number> {
  const { rows } = trainer.x
  const { batchSize } = trainer
  const turns = new Turns(TURN_MS)
  trainer.begin(stream, dropoutKey)
  for (let batch = 0; batch * batchSize < rows; ++batch) {
    const first = batch * batchSize
    const rate = rates?.subarray(batch, batch + 1)
    trainer.run(first, Math.min(batchSize, rows - first), rate, { loss: 0, batches: 0 })
    if (!trainer.isFinite()) return batch + 1
    await turns.pause()
  }
  throw new Error('fit: expected weights that stop being finite once more')
}
