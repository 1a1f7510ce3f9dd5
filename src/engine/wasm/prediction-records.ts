import type { Architecture } from '../../definition/architecture.js'
import { writePredictionLayer, writePredictionNetwork } from './layout.generated.js'
import { activationNumber } from './numbers.js'
import type { PredictionLayout } from './prediction-memory.js'

/** Writes what prediction reads of a network: what it is made of, and where that lies. */
export function writePrediction(
  memory: DataView,
  spec: Architecture,
  { network, layers, chunk, x, order }: PredictionLayout,
): void {
  writePredictionNetwork(memory, network, { layers: layers.length, first: layers[0].record, chunk, x, order })
  for (const [l, { record, nIn, nOut, w, b, input, a, delta }] of layers.entries()) {
    const { type, shape } = spec.layers[l].activation
    const activation = activationNumber(type)
    writePredictionLayer(memory, record, { nIn, nOut, activation, shape, w, b, input, a, delta })
  }
}
