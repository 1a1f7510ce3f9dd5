import { newFloats, type Floats, type Precision } from '../base/floats.js'
import { activationOption } from '../definition/activations.js'
import type { LossName } from '../definition/losses.js'
import { checkFinite } from '../formats/numbers.js'
import { VERSION } from '../formats/saved-architecture.js'
import { atOnce, writeTensors } from '../formats/tensor-file.js'
import type { ReadOptions } from '../index.js'
import type { Preprocessing } from '../model/column.js'
import { writePreprocessing } from '../model/saved-preprocessing.js'
import type { ForeignLayer } from './layer-chain.js'

/** A class that reads deltaprop's own format: Network of deltaprop, Model of deltaprop/model. */
export interface Reader<T> {
  /** reads its own format */
  fromBytes(bytes: Uint8Array, options?: ReadOptions): T
}

/** What was made of the file of another tool. */
export interface Converted {
  /** the same in deltaprop's own format, as Network.fromBytes, Model.fromBytes and load read it */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** what was folded, changed or lost, as sentences */
  readonly notes: readonly string[]
  /**
   * The network; or the model, which is the network with the names, scales and classes that the file has.
   *
   * @param kind Network of deltaprop, or Model of deltaprop/model
   * @param options as fromBytes takes them
   * @throws as fromBytes: RangeError for the Model of a file that has neither names nor scales nor classes
   */
  as<T>(kind: Reader<T>, options?: ReadOptions): T
}

/** What the file of another tool says. */
export interface Contents {
  /** one at least, with their activations */
  readonly layers: readonly ForeignLayer[]
  readonly precision: Precision
  readonly seed: number
  /** with which training goes on */
  readonly loss: LossName
  /** undefined: it has neither names nor scales nor classes */
  readonly preprocessing: Preprocessing | undefined
  readonly notes: readonly string[]
}

/** @throws RangeError that names the layer and the place of a number that is not finite */
export function converted({ layers, precision, seed, loss, preprocessing, notes }: Contents): Converted {
  const tensors = layers.flatMap(({ name, inputs, units, weights, biases }, l) => [
    {
      name: `layers.${l}.weights`,
      shape: [units, inputs],
      values: rounded(`${name}.weights`, weights, precision, inputs),
    },
    { name: `layers.${l}.biases`, shape: [units], values: rounded(`${name}.biases`, biases, precision) },
  ])
  const network = {
    inputs: layers[0].inputs,
    layers: layers.map(({ units, activation }) => ({
      units,
      activation: activation === undefined ? 'linear' : activationOption(activation),
    })),
    loss,
    precision,
    seed,
    engine: 'wasm',
    arithmetic: 'exact',
  }
  const progress = { pending: 0, epochs: 0, counters: [] }
  const texts = {
    ...(preprocessing !== undefined && { preprocessing: writePreprocessing(preprocessing) }),
    deltaprop: JSON.stringify({ version: VERSION, network, progress }),
  }
  const bytes = atOnce(writeTensors(texts, precision, tensors))
  return { bytes, notes, as: (kind, options) => kind.fromBytes(bytes, options) }
}

/** @throws RangeError that gives the place of a number that is not finite */
function rounded(name: string, values: Float64Array, precision: Precision, columns?: number): Floats {
  const numbers = newFloats(values.length, precision)
  numbers.set(values)
  checkFinite(name, numbers, columns)
  return numbers
}
