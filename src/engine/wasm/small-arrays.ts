import { newFloats, type Floats, type Precision } from '../../base/floats.js'
import { detach } from '../detach.js'
import { COUNTERS } from '../trained-state.js'
import type { GuestEngine } from './wasm.js'

/**
 * The arrays of a small network, most of them made when they are asked for: most networks of a population only ever
 * predict.
 */
export class SmallArrays {
  readonly parameters: Floats
  readonly #precision: Precision
  #gradients: Floats | undefined
  #average: Floats | undefined
  #slots: readonly Floats[] = none
  #counters: Float64Array | undefined

  constructor(parameterCount: number, precision: Precision) {
    this.#precision = precision
    this.parameters = newFloats(parameterCount, precision)
  }

  get gradients(): Floats {
    return (this.#gradients ??= this.#zeros())
  }

  /** undefined: they are 0 */
  get gradientsIfAny(): Floats | undefined {
    return this.#gradients
  }

  get average(): Floats {
    return (this.#average ??= this.#zeros())
  }

  get counters(): Float64Array {
    return (this.#counters ??= new Float64Array(COUNTERS))
  }

  /** The first slots. */
  slots(count: number): readonly Floats[] {
    while (this.#slots.length < count) this.#slots = [...this.#slots, this.#zeros()]
    return this.#slots.length === count ? this.#slots : this.#slots.slice(0, count)
  }

  /** Zeroes all slots but the first, and the counters if they are not kept. */
  clearState(keptSlots: number, keepsCounters: boolean): void {
    for (const slot of this.#slots.slice(keptSlots)) slot.fill(0)
    if (!keepsCounters) this.#counters?.fill(0)
  }

  /**
   * Copies the counters, the first slots and the average, if it is used, to an engine or from there.
   *
   * @param usedSlots how many slots
   */
  copyState(engine: GuestEngine, usedSlots: number, usesAverage: boolean, there: boolean): void {
    const own = this.counters
    const onSeat = engine.counters
    const from = there ? own : onSeat
    const to = there ? onSeat : own
    // A loop: for a few numbers, `set` takes longer.
    for (let i = 0; i < COUNTERS; ++i) to[i] = from[i]
    if (usedSlots > 0) {
      const slots = this.slots(usedSlots)
      for (let i = 0; i < usedSlots; ++i) copy(slots[i], engine.slots[i], there)
    }
    if (usesAverage) copy(this.average, engine.average, there)
  }

  dispose(): void {
    const arrays = [this.parameters, this.#gradients, this.#average, this.#counters, ...this.#slots]
    detach(arrays.flatMap((array) => (array === undefined ? [] : [array.buffer])))
  }

  #zeros(): Floats {
    return newFloats(this.parameters.length, this.#precision)
  }
}

const none: readonly Floats[] = []

function copy(own: Floats, onSeat: Floats, there: boolean): void {
  if (there) onSeat.set(own)
  else own.set(onSeat)
}
