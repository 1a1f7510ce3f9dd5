import type { Floats } from '../base/floats.js'

/** What training changes: parameters, the optimiser's slots in use, and behind them the average, if there is one; its counters. */
export interface TrainedState {
  readonly parameters: Floats
  readonly slots: readonly Floats[]
  readonly counters: Float64Array
}

/** A state that several threads work on, each of which has counters of its own, all with the same values. */
interface SharedState extends Omit<TrainedState, 'counters'> {
  readonly average: Floats
  readonly counters: readonly Float64Array[]
}

/** What of an engine's state a training uses. */
export interface StateUse {
  /** of the optimiser */
  readonly slots: number
  readonly average: boolean
}

/** The live state of an engine. */
export function stateOf(
  { parameters, slots, average, counters }: TrainedState & { readonly average: Floats },
  use: StateUse,
): TrainedState {
  const used = slots.slice(0, use.slots)
  return { parameters, slots: use.average ? [...used, average] : used, counters }
}

/** The live state that a memory holds, by the counters of its first thread. */
export function stateIn(shared: SharedState, use: StateUse): TrainedState {
  return stateOf({ ...shared, counters: shared.counters[0] }, use)
}

/** The same numbers in arrays of their own. */
export function cloneState({ parameters, slots, counters }: TrainedState): TrainedState {
  return {
    parameters: parameters.slice(),
    slots: slots.map((slot) => slot.slice()),
    counters: counters.slice(),
  }
}

/** Overwrites a state with another. */
export function copyState(target: TrainedState, source: TrainedState): void {
  target.parameters.set(source.parameters)
  for (const [i, slot] of target.slots.entries()) slot.set(source.slots[i])
  target.counters.set(source.counters)
}

/** A copy of an engine's live state, to go back to. */
export class Snapshot {
  readonly kept: TrainedState
  readonly #live: TrainedState

  constructor(engine: TrainedState & { readonly average: Floats }, use: StateUse) {
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

/** Overwrites a state with another, for all threads. */
export function loadState(shared: SharedState, use: StateUse, source: TrainedState): void {
  copyState(stateIn(shared, use), source)
  for (const own of shared.counters) own.set(source.counters)
}
