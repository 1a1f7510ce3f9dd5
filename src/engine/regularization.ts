/** What is done to gradients and weights besides the optimiser's rule, in this order; 0 disables an entry. */
export interface Regularization {
  /**
   * λ₁ and λ₂: the mean loss of a batch grows by λ₁·Σ|w| + ½·λ₂·Σw², over all weights, not biases; reported losses
   * exclude it
   */
  readonly l1: number
  readonly l2: number
  /** largest absolute value of a mean gradient */
  readonly clipValue: number
  /** largest norm of the mean gradients of one weight matrix or one bias vector */
  readonly clipNorm: number
  /** largest norm of all mean gradients together */
  readonly clipGlobalNorm: number
  /** largest norm of the weights of one neuron after the update */
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

/** Whether any entry is enabled. */
export function isActive(regularization: Regularization): boolean {
  return Object.values(regularization).some((value: number) => value > 0)
}
