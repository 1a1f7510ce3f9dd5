import { optimizerNames, type Optimizer } from '../../definition/optimizers.js'

/** An optimiser as assembly/step/structs.ts knows it; what its fields mean to each rule is said there. */
export interface OptimizerRecord {
  readonly rule: number
  readonly variant: boolean
  readonly learningRate: number
  readonly weightDecay: number
  readonly epsilon: number
  readonly decay1: number
  readonly decay2: number
  readonly extra1: number
  readonly extra2: number
}

export function optimizerRecord(o: Optimizer): OptimizerRecord {
  switch (o.type) {
    case 'sgd':
      return record(o, o.nesterov, o.weightDecay, 0, o.momentum)
    case 'adagrad':
      return record(o, false, o.weightDecay, o.epsilon, 0, 0, o.learningRateDecay)
    case 'rmsprop':
      return record(o, o.centered, o.weightDecay, o.epsilon, o.alpha, o.momentum)
    case 'adadelta':
      return record(o, false, o.weightDecay, o.epsilon, o.rho)
    case 'adam':
    case 'adamw':
      return record(o, o.amsgrad, o.weightDecay, o.epsilon, o.beta1, o.beta2)
    case 'nadam':
      return record(o, false, o.weightDecay, o.epsilon, o.beta1, o.beta2, o.momentumDecay)
    case 'rprop':
      return record(o, false, 0, 0, o.etaMinus, o.etaPlus, o.stepMin, o.stepMax)
  }
}

/** In one literal: by spreads of what rules do not use it took 1 µs, three of them a third of a fit of one small epoch (measured). */
function record(
  { type, learningRate }: Optimizer,
  variant: boolean,
  weightDecay: number,
  epsilon: number,
  decay1: number,
  decay2 = 0,
  extra1 = 0,
  extra2 = 0,
): OptimizerRecord {
  const rule = optimizerNames.indexOf(type)
  return { rule, variant, learningRate, weightDecay, epsilon, decay1, decay2, extra1, extra2 }
}
