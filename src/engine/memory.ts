/**
 * The one place where memory is laid out. One network, one memory, laid out once, never grown, so that views stay valid:
 *
 *     ┌─────────┬────────────┬───────────┬───────────────┬─────────┬─────────┬────────────────────────────┬─────────────────┐
 *     │ records │ parameters │ gradients │ slots 0, 1, 2 │ average │ window  │ panels                     │ threads         │
 *     └─────────┴────────────┴───────────┴───────────────┴─────────┴─────────┴────────────────────────────┴─────────────────┘
 *       network   w b w b …    the same    the same        of the    x rows    inputs, as samples/features  each: optimizer,
 *       layers                 order       order, the      para-     y rows    per layer: features, a, δ    counters, report,
 *       regularization                     optimiser's     meters    order,    targets, losses,             strip of ∇w and ∇b,
 *       barrier, taken                     state                     rates,    weights                      packed w or δ
 *                                                                    weights
 *
 * Parameters, gradients, slots and average are six regions of one size. Pages that are never touched, such as the slots of an
 * optimiser without state, take no physical memory.
 */
import { parameterCount } from '../spec.js'
import { numberBytes as bytesOfNumber } from '../floats.js'
import type { Sharing } from './core.js'
import type { EngineSpec } from './engine.js'
import { outOfMemory } from './out-of-memory.js'
import { windowRows } from './window.js'

const VECTOR_BYTES = 16
const PANEL_BYTES = 2 * VECTOR_BYTES

/** What assembly/plan.ts may take for a record. */
const RECORD_BYTES = 128

const CACHE_LINE = 64
const PAGE = 65_536

/** Below lies what the compiler may have placed there. */
const FIRST_ADDRESS = 1024
const MAX_BYTES = 65_536 * PAGE

/** Samples of one chunk, fewer if their panels took more than PANELS_BYTES. */
const CHUNK = 256
const PANELS_BYTES = 2 ** 26

/** Gradients are taken in blocks of rows: as many as fit into STRIP_BYTES, but whole tiles, and from 4 to 64. */
const STRIP_BYTES = 16_384
/** ROWS in assembly/tile.ts. */
const TILE_ROWS = 4
const MAX_BLOCK_ROWS = 64
/** Of every layer there are so many blocks for each of several threads, if it has the rows. */
const BLOCKS_PER_THREAD = 2

export interface LayerLayout {
  readonly nIn: number
  readonly nOut: number
  readonly record: number
  readonly w: number
  readonly b: number
  readonly input: number
  readonly features: number
  readonly a: number
  readonly delta: number
  /** rows whose gradients are taken together, so that they are used while they are in the cache; what threads take at a time */
  readonly blockRows: number
  /** blocks of blockRows rows, the last with what is left of them */
  readonly blocks: number
}

export interface Layout {
  readonly pages: number
  readonly numberBytes: 4 | 8
  /** numbers in one row of a panel */
  readonly panelLanes: number
  readonly parameterCount: number
  readonly chunk: number
  readonly capacity: number
  readonly network: number
  readonly regularization: number
  readonly barrier: number
  /** how many pieces have been taken of the share of each thread, takenBytes from one to the next: see assembly/share.ts */
  readonly taken: number
  readonly takenBytes: number
  readonly parameters: number
  readonly regionBytes: number
  readonly x: number
  readonly y: number
  readonly order: number
  readonly targets: number
  readonly losses: number
  /** learning rates, one for each batch */
  readonly rates: number
  /** of the rows of x and y */
  readonly weights: number
  readonly weightPanels: number
  readonly layers: readonly LayerLayout[]
  readonly threads: readonly ThreadLayout[]
}

/** What each thread has for itself. */
export interface ThreadLayout {
  readonly record: number
  readonly optimizer: number
  readonly counters: number
  /** what an update of less than a vector needs */
  readonly scratch: number
  readonly report: number
  readonly strip: number
  readonly stripBytes: number
  readonly packed: number
}

/**
 * Where everything lies, in bytes.
 *
 * @param threads that share the steps
 * @param rows that can be staged at once; as many as a window holds, unless given
 * @throws RangeError that gives the bytes needed, if they are more than a WebAssembly memory has
 */
export function layOut(spec: EngineSpec, threads = 1, rows?: number): Layout {
  const numberBytes = bytesOfNumber(spec.precision)
  const panelLanes = PANEL_BYTES / numberBytes
  const sizes = [spec.inputs, ...spec.layers.map(({ units }) => units)]
  const outputs = sizes[sizes.length - 1]
  const count = parameterCount(spec)

  // Every size is kept as samples panel (a), another (δ) and feature panels, the inputs without δ, the outputs with targets.
  const sampleBytes = sizes.reduce((sum, size) => sum + 3 * (size + panelLanes) * numberBytes, 0)
  const panels = Math.max(1, Math.floor(Math.min(CHUNK, PANELS_BYTES / sampleBytes) / panelLanes))
  const chunk = panels * panelLanes
  // Whole chunks: batches that are larger than the window are cut where they would be cut anyway.
  const capacity = Math.ceil((rows ?? windowRows((spec.inputs + outputs) * numberBytes)) / chunk) * chunk

  let end = FIRST_ADDRESS
  const reserve = (bytes: number): number => {
    const start = Math.ceil(end / CACHE_LINE) * CACHE_LINE
    end = start + bytes
    return start
  }
  const samplePanels = (size: number): number => reserve(chunk * size * numberBytes)
  const featurePanels = (size: number): number => reserve(chunk * Math.ceil(size / panelLanes) * PANEL_BYTES)

  const network = reserve(RECORD_BYTES)
  const layerRecords = reserve(RECORD_BYTES * spec.layers.length)
  const regularization = reserve(RECORD_BYTES)
  const barrier = reserve(2 * 4)
  const takenBytes = Math.ceil((4 * spec.layers.length) / CACHE_LINE) * CACHE_LINE
  const taken = reserve(takenBytes * threads)
  const regionBytes = Math.ceil((count * numberBytes + PANEL_BYTES) / CACHE_LINE) * CACHE_LINE
  const parameters = reserve(6 * regionBytes)
  const x = reserve(capacity * spec.inputs * numberBytes)
  const y = reserve(capacity * outputs * numberBytes)
  const order = reserve(capacity * 4)
  const rates = reserve(capacity * 8)
  const weights = reserve(capacity * numberBytes)
  const targets = samplePanels(outputs)
  const losses = samplePanels(1)
  const weightPanels = samplePanels(1)

  const layers: LayerLayout[] = []
  let w = parameters
  let input = samplePanels(spec.inputs)
  for (const [l, nOut] of sizes.slice(1).entries()) {
    const nIn = sizes[l]
    const b = w + nOut * nIn * numberBytes
    const features = featurePanels(nIn)
    const a = samplePanels(nOut)
    const delta = samplePanels(nOut)
    const record = layerRecords + l * RECORD_BYTES
    const blockRows = blockRowsOf(nIn * numberBytes, nOut, threads)
    const blocks = Math.ceil(nOut / blockRows)
    layers.push({ nIn, nOut, record, w, b, input, features, a, delta, blockRows, blocks })
    w = b + nOut * numberBytes
    input = a
  }
  const widest = Math.max(...sizes) * numberBytes
  // Columns are packed of every layer's weights but the first's, which no error goes back through.
  const packedBytes = Math.max(
    MAX_BLOCK_ROWS * chunk * numberBytes,
    CACHE_LINE * Math.max(0, ...sizes.slice(2)),
  )
  const threadLayouts = Array.from({ length: threads }, (): ThreadLayout => ({
    record: reserve(RECORD_BYTES),
    optimizer: reserve(RECORD_BYTES),
    counters: reserve(4 * 8),
    scratch: reserve(5 * VECTOR_BYTES),
    report: reserve(2 * 8),
    strip: reserve(Math.max(STRIP_BYTES, TILE_ROWS * widest) + PANEL_BYTES),
    stripBytes: STRIP_BYTES,
    packed: reserve(packedBytes),
  }))

  if (end > MAX_BYTES) throw outOfMemory(end, MAX_BYTES, rows === undefined ? 'network' : 'network and data')
  return {
    pages: Math.ceil(end / PAGE),
    numberBytes,
    panelLanes,
    parameterCount: count,
    chunk,
    capacity,
    network,
    regularization,
    barrier,
    taken,
    takenBytes,
    parameters,
    regionBytes,
    x,
    y,
    order,
    targets,
    losses,
    rates,
    weights,
    weightPanels,
    layers,
    threads: threadLayouts,
  }
}

/** Rows of a block of weights, of which a layer has nOut with rowBytes each. */
function blockRowsOf(rowBytes: number, nOut: number, threads: number): number {
  const fitting = Math.floor(STRIP_BYTES / (TILE_ROWS * rowBytes))
  const fair = threads === 1 ? fitting : Math.ceil(nOut / (TILE_ROWS * BLOCKS_PER_THREAD * threads))
  return Math.min(Math.max(1, Math.min(fitting, fair)) * TILE_ROWS, MAX_BLOCK_ROWS)
}

/**
 * @throws RangeError that gives the bytes needed, if the machine does not have them, or not the addresses: V8 reserves 10 GiB (Node 20)
 *   or 8 GiB (Node 24) of its 128 TiB for each memory, however small, so that it need not check bounds
 */
export function allocate({ pages }: Layout, sharing: Sharing = 'own'): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: sharing === 'shared' })
  } catch {
    const beside = ' beside all networks that are not disposed, each with gigabytes of addresses'
    throw outOfMemory(pages * PAGE, undefined, 'network', beside)
  }
}
