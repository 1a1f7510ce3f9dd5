import { adadelta } from './optimizers/adadelta'
import { adagrad } from './optimizers/adagrad'
import { adam } from './optimizers/adam'
import { nadam, nadamMomentum } from './optimizers/nadam'
import { rmsprop } from './optimizers/rmsprop'
import { rprop } from './optimizers/rprop'
import { sgd, sgdMomentum } from './optimizers/sgd'
import { Optimizer, Rule } from './plan'

/** Counts one step of the optimiser; once before the ranges of that step are updated. */
export function advance(o: Optimizer): void {
  if (o.counters.steps == 0) {
    o.counters.power1 = 1
    o.counters.power2 = 1
    o.counters.product = 1
  }
  o.counters.steps += 1
  if (o.rule != Rule.adam && o.rule != Rule.adamw && o.rule != Rule.nadam) return
  o.counters.power1 *= o.decay1
  o.counters.power2 *= o.decay2
  if (o.rule == Rule.nadam) o.counters.product *= nadamMomentum(o, o.counters.steps)
}

/**
 * One step of an optimiser on a range of n parameters, as torch.optim defines it; `advance` has counted the step.
 *
 *     w         n   parameters, updated
 *     s0 s1 s2  n   the optimiser's state, updated; each rule says what it keeps there
 *     g         n   summed gradients (35), read
 *     scale         what a summed gradient is multiplied by: 1/samples for the mean
 */
export function update<T extends number>(
  o: Optimizer,
  w: usize,
  s0: usize,
  s1: usize,
  s2: usize,
  g: usize,
  scale: f64,
  n: usize,
): void {
  switch (o.rule) {
    case Rule.sgd:
      if (o.decay1 == 0 && o.weightDecay == 0) return sgd<T>(o, w, g, scale, n)
      return sgdMomentum<T>(o, w, s0, g, scale, n)
    case Rule.adagrad:
      return adagrad<T>(o, w, s0, g, scale, n)
    case Rule.rmsprop:
      return rmsprop<T>(o, w, s0, s1, s2, g, scale, n)
    case Rule.adadelta:
      return adadelta<T>(o, w, s0, s1, g, scale, n)
    case Rule.adam:
    case Rule.adamw:
      return adam<T>(o, w, s0, s1, s2, g, scale, n)
    case Rule.nadam:
      return nadam<T>(o, w, s0, s1, g, scale, n)
    case Rule.rprop:
      return rprop<T>(o, w, s0, s1, g, scale, n)
  }
}
