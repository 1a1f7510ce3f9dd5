import type { Activation } from '../../activations.js'
import type { Floats } from '../../floats.js'
import { dropoutBits, thresholdOf } from '../dropout.js'
import { activations, type Activate } from './activation.js'
import { addGradient, addGradient4, affine } from './products.js'

/** Samples whose activations and errors are kept at once, for addGradient4. */
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
  /** units: z and σ′(z), (39)–(41), of the sample that went forward last */
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
    this.a = rows(units)
    this.delta = rows(units)
    this.#activate = activations[activation.type]
  }

  /** (39)–(41) for sample s of the group. */
  forward(s: number): void {
    affine(this.z, this.inputs[s], this.w, this.b)
    this.#activate(this.a[s], this.sigmaPrime, this.z, this.activation.shape)
  }

  /**
   * Dropout of sample s of the group, which went forward last, as in assembly/dropout.ts.
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

/** One row per sample of a group. */
export function rows(length: number): readonly Float64Array[] {
  return Array.from({ length: GROUP }, () => new Float64Array(length))
}
