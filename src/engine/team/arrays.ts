import type { Floats } from '../../floats.js'
import type { EngineSpec } from '../engine.js'
import type { Layout } from '../memory.js'
import type { TrainedState } from './messages.js'

/** Views of what a team's memory holds. */
export interface TeamArrays {
  readonly x: Floats
  readonly y: Floats
  readonly order: Uint32Array
  /** Makes this the state from which training goes on. */
  load(state: TrainedState): void
  /** Overwrites this with the state to which training has come. */
  save(state: TrainedState): void
}

export function copyInto(target: TrainedState, source: TrainedState): void {
  target.parameters.set(source.parameters)
  for (const [i, slot] of target.slots.entries()) slot.set(source.slots[i])
  target.counters.set(source.counters)
}

export function arraysOf(
  buffer: ArrayBufferLike,
  layout: Layout,
  { inputs, precision }: EngineSpec,
  slotCount: number,
): TeamArrays {
  const floats = (address: number, length: number): Floats =>
    precision === 'f64'
      ? new Float64Array(buffer as ArrayBuffer, address, length)
      : new Float32Array(buffer as ArrayBuffer, address, length)
  const { capacity, parameterCount, regionBytes, layers } = layout
  const region = (r: number): Floats => floats(layout.parameters + r * regionBytes, parameterCount)
  const parameters = region(0)
  const slots = Array.from({ length: slotCount }, (_, i) => region(2 + i))
  // Every thread counts its steps; all count alike.
  const states = layout.threads.map((thread): TrainedState => {
    return { parameters, slots, counters: new Float64Array(buffer as ArrayBuffer, thread.counters, 4) }
  })
  return {
    x: floats(layout.x, capacity * inputs),
    y: floats(layout.y, capacity * layers[layers.length - 1].nOut),
    order: new Uint32Array(buffer, layout.order, capacity),
    load: (state) => {
      for (const own of states) copyInto(own, state)
    },
    save: (state) => {
      copyInto(state, states[0])
    },
  }
}
