import { allFinite, type Floats } from '../../base/floats.js'
import { parameterCount, type Architecture } from '../../definition/architecture.js'
import { slotCount, type Optimizer } from '../../definition/optimizers.js'
import type { RelaxedArithmetic } from '../../definition/spec.js'
import {
  type Engine,
  type EpochsPlan,
  type LayerTrace,
  type Outcome,
  type Sampling,
  type TrainOptions,
} from '../engine.js'
import { unregularized } from '../regularization.js'
import { coreFor, type Core } from './core.js'
import { SmallArrays } from './small-arrays.js'
import type { GuestEngine } from './wasm.js'
import { Workspace, type Seat, type Tenant } from './workspace.js'

/**
 * The engine of a small network. Its numbers are arrays of its own, and it computes on a copy of them, on a seat of the
 * workspace that it shares with all small networks. So a network costs a few arrays, no memory and no instance.
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
  readonly #arrays: SmallArrays
  #optimizer: Optimizer | undefined
  /** of the optimiser: the others do not change */
  #usedSlots = 0
  #regularization = unregularized
  #x: Floats | undefined
  #y: Floats | undefined
  #seat: Seat | undefined
  /** whether parameters or state on the seat are newer than the arrays */
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
    this.#arrays = new SmallArrays(parameterCount(spec), spec.precision)
  }

  get parameters(): Floats {
    this.leave()
    return this.#arrays.parameters
  }

  get gradients(): Floats {
    this.leave()
    return this.#arrays.gradients
  }

  get average(): Floats {
    this.leave()
    return this.#arrays.average
  }

  get counters(): Float64Array {
    this.leave()
    return this.#arrays.counters
  }

  slotsInUse(count: number): readonly Floats[] {
    this.leave()
    return this.#arrays.slots(count)
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
    const sum = this.#sitWithGradients(this.#arrays.gradients).accumulate(n, loss, sampling)
    this.#called(false)
    return sum
  }

  update(scale: number): void {
    this.#sitToTrain(this.#arrays.gradientsIfAny).update(scale)
    this.#called(true)
  }

  train(n: number, batch: number, options?: TrainOptions): Outcome {
    const outcome = this.#sitToTrain(this.#arrays.gradientsIfAny).train(n, batch, options)
    this.#called(true)
    return outcome
  }

  trainEpochs(plan: EpochsPlan): Float64Array {
    const losses = this.#sitToTrain(this.#arrays.gradientsIfAny).trainEpochs(plan)
    this.#called(true)
    return losses
  }

  isFinite(): boolean {
    const seat = this.#seat
    if (seat?.tenant === this) return seat.engine.isFinite()
    return allFinite(this.#arrays.parameters)
  }

  trace(): { loss: number; layers: LayerTrace[] } {
    const trace = this.#sit().trace()
    this.#called(false)
    return trace
  }

  clearState(keptSlots: number, keepsCounters: boolean): void {
    this.leave()
    this.#arrays.clearState(keptSlots, keepsCounters)
  }

  setOptimizer(optimizer: Optimizer, regularization = unregularized): void {
    this.leave()
    this.#optimizer = optimizer
    this.#usedSlots = slotCount(optimizer)
    this.#regularization = regularization
  }

  hold(): void {
    this.leave()
    ++this.#holders
  }

  letGo(): void {
    --this.#holders
  }

  dispose(): void {
    this.#isNewer = false
    this.leave()
    this.#arrays.dispose()
  }

  /** Sits down with the parameters, if it does not sit already; returns where it computes. */
  #sit(): GuestEngine {
    const seat = this.#seat
    return seat?.tenant === this ? seat.engine : this.#sitDown()
  }

  #sitDown(): GuestEngine {
    let seat = this.#seat
    if (seat === undefined || seat.ring.isGone || seat.tenant !== undefined) seat = this.#findSeat()
    seat.tenant = this
    const { engine } = seat
    engine.parameters.set(this.#arrays.parameters)
    return engine
  }

  /**
   * Sits down to read or change gradients.
   *
   * @param gradients undefined: there are none, so they are 0
   */
  #sitWithGradients(gradients: Floats | undefined): GuestEngine {
    const engine = this.#sit()
    if (gradients !== undefined && !this.#gradientsAreThere) {
      engine.gradients.set(gradients)
      this.#gradientsAreThere = true
    }
    return engine
  }

  /**
   * Sits down to change the network: with the optimiser and its state.
   *
   * @param gradients if they count as well
   */
  #sitToTrain(gradients?: Floats): GuestEngine {
    const engine = gradients === undefined ? this.#sit() : this.#sitWithGradients(gradients)
    if (this.#stateIsThere) return engine
    const optimizer = this.#optimizer
    if (optimizer !== undefined && engine.isUnlike(optimizer, this.#regularization)) {
      engine.setOptimizer(optimizer, this.#regularization)
    }
    this.#copyState(engine, true)
    this.#stateIsThere = true
    return engine
  }

  /** After a call on the seat: ends it for those who hold the arrays. */
  #called(changes: boolean): void {
    if (changes) this.#isNewer = true
    if (this.#holders > 0) this.leave()
  }

  /** Gives the seat up, if it has one; what has changed there goes into the arrays first. */
  leave(): void {
    const seat = this.#seat
    if (seat?.tenant !== this) return
    const { engine } = seat
    if (this.#isNewer) {
      this.#arrays.parameters.set(engine.parameters)
      if (this.#stateIsThere) this.#copyState(engine, false)
      this.#isNewer = false
    }
    this.#stateIsThere = false
    if (this.#gradientsAreThere) {
      this.#arrays.gradients.set(engine.gradients)
      // Whoever comes next may have none.
      engine.gradients.fill(0)
      this.#gradientsAreThere = false
    }
    seat.tenant = undefined
  }

  /** Copies what the optimiser changes beside the parameters to the seat, or back. */
  #copyState(engine: GuestEngine, there: boolean): void {
    this.#arrays.copyState(engine, this.#usedSlots, this.#regularization.averageTake > 0, there)
  }

  /** Any seat for networks of this architecture: all have the same window. */
  get #window(): GuestEngine {
    const seat = this.#seat
    return (seat === undefined || seat.ring.isGone ? this.#findSeat() : seat).engine
  }

  #findSeat(): Seat {
    const seat = this.#workspace.seatFor(this.#spec, this.#seat?.ring)
    this.#seat = seat
    this.#x = seat.engine.x
    this.#y = seat.engine.y
    return seat
  }
}
