/** Shared by the memory layouts: consecutive reservation of bytes, and where the layers are among them. */
import { outOfAddresses, outOfMemory } from '../out-of-memory.js'
import { CACHE_LINE, RECORD_BYTES, VECTOR_BYTES } from './layout.generated.js'

/** Bytes of a page of memory. */
export const PAGE = 65_536

/**
 * Where layouts begin: addresses below belong to the compiler, which puts assertion texts there in the debug build.
 */
export const FIRST_ADDRESS = 2048
const MAX_BYTES = 65_536 * PAGE

/** Samples per chunk; fewer if their panels would take more than PANELS_BYTES. */
const CHUNK = 256
const PANELS_BYTES = 2 ** 26

/** Bytes of gradients that are collected before they update the parameters. */
export const STRIP_BYTES = 16_384

/** The most inputs and units of a layer with which one sample, or a vector of samples, has a way of its own (measured). */
const SMALL_FOR_ONE = 64
const SMALL_FOR_VECTOR = 16

/**
 * The largest batch that takes the way of small networks through the kernels, which collects the gradients of all
 * parameters at once: a vector of samples, one sample, or none. It exists for f32 alone: 2 KB more would be compiled
 * for f64.
 */
export function smallBatchOf(sizes: readonly number[], parameterCount: number, numberBytes: number): number {
  const widest = Math.max(...sizes)
  if (numberBytes > 4 || widest > SMALL_FOR_ONE || parameterCount * numberBytes > STRIP_BYTES) return 0
  return widest > SMALL_FOR_VECTOR ? 1 : VECTOR_BYTES / numberBytes
}

/** Whether a memory belongs to one network alone, or is shared between threads. */
export type Sharing = 'own' | 'shared'

/** Hands out memory from an address on, in whole cache lines. */
export class Reservation {
  #end: number

  constructor(start = FIRST_ADDRESS) {
    this.#end = start
  }

  /** behind what has been reserved */
  get end(): number {
    return this.#end
  }

  /** Reserves some bytes and returns their address. */
  reserve(bytes: number): number {
    const start = Math.ceil(this.#end / CACHE_LINE) * CACHE_LINE
    this.#end = start + bytes
    return start
  }

  /** @throws RangeError with the bytes needed, if that is more than a WebAssembly memory can hold */
  pages(what: 'network' | 'network and data'): number {
    if (this.#end > MAX_BYTES) throw outOfMemory(this.#end, MAX_BYTES, what)
    return Math.ceil(this.#end / PAGE)
  }
}

/** What every memory holds for a layer: its sizes, and the locations of its record, weights and biases. */
export interface LayerAddresses {
  readonly nIn: number
  readonly nOut: number
  readonly record: number
  readonly w: number
  readonly b: number
}

/**
 * The addresses of all layers, whose records start at `records` and whose parameters, w b w b …, start at `parameters`.
 */
export function layerAddresses(
  sizes: readonly number[],
  records: number,
  parameters: number,
  numberBytes: number,
): LayerAddresses[] {
  let end = parameters
  return sizes.slice(1).map((nOut, l) => {
    const nIn = sizes[l]
    const w = end
    const b = w + nOut * nIn * numberBytes
    end = b + nOut * numberBytes
    return { nIn, nOut, record: records + l * RECORD_BYTES, w, b }
  })
}

/**
 * The number of samples, in whole panels, that are processed together; sampleBytes is the panel memory of one
 * sample.
 */
export function chunkSamples(sampleBytes: number, panelLanes: number): number {
  const panels = Math.floor(Math.min(CHUNK, PANELS_BYTES / sampleBytes) / panelLanes)
  return Math.max(1, panels) * panelLanes
}

/**
 * Allocates a memory of fixed size. V8 reserves 10 GiB (Node 20) or 8 GiB (Node 24) of its 128 TiB address space for
 * each, however small, to save bounds checks; if told to check bounds, it reserves only the pages, except for a
 * memory without a maximum.
 *
 * @param alternative to more address space, for the message
 * @throws RangeError with the bytes needed, if the machine does not have them; or saying that address space has run
 *   out
 */
export function allocate(
  { pages }: { readonly pages: number },
  sharing: Sharing = 'own',
  alternative = '',
): WebAssembly.Memory {
  try {
    return memoryOf(pages, sharing === 'shared')
  } catch {
    try {
      memoryOf(0, false)
    } catch {
      throw outOfAddresses(alternative)
    }
    throw outOfMemory(pages * PAGE)
  }
}

function memoryOf(pages: number, shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared })
}
