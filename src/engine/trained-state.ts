import type { Floats } from '../base/floats.js'
import type { Engine } from './engine.js'
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

/** What the state of an engine is taken from. */
type Trained = Pick<Engine, 'parameters' | 'slotsInUse' | 'average' | 'counters'>

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

/** The live state of an engine, which is asked for no array that the training does not use. */
export function trainedStateOf(engine: Trained, use: StateUse): TrainedState {
  const slots = engine.slotsInUse(use.slots)
  const { parameters, counters } = engine
  return { parameters, slots: use.average ? [...slots, engine.average] : slots, counters }
}

/** The live state in a shared memory, with the counters of its first thread. */
export function sharedStateOf(
  { parameters, slots, average, counters }: SharedState,
  use: StateUse,
): TrainedState {
  const slotsInUse = (count: number): readonly Floats[] => slots.slice(0, count)
  return trainedStateOf({ parameters, slotsInUse, average, counters: counters[0] }, use)
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

  constructor(engine: Trained, use: StateUse) {
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
