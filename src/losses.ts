import type { ActivationName } from './activations.js'

/** The names, in the order of the numbers in assembly/loss.ts. */
export const lossNames = [
  'halfSquared',
  'meanAbsolute',
  'huber',
  'binaryCrossEntropy',
  'categoricalCrossEntropy',
] as const

/** What training makes small, by its name. */
export type LossName = (typeof lossNames)[number]

/** The output activation with which a loss is one formula, computed from z; null: it takes any. */
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
