import { optimizerNames, type Optimizer } from '../optimizers.js'

/** An optimiser as assembly/plan.ts knows it; what its fields mean to each rule is said there. */
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
  const unused = { variant: false, weightDecay: 0, epsilon: 0, decay1: 0, decay2: 0, extra1: 0, extra2: 0 }
  const common = { ...unused, rule: optimizerNames.indexOf(o.type), learningRate: o.learningRate }
  switch (o.type) {
    case 'sgd':
      return { ...common, weightDecay: o.weightDecay, decay1: o.momentum, variant: o.nesterov }
    case 'adagrad':
      return { ...common, weightDecay: o.weightDecay, epsilon: o.epsilon, extra1: o.learningRateDecay }
    case 'rmsprop':
      return {
        ...common,
        weightDecay: o.weightDecay,
        epsilon: o.epsilon,
        decay1: o.alpha,
        decay2: o.momentum,
        variant: o.centered,
      }
    case 'adadelta':
      return { ...common, weightDecay: o.weightDecay, epsilon: o.epsilon, decay1: o.rho }
    case 'adam':
    case 'adamw':
      return {
        ...common,
        weightDecay: o.weightDecay,
        epsilon: o.epsilon,
        decay1: o.beta1,
        decay2: o.beta2,
        variant: o.amsgrad,
      }
    case 'nadam':
      return {
        ...common,
        weightDecay: o.weightDecay,
        epsilon: o.epsilon,
        decay1: o.beta1,
        decay2: o.beta2,
        extra1: o.momentumDecay,
      }
    case 'rprop':
      return { ...common, decay1: o.etaMinus, decay2: o.etaPlus, extra1: o.stepMin, extra2: o.stepMax }
  }
}
