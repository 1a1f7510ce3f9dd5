import type { Outcome } from '../engine/engine.js'
import { messageOf } from '../base/thrown.js'
import type { EpochPlan } from './epoch-outcome.js'
import type { LocalTrainer } from './local-trainer.js'
import type { StopSignal } from '../platform/stop.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'

/**
 * Why an epoch, counted from 1 on, was given up, and which weights the network has now.
 *
 * @param isPart the epoch had been begun before, and was gone on with
 */
export function failure(epoch: number, what: string, isPart: boolean, cause?: unknown): Error {
  const whole = epoch === 1 ? 'before the first epoch' : `after epoch ${epoch - 1}`
  const good = isPart ? 'of the checkpoint' : whole
  return new Error(`fit: ${what} epoch ${epoch}; the weights are those ${good}`, { cause })
}

/** Why a checkpoint could not be written after an epoch; the network is that of then. */
export function unwritten(epoch: number, cause: unknown): Error {
  const what = messageOf(cause)
  return new Error(`fit: checkpoint: ${what}; the weights are those after epoch ${epoch}`, { cause })
}

/** What is not finite after an epoch, the loss or a weight, and where it became that. */
export function notFinite({ loss, batches }: Outcome, where: string): string {
  if (!Number.isFinite(loss)) return `the loss is ${loss} in batch ${batches + 1}, ${where}`
  return `a weight stopped being a finite number in ${where}`
}

/**
 * The same of samples that are there: in which batch it was. Where it is a weight, the epoch is trained again to find it.
 *
 * @param trainer of the network as it was before the epoch, which it changes
 * @param rates the learning rate of each batch; undefined: that of the optimiser
 * @param done batches of the epoch that were trained before
 * @throws the signal's reason
 */
export async function whereItFailed(
  outcome: Outcome,
  trainer: LocalTrainer,
  plan: EpochPlan,
  rates: Float64Array | undefined,
  done: number,
  signal: StopSignal,
): Promise<string> {
  if (!Number.isFinite(outcome.loss)) return `the loss is ${outcome.loss} in batch ${outcome.batches + 1} of`
  return notFinite(outcome, `batch ${await batchOfOverflow(trainer, plan, rates, done, signal)} of`)
}

/** Trains an epoch again, up to the batch, counted from 1 on, after which a weight is not finite. */
async function batchOfOverflow(
  trainer: LocalTrainer,
  plan: EpochPlan,
  rates: Float64Array | undefined,
  done: number,
  signal: StopSignal,
): Promise<number> {
  const { rows } = trainer.x
  const { batchSize } = trainer
  const turns = new Turns(TURN_MS)
  await trainer.begin(plan.stream, plan.dropoutKey)
  for (let batch = done; batch * batchSize < rows; ++batch) {
    const first = batch * batchSize
    const rate = rates?.subarray(batch, batch + 1)
    await trainer.run(first, Math.min(batchSize, rows - first), rate, { loss: 0, batches: 0 })
    if (!trainer.isFinite()) return batch + 1
    await turns.pause()
    signal.throwIfAborted()
  }
  throw new Error('fit: expected weights that stop being finite once more')
}
