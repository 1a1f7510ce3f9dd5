/** What is done about gradients and weights beside the rule of the optimiser, in this order; 0: not. */
export interface Regularization {
  /** λ₁ and λ₂: the mean loss of a batch grows by λ₁·Σ|w| + ½·λ₂·Σw², over all weights, not biases; losses are told without */
  readonly l1: number
  readonly l2: number
  /** the most that a mean gradient may be, either way */
  readonly clipValue: number
  /** the most that the norm of the mean gradients of one matrix of weights, or one vector of biases, may be */
  readonly clipNorm: number
  /** the most that the norm of all mean gradients may be */
  readonly clipGlobalNorm: number
  /** the most that the norm of the weights of one neuron may be after the update */
  readonly maxWeightNorm: number
  /** 1 − decay of the moving average of the parameters, which is updated last */
  readonly averageTake: number
}

export const unregularized: Regularization = {
  l1: 0,
  l2: 0,
  clipValue: 0,
  clipNorm: 0,
  clipGlobalNorm: 0,
  maxWeightNorm: 0,
  averageTake: 0,
}

/** Whether any of it is done. */
export function isActive(regularization: Regularization): boolean {
  return Object.values(regularization).some((value: number) => value > 0)
}
