import type { Architecture } from '../../definition/architecture.js'
import { newFloats, type Floats, type Precision } from '../../base/floats.js'
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
  /** how samples count; set before any are propagated */
  sampling: Sampling = {}

  readonly #spec: Architecture
  readonly #arrays: Arrays
  /** one row of x per sample of a group */
  readonly #inputs: readonly Float64Array[]
  readonly #target: Float64Array
  /**
   * whether activations of the layer computed last are so large that sums of them may overflow f32: see
   * Layer.forward
   */
  #isLarge = false

  constructor(spec: Architecture, arrays: Arrays) {
    this.#spec = spec
    this.#arrays = arrays
    this.#inputs = groupArrays(spec.inputs)
    this.#target = new Float64Array(spec.layers[spec.layers.length - 1].units)
    this.layers = createLayers(spec, this.#inputs, arrays)
    this.top = this.layers[this.layers.length - 1]
  }

  /** Adds the gradients (35) of n samples starting at `first`; returns total plus their summed loss (34). */
  accumulate(first: number, n: number, total: number): number {
    for (let i = 0; i < n; i += GROUP) {
      const count = Math.min(GROUP, n - i)
      for (let s = 0; s < count; ++s) total += this.#errors(first + i + s, s)
      for (const layer of this.layers) layer.addGradients(count)
    }
    return total
  }

  /** ∂C/∂z of every layer, (60) and (59), for sample i in order as sample s of the group; returns its loss (33). */
  #errors(i: number, s: number): number {
    this.forward(i, s)
    const loss = this.outputDelta(i, s)
    for (let l = this.layers.length - 1; l > 0; --l) this.hiddenDelta(l, s)
    return loss
  }

  /** Activations of every layer, for sample i in order as sample s of the group. */
  forward(i: number, s: number): void {
    this.load(i, s)
    for (let l = 0; l < this.layers.length; ++l) this.forwardLayer(l, i, s)
  }

  /** Loads sample i in order as sample s of the group. */
  load(i: number, s: number): void {
    const { x, order } = this.#arrays
    copyRow(this.#inputs[s], x, order[i])
    this.#isLarge = this.#spec.precision === 'f32' && hasLarge(this.#inputs[s])
  }

  forwardLayer(l: number, i: number, s: number): void {
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

  /**
   * The loss of one sample times its weight, which also scales its error; rounded to the network's precision, as in
   * the other engine.
   */
  outputDelta(i: number, s: number): number {
    const { y, order } = this.#arrays
    const row = order[i]
    const weight = this.sampling.weighted === true ? this.#arrays.weights[row] : 1
    const { activation, delta, sigmaPrime, a, z } = this.top
    const isSoftmax = activation.type === 'softmax'
    copyRow(this.#target, y, row)
    const { loss: name, precision } = this.#spec
    const limit = precision === 'f64' ? Infinity : LIMIT_F32
    const loss = weight * outputDelta(name, isSoftmax, delta[s], sigmaPrime, a[s], this.#target, z, limit)
    if (weight !== 1) for (let j = 0; j < delta[s].length; ++j) delta[s][j] *= weight
    return precision === 'f64' ? loss : Math.fround(loss)
  }

  /** The derivation for the first sample in order; its gradients are in arrays of their own. */
  trace(): { loss: number; layers: LayerTrace[] } {
    this.sampling = {}
    const loss = this.#errors(0, 0)
    return { loss, layers: this.layers.map((_, l) => this.#traceLayer(l)) }
  }

  /** The quantities of layer l, after #errors of sample 0. */
  #traceLayer(l: number): LayerTrace {
    const { precision } = this.#spec
    const layer = this.layers[l]
    const { z, sigmaPrime } = layer
    const [inputs, a, delta] = [layer.inputs[0], layer.a[0], layer.delta[0]]
    const gradW = newFloats(delta.length * inputs.length, precision)
    const gradB = newFloats(delta.length, precision)
    addGradient(gradW, gradB, delta, inputs)
    return {
      inputs: rounded(inputs, precision),
      z: rounded(z, precision),
      a: rounded(a, precision),
      sigmaPrime: rounded(activationDerivative(this.#spec, l, a, sigmaPrime), precision),
      dC_da: rounded(this.#traceError(l), precision),
      dC_dz: rounded(delta, precision),
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
}

function createLayers(
  spec: Architecture,
  samples: readonly Float64Array[],
  { parameters, gradients }: Arrays,
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

/** A copy in this precision. */
function rounded(source: Floats, precision: Precision): Floats {
  const copy = newFloats(source.length, precision)
  copy.set(source)
  return copy
}

/** Copies one row of a row-major matrix whose rows are as long as `target`. */
function copyRow(target: Float64Array, matrix: Floats, row: number): void {
  const start = row * target.length
  for (let i = 0; i < target.length; ++i) target[i] = matrix[start + i]
}
