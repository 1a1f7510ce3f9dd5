/**
 * The memory of a network that trains; see prediction-memory.ts for one that only predicts. A large network has one of
 * its own, small ones share one, see workspace.ts. It is laid out once and never grown, so that views stay valid:
 *
 *     ┌─────────┬────────────┬───────────┬───────────────┬─────────┬────────┬───────────────────────┬─────────────────┐
 *     │ records │ parameters │ gradients │ slots 0, 1, 2 │ average │ window │ panels                │ threads         │
 *     └─────────┴────────────┴───────────┴───────────────┴─────────┴────────┴───────────────────────┴─────────────────┘
 *       network   w b w b …    the same    the same        of the    x rows   inputs, as samples and  each: optimizer,
 *       layers                 order       order, the      para-     y rows   features; per layer:    counters, report,
 *       regularization                     optimiser's     meters    order,   features, a, δ;         strip of ∇w, ∇b,
 *       barrier, taken                     state                     rates,   targets, losses,        packed w or δ
 *                                                                    epochs'  weights
 *                                                                    losses,
 *                                                                    weights
 *     ├─────────────────────────── own ────────────────────────────┼──────────── shared ────────────┤ strip, packed too
 *
 * Of small networks each place has what is own, and a thread's optimizer, counters and report; all share the rest.
 *
 * Parameters, gradients, slots and average are regions of equal size: see Region in assembly/step/structs.ts. Pages
 * that are never touched, such as the slots of a stateless optimiser, take no physical memory. What kernels of small
 * networks read and write past the end of an array lies within the memory: panels have room for hundreds of samples,
 * behind the parameters are other regions.
 */
import type { Architecture } from '../../definition/architecture.js'
import { parameterCount } from '../../definition/architecture.js'
import { numberBytes as bytesOfNumber } from '../../base/floats.js'
import type { PredictionLayer, PredictionLayout } from './prediction-memory.js'
import {
  barrierBytes,
  CACHE_LINE,
  countersBytes,
  PANEL_BYTES,
  RECORD_BYTES,
  regionCount,
  reportBytes,
  SCRATCH_BYTES,
  TILE_ROWS,
} from './layout.generated.js'
import { chunkSamples, layerAddresses, Reservation, smallBatchOf, STRIP_BYTES } from './reservation.js'
import { EPOCHS_AT_ONCE } from '../engine.js'
import { windowRows } from '../window.js'

/** Gradients are computed in blocks of rows: as many as fit into STRIP_BYTES, but in whole tiles, and from 4 to 64. */
const MAX_BLOCK_ROWS = 64
/** With several threads, each layer has this many blocks per thread, if it has enough rows. */
const BLOCKS_PER_THREAD = 2

/** The fields that prediction reads, and those that training reads in addition. */
export interface LayerLayout extends PredictionLayer {
  readonly features: number
  /**
   * rows whose gradients are computed together, to use them while they are in the cache; also what a thread claims
   * at a time
   */
  readonly blockRows: number
  /** number of blocks of blockRows rows; the last has the remainder */
  readonly blocks: number
}

export interface Layout extends PredictionLayout {
  readonly numberBytes: 4 | 8
  /** numbers in one row of a panel */
  readonly panelLanes: number
  readonly parameterCount: number
  readonly regularization: number
  readonly barrier: number
  /** how many items of each thread's share have been taken, takenBytes apart: see assembly/step/work-stealing.ts */
  readonly taken: number
  readonly takenBytes: number
  readonly regionBytes: number
  readonly targets: number
  readonly losses: number
  /** learning rates, one per batch */
  readonly rates: number
  /** of epochs that are trained at once */
  readonly epochLosses: number
  /** of the rows of x and y */
  readonly weights: number
  readonly weightPanels: number
  readonly layers: readonly LayerLayout[]
  readonly threads: readonly ThreadLayout[]
}

/** Memory private to one thread. */
export interface ThreadLayout {
  readonly record: number
  readonly optimizer: number
  readonly counters: number
  /** for updates of less than a whole vector */
  readonly scratch: number
  readonly report: number
  readonly strip: number
  readonly stripBytes: number
  readonly packed: number
}

/** Where records and parameters are reserved, and where what several networks may use by turns. */
export interface Reservations {
  readonly own: Reservation
  readonly shared: Reservation
}

/**
 * Where everything lies, in bytes.
 *
 * @param threads number of threads that share the steps
 * @param rows number of rows that can be staged together; by default as many as a window holds
 * @param reservations in a memory that several networks share; by default the network has one to itself
 * @throws RangeError with the bytes needed, if that is more than a WebAssembly memory can hold
 */
export function layOut(spec: Architecture, threads = 1, rows?: number, reservations?: Reservations): Layout {
  const numberBytes = bytesOfNumber(spec.precision)
  const panelLanes = PANEL_BYTES / numberBytes
  const sizes = [spec.inputs, ...spec.layers.map(({ units }) => units)]
  const outputs = sizes[sizes.length - 1]
  const count = parameterCount(spec)

  // Each size has a sample panel (a), another (δ) and feature panels; the inputs have no δ, the outputs have targets
  // too.
  const sampleBytes = sizes.reduce((sum, size) => sum + 3 * (size + panelLanes) * numberBytes, 0)
  const chunk = chunkSamples(sampleBytes, panelLanes)
  // Whole chunks: batches larger than the window are split where they would be split anyway.
  const capacity = Math.ceil((rows ?? windowRows((spec.inputs + outputs) * numberBytes)) / chunk) * chunk

  const alone = new Reservation()
  const { own, shared } = reservations ?? { own: alone, shared: alone }
  const reserve = (bytes: number): number => own.reserve(bytes)
  const share = (bytes: number): number => shared.reserve(bytes)
  const samplePanels = (size: number): number => share(chunk * size * numberBytes)
  const featurePanels = (size: number): number => share(chunk * Math.ceil(size / panelLanes) * PANEL_BYTES)

  const network = reserve(RECORD_BYTES)
  const layerRecords = reserve(RECORD_BYTES * spec.layers.length)
  const regularization = reserve(RECORD_BYTES)
  const barrier = reserve(barrierBytes)
  const takenBytes = Math.ceil((4 * spec.layers.length) / CACHE_LINE) * CACHE_LINE
  const taken = reserve(takenBytes * threads)
  const regionBytes = Math.ceil((count * numberBytes + PANEL_BYTES) / CACHE_LINE) * CACHE_LINE
  const parameters = reserve(regionCount * regionBytes)
  const x = share(capacity * spec.inputs * numberBytes)
  const y = share(capacity * outputs * numberBytes)
  const order = share(capacity * 4)
  const rates = share(capacity * 8)
  const epochLosses = share(EPOCHS_AT_ONCE * 8)
  const weights = share(capacity * numberBytes)
  const targets = samplePanels(outputs)
  const losses = samplePanels(1)
  const weightPanels = samplePanels(1)

  const layers: LayerLayout[] = []
  let input = samplePanels(spec.inputs)
  for (const addresses of layerAddresses(sizes, layerRecords, parameters, numberBytes)) {
    const { nIn, nOut } = addresses
    const features = featurePanels(nIn)
    const a = samplePanels(nOut)
    const delta = samplePanels(nOut)
    const blockRows = blockRowsOf(nIn * numberBytes, nOut, threads)
    const blocks = Math.ceil(nOut / blockRows)
    layers.push({ ...addresses, input, features, a, delta, blockRows, blocks })
    input = a
  }
  const widest = Math.max(...sizes) * numberBytes
  // Columns of weights are packed in every layer but the first, which propagates no error back. Small batches put the
  // terms of a layer's sums here, at most 16·17 + 3 vectors: see gradientRows.
  const packedBytes = Math.max(
    MAX_BLOCK_ROWS * chunk * numberBytes,
    CACHE_LINE * Math.max(0, ...sizes.slice(2)),
  )
  const threadLayouts = Array.from({ length: threads }, (): ThreadLayout => ({
    record: reserve(RECORD_BYTES),
    optimizer: reserve(RECORD_BYTES),
    counters: reserve(countersBytes),
    scratch: reserve(SCRATCH_BYTES),
    report: reserve(reportBytes),
    strip: share(Math.max(STRIP_BYTES, TILE_ROWS * widest) + PANEL_BYTES),
    stripBytes: STRIP_BYTES,
    packed: share(packedBytes),
  }))

  return {
    pages: shared.pages(rows === undefined ? 'network' : 'network and data'),
    numberBytes,
    panelLanes,
    parameterCount: count,
    chunk,
    smallBatch: threads === 1 ? smallBatchOf(sizes, count, numberBytes) : 0,
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
    epochLosses,
    weights,
    weightPanels,
    layers,
    threads: threadLayouts,
  }
}

/** Rows per block of the weights of a layer that has nOut rows of rowBytes each. */
function blockRowsOf(rowBytes: number, nOut: number, threads: number): number {
  const fitting = Math.floor(STRIP_BYTES / (TILE_ROWS * rowBytes))
  const fair = threads === 1 ? fitting : Math.ceil(nOut / (TILE_ROWS * BLOCKS_PER_THREAD * threads))
  return Math.min(Math.max(1, Math.min(fitting, fair)) * TILE_ROWS, MAX_BLOCK_ROWS)
}
