import type { Architecture } from '../../definition/architecture.js'
import type { RelaxedArithmetic } from '../../definition/spec.js'
import type { Floats } from '../../base/floats.js'
import type { Optimizer } from '../../definition/optimizers.js'
import { alternative, coreFor, type Core } from './core.js'
import { activationDerivative, outputError } from '../derivative.js'
import type { Engine, EpochsPlan, LayerTrace, Outcome, Sampling, TrainOptions } from '../engine.js'
import { instantiate, kernelsOf } from './instance.js'
import { reportAt, type Kernels, type RecordViews } from './layout.generated.js'
import { layOut, type Layout, type ThreadLayout } from './memory.js'
import { allocate } from './reservation.js'
import { activations } from './numbers.js'
import {
  writeNetworkRecords,
  writeOptimizerRecord,
  writeRegularizationRecord,
  writeSampling,
  writeThreadRecord,
} from './records.js'
import { isActive, unregularized, type Regularization } from '../regularization.js'
import { floatsAt, viewsOf } from './views.js'
import { WasmParts } from './parts.js'

/** Where an engine computes: a layout in a memory, zeroed but for what engines share. */
export interface Place {
  readonly core: Core
  readonly memory: WebAssembly.Memory
  readonly kernels: Kernels
  readonly layout: Layout
}

/** An engine in a memory that others compute in, too: nothing could dispose of one alone. */
export type GuestEngine = Omit<WasmEngine, 'dispose'>

/** The engine that runs the kernels of assembly/ on a WebAssembly memory. */
export class WasmEngine implements Engine {
  readonly kind = 'wasm'
  /** also run by its workers */
  readonly core: Core
  readonly arithmetic: 'exact' | 'relaxed'
  readonly parameters: Floats
  readonly gradients: Floats
  readonly slots: readonly Floats[]
  readonly average: Floats
  readonly counters: Float64Array
  readonly capacity: number
  readonly x: Floats
  readonly y: Floats
  readonly order: Uint32Array
  readonly weights: Floats
  readonly rates: Float64Array
  readonly parts: WasmParts
  /** the whole memory */
  readonly numbers: Floats

  readonly #spec: Architecture
  readonly #layout: Layout
  readonly #thread: ThreadLayout
  readonly #memory: WebAssembly.Memory
  readonly #records: RecordViews
  readonly #kernels: Kernels
  readonly #report: Float64Array
  readonly #epochLosses: Float64Array
  /** addresses of the records, as in the layout: fields, since calls with a single row take only some 50 ns */
  readonly #network: number
  readonly #threadRecord: number
  /** the place of the outputs of a single row in `numbers` */
  readonly #outputsAt: number
  staged: object | undefined
  /** whether in the last call all samples counted equally and no neuron was left out */
  #isPlain = true
  /** undefined if its learning rate was that of a schedule */
  #optimizer: Optimizer | undefined
  /** as in a zeroed memory at first, then what was written last */
  #regularization = unregularized

  private constructor(spec: Architecture, { core, memory, kernels, layout }: Place) {
    this.#spec = spec
    this.#layout = layout
    this.#thread = layout.threads[0]
    this.core = core
    this.#memory = memory
    this.arithmetic = core.arithmetic
    this.#kernels = kernels

    const views = viewsOf(memory, layout, spec)
    this.#records = views.memory
    this.parameters = views.parameters
    this.gradients = views.gradients
    this.slots = views.slots
    this.average = views.average
    this.counters = views.counters[0]
    this.capacity = layout.capacity
    this.x = views.x
    this.y = views.y
    this.order = views.order
    this.weights = views.weights
    this.rates = views.rates
    this.numbers = floatsAt(memory, spec, 0)
    this.#report = views.reports[0]
    this.#epochLosses = views.epochLosses
    this.#network = layout.network
    this.#threadRecord = layout.threads[0].record
    this.#outputsAt = layout.layers[layout.layers.length - 1].a / layout.numberBytes
    this.parts = new WasmParts({
      kernels,
      layout,
      sample: (sampling) => this.#sample(sampling),
      isRegularized: () => isActive(this.#regularization),
    })
    writeNetworkRecords(views.memory, spec, layout)
    writeThreadRecord(views.memory, layout, 0, true)
  }

  /**
   * An engine that has a memory of its own.
   *
   * @param rows minimum number of rows that can be staged together; by default as many as a window holds
   * @throws RangeError with the bytes needed, if the network does not fit in memory
   * @throws as coreFor
   */
  static alone(spec: Architecture, relaxed?: RelaxedArithmetic, rows?: number): WasmEngine {
    const layout = layOut(spec, 1, rows)
    const core = coreFor(relaxed)
    const memory = allocate(layout, 'own', alternative)
    const kernels = kernelsOf(instantiate(core.module, memory), spec.precision)
    return new WasmEngine(spec, { core, memory, kernels, layout })
  }

  static at(spec: Architecture, place: Place): GuestEngine {
    return new WasmEngine(spec, place)
  }

  predict(n: number): void {
    this.#kernels.predict(this.#network, this.#layout.y, n)
  }

  predictRow(): number {
    this.#kernels.predictSample(this.#network)
    return this.#outputsAt
  }

  trainRow(): number {
    if (!this.#isPlain) this.#sample({})
    return this.#kernels.trainSample(this.#network, this.#threadRecord)
  }

  loss(n: number, weighted = false): number {
    this.#sample({ weighted })
    return this.#kernels.loss(this.#network, this.#threadRecord, n)
  }

  accumulate(n: number, loss = 0, sampling: Sampling = {}): number {
    this.#sample(sampling)
    return this.#kernels.accumulate(this.#network, this.#threadRecord, n, loss)
  }

  update(scale: number): void {
    this.#kernels.updateAll(this.#network, this.#threadRecord, scale)
  }

  train(n: number, batch: number, options: TrainOptions = {}): Outcome {
    const { start = 0, pending = 0, bySum = false, scheduled = false, loss = 0 } = options
    const { report } = this.#thread
    this.#sample(options)
    if (scheduled) this.#optimizer = undefined
    const network = this.#network
    const record = this.#threadRecord
    this.#kernels.train(network, record, report, start, n, batch, pending, !bySum, scheduled, loss)
    return { loss: this.#report[reportAt.loss], batches: this.#report[reportAt.batches] }
  }

  trainEpochs({ epochs, samples, batch, weighted, streams }: EpochsPlan): Float64Array {
    const { hash, first } = streams ?? { hash: 0, first: 0 }
    this.#sample({ weighted })
    const shuffles = streams !== undefined
    const done = this.#kernels.trainEpochs(
      this.#network,
      this.#threadRecord,
      this.#thread.report,
      this.#layout.epochLosses,
      epochs,
      samples,
      batch,
      shuffles,
      hash,
      first,
    )
    return this.#epochLosses.subarray(0, done)
  }

  isFinite(): boolean {
    return this.#kernels.allFinite(this.#layout.parameters, this.#layout.parameterCount) === 1
  }

  slotsInUse(count: number): readonly Floats[] {
    return this.slots.slice(0, count)
  }

  clearState(keptSlots: number, keepsCounters: boolean): void {
    for (const slot of this.slots.slice(keptSlots)) slot.fill(0)
    if (!keepsCounters) this.counters.fill(0)
  }

  /** Whether the optimiser or the regularisation in use is another. */
  isUnlike(optimizer: Optimizer, regularization: Regularization): boolean {
    return optimizer !== this.#optimizer || regularization !== this.#regularization
  }

  setOptimizer(optimizer: Optimizer, regularization = unregularized): void {
    this.#optimizer = optimizer
    writeOptimizerRecord(this.#records, this.#thread, optimizer)
    if (regularization === this.#regularization) return
    writeRegularizationRecord(this.#records, this.#layout, regularization)
    this.#regularization = regularization
  }

  /**
   * First runs a whole step, then recomputes layer by layer from the first what the step has overwritten: ∂C/∂a, z
   * and σ′. These replace one another in `delta` once it has been copied and the layer before no longer needs it.
   */
  trace(): { loss: number; layers: LayerTrace[] } {
    const accumulated = this.gradients.slice()
    this.gradients.fill(0)
    const loss = this.accumulate(1)
    const gradients = this.gradients.slice()
    this.gradients.set(accumulated)

    const { layers, targets, parameters, numberBytes } = this.#layout
    const layerTraces = layers.map((layer, l): LayerTrace => {
      const { nIn, nOut } = layer
      const next = layers.at(l + 1)
      const activation = this.#spec.layers[l].activation
      const inputs = this.#lane(layer.input, nIn)
      const a = this.#lane(layer.a, nOut)
      const dC_dz = this.#lane(layer.delta, nOut)
      if (next !== undefined) {
        const { packed } = this.#thread
        this.#kernels.hiddenError(layer.delta, next.delta, next.w, packed, next.nIn, next.nOut, 1)
      }
      const dC_da =
        next === undefined
          ? outputError(this.#spec.loss, a, this.#lane(targets, nOut))
          : this.#lane(layer.delta, nOut)
      this.#kernels.affine(layer.delta, layer.input, layer.w, layer.b, nIn, nOut, 1)
      const z = this.#lane(layer.delta, nOut)
      const code = activations.indexOf(activation.type)
      this.#kernels.activate(code, layer.a, layer.delta, layer.delta, nOut, activation.shape)
      const prime = this.#lane(layer.delta, nOut)
      const start = (layer.w - parameters) / numberBytes
      return {
        inputs,
        z,
        a,
        sigmaPrime: activationDerivative(this.#spec, l, a, prime),
        dC_da,
        dC_dz,
        gradW: gradients.slice(start, start + nIn * nOut),
        gradB: gradients.slice(start + nIn * nOut, start + (nIn + 1) * nOut),
      }
    })
    return { loss, layers: layerTraces }
  }

  /**
   * A memory cannot be freed, only dropped; growing it, even by nothing, detaches all views. In V8 they keep it
   * alive even so (measured).
   */
  dispose(): void {
    this.#memory.grow(0)
  }

  /** Sets how samples count from now on; nothing needs writing if they count equally, as before. */
  #sample(sampling: Sampling): void {
    const isPlain = sampling.weighted !== true && sampling.dropout === undefined
    if (!isPlain || !this.#isPlain) writeSampling(this.#records, this.#layout, sampling)
    this.#isPlain = isPlain
  }

  /** Copies the first sample of the first panel: the first lane of each of its n rows. */
  #lane(panel: number, n: number): Floats {
    const { panelLanes } = this.#layout
    const rows = floatsAt(this.#memory, this.#spec, panel, n * panelLanes)
    const lane = rows.slice(0, n)
    for (let i = 0; i < n; ++i) lane[i] = rows[i * panelLanes]
    return lane
  }
}
