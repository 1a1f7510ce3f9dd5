import { rangeError } from '../base/argument-error.js'
import type { Architecture } from '../definition/architecture.js'
import { fusedActivation, type LossName } from '../definition/losses.js'
import { newFloats, type Floats } from '../base/floats.js'

/**
 * ∂C/∂a of the output layer for one sample, as `trace` shows it: o − y, a factor of (56), or the derivative of the
 * chosen loss.
 *
 *     o  nOut   outputs
 *     y  nOut   targets
 *
 * In a cross entropy, a term whose target is 0 has derivative 0, even where its output is 0.
 */
export function outputError(loss: LossName, o: Floats, y: Floats): Floats {
  switch (loss) {
    case 'halfSquared':
      return o.map((oj, j) => oj - y[j])
    case 'meanAbsolute':
      return o.map((oj, j) => Math.sign(oj - y[j]))
    case 'huber':
      return o.map((oj, j) => Math.max(-1, Math.min(1, oj - y[j])))
    case 'binaryCrossEntropy':
      // (o − y)/(o·(1 − o)), its two terms apart
      return o.map((oj, j) => ratio(1 - y[j], 1 - oj) - ratio(y[j], oj))
    case 'categoricalCrossEntropy':
      return o.map((oj, j) => -ratio(y[j], oj))
  }
}

/** With this many units, an f64 Jacobian takes 512 MiB. */
const MAX_JACOBIAN_UNITS = 8192

/**
 * ∂a/∂z of layer l for one sample, as `trace` shows it: the vector σ′(z), (41), or, after a softmax or with a cross
 * entropy, the matrix, nOut × nOut, row-major: the diagonal matrix of σ′(z), or the Jacobian of softmax,
 *
 *     J[i][j] = a[i]·(1 if i = j) − a[i]·a[j]
 */
export function activationDerivative(
  { layers, loss }: Architecture,
  l: number,
  a: Floats,
  sigmaPrime: Floats,
): Floats {
  const isSoftmax = layers[l].activation.type === 'softmax'
  const isFused = l === layers.length - 1 && fusedActivation(loss) !== null
  if (!isSoftmax && !isFused) return sigmaPrime
  const n = a.length
  if (n > MAX_JACOBIAN_UNITS) {
    throw rangeError('trace', `at most ${MAX_JACOBIAN_UNITS} outputs, whose Jacobian it holds`, n)
  }
  const matrix = newFloats(n * n, a instanceof Float32Array ? 'f32' : 'f64')
  for (let i = 0; i < n; ++i) {
    if (isSoftmax) {
      for (let j = 0; j < n; ++j) matrix[i * n + j] = -a[i] * a[j]
      matrix[i * n + i] = a[i] * (1 - a[i])
    } else {
      matrix[i * n + i] = sigmaPrime[i]
    }
  }
  return matrix
}

/** p/q, or 0 where p is 0. */
function ratio(p: number, q: number): number {
  return p === 0 ? 0 : p / q
}
