import type { Architecture } from '../../definition/architecture.js'
import { numberBytes, type Floats } from '../../base/floats.js'
import type { PredictionEngine } from '../engine.js'
import { instantiate, type PredictionExports } from './instance.js'
import { coreForPrediction } from './prediction-core.js'
import { layOutPrediction, writePredictionRecords } from './prediction-memory.js'
import { allocate } from './reservation.js'
import { floatsAt, recordViews } from './views.js'

/**
 * Creates an engine that only predicts, in exact arithmetic, with a WebAssembly memory of its own.
 *
 * @param parameters are copied
 * @throws RangeError with the bytes needed, if the network does not fit in memory
 * @throws Error where WebAssembly SIMD is missing, or compiling is forbidden
 */
export function createPredictionEngine(spec: Architecture, parameters: Floats): PredictionEngine {
  const layout = layOutPrediction(spec)
  const module = coreForPrediction()
  const memory = allocate(layout)
  const exports: PredictionExports = instantiate(module, memory)
  const { capacity, network, y } = layout
  writePredictionRecords(recordViews(memory), spec, layout)
  const own = floatsAt(memory, spec, layout.parameters, parameters.length)
  own.set(parameters)
  exports[`pack_${spec.precision}`]?.(network)
  const kernel = exports[`predict_${spec.precision}`]
  const order = new Uint32Array(memory.buffer, layout.order, capacity)
  return {
    parameters: own,
    capacity,
    x: floatsAt(memory, spec, layout.x, capacity * spec.inputs),
    y: floatsAt(memory, spec, y, capacity * spec.layers[spec.layers.length - 1].units),
    order,
    staged: undefined,
    predict: (n) => {
      kernel(network, y, n)
    },
    numbers: floatsAt(memory, spec, 0),
    predictRow: () => {
      order[0] = 0
      kernel(network, y, 1)
      return y / numberBytes(spec.precision)
    },
  }
}
