import type { Optimizer } from '../../definition/optimizers.js'
import type { Floats } from '../../base/floats.js'
// The kernels define the order of the counters, and this engine follows it.
import { countersAt } from '../wasm/layout.generated.js'
import {
  adadelta,
  adagrad,
  adam,
  nadam,
  nadamMomentum,
  rmsprop,
  rprop,
  sgd,
  sgdMomentum,
} from './optimizers.js'

/**
 * One step of an optimiser on n parameters, as defined by torch.optim:
 *
 *     w         n   parameters, updated
 *     g         n   summed gradients (35), read
 *     slots     n   each: the optimiser's state, updated; each rule says what it keeps there
 *     counters      steps taken, β₁ and β₂ to the power of the steps, the product of nadam's momenta; updated
 *     scale         factor for a summed gradient: 1/samples for the mean
 */
export function update(
  o: Optimizer,
  w: Floats,
  g: Floats,
  slots: readonly Floats[],
  counters: Float64Array,
  scale: number,
): void {
  advance(o, counters)
  updateRange(o, w, g, slots, counters, scale)
}

/** Likewise for a range of the parameters, after `advance` has counted the step. */
export function updateRange(
  o: Optimizer,
  w: Floats,
  g: Floats,
  slots: readonly Floats[],
  counters: Float64Array,
  scale: number,
): void {
  const [s0, s1, s2] = slots
  const steps = counters[countersAt.steps]
  const power1 = counters[countersAt.power1]
  const power2 = counters[countersAt.power2]
  const product = counters[countersAt.product]
  switch (o.type) {
    case 'sgd':
      if (o.momentum === 0 && o.weightDecay === 0) return sgd(o, w, g, scale)
      return sgdMomentum(o, w, s0, g, scale)
    case 'adagrad':
      return adagrad(o, w, s0, g, scale, steps)
    case 'rmsprop':
      return rmsprop(o, w, s0, s1, s2, g, scale)
    case 'adadelta':
      return adadelta(o, w, s0, s1, g, scale)
    case 'adam':
    case 'adamw':
      return adam(o, w, s0, s1, s2, g, scale, power1, power2)
    case 'nadam':
      return nadam(o, w, s0, s1, g, scale, steps, power2, product)
    case 'rprop':
      return rprop(o, w, s0, s1, g, scale, steps === 1)
  }
}

/** Counts one step. */
export function advance(o: Optimizer, counters: Float64Array): void {
  const { steps, power1, power2, product } = countersAt
  if (counters[steps] === 0) counters[power1] = counters[power2] = counters[product] = 1
  counters[steps] += 1
  if (o.type !== 'adam' && o.type !== 'adamw' && o.type !== 'nadam') return
  counters[power1] *= o.beta1
  counters[power2] *= o.beta2
  if (o.type === 'nadam') counters[product] *= nadamMomentum(o, counters[steps])
}
