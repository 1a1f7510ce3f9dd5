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
  /** A copy of the state to which training has come. */
  copy(): TrainedState
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
  const counters = layout.threads.map((thread) => new Float64Array(buffer as ArrayBuffer, thread.counters, 4))
  return {
    x: floats(layout.x, capacity * inputs),
    y: floats(layout.y, capacity * layers[layers.length - 1].nOut),
    order: new Uint32Array(buffer, layout.order, capacity),
    load: (state) => {
      parameters.set(state.parameters)
      for (const [i, slot] of slots.entries()) slot.set(state.slots[i])
      for (const own of counters) own.set(state.counters)
    },
    copy: () => ({
      parameters: parameters.slice(),
      slots: slots.map((slot) => slot.slice()),
      counters: counters[0].slice(),
    }),
  }
}
