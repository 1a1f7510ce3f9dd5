/** The numbers by which the kernels know names. Unless the names are in the order of the kernels' own, this does not compile. */
import { activationNames, type ActivationName } from '../../definition/activations.js'
import { lossNames, type LossName } from '../../definition/losses.js'
import { optimizerNames, type OptimizerName } from '../../definition/optimizers.js'
import type { activationOrder, lossOrder, ruleOrder } from './layout.generated.js'

const activations: typeof activationOrder = activationNames
const losses: typeof lossOrder = lossNames
const rules: typeof ruleOrder = optimizerNames

export function activationNumber(name: ActivationName): number {
  return activations.indexOf(name)
}

export function lossNumber(name: LossName): number {
  return losses.indexOf(name)
}

export function ruleNumber(name: OptimizerName): number {
  return rules.indexOf(name)
}
