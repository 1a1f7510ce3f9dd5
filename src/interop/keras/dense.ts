import { rangeError } from '../../base/argument-error.js'
import type { LayerChain } from '../layer-chain.js'
import { transposed } from '../numbers.js'
import { showShape } from './sample-shape.js'

/** Numbers of a layer, row-major. */
export interface KerasWeight {
  readonly shape: readonly number[]
  readonly numbers: Float64Array
}

/**
 * z = kernelᵀ·a + bias
 *
 * @param weights kernel, and bias if it has one
 * @throws RangeError unless they fit
 */
export function addDense(chain: LayerChain, label: string, weights: readonly KerasWeight[]): void {
  const [kernel, bias] = weights as readonly [KerasWeight, KerasWeight?]
  const [inputs, units] = checkKernel(label, kernel)
  if (bias !== undefined) checkLength(`${label}.bias`, bias, units)
  const biases = bias?.numbers ?? new Float64Array(units)
  chain.affine(label, inputs, transposed(kernel.numbers, inputs, units), biases)
}

/** @throws RangeError unless it has two lengths */
export function checkKernel(label: string, { shape }: KerasWeight): readonly [inputs: number, units: number] {
  const [inputs, units] = shape
  if (shape.length === 2 && inputs > 0 && units > 0) return [inputs, units]
  throw rangeError(`${label}.kernel`, '[inputs, units]', showShape(shape))
}

/** @throws RangeError unless it has one number for each unit */
export function checkLength(label: string, { shape }: KerasWeight, length: number): void {
  if (shape.length !== 1 || shape[0] !== length) {
    throw rangeError(label, `${length} numbers, one for each unit`, showShape(shape))
  }
}
