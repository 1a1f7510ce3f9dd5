import type { Activation } from '../../definition/activations.js'
import type { Floats } from '../../base/floats.js'
import { dropoutBits, thresholdOf } from '../dropout.js'
import { activations, type Activate } from './activation.js'
import { addGradient, addGradient4, affine, affine32 } from './products.js'

/** Number of samples whose activations and errors are kept together, for addGradient4. */
export const GROUP = 4

/** The arrays of one layer: views of its parameters and gradients, and its quantities for the samples s of a group. */
export class Layer {
  readonly activation: Activation
  /** units × inputs, row-major */
  readonly w: Floats
  /** units */
  readonly b: Floats
  readonly gradW: Floats
  readonly gradB: Floats
  /** GROUP × inputs: a_h of (38), the activations of the layer before */
  readonly inputs: readonly Float64Array[]
  /** units: z of (F1) and σ′(z) of (41), for the sample that went forward last */
  readonly z: Float64Array
  readonly sigmaPrime: Float64Array
  /** GROUP × units: activations and ∂C/∂z */
  readonly a: readonly Float64Array[]
  readonly delta: readonly Float64Array[]

  readonly #activate: Activate

  /** Its parameters begin at `start`, weights first, and its gradients likewise. */
  constructor(
    inputs: readonly Float64Array[],
    units: number,
    activation: Activation,
    parameters: Floats,
    gradients: Floats,
    start: number,
  ) {
    const biases = start + units * inputs[0].length
    this.activation = activation
    this.w = parameters.subarray(start, biases)
    this.b = parameters.subarray(biases, biases + units)
    this.gradW = gradients.subarray(start, biases)
    this.gradB = gradients.subarray(biases, biases + units)
    this.inputs = inputs
    this.z = new Float64Array(units)
    this.sigmaPrime = new Float64Array(units)
    this.a = groupArrays(units)
    this.delta = groupArrays(units)
    this.#activate = activations[activation.type]
  }

  /**
   * (F1), (F2) and (41) for sample s of the group. Where f32 may overflow, sums are computed in f32, so that what is
   * finite here is finite in WebAssembly too; f64 has a larger range.
   *
   * @param isLarge whether its inputs are so large that sums of them may overflow
   * @returns whether its activations may be that large
   */
  forward(s: number, isLarge: boolean): boolean {
    const { z, w, b, sigmaPrime } = this
    const a = this.a[s]
    affine(z, this.inputs[s], w, b)
    const isRounded = w instanceof Float32Array && (isLarge || hasLarge(z))
    if (isRounded) affine32(z, this.inputs[s], w, b)
    this.#activate(a, sigmaPrime, z, this.activation.shape)
    if (isRounded) for (let j = 0; j < a.length; ++j) a[j] = Math.fround(a[j])
    return isRounded
  }

  /**
   * Dropout of sample s of the group, which went forward last, as in assembly/kernels/dropout.ts.
   *
   * @param key of this layer's random numbers
   * @param position of the sample in the order of the epoch
   */
  drop(s: number, key: number, position: number, rate: number): void {
    const threshold = thresholdOf(rate)
    const scale = 1 / (1 - threshold / 2 ** 32)
    for (let j = 0; j < this.sigmaPrime.length; ++j) {
      const m = dropoutBits(key, j, position) < threshold ? 0 : scale
      this.a[s][j] *= m
      this.sigmaPrime[j] *= m
    }
  }

  /** (61), (64), (35): adds the gradients of the first n samples of the group. */
  addGradients(n: number): void {
    if (n === GROUP) addGradient4(this.gradW, this.gradB, this.delta, this.inputs)
    else for (let s = 0; s < n; ++s) addGradient(this.gradW, this.gradB, this.delta[s], this.inputs[s])
  }
}

/**
 * Values above this, or sums of them, may overflow f32, 2¹²⁸. If such terms sum to less than this, they cancel down
 * to the last bit of f64; that case goes undetected.
 */
const LARGE = 2 ** 64

/** Whether any value is NaN, or so large that f32 may overflow. */
export function hasLarge(values: Float64Array): boolean {
  for (let j = 0; j < values.length; ++j) if (!(Math.abs(values[j]) <= LARGE)) return true
  return false
}

/** One array per sample of a group. */
export function groupArrays(length: number): readonly Float64Array[] {
  return Array.from({ length: GROUP }, () => new Float64Array(length))
}
