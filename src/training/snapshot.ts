import type { Engine } from '../engine/engine.js'
import { cloneState, copyState, stateOf, type StateUse, type TrainedState } from '../engine/trained-state.js'

/** Parameters and optimiser state of a moment that one may have to go back to. */
export class Snapshot {
  readonly kept: TrainedState
  readonly #live: TrainedState

  constructor(engine: Engine, use: StateUse) {
    this.#live = stateOf(engine, use)
    this.kept = cloneState(this.#live)
  }

  take(): void {
    copyState(this.kept, this.#live)
  }

  restore(): void {
    copyState(this.#live, this.kept)
  }
}
