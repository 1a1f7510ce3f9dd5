import { COUNTERS } from '../counters.js'
import type { Architecture } from '../../definition/architecture.js'
import { fusedActivation } from '../../definition/losses.js'
import { sgd, type Optimizer } from '../../definition/optimizers.js'
import { parameterCount } from '../../definition/architecture.js'
import { GROUP, hasLarge, Layer, groupArrays } from './layer.js'
import { outputDelta } from './loss.js'
import { addGradient, hiddenDelta, hiddenError } from './products.js'
import { BaselineParts } from './parts.js'
import { addToAverage, clipAll, limitWeights, regularizeGradients, regularizeLayer } from './regularize.js'
import { advance, update, updateRange } from './update.js'
import { jacobian, outputError } from '../derivative.js'
import { layerKey } from '../dropout.js'
import type { Engine, LayerTrace, Outcome, Sampling, TrainOptions } from '../engine.js'
import { allFinite, newFloats, numberBytes, type Floats } from '../../base/floats.js'
import { outOfMemory } from '../out-of-memory.js'
import { isActive, unregularized, type Regularization } from '../regularization.js'
import { windowRows } from '../window.js'

/**
 * The engine in plain TypeScript on typed arrays: samples go forward and backward one at a time, and gradients are
 * summed over four. Sums, activations and errors are f64 in both precisions, except for sums that may overflow f32;
 * parameters, gradients, state and window are rounded to the network's precision.
 */
export class BaselineEngine implements Engine {
  readonly kind = 'baseline'
  readonly arithmetic = 'exact'
  readonly parameters: Floats
  readonly gradients: Floats
  readonly average: Floats
  readonly slots: readonly Floats[]
  readonly counters = new Float64Array(COUNTERS)
  readonly capacity: number
  readonly x: Floats
  readonly y: Floats
  readonly order: Uint32Array
  readonly weights: Floats
  readonly rates: Float64Array
  readonly parts: BaselineParts

  readonly #spec: Architecture
  readonly #layers: readonly Layer[]
  readonly #top: Layer
  /** one row of x per sample of a group */
  readonly #inputs: readonly Float64Array[]
  readonly #target: Float64Array
  #optimizer: Optimizer = sgd()
  /** undefined where an update only applies the optimiser's rule */
  #regularization: Regularization | undefined
  /** of the samples being accumulated */
  #sampling: Sampling = {}
  /**
   * whether activations of the layer computed last are so large that sums of them may overflow f32: see
   * Layer.forward
   */
  #isLarge = false

  /**
   * @param rows minimum number of rows that can be staged together; by default as many as a window holds
   * @throws RangeError with the bytes needed, if the network does not fit in memory
   */
  constructor(spec: Architecture, rows?: number) {
    const count = parameterCount(spec)
    const outputs = spec.layers[spec.layers.length - 1].units
    const bytes = numberBytes(spec.precision)
    const rowBytes = (spec.inputs + outputs) * bytes
    this.#spec = spec
    // Whole groups: batches larger than the window are split where they would be split anyway.
    this.capacity = Math.ceil((rows ?? windowRows(rowBytes)) / GROUP) * GROUP
    try {
      this.parameters = this.#floats(count)
      this.gradients = this.#floats(count)
      this.average = this.#floats(count)
      this.slots = [this.#floats(count), this.#floats(count), this.#floats(count)]
      this.x = this.#floats(this.capacity * spec.inputs)
      this.y = this.#floats(this.capacity * outputs)
      this.order = new Uint32Array(this.capacity)
      this.weights = this.#floats(this.capacity)
      this.rates = new Float64Array(this.capacity)
      this.#inputs = groupArrays(spec.inputs)
      this.#target = new Float64Array(outputs)
      this.#layers = this.#createLayers()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw outOfMemory(6 * count * bytes + this.capacity * (rowBytes + bytes + 12))
    }
    this.#top = this.#layers[this.#layers.length - 1]
    this.parts = this.#createParts()
  }

  predict(n: number): void {
    const outputs = this.#target.length
    for (let i = 0; i < n; ++i) {
      this.#forward(this.order[i], 0)
      const o = this.#top.a[0]
      for (let j = 0; j < outputs; ++j) this.y[i * outputs + j] = o[j]
    }
  }

  loss(n: number, weighted = false): number {
    let total = 0
    for (let i = 0; i < n; ++i) {
      const row = this.order[i]
      this.#forward(row, 0)
      total += this.#outputDelta(row, 0, weighted ? this.weights[row] : 1)
    }
    return total
  }

  accumulate(n: number, loss = 0, sampling: Sampling = {}): number {
    this.#sampling = sampling
    const total = this.#accumulateRange(0, n, loss)
    this.#sampling = {}
    return total
  }

  update(scale: number): void {
    const regularization = this.#regularization
    if (regularization !== undefined) {
      regularizeGradients(this.#layers, this.gradients, scale, regularization)
      scale = 1
    }
    update(this.#optimizer, this.parameters, this.gradients, this.slots, this.counters, scale)
    this.gradients.fill(0)
    if (regularization === undefined) return
    const { maxWeightNorm, averageTake } = regularization
    if (maxWeightNorm > 0) limitWeights(this.#layers, maxWeightNorm)
    if (averageTake > 0) addToAverage(this.average, this.parameters, averageTake)
  }

  train(n: number, batch: number, options: TrainOptions = {}): Outcome {
    const { start = 0, pending = 0, bySum = false, scheduled = false } = options
    let { loss = 0 } = options
    let batches = 0
    this.#sampling = options
    for (let first = start; first < start + n; first += batch) {
      const count = Math.min(batch, start + n - first)
      if (scheduled) this.#optimizer = { ...this.#optimizer, learningRate: this.rates[first / batch] }
      const batchLoss = this.#accumulateRange(first, count, 0)
      loss += batchLoss
      if (!Number.isFinite(batchLoss)) {
        this.gradients.fill(0)
        break
      }
      const samples = first === start ? pending + count : count
      this.update(bySum ? 1 : 1 / samples)
      batches += 1
    }
    this.#sampling = {}
    return { loss, batches }
  }

  isFinite(): boolean {
    return allFinite(this.parameters)
  }

  setOptimizer(optimizer: Optimizer, regularization = unregularized): void {
    this.#optimizer = optimizer
    this.#regularization = isActive(regularization) ? regularization : undefined
  }

  trace(): { loss: number; layers: LayerTrace[] } {
    const loss = this.#errors(this.order[0], 0, 0)
    return { loss, layers: this.#layers.map((_, l) => this.#traceLayer(l)) }
  }

  dispose(): void {
    const { parameters, gradients, average, slots, x, y, order, weights, rates } = this
    detach(
      [parameters, gradients, average, ...slots, x, y, order, weights, rates].map(({ buffer }) => buffer),
    )
  }

  #createParts(): BaselineParts {
    const { parameters, gradients, slots, average, counters, order } = this
    return new BaselineParts({
      layers: this.#layers,
      parameterCount: parameters.length,
      sample: (sampling) => (this.#sampling = sampling),
      take: (i, s) => this.#take(order[i], s),
      forward: (l, i, s) => this.#forwardLayer(l, s, i),
      outputDelta: (i, s) => this.#outputDelta(order[i], s, this.#weightOf(order[i])),
      hiddenDelta: (l, s) => this.#hiddenDelta(l, s),
      isRegularized: () => this.#regularization !== undefined,
      regularizeLayer: (layer, scale) => {
        regularizeLayer(layer, scale, this.#regularization ?? unregularized)
        return 1
      },
      regularizeAll: () => clipAll(gradients, this.#regularization ?? unregularized),
      limitLayer: (layer) => {
        const { maxWeightNorm = 0 } = this.#regularization ?? {}
        if (maxWeightNorm > 0) limitWeights([layer], maxWeightNorm)
      },
      advance: () => advance(this.#optimizer, counters),
      updateRange: (begin, end, scale) => {
        const part = (all: Floats): Floats => all.subarray(begin, end)
        const grad = part(gradients)
        updateRange(this.#optimizer, part(parameters), grad, slots.map(part), counters, scale)
        grad.fill(0)
      },
      averageRange: (begin, end) => {
        const { averageTake = 0 } = this.#regularization ?? {}
        if (averageTake === 0) return
        addToAverage(average.subarray(begin, end), parameters.subarray(begin, end), averageTake)
      },
    })
  }

  #createLayers(): Layer[] {
    const layers: Layer[] = []
    let inputs = this.#inputs
    let start = 0
    for (const { units, activation } of this.#spec.layers) {
      const layer = new Layer(inputs, units, activation, this.parameters, this.gradients, start)
      layers.push(layer)
      inputs = layer.a
      start += layer.w.length + units
    }
    return layers
  }

  /** Adds the gradients (35) of n samples starting at `first`; returns total plus their summed loss (34). */
  #accumulateRange(first: number, n: number, total: number): number {
    for (let i = 0; i < n; i += GROUP) {
      const count = Math.min(GROUP, n - i)
      for (let s = 0; s < count; ++s) total += this.#errors(this.order[first + i + s], s, first + i + s)
      for (const layer of this.#layers) layer.addGradients(count)
    }
    return total
  }

  /**
   * ∂C/∂z of every layer, (60) and (59), for one row, number i in order, as sample s of the group; returns its loss
   * (33).
   */
  #errors(row: number, s: number, i: number): number {
    this.#forward(row, s, i)
    const loss = this.#outputDelta(row, s, this.#weightOf(row))
    for (let l = this.#layers.length - 1; l > 0; --l) this.#hiddenDelta(l, s)
    return loss
  }

  #forward(row: number, s: number, i = 0): void {
    this.#take(row, s)
    for (let l = 0; l < this.#layers.length; ++l) this.#forwardLayer(l, s, i)
  }

  /** Loads a row as sample s of the group. */
  #take(row: number, s: number): void {
    copyRow(this.#inputs[s], this.x, row)
    this.#isLarge = this.#spec.precision === 'f32' && hasLarge(this.#inputs[s])
  }

  #forwardLayer(l: number, s: number, i: number): void {
    const { dropout } = this.#sampling
    const layer = this.#layers[l]
    this.#isLarge = layer.forward(s, this.#isLarge)
    if (dropout === undefined || dropout.rates[l] === 0) return
    layer.drop(s, layerKey(dropout.key, l), dropout.position + i, dropout.rates[l])
  }

  /** The errors (59) of the layer before layer l, for sample s of the group. */
  #hiddenDelta(l: number, s: number): void {
    const { delta, sigmaPrime } = this.#layers[l - 1]
    const after = this.#layers[l]
    hiddenDelta(delta[s], sigmaPrime, after.delta[s], after.w)
  }

  /** How often a row counts. */
  #weightOf(row: number): number {
    return this.#sampling.weighted === true ? this.weights[row] : 1
  }

  /**
   * The loss of one sample times its weight, which also scales its error; rounded to the network's precision, as in
   * the other engine.
   */
  #outputDelta(row: number, s: number, weight = 1): number {
    const { activation, delta, sigmaPrime, a, z } = this.#top
    const isSoftmax = activation.type === 'softmax'
    copyRow(this.#target, this.y, row)
    const limit = this.#spec.precision === 'f64' ? Infinity : LIMIT_F32
    const { loss: name } = this.#spec
    const loss = weight * outputDelta(name, isSoftmax, delta[s], sigmaPrime, a[s], this.#target, z, limit)
    if (weight !== 1) for (let j = 0; j < delta[s].length; ++j) delta[s][j] *= weight
    return this.#spec.precision === 'f64' ? loss : Math.fround(loss)
  }

  /** The quantities of layer l, after #errors of sample 0. */
  #traceLayer(l: number): LayerTrace {
    const layer = this.#layers[l]
    const { activation, z, sigmaPrime } = layer
    const [inputs, a, delta] = [layer.inputs[0], layer.a[0], layer.delta[0]]
    const isFused = layer === this.#top && fusedActivation(this.#spec.loss) !== null
    const hasMatrix = isFused || activation.type === 'softmax'
    const gradW = this.#floats(delta.length * inputs.length)
    const gradB = this.#floats(delta.length)
    addGradient(gradW, gradB, delta, inputs)
    return {
      inputs: this.#rounded(inputs),
      z: this.#rounded(z),
      a: this.#rounded(a),
      sigmaPrime: this.#rounded(hasMatrix ? jacobian(activation.type, a, sigmaPrime) : sigmaPrime),
      dC_da: this.#rounded(this.#traceError(l)),
      dC_dz: this.#rounded(delta),
      gradW,
      gradB,
    }
  }

  /** ∂C/∂a of layer l, after #errors of sample 0. */
  #traceError(l: number): Floats {
    if (l + 1 === this.#layers.length) return outputError(this.#spec.loss, this.#top.a[0], this.#target)
    const { w, delta, inputs } = this.#layers[l + 1]
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

/** The smallest number that f32 rounds to infinity: half an ulp above its largest number. */
const LIMIT_F32 = 2 ** 128 - 2 ** 103

/** Copies one row of a row-major matrix whose rows are as long as `target`. */
function copyRow(target: Float64Array, matrix: Floats, row: number): void {
  const start = row * target.length
  for (let i = 0; i < target.length; ++i) target[i] = matrix[start + i]
}

/**
 * Takes the memory of buffers away from all holders: immediately where ArrayBuffer has `transfer`; otherwise at the
 * next garbage collection, by transferring them to nobody. A context of node:vm in Node 20 has neither: there the
 * memory stays alive as long as anyone holds a view.
 */
function detach(buffers: Transferable[]): void {
  if ('transfer' in ArrayBuffer.prototype) {
    for (const buffer of buffers as { transfer: (bytes: number) => unknown }[]) buffer.transfer(0)
  } else if (typeof structuredClone === 'function') structuredClone(0, { transfer: buffers })
}
