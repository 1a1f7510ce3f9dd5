import type { Architecture } from '../../definition/architecture.js'
import { writePredictionLayer, writePredictionNetwork, type RecordViews } from './layout.generated.js'
import { activations } from './numbers.js'
import type { PredictionLayout } from './prediction-memory.js'

/** Writes what prediction reads about a network: what it consists of, and where that is. */
export function writePredictionRecords(
  memory: RecordViews,
  spec: Architecture,
  { network, layers, chunk, x, order }: PredictionLayout,
): void {
  writePredictionNetwork(memory, network, { layers: layers.length, first: layers[0].record, chunk, x, order })
  for (const [l, layer] of layers.entries()) {
    const { type, shape } = spec.layers[l].activation
    writePredictionLayer(memory, layer.record, { ...layer, activation: activations.indexOf(type), shape })
  }
}
