import type { Optimizer } from '../../definition/optimizers.js'
import type { Floats } from '../../base/floats.js'
import { optimizerRecord } from '../wasm/optimizer-record.js'
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
 * One step of an optimiser on n parameters, as torch.optim defines it:
 *
 *     w         n   parameters, updated
 *     g         n   summed gradients (35), read
 *     slots     n   each: the optimiser's state, updated; each rule says what it keeps there
 *     counters  4   steps taken, the adam family's two decays to the power of the steps, the product of nadam's momenta; updated
 *     scale         what a summed gradient is multiplied by: 1/samples for the mean
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

/** The same of some of the parameters, for which `advance` has counted the step. */
export function updateRange(
  o: Optimizer,
  w: Floats,
  g: Floats,
  slots: readonly Floats[],
  counters: Float64Array,
  scale: number,
): void {
  const [s0, s1, s2] = slots
  const [steps, power1, power2, product] = counters
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
  const { decay1, decay2 } = optimizerRecord(o)
  if (counters[0] === 0) counters.fill(1, 1)
  counters[0] += 1
  if (o.type !== 'adam' && o.type !== 'adamw' && o.type !== 'nadam') return
  counters[1] *= decay1
  counters[2] *= decay2
  if (o.type === 'nadam') counters[3] *= nadamMomentum(o, counters[0])
}
