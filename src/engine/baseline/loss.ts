import { log } from '../../base/elementary.js'
import type { LossName } from '../../definition/losses.js'
import { exp, log1p } from './elementary.js'

/**
 * Loss (33) and error (60) of the output layer for one sample; returns the loss:
 *
 *     C(y, o)        delta[j] = ∂C/∂z[j]
 *
 *     delta       nOut   overwritten; must not be any of the others
 *     sigmaPrime  nOut   σ′(z); unused after a softmax or with a cross entropy
 *     o           nOut   outputs
 *     y           nOut   targets
 *     z           nOut   pre-activations; cross entropies are computed from them, without overflow or loss of gradient
 *     limit              a difference counts as infinite from here on: what f32 rounds to infinity, or infinity itself
 */
export function outputDelta(
  loss: LossName,
  isSoftmax: boolean,
  delta: Float64Array,
  sigmaPrime: Float64Array,
  o: Float64Array,
  y: Float64Array,
  z: Float64Array,
  limit: number,
): number {
  switch (loss) {
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(delta, o, y, z)
    case 'categoricalCrossEntropy':
      return categoricalCrossEntropy(delta, o, y, z, limit)
    case 'halfSquared':
    case 'meanAbsolute':
    case 'huber': {
      const total = elementwise(loss, delta, o, y, limit)
      if (isSoftmax) applySoftmax(delta, o, limit)
      else for (let j = 0; j < delta.length; ++j) delta[j] *= sigmaPrime[j]
      return total
    }
  }
}

/**
 * Losses that are a sum over outputs of a function of d = o − y; (33) is ½d², and its derivative, a factor of (56),
 * is d. delta = ∂C/∂a.
 */
function elementwise(
  loss: 'halfSquared' | 'meanAbsolute' | 'huber',
  delta: Float64Array,
  o: Float64Array,
  y: Float64Array,
  limit: number,
): number {
  let total = 0
  for (let j = 0; j < delta.length; ++j) {
    const d = limited(o[j] - y[j], limit)
    const size = Math.abs(d)
    if (loss === 'halfSquared' || (loss === 'huber' && size < 1)) {
      total += 0.5 * d * d
      delta[j] = d
    } else {
      // |d|, for huber |d| − ½
      total += loss === 'huber' ? size - 0.5 : size
      delta[j] = Math.sign(d)
    }
  }
  return total
}

/** delta[j] = o[j]·(d[j] − Σᵢ d[i]·o[i]), where delta holds d = ∂C/∂a: applies the Jacobian of softmax. */
function applySoftmax(delta: Float64Array, o: Float64Array, limit: number): void {
  let mean = 0
  for (let j = 0; j < delta.length; ++j) mean = limited(mean + delta[j] * o[j], limit)
  for (let j = 0; j < delta.length; ++j) delta[j] = o[j] * limited(delta[j] - mean, limit)
}

/** C = Σⱼ max(z, 0) − z·y + log(1 + e^−|z|),  ∂C/∂z = σ(z) − y: sigmoid and cross entropy in one. */
function binaryCrossEntropy(delta: Float64Array, o: Float64Array, y: Float64Array, z: Float64Array): number {
  let total = 0
  for (let j = 0; j < delta.length; ++j) {
    total += Math.max(z[j], 0) - z[j] * y[j] + log1p(exp(-Math.abs(z[j])))
    delta[j] = o[j] - y[j]
  }
  return total
}

/**
 * C = Σⱼ y[j]·(log Σᵢ e^z[i] − z[j]),  ∂C/∂z[j] = o[j]·Σᵢ y[i] − y[j]: softmax and cross entropy in one. The
 * logarithm of the sum is m − log(max o), m = max z: the largest output is 1/Σᵢ e^(z[i] − m), and never underflows.
 */
function categoricalCrossEntropy(
  delta: Float64Array,
  o: Float64Array,
  y: Float64Array,
  z: Float64Array,
  limit: number,
): number {
  let m = z[0]
  let largest = o[0]
  let targets = y[0]
  for (let j = 1; j < delta.length; ++j) {
    m = Math.max(m, z[j])
    largest = Math.max(largest, o[j])
    targets += y[j]
  }
  const logSum = m - log(largest)
  let total = 0
  for (let j = 0; j < delta.length; ++j) {
    total += y[j] * limited(logSum - z[j], limit)
    delta[j] = o[j] * targets - y[j]
  }
  return total
}

function limited(difference: number, limit: number): number {
  return Math.abs(difference) < limit ? difference : difference * Infinity
}
