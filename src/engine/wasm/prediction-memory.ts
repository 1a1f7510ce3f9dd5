/**
 * The memory of a network that only predicts:
 *
 *     ┌─────────┬────────────┬────────────────────────┬─────────────────────────────┐
 *     │ records │ parameters │ window                 │ panels                      │
 *     └─────────┴────────────┴────────────────────────┴─────────────────────────────┘
 *       network   w b w b …    x rows, order, y rows    inputs and every second
 *       layers                                          layer's a, the others' a, z
 *
 * All layers share the panels for z, and each writes its activations to the panels that held the inputs of the layer
 * before. Panels are as wide as the widest layer that uses them. Weights are packed where they lie, see IS_PACKED in
 * assembly/panels/tile.ts; the kernel of one sample reads up to four vectors past a layer's parameters, and does not use
 * what is there.
 */
import type { Architecture } from '../../definition/architecture.js'
import { parameterCount } from '../../definition/architecture.js'
import { numberBytes as bytesOfNumber } from '../../base/floats.js'
import {
  PANEL_BYTES,
  RECORD_BYTES,
  writePredictionLayer,
  writePredictionNetwork,
  type RecordViews,
} from './layout.generated.js'
import { activations } from './numbers.js'
import {
  chunkSamples,
  layerAddresses,
  Reservation,
  smallBatchOf,
  type LayerAddresses,
} from './reservation.js'
import { windowRows } from '../window.js'

/** What prediction reads for a layer, and where. */
export interface PredictionLayer extends LayerAddresses {
  readonly input: number
  readonly a: number
  readonly delta: number
}

/** Where everything that prediction reads and writes is located. */
export interface PredictionLayout {
  readonly pages: number
  readonly chunk: number
  /** see smallBatchOf */
  readonly smallBatch: number
  readonly capacity: number
  readonly network: number
  readonly parameters: number
  readonly x: number
  readonly y: number
  readonly order: number
  readonly layers: readonly PredictionLayer[]
}

/**
 * Where everything lies, in bytes.
 *
 * @throws RangeError with the bytes needed, if that is more than a WebAssembly memory can hold
 */
export function layOutPrediction(spec: Architecture): PredictionLayout {
  const numberBytes = bytesOfNumber(spec.precision)
  const sizes = [spec.inputs, ...spec.layers.map(({ units }) => units)]
  const outputs = sizes[sizes.length - 1]
  const panelLanes = PANEL_BYTES / numberBytes
  const widths = [0, 1].map((odd) => Math.max(...sizes.filter((_, l) => l % 2 === odd)))
  widths.push(Math.max(...sizes.slice(1)))
  const sampleBytes = widths.reduce((sum, width) => sum + width * numberBytes, 0)
  const chunk = chunkSamples(sampleBytes, panelLanes)
  const capacity = Math.ceil(windowRows((spec.inputs + outputs) * numberBytes) / chunk) * chunk

  const reservation = new Reservation()
  const network = reservation.reserve(RECORD_BYTES)
  const records = reservation.reserve(RECORD_BYTES * spec.layers.length)
  const parameters = reservation.reserve(parameterCount(spec) * numberBytes)
  const x = reservation.reserve(capacity * spec.inputs * numberBytes)
  const order = reservation.reserve(capacity * 4)
  const y = reservation.reserve(capacity * outputs * numberBytes)
  const panels = widths.map((width) => reservation.reserve(chunk * width * numberBytes))

  const layers = layerAddresses(sizes, records, parameters, numberBytes).map((addresses, l) => {
    return { ...addresses, input: panels[l % 2], a: panels[(l + 1) % 2], delta: panels[2] }
  })
  const smallBatch = smallBatchOf(sizes, parameterCount(spec), numberBytes)
  const pages = reservation.pages('network')
  return { pages, chunk, smallBatch, capacity, network, parameters, x, y, order, layers }
}

/** Writes what prediction reads about a network: what it consists of, and where that is. */
export function writePredictionRecords(
  memory: RecordViews,
  spec: Architecture,
  { network, layers, chunk, smallBatch, x, order }: PredictionLayout,
): void {
  writePredictionNetwork(memory, network, {
    layers: layers.length,
    first: layers[0].record,
    chunk,
    x,
    order,
    smallBatch,
  })
  for (const [l, layer] of layers.entries()) {
    const { type, shape } = spec.layers[l].activation
    writePredictionLayer(memory, layer.record, { ...layer, activation: activations.indexOf(type), shape })
  }
}
