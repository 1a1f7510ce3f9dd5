import type { Engine } from '../engine/engine.js'
import { cloneState, copyState, stateOf, type TrainedState } from '../engine/trained-state.js'

/** Parameters and optimiser state of a moment that one may have to go back to. */
export class Snapshot {
  readonly #live: TrainedState
  readonly #kept: TrainedState

  /** @param slots how many of the engine's slots the optimiser uses */
  constructor(engine: Engine, slots: number) {
    this.#live = stateOf(engine, slots)
    this.#kept = cloneState(this.#live)
  }

  take(): void {
    copyState(this.#kept, this.#live)
  }

  restore(): void {
    copyState(this.#live, this.#kept)
  }
}
