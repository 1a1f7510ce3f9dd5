import type { ActivationName } from './activations.js'

/** The names, in the order of the numbers in assembly/kernels/loss.ts. */
export const lossNames = [
  'halfSquared',
  'meanAbsolute',
  'huber',
  'binaryCrossEntropy',
  'categoricalCrossEntropy',
] as const

/** The function that training minimises, by name. */
export type LossName = (typeof lossNames)[number]

/** The output activation with which a loss is fused into one formula of z; null if it takes any activation. */
export function fusedActivation(loss: LossName): ActivationName | null {
  switch (loss) {
    case 'binaryCrossEntropy':
      return 'sigmoid'
    case 'categoricalCrossEntropy':
      return 'softmax'
    case 'halfSquared':
    case 'meanAbsolute':
    case 'huber':
      return null
  }
}
