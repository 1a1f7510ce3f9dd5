import { typeError } from '../base/argument-error.js'
import { isObject, show } from '../base/check.js'
import type { Floats, Precision } from '../base/floats.js'
import { parameterCount, parameterRanges } from '../definition/architecture.js'
import type { Activation } from '../definition/activations.js'
import type { LossName } from '../definition/losses.js'
import {
  checkTensors,
  openSafetensors,
  parameterShapes,
  readParameters,
} from '../formats/safetensors-file.js'
import type { Preprocessing } from '../model/column.js'
import { ENTRY, readPreprocessing } from '../model/saved-preprocessing.js'

/** What writes itself in deltaprop's own format: a Network, or a Model of deltaprop/model. */
export interface Saveable {
  toBytes(): Uint8Array
}

/** A layer that is to be written in another format: a = f(w·x + b). */
export interface ExportedLayer {
  readonly inputs: number
  readonly units: number
  /** units × inputs, row-major */
  readonly weights: Floats
  /** units */
  readonly biases: Floats
  readonly activation: Activation
}

/** What the formats of other tools have room for; all of it is a copy. */
export interface Exported {
  readonly inputs: number
  /** first to last, at least one */
  readonly layers: readonly ExportedLayer[]
  readonly loss: LossName
  /** of the weights and biases */
  readonly precision: Precision
  /** of a Model; undefined for a Network */
  readonly preprocessing: Preprocessing | undefined
}

/** The tensors of the state of training, each with one number per parameter, which no other format has. */
const ofTraining = /^(gradients|optimizer\.\w+|training\.[\w.]+)$/

/**
 * What a network or a model has to say to another tool.
 *
 * @param name of the argument
 * @throws TypeError unless it is one; RangeError that names a parameter that is not finite
 */
export function exportedOf(name: string, saveable: Saveable): Exported {
  const value: unknown = saveable
  if (!isObject(value) || !('toBytes' in value) || typeof value.toBytes !== 'function') {
    throw typeError(name, 'a Network or a Model', show(value))
  }
  const file = openSafetensors(saveable.toBytes())
  const { architecture, metadata } = file
  const count = parameterCount(architecture)
  checkTensors(file, parameterShapes(architecture), (tensor) =>
    ofTraining.test(tensor) ? [count] : undefined,
  )
  const parameters = readParameters(file)
  const ranges = parameterRanges(architecture)
  const layers = architecture.layers.map((layer, l) => {
    const [weights, biases] = ranges
      .slice(2 * l, 2 * l + 2)
      .map(({ start, end }) => parameters.subarray(start, end))
    return { ...layer, weights, biases }
  })
  const { inputs, loss, precision } = architecture
  const { units, activation } = layers[layers.length - 1]
  const preprocessing = Object.hasOwn(metadata, ENTRY)
    ? readPreprocessing({ metadata, inputs, outputs: units, layers: [{ activation: activation.type }] })
    : undefined
  return { inputs, layers, loss, precision, preprocessing }
}
