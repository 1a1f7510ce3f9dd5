import { allFinite, newFloats, type Floats } from '../../base/floats.js'
import { parameterCount, type Architecture } from '../../definition/architecture.js'
import { slotCount, type Optimizer } from '../../definition/optimizers.js'
import type { RelaxedArithmetic } from '../../definition/spec.js'
import { detach } from '../detach.js'
import {
  type Engine,
  type EpochsPlan,
  type LayerTrace,
  type Outcome,
  type Sampling,
  type TrainOptions,
} from '../engine.js'
import { unregularized } from '../regularization.js'
import { COUNTERS } from '../trained-state.js'
import { coreFor, type Core } from './core.js'
import { Workspace, type Ring, type Seat, type Tenant } from './workspace.js'

/**
 * The engine of a small network. Its numbers are arrays of its own, some made when they are needed; it computes on a
 * copy of them, on a seat of the workspace that it shares with all small networks. So a network costs a few arrays,
 * no memory and no instance.
 */
export class SmallEngine implements Engine, Tenant {
  readonly kind = 'wasm'
  readonly core: Core
  readonly arithmetic: 'exact' | 'relaxed'
  /** none: a window, which others may use then, is one part */
  readonly parts = undefined
  readonly numbers: Floats
  readonly #workspace: Workspace
  readonly #spec: Architecture
  readonly #parameters: Floats
  #gradients: Floats | undefined
  #average: Floats | undefined
  #slots: Floats[] = none
  #counters: Float64Array | undefined
  #optimizer: Optimizer | undefined
  /** of the optimiser: the others do not change */
  #usedSlots = 0
  #regularization = unregularized
  #x: Floats | undefined
  #y: Floats | undefined
  #ring: Ring | undefined
  #seat: Seat | undefined
  /** whether what is on the seat is newer than the arrays */
  #isNewer = false
  /** whether the optimiser and its state are on the seat, too */
  #stateIsThere = false
  /** whether the gradients are on the seat, too; otherwise they are 0 there */
  #gradientsAreThere = false
  /** how many hold the arrays */
  #holders = 0

  /** @throws as coreFor, and as Workspace.of */
  constructor(spec: Architecture, relaxed?: RelaxedArithmetic) {
    this.core = coreFor(relaxed)
    this.arithmetic = this.core.arithmetic
    this.#workspace = Workspace.of(this.core)
    this.numbers = this.#workspace.numbers[spec.precision]
    this.#spec = spec
    this.#parameters = newFloats(parameterCount(spec), spec.precision)
  }

  get parameters(): Floats {
    this.leave()
    return this.#parameters
  }

  get gradients(): Floats {
    this.leave()
    return (this.#gradients ??= this.#zeros())
  }

  get average(): Floats {
    this.leave()
    return (this.#average ??= this.#zeros())
  }

  get slots(): readonly Floats[] {
    this.leave()
    return this.#makeSlots(3)
  }

  get counters(): Float64Array {
    this.leave()
    return (this.#counters ??= new Float64Array(COUNTERS))
  }

  get capacity(): number {
    return this.#window.capacity
  }

  get x(): Floats {
    return this.#x ?? this.#window.x
  }

  get y(): Floats {
    return this.#y ?? this.#window.y
  }

  get order(): Uint32Array {
    return this.#window.order
  }

  get weights(): Floats {
    return this.#window.weights
  }

  get rates(): Float64Array {
    return this.#window.rates
  }

  get staged(): object | undefined {
    return this.#workspace.staged
  }

  set staged(staged: object | undefined) {
    this.#workspace.staged = staged
  }

  predict(n: number): void {
    this.#sit().predict(n)
    this.#called(false)
  }

  predictRow(): number {
    const at = this.#sit().predictRow()
    this.#called(false)
    return at
  }

  trainRow(): number {
    const loss = this.#sitToTrain().trainRow()
    this.#called(true)
    return loss
  }

  loss(n: number, weighted = false): number {
    const loss = this.#sit().loss(n, weighted)
    this.#called(false)
    return loss
  }

  accumulate(n: number, loss = 0, sampling: Sampling = {}): number {
    this.#gradients ??= this.gradients
    const sum = this.#sitWithGradients().accumulate(n, loss, sampling)
    this.#called(true)
    return sum
  }

  update(scale: number): void {
    this.#sitToTrain(true).update(scale)
    this.#called(true)
  }

  train(n: number, batch: number, options?: TrainOptions): Outcome {
    const outcome = this.#sitToTrain(true).train(n, batch, options)
    this.#called(true)
    return outcome
  }

  trainEpochs(plan: EpochsPlan): Float64Array {
    const losses = this.#sitToTrain(true).trainEpochs(plan)
    this.#called(true)
    return losses
  }

  isFinite(): boolean {
    const seat = this.#seat
    if (seat?.tenant === this) return seat.engine.isFinite()
    return allFinite(this.#parameters, 0, this.#parameters.length)
  }

  trace(): { loss: number; layers: LayerTrace[] } {
    const trace = this.#sit().trace()
    this.#called(false)
    return trace
  }

  clearState(keptSlots: number, keepsCounters: boolean): void {
    this.leave()
    for (const slot of this.#slots.slice(keptSlots)) slot.fill(0)
    if (!keepsCounters) this.#counters?.fill(0)
  }

  setOptimizer(optimizer: Optimizer, regularization = unregularized): void {
    this.leave()
    this.#optimizer = optimizer
    this.#regularization = regularization
    this.#counters ??= new Float64Array(COUNTERS)
    this.#usedSlots = slotCount(optimizer)
    this.#makeSlots(this.#usedSlots)
    if (regularization.averageTake > 0) this.#average ??= this.#zeros()
  }

  hold(): void {
    this.leave()
    ++this.#holders
  }

  letGo(): void {
    --this.#holders
  }

  /** Gives the seat up, whatever has changed on it goes into the arrays first. */
  leave(): void {
    const seat = this.#seat
    if (seat?.tenant !== this) return
    const { engine } = seat
    if (this.#isNewer) {
      this.#parameters.set(engine.parameters)
      if (this.#stateIsThere) this.#copyState(engine, false)
      this.#isNewer = false
    }
    this.#stateIsThere = false
    if (this.#gradientsAreThere) {
      this.#gradients?.set(engine.gradients)
      // Whoever comes next may have none.
      engine.gradients.fill(0)
      this.#gradientsAreThere = false
    }
    seat.tenant = undefined
  }

  dispose(): void {
    this.#isNewer = false
    this.leave()
    const arrays = [this.#parameters, this.#gradients, this.#average, this.#counters, ...this.#slots]
    detach(arrays.flatMap((array) => (array === undefined ? [] : [array.buffer])))
  }

  /** After a call on the seat. */
  #called(changes: boolean): void {
    if (changes) this.#isNewer = true
    if (this.#holders > 0) this.leave()
  }

  /** Sits down, if it does not sit there anyway; returns where it computes. */
  #sit(): Seat['engine'] {
    const seat = this.#seat
    return seat?.tenant === this ? seat.engine : this.#sitDown()
  }

  /** The same for what reads or changes gradients. */
  #sitWithGradients(): Seat['engine'] {
    const engine = this.#sit()
    if (this.#gradients !== undefined && !this.#gradientsAreThere) {
      engine.gradients.set(this.#gradients)
      this.#gradientsAreThere = true
    }
    return engine
  }

  #sitDown(): Seat['engine'] {
    let seat = this.#seat
    if (seat === undefined || seat.isGone || seat.tenant !== undefined) seat = this.#findSeat()
    seat.tenant = this
    const { engine } = seat
    engine.parameters.set(this.#parameters)
    return engine
  }

  /** The same for what changes the network: with the optimiser and its state, and the gradients if they count. */
  #sitToTrain(withGradients = false): Seat['engine'] {
    const engine = withGradients ? this.#sitWithGradients() : this.#sit()
    if (this.#stateIsThere) return engine
    const optimizer = this.#optimizer
    if (optimizer !== undefined && engine.isUnlike(optimizer, this.#regularization)) {
      engine.setOptimizer(optimizer, this.#regularization)
    }
    this.#copyState(engine, true)
    this.#stateIsThere = true
    return engine
  }

  /** Copies the optimiser's state, and the average, if there is one, to the seat or back. */
  #copyState(engine: Seat['engine'], there: boolean): void {
    const counters = this.#counters
    if (counters !== undefined) {
      const [from, to] = there ? [counters, engine.counters] : [engine.counters, counters]
      // A loop: for a few numbers, `set` takes longer.
      for (let i = 0; i < COUNTERS; ++i) to[i] = from[i]
    }
    for (let i = 0; i < this.#usedSlots; ++i) copy(this.#slots[i], engine.slots[i], there)
    const average = this.#average
    if (average !== undefined && this.#regularization.averageTake > 0) copy(average, engine.average, there)
  }

  #findSeat(): Seat {
    this.#ring ??= this.#workspace.ringOf(this.#spec)
    const seat = this.#workspace.seatOf(this.#ring)
    this.#seat = seat
    this.#x = seat.engine.x
    this.#y = seat.engine.y
    return seat
  }

  /** Any seat for networks of this architecture: all have the same window. */
  get #window(): Seat['engine'] {
    const seat = this.#seat
    return (seat === undefined || seat.isGone ? this.#findSeat() : seat).engine
  }

  #makeSlots(count: number): readonly Floats[] {
    while (this.#slots.length < count) this.#slots = [...this.#slots, this.#zeros()]
    return this.#slots
  }

  #zeros(): Floats {
    return newFloats(this.#parameters.length, this.#spec.precision)
  }
}

const none: Floats[] = []

function copy(own: Floats, onSeat: Floats, there: boolean): void {
  if (there) onSeat.set(own)
  else own.set(onSeat)
}
