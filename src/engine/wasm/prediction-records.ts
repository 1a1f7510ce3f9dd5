import type { Architecture } from '../../definition/architecture.js'
import { activationNames } from '../../definition/activations.js'
import type { PredictionRecords } from './exports.js'
import type { PredictionLayout } from './prediction-memory.js'

/** Tells the module what prediction reads of a network: what it is made of, and where that lies. */
export function writePrediction(
  exports: PredictionRecords,
  spec: Architecture,
  { network, layers, chunk, x, order }: PredictionLayout,
): void {
  exports.network(network, layers.length, layers[0].record, chunk, x, order)
  for (const [l, { record, nIn, nOut, w, b, input, a, delta }] of layers.entries()) {
    const { type, shape } = spec.layers[l].activation
    exports.layer(record, nIn, nOut, activationNames.indexOf(type), shape, w, b, input, a, delta)
  }
}
