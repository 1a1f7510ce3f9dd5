import type { Floats } from '../floats.js'
import type { Views } from './views.js'

/** What training changes: parameters, the optimiser's slots in use, its counters. */
export interface TrainedState {
  readonly parameters: Floats
  readonly slots: readonly Floats[]
  readonly counters: Float64Array
}

/** The live state of an engine, of whose slots the optimiser uses so many. */
export function stateOf({ parameters, slots, counters }: TrainedState, slotCount: number): TrainedState {
  return { parameters, slots: slots.slice(0, slotCount), counters }
}

/** The live state that a memory holds, by the counters of its first thread. */
export function stateIn({ parameters, slots, counters }: Views, slotCount: number): TrainedState {
  return stateOf({ parameters, slots, counters: counters[0] }, slotCount)
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

/** The same for all threads of a memory: each counts its steps, all alike. */
export function loadState(views: Views, source: TrainedState): void {
  copyState(stateIn(views, source.slots.length), source)
  for (const own of views.counters) own.set(source.counters)
}
