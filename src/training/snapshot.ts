import type { Engine } from '../engine/engine.js'
import type { Floats } from '../floats.js'

/** Parameters and optimiser state of a moment that one may have to go back to. */
export class Snapshot {
  readonly #live: readonly Floats[]
  readonly #kept: readonly Floats[]

  /** @param slots how many of the engine's slots the optimiser uses */
  constructor(engine: Engine, slots: number) {
    this.#live = [engine.parameters, engine.counters, ...engine.slots.slice(0, slots)]
    this.#kept = this.#live.map((values) => values.slice())
  }

  take(): void {
    for (const [i, values] of this.#live.entries()) this.#kept[i].set(values)
  }

  restore(): void {
    for (const [i, values] of this.#kept.entries()) this.#live[i].set(values)
  }
}
