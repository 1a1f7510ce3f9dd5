import { isRecord } from '../../base/check.js'
import type { LossName } from '../../definition/losses.js'

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
 * @returns undefined for none, and for one that is not here
 */
export function kerasLoss(training: unknown): LossName | undefined {
  const given = isRecord(training) ? training.loss : undefined
  const only = Array.isArray(given) && given.length === 1 ? (given as unknown[])[0] : given
  if (typeof only === 'string') return losses.get(bare(only))
  if (!isRecord(only)) return undefined
  const { class_name: name, config } = only
  if (name === undefined) {
    const [first, second] = Object.values(only)
    return typeof first === 'string' && second === undefined ? losses.get(bare(first)) : undefined
  }
  const named = name === 'function' ? config : name
  const hasOtherDelta = isRecord(config) && config.delta !== undefined && config.delta !== 1
  return typeof named === 'string' && !hasOtherDelta ? losses.get(bare(named)) : undefined
}

function bare(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
