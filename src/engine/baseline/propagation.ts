import type { Architecture } from '../../definition/architecture.js'
import { newFloats, type Floats } from '../../base/floats.js'
import { activationDerivative, outputError } from '../derivative.js'
import { layerKey } from '../dropout.js'
import type { EngineArrays, LayerTrace, Sampling } from '../engine.js'
import { GROUP, groupArrays, hasLarge, Layer } from './layer.js'
import { outputDelta } from './loss.js'
import { addGradient, hiddenDelta, hiddenError } from './products.js'

/** The arrays of an engine that propagation reads and writes. */
type Arrays = Pick<EngineArrays, 'parameters' | 'gradients' | 'x' | 'y' | 'order' | 'weights'>

/**
 * Forward and backward propagation of the staged samples: one at a time through all layers, and gradients summed over
 * four, a group.
 */
export class Propagation {
  readonly layers: readonly Layer[]
  /** the output layer */
  readonly top: Layer
  /** how the samples count that are being propagated */
  sampling: Sampling = {}

  readonly #spec: Architecture
  readonly #x: Floats
  readonly #y: Floats
  readonly #order: Uint32Array
  readonly #weights: Floats
  /** one row of x per sample of a group */
  readonly #inputs: readonly Float64Array[]
  readonly #target: Float64Array
  /**
   * whether activations of the layer computed last are so large that sums of them may overflow f32: see
   * Layer.forward
   */
  #isLarge = false

  constructor(spec: Architecture, { parameters, gradients, x, y, order, weights }: Arrays) {
    this.#spec = spec
    this.#x = x
    this.#y = y
    this.#order = order
    this.#weights = weights
    this.#inputs = groupArrays(spec.inputs)
    this.#target = new Float64Array(spec.layers[spec.layers.length - 1].units)
    this.layers = createLayers(spec, this.#inputs, parameters, gradients)
    this.top = this.layers[this.layers.length - 1]
  }

  /** Adds the gradients (35) of n samples starting at `first`; returns total plus their summed loss (34). */
  accumulate(first: number, n: number, total: number): number {
    for (let i = 0; i < n; i += GROUP) {
      const count = Math.min(GROUP, n - i)
      for (let s = 0; s < count; ++s) total += this.#errors(this.#order[first + i + s], s, first + i + s)
      for (const layer of this.layers) layer.addGradients(count)
    }
    return total
  }

  /**
   * ∂C/∂z of every layer, (60) and (59), for one row, number i in order, as sample s of the group; returns its loss
   * (33).
   */
  #errors(row: number, s: number, i: number): number {
    this.forward(row, s, i)
    const loss = this.outputDelta(row, s, this.weightOf(row))
    for (let l = this.layers.length - 1; l > 0; --l) this.hiddenDelta(l, s)
    return loss
  }

  forward(row: number, s: number, i = 0): void {
    this.take(row, s)
    for (let l = 0; l < this.layers.length; ++l) this.forwardLayer(l, s, i)
  }

  /** Loads a row as sample s of the group. */
  take(row: number, s: number): void {
    copyRow(this.#inputs[s], this.#x, row)
    this.#isLarge = this.#spec.precision === 'f32' && hasLarge(this.#inputs[s])
  }

  forwardLayer(l: number, s: number, i: number): void {
    const { dropout } = this.sampling
    const layer = this.layers[l]
    this.#isLarge = layer.forward(s, this.#isLarge)
    if (dropout === undefined || dropout.rates[l] === 0) return
    layer.drop(s, layerKey(dropout.key, l), dropout.position + i, dropout.rates[l])
  }

  /** The errors (59) of the layer before layer l, for sample s of the group. */
  hiddenDelta(l: number, s: number): void {
    const { delta, sigmaPrime } = this.layers[l - 1]
    const after = this.layers[l]
    hiddenDelta(delta[s], sigmaPrime, after.delta[s], after.w)
  }

  /** How often a row counts. */
  weightOf(row: number): number {
    return this.sampling.weighted === true ? this.#weights[row] : 1
  }

  /**
   * The loss of one sample times its weight, which also scales its error; rounded to the network's precision, as in
   * the other engine.
   */
  outputDelta(row: number, s: number, weight = 1): number {
    const { activation, delta, sigmaPrime, a, z } = this.top
    const isSoftmax = activation.type === 'softmax'
    copyRow(this.#target, this.#y, row)
    const limit = this.#spec.precision === 'f64' ? Infinity : LIMIT_F32
    const { loss: name } = this.#spec
    const loss = weight * outputDelta(name, isSoftmax, delta[s], sigmaPrime, a[s], this.#target, z, limit)
    if (weight !== 1) for (let j = 0; j < delta[s].length; ++j) delta[s][j] *= weight
    return this.#spec.precision === 'f64' ? loss : Math.fround(loss)
  }

  /** The derivation for the first sample in order; its gradients are in arrays of their own. */
  trace(): { loss: number; layers: LayerTrace[] } {
    const loss = this.#errors(this.#order[0], 0, 0)
    return { loss, layers: this.layers.map((_, l) => this.#traceLayer(l)) }
  }

  /** The quantities of layer l, after #errors of sample 0. */
  #traceLayer(l: number): LayerTrace {
    const layer = this.layers[l]
    const { z, sigmaPrime } = layer
    const [inputs, a, delta] = [layer.inputs[0], layer.a[0], layer.delta[0]]
    const gradW = this.#floats(delta.length * inputs.length)
    const gradB = this.#floats(delta.length)
    addGradient(gradW, gradB, delta, inputs)
    return {
      inputs: this.#rounded(inputs),
      z: this.#rounded(z),
      a: this.#rounded(a),
      sigmaPrime: this.#rounded(activationDerivative(this.#spec, l, a, sigmaPrime)),
      dC_da: this.#rounded(this.#traceError(l)),
      dC_dz: this.#rounded(delta),
      gradW,
      gradB,
    }
  }

  /** ∂C/∂a of layer l, after #errors of sample 0. */
  #traceError(l: number): Floats {
    if (l + 1 === this.layers.length) return outputError(this.#spec.loss, this.top.a[0], this.#target)
    const { w, delta, inputs } = this.layers[l + 1]
    const dC_da = new Float64Array(inputs[0].length)
    hiddenError(dC_da, delta[0], w)
    return dC_da
  }

  /** Zeros in the network's precision. */
  #floats(length: number): Floats {
    return newFloats(length, this.#spec.precision)
  }

  /** A copy in the network's precision. */
  #rounded(source: Floats): Floats {
    const copy = this.#floats(source.length)
    copy.set(source)
    return copy
  }
}

function createLayers(
  spec: Architecture,
  samples: readonly Float64Array[],
  parameters: Floats,
  gradients: Floats,
): Layer[] {
  const layers: Layer[] = []
  let inputs = samples
  let start = 0
  for (const { units, activation } of spec.layers) {
    const layer = new Layer(inputs, units, activation, parameters, gradients, start)
    layers.push(layer)
    inputs = layer.a
    start += layer.w.length + units
  }
  return layers
}

/** The smallest number that f32 rounds to infinity: half an ulp above its largest number. */
const LIMIT_F32 = 2 ** 128 - 2 ** 103

/** Copies one row of a row-major matrix whose rows are as long as `target`. */
function copyRow(target: Float64Array, matrix: Floats, row: number): void {
  const start = row * target.length
  for (let i = 0; i < target.length; ++i) target[i] = matrix[start + i]
}
