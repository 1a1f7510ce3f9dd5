import type { Architecture } from '../../definition/architecture.js'
import type { Floats } from '../../base/floats.js'
import { EPOCHS_AT_ONCE, type EngineArrays } from '../engine.js'
import { countersBytes, Region, reportBytes, type RecordViews } from './layout.generated.js'
import type { Layout } from './memory.js'

/** Views of the contents of a memory, valid as long as it lives. */
export interface Views extends EngineArrays {
  readonly slots: readonly Floats[]
  /** of the whole memory */
  readonly memory: RecordViews
  /** of the network, its layers and its regularisation */
  readonly records: Uint8Array
  /**
   * each thread's record, its optimiser's record, and what it keeps there between calls; one entry per thread, as in
   * the arrays below
   */
  readonly threads: readonly Uint8Array[]
  readonly epochLosses: Float64Array
  /** the optimiser's counters and the training report */
  readonly counters: readonly Float64Array[]
  readonly reports: readonly Float64Array[]
}

/** Numbers of the network's precision, starting at an address; without a length, to the end of the memory. */
export function floatsAt(
  memory: WebAssembly.Memory,
  { precision }: Architecture,
  address: number,
  length?: number,
): Floats {
  return precision === 'f64'
    ? new Float64Array(memory.buffer, address, length)
    : new Float32Array(memory.buffer, address, length)
}

/** Views for writing records anywhere in a memory. */
export function recordViews({ buffer }: WebAssembly.Memory): RecordViews {
  return { u8: new Uint8Array(buffer), u32: new Uint32Array(buffer), f64: new Float64Array(buffer) }
}

export function viewsOf(memory: WebAssembly.Memory, layout: Layout, spec: Architecture): Views {
  const { buffer } = memory
  const { parameters, parameterCount, regionBytes, capacity, layers, threads } = layout
  const floats = (address: number, length: number): Floats => floatsAt(memory, spec, address, length)
  const region = (r: Region): Floats => floats(parameters + r * regionBytes, parameterCount)
  const numbers = (address: number, size: number): Float64Array =>
    new Float64Array(buffer, address, size / Float64Array.BYTES_PER_ELEMENT)
  const bytes = (start: number, end: number): Uint8Array => new Uint8Array(buffer, start, end - start)
  return {
    memory: recordViews(memory),
    records: bytes(layout.network, layout.barrier),
    parameters: region(Region.parameters),
    gradients: region(Region.gradients),
    slots: [region(Region.slot0), region(Region.slot1), region(Region.slot2)],
    average: region(Region.average),
    x: floats(layout.x, capacity * spec.inputs),
    y: floats(layout.y, capacity * layers[layers.length - 1].nOut),
    order: new Uint32Array(buffer, layout.order, capacity),
    weights: floats(layout.weights, capacity),
    rates: new Float64Array(buffer, layout.rates, capacity),
    epochLosses: new Float64Array(buffer, layout.epochLosses, EPOCHS_AT_ONCE),
    threads: threads.map(({ record, strip }) => bytes(record, strip)),
    counters: threads.map(({ counters }) => numbers(counters, countersBytes)),
    reports: threads.map(({ report }) => numbers(report, reportBytes)),
  }
}
