import { usualLoss } from '../definition/architecture.js'
import { fusedActivation, type LossName } from '../definition/losses.js'
import { isLabel, type Preprocessing } from '../model/column.js'
import type { ForeignLayer } from './layer-chain.js'

/** The loss with which a file says that its network was trained. */
export interface SaidLoss {
  /** undefined for one that is not here */
  readonly name: LossName | undefined
  /** as the file has it, for notes */
  readonly text: string
  /** whether it is of outputs before their activation */
  readonly ofLogits?: boolean
}

/**
 * The loss with which training goes on: that of the file where it fits the last layer, or the usual one.
 *
 * @param notes told of a loss that is not taken
 */
export function lossOf(
  { name, activation }: ForeignLayer,
  said: SaidLoss | undefined,
  preprocessing: Preprocessing | undefined,
  notes: string[],
): LossName {
  const type = activation?.type ?? 'linear'
  const fused = said?.name && fusedActivation(said.name)
  if (said?.name !== undefined && (fused === null || fused === type)) return said.name
  const areLabels = preprocessing?.outputs.some(isLabel) === true
  const loss = areLabels && usualLoss(type) === 'halfSquared' ? 'binaryCrossEntropy' : usualLoss(type)
  if (said !== undefined) {
    const way =
      said.ofLogits === true && fused ? `; { output: '${fused}' } makes probabilities of its logits` : ''
    notes.push(`${name}: trained with ${said.text}, training goes on with ${loss}${way}`)
  }
  return loss
}
