/**
 * The rules of torch.optim as its documentation writes them, one parameter θ at a time, in f64. Each takes the gradients of
 * all steps, those of step t at gradients[t − 1], and returns θ after every step.
 */
import type { Optimizer } from '../../src/definition/optimizers.js'

type Options<Type extends Optimizer['type']> = Extract<Optimizer, { readonly type: Type }>

export function referencePath(o: Optimizer, start: number, gradients: readonly number[]): number[] {
  switch (o.type) {
    case 'sgd':
      return sgd(o, start, gradients)
    case 'adagrad':
      return adagrad(o, start, gradients)
    case 'rmsprop':
      return rmsprop(o, start, gradients)
    case 'adadelta':
      return adadelta(o, start, gradients)
    case 'adam':
    case 'adamw':
      return adam(o, start, gradients)
    case 'nadam':
      return nadam(o, start, gradients)
    case 'rprop':
      return rprop(o, start, gradients)
  }
}

function sgd(o: Options<'sgd'>, start: number, gradients: readonly number[]): number[] {
  let [θ, b] = [start, 0]
  return gradients.map((given) => {
    const g = given + o.weightDecay * θ
    b = o.momentum * b + g
    return (θ -= o.learningRate * (o.nesterov ? g + o.momentum * b : b))
  })
}

function adagrad(o: Options<'adagrad'>, start: number, gradients: readonly number[]): number[] {
  let [θ, sum] = [start, 0]
  return gradients.map((given, i) => {
    const t = i + 1
    const g = given + o.weightDecay * θ
    sum += g ** 2
    const rate = o.learningRate / (1 + (t - 1) * o.learningRateDecay)
    return (θ -= (rate * g) / (Math.sqrt(sum) + o.epsilon))
  })
}

function rmsprop(o: Options<'rmsprop'>, start: number, gradients: readonly number[]): number[] {
  let [θ, v, mean, b] = [start, 0, 0, 0]
  return gradients.map((given) => {
    const g = given + o.weightDecay * θ
    v = o.alpha * v + (1 - o.alpha) * g ** 2
    mean = o.alpha * mean + (1 - o.alpha) * g
    const variance = o.centered ? v - mean ** 2 : v
    b = o.momentum * b + g / (Math.sqrt(variance) + o.epsilon)
    return (θ -= o.learningRate * b)
  })
}

function adadelta(o: Options<'adadelta'>, start: number, gradients: readonly number[]): number[] {
  let [θ, v, u] = [start, 0, 0]
  return gradients.map((given) => {
    const g = given + o.weightDecay * θ
    v = o.rho * v + (1 - o.rho) * g ** 2
    const Δ = (Math.sqrt(u + o.epsilon) / Math.sqrt(v + o.epsilon)) * g
    u = o.rho * u + (1 - o.rho) * Δ ** 2
    return (θ -= o.learningRate * Δ)
  })
}

function adam(o: Options<'adam' | 'adamw'>, start: number, gradients: readonly number[]): number[] {
  let [θ, m, v, largest] = [start, 0, 0, 0]
  return gradients.map((given, i) => {
    const t = i + 1
    const g = o.type === 'adam' ? given + o.weightDecay * θ : given
    if (o.type === 'adamw') θ -= o.learningRate * o.weightDecay * θ
    m = o.beta1 * m + (1 - o.beta1) * g
    v = o.beta2 * v + (1 - o.beta2) * g ** 2
    largest = Math.max(largest, v)
    const mHat = m / (1 - o.beta1 ** t)
    const vHat = (o.amsgrad ? largest : v) / (1 - o.beta2 ** t)
    return (θ -= (o.learningRate * mHat) / (Math.sqrt(vHat) + o.epsilon))
  })
}

/** As PyTorch has it since 2.0; before, the product of the next step had one factor μₜ too many. */
function nadam(o: Options<'nadam'>, start: number, gradients: readonly number[]): number[] {
  const μ = (t: number): number => o.beta1 * (1 - 0.5 * 0.96 ** (t * o.momentumDecay))
  let [θ, m, v, product] = [start, 0, 0, 1]
  return gradients.map((given, i) => {
    const t = i + 1
    const g = given + o.weightDecay * θ
    product *= μ(t)
    m = o.beta1 * m + (1 - o.beta1) * g
    v = o.beta2 * v + (1 - o.beta2) * g ** 2
    const mHat = (μ(t + 1) * m) / (1 - product * μ(t + 1)) + ((1 - μ(t)) * g) / (1 - product)
    const vHat = v / (1 - o.beta2 ** t)
    return (θ -= (o.learningRate * mHat) / (Math.sqrt(vHat) + o.epsilon))
  })
}

function rprop(o: Options<'rprop'>, start: number, gradients: readonly number[]): number[] {
  let [θ, last, step] = [start, 0, o.learningRate]
  return gradients.map((given) => {
    const turn = Math.sign(given * last)
    if (turn === 1) step = Math.min(step * o.etaPlus, o.stepMax)
    if (turn === -1) step = Math.max(step * o.etaMinus, o.stepMin)
    last = turn === -1 ? 0 : given
    return (θ -= Math.sign(last) * step)
  })
}
