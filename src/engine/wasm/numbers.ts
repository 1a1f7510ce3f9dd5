/**
 * The names that TypeScript uses for activations, losses and optimisers, in the order of their numbers in the
 * kernels; any other order does not compile.
 */
import { activationNames } from '../../definition/activations.js'
import { lossNames } from '../../definition/losses.js'
import { optimizerNames } from '../../definition/optimizers.js'
import type { activationOrder, lossOrder, ruleOrder } from './layout.generated.js'

export const activations: typeof activationOrder = activationNames
export const losses: typeof lossOrder = lossNames
export const rules: typeof ruleOrder = optimizerNames
