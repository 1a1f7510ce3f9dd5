import { COUNTERS } from '../trained-state.js'
import { sgd, type Optimizer } from '../../definition/optimizers.js'
import { parameterCount, type Architecture } from '../../definition/architecture.js'
import { GROUP } from './layer.js'
import { BaselineParts } from './parts.js'
import { Propagation } from './propagation.js'
import { addToAverage, clipAll, limitWeights, regularizeGradients, regularizeLayer } from './regularize.js'
import { advance, update, updateRange } from './update.js'
import type { Engine, LayerTrace, Outcome, Sampling, TrainOptions } from '../engine.js'
import { allFinite, newFloats, numberBytes, type Floats } from '../../base/floats.js'
import { detach } from '../detach.js'
import { outOfMemory } from '../out-of-memory.js'
import { isActive, unregularized } from '../regularization.js'
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
  readonly counters = new Float64Array(COUNTERS)
  readonly capacity: number
  readonly x: Floats
  readonly y: Floats
  readonly order: Uint32Array
  readonly weights: Floats
  readonly rates: Float64Array
  readonly parts: BaselineParts
  staged: object | undefined

  readonly #slots: readonly Floats[]
  readonly #propagation: Propagation
  #optimizer: Optimizer = sgd()
  /** as a new engine has it at first, then what was set last */
  #regularization = unregularized
  /** whether an update does more than apply the optimiser's rule */
  #isRegularized = false

  /**
   * @param rows minimum number of rows that can be staged together; by default as many as a window holds
   * @throws RangeError with the bytes needed, if the network does not fit in memory
   */
  constructor(spec: Architecture, rows?: number) {
    const count = parameterCount(spec)
    const outputs = spec.layers[spec.layers.length - 1].units
    const bytes = numberBytes(spec.precision)
    const rowBytes = (spec.inputs + outputs) * bytes
    const floats = (length: number): Floats => newFloats(length, spec.precision)
    // Whole groups: batches larger than the window are split where they would be split anyway.
    this.capacity = Math.ceil((rows ?? windowRows(rowBytes)) / GROUP) * GROUP
    try {
      this.parameters = floats(count)
      this.gradients = floats(count)
      this.average = floats(count)
      this.#slots = [floats(count), floats(count), floats(count)]
      this.x = floats(this.capacity * spec.inputs)
      this.y = floats(this.capacity * outputs)
      this.order = new Uint32Array(this.capacity)
      this.weights = floats(this.capacity)
      this.rates = new Float64Array(this.capacity)
      this.#propagation = new Propagation(spec, this)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw outOfMemory(6 * count * bytes + this.capacity * (rowBytes + bytes + 12))
    }
    this.parts = this.#createParts()
  }

  predict(n: number): void {
    const propagation = this.#propagation
    const [o] = propagation.top.a
    propagation.sampling = {}
    for (let i = 0; i < n; ++i) {
      propagation.forward(i, 0)
      for (let j = 0; j < o.length; ++j) this.y[i * o.length + j] = o[j]
    }
  }

  predictRow(): number {
    this.order[0] = 0
    this.predict(1)
    return 0
  }

  trainRow(): number {
    this.order[0] = 0
    return this.train(1, 1).loss
  }

  /** the rows of `y` */
  get numbers(): Floats {
    return this.y
  }

  loss(n: number, weighted = false): number {
    const propagation = this.#propagation
    let total = 0
    propagation.sampling = { weighted }
    for (let i = 0; i < n; ++i) {
      propagation.forward(i, 0)
      total += propagation.outputDelta(i, 0)
    }
    return total
  }

  accumulate(n: number, loss = 0, sampling: Sampling = {}): number {
    this.#propagation.sampling = sampling
    return this.#propagation.accumulate(0, n, loss)
  }

  update(scale: number): void {
    const regularization = this.#regularization
    if (this.#isRegularized) {
      regularizeGradients(this.#propagation.layers, this.gradients, scale, regularization)
      scale = 1
    }
    update(this.#optimizer, this.parameters, this.gradients, this.#slots, this.counters, scale)
    this.gradients.fill(0)
    if (!this.#isRegularized) return
    const { maxWeightNorm, averageTake } = regularization
    if (maxWeightNorm > 0) limitWeights(this.#propagation.layers, maxWeightNorm)
    if (averageTake > 0) addToAverage(this.average, this.parameters, averageTake)
  }

  train(n: number, batch: number, options: TrainOptions = {}): Outcome {
    const { start = 0, pending = 0, bySum = false, scheduled = false } = options
    let { loss = 0 } = options
    let batches = 0
    this.#propagation.sampling = options
    for (let first = start; first < start + n; first += batch) {
      const count = Math.min(batch, start + n - first)
      if (scheduled) this.#optimizer = { ...this.#optimizer, learningRate: this.rates[first / batch] }
      const batchLoss = this.#propagation.accumulate(first, count, 0)
      loss += batchLoss
      if (!Number.isFinite(batchLoss)) {
        this.gradients.fill(0)
        break
      }
      const samples = first === start ? pending + count : count
      this.update(bySum ? 1 : 1 / samples)
      batches += 1
    }
    return { loss, batches }
  }

  isFinite(): boolean {
    return allFinite(this.parameters)
  }

  slotsInUse(count: number): readonly Floats[] {
    return this.#slots.slice(0, count)
  }

  clearState(keptSlots: number, keepsCounters: boolean): void {
    for (const slot of this.#slots.slice(keptSlots)) slot.fill(0)
    if (!keepsCounters) this.counters.fill(0)
  }

  setOptimizer(optimizer: Optimizer, regularization = unregularized): void {
    this.#optimizer = optimizer
    this.#regularization = regularization
    this.#isRegularized = isActive(regularization)
  }

  trace(): { loss: number; layers: LayerTrace[] } {
    return this.#propagation.trace()
  }

  dispose(): void {
    const { parameters, gradients, average, x, y, order, weights, rates } = this
    const arrays = [parameters, gradients, average, ...this.#slots, x, y, order, weights, rates]
    detach(arrays.map(({ buffer }) => buffer))
  }

  #createParts(): BaselineParts {
    const { parameters, gradients, average, counters } = this
    const slots = this.#slots
    return new BaselineParts(this.#propagation, {
      parameterCount: parameters.length,
      isRegularized: () => this.#isRegularized,
      regularizeLayer: (layer, scale) => {
        regularizeLayer(layer, scale, this.#regularization)
        return 1
      },
      regularizeAll: () => clipAll(gradients, this.#regularization),
      limitLayer: (layer) => {
        const { maxWeightNorm } = this.#regularization
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
        const { averageTake } = this.#regularization
        if (averageTake === 0) return
        addToAverage(average.subarray(begin, end), parameters.subarray(begin, end), averageTake)
      },
    })
  }
}
