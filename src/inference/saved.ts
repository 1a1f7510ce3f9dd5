/** What prediction reads from files: the network and its parameters, not the state of its training. */
import { parameterCount, type Architecture } from '../definition/architecture.js'
import type { Floats } from '../base/floats.js'
import { openJSON, readParameters as readJSONParameters } from '../formats/json-file.js'
import type { Metadata } from '../base/metadata.js'
import {
  checkTensors,
  openSafetensors,
  parameterShapes,
  readParameters,
} from '../formats/safetensors-file.js'

export interface SavedPredictor {
  readonly architecture: Architecture
  /** layer by layer, weights then biases */
  readonly parameters: Floats
  readonly metadata: Metadata
}

/** The tensors of the state of training; each has one number per parameter. */
const ofTraining = /^(gradients|optimizer\.\w+|training\.[\w.]+)$/

/** @throws TypeError or RangeError that says what is wrong; allocates no more than the file has bytes for */
export function predictorFromBytes(bytes: unknown): SavedPredictor {
  const file = openSafetensors(bytes)
  const { architecture, metadata } = file
  const count = parameterCount(architecture)
  checkTensors(file, parameterShapes(architecture), (name) => (ofTraining.test(name) ? [count] : undefined))
  return { architecture, parameters: readParameters(file), metadata }
}

/** @throws TypeError or RangeError that names what is wrong */
export function predictorFromJSON(json: unknown): SavedPredictor {
  const file = openJSON(json)
  const { architecture, metadata } = file
  return { architecture, parameters: readJSONParameters(file), metadata }
}
