/** What the layouts of a memory share: bytes reserved one after the other, and where the layers lie among them. */
import { outOfAddresses, outOfMemory } from '../out-of-memory.js'
import { CACHE_LINE, RECORD_BYTES } from './layout.generated.js'

const PAGE = 65_536

/**
 * Where layouts begin: what is below belongs to the compiler, which puts texts of assertions there in the debug build.
 */
export const FIRST_ADDRESS = 2048
const MAX_BYTES = 65_536 * PAGE

/** Samples of one chunk, fewer if their panels took more than PANELS_BYTES. */
const CHUNK = 256
const PANELS_BYTES = 2 ** 26

/** Whether a memory is one network's own, or shared between threads. */
export type Sharing = 'own' | 'shared'

/** Hands out a memory from its beginning, in whole cache lines. */
export class Reservation {
  #end = FIRST_ADDRESS

  /** The address of so many bytes. */
  reserve(bytes: number): number {
    const start = Math.ceil(this.#end / CACHE_LINE) * CACHE_LINE
    this.#end = start + bytes
    return start
  }

  /** @throws RangeError that gives the bytes needed, if they are more than a WebAssembly memory has */
  pages(what: 'network' | 'network and data'): number {
    if (this.#end > MAX_BYTES) throw outOfMemory(this.#end, MAX_BYTES, what)
    return Math.ceil(this.#end / PAGE)
  }
}

/** What any memory has of a layer: its sizes, and where its record, its weights and its biases lie. */
export interface LayerPlace {
  readonly nIn: number
  readonly nOut: number
  readonly record: number
  readonly w: number
  readonly b: number
}

/** Of all layers, whose records lie from `records` on, and whose parameters, w b w b …, from `parameters` on. */
export function layerPlaces(
  sizes: readonly number[],
  records: number,
  parameters: number,
  numberBytes: number,
): LayerPlace[] {
  let end = parameters
  return sizes.slice(1).map((nOut, l) => {
    const nIn = sizes[l]
    const w = end
    const b = w + nOut * nIn * numberBytes
    end = b + nOut * numberBytes
    return { nIn, nOut, record: records + l * RECORD_BYTES, w, b }
  })
}

/** Samples, in whole panels, whose panels are held at once; sampleBytes are those of one sample. */
export function chunkSamples(sampleBytes: number, panelLanes: number): number {
  const panels = Math.floor(Math.min(CHUNK, PANELS_BYTES / sampleBytes) / panelLanes)
  return Math.max(1, panels) * panelLanes
}

/**
 * A memory that stays as large as it is. V8 reserves 10 GiB (Node 20) or 8 GiB (Node 24) of its 128 TiB of addresses
 * for each, however small, so that it need not check bounds; where it is told to check them, the pages alone, but for a
 * memory without a maximum.
 *
 * @param alternative to more addresses, for the message
 * @throws RangeError that gives the bytes needed, if the machine does not have them; or that says that there are no addresses
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
