import { isRecord, show } from '../../base/check.js'
import type { LossName } from '../../definition/losses.js'
import type { SaidLoss } from '../loss.js'
import { plain } from './plain.js'

/** By Keras's names without their case and underscores; TensorFlow.js has the same. */
const losses: ReadonlyMap<string, LossName> = new Map([
  ['mse', 'halfSquared'],
  ['meansquarederror', 'halfSquared'],
  ['mae', 'meanAbsolute'],
  ['meanabsoluteerror', 'meanAbsolute'],
  ['huber', 'huber'],
  ['binarycrossentropy', 'binaryCrossEntropy'],
  ['categoricalcrossentropy', 'categoricalCrossEntropy'],
  ['sparsecategoricalcrossentropy', 'categoricalCrossEntropy'],
])

/**
 * The loss with which a model was compiled.
 *
 * @param training what the file says of it: `{ loss: 'mse' }`, `{ loss: { class_name: 'Huber', config: { delta: 1 } } }`,
 *   in a list or by the name of the output where a model may have several
 * @returns undefined for none
 */
export function kerasLoss(training: unknown): SaidLoss | undefined {
  const given = isRecord(training) ? training.loss : undefined
  if (given === undefined || given === null) return undefined
  const { class_name: className } = isRecord(given) ? given : {}
  const all =
    Array.isArray(given) || (isRecord(given) && className === undefined) ? Object.values(given) : [given]
  if (all.length !== 1) return { name: undefined, text: 'several losses' }
  return lossIn(all[0])
}

function lossIn(loss: unknown): SaidLoss {
  const { class_name: className = loss, config } = isRecord(loss) ? loss : {}
  const named = className === 'function' ? config : className
  if (typeof named !== 'string') return { name: undefined, text: show(named) }
  const name = losses.get(plain(named))
  const { from_logits: ofLogits, label_smoothing: smoothing = 0, delta = 1 } = isRecord(config) ? config : {}
  if (delta !== 1) return { name: undefined, text: `${named} of delta ${show(delta)}` }
  if (smoothing !== 0) return { name: undefined, text: `${named} of smoothed labels` }
  return ofLogits === true ? { name, text: `${named} of logits`, ofLogits } : { name, text: named }
}
