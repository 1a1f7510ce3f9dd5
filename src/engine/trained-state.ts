import type { Floats } from '../base/floats.js'
import { countersBytes } from './wasm/layout.generated.js'

/** The number of an engine's counters. */
export const COUNTERS = countersBytes / 8

/**
 * What training changes: parameters, the optimiser's slots in use, followed by the average, if there is one, and the
 * counters.
 */
export interface TrainedState {
  readonly parameters: Floats
  readonly slots: readonly Floats[]
  readonly counters: Float64Array
}

/** A state shared by several threads; each has its own counters, all with the same values. */
interface SharedState extends Omit<TrainedState, 'counters'> {
  readonly average: Floats
  readonly counters: readonly Float64Array[]
}

/** The part of an engine's state that a training uses. */
export interface StateUse {
  /** number of the optimiser's slots */
  readonly slots: number
  readonly average: boolean
}

/** The live state of an engine. */
export function trainedStateOf(
  { parameters, slots, average, counters }: TrainedState & { readonly average: Floats },
  use: StateUse,
): TrainedState {
  const used = slots.slice(0, use.slots)
  return { parameters, slots: use.average ? [...used, average] : used, counters }
}

/** The live state in a shared memory, with the counters of its first thread. */
export function sharedStateOf(shared: SharedState, use: StateUse): TrainedState {
  return trainedStateOf({ ...shared, counters: shared.counters[0] }, use)
}

/** A copy in arrays of its own. */
function cloneState({ parameters, slots, counters }: TrainedState): TrainedState {
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

/** A copy of an engine's live state, to be restored later. */
export class Snapshot {
  readonly kept: TrainedState
  readonly #live: TrainedState

  constructor(engine: TrainedState & { readonly average: Floats }, use: StateUse) {
    this.#live = trainedStateOf(engine, use)
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
  copyState(sharedStateOf(shared, use), source)
  for (const own of shared.counters) own.set(source.counters)
}
