import type { Views } from '../views.js'
import type { TrainedState } from './messages.js'

/** The state that a memory holds, by the counters of its first thread. */
export function stateIn({ parameters, slots, counters }: Views, slotCount: number): TrainedState {
  return { parameters, slots: slots.slice(0, slotCount), counters: counters[0] }
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
