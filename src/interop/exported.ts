import { typeError } from '../base/argument-error.js'
import { isObject, show } from '../base/check.js'
import { newFloats, type Floats, type Precision } from '../base/floats.js'
import type { Activation } from '../definition/activations.js'
import { parameterRanges } from '../definition/architecture.js'
import { readToPredict } from '../formats/safetensors-file.js'
import { affineOf, isCategorical, isLabel, type ModelColumn, type Preprocessing } from '../model/column.js'
import { readPreprocessing } from '../model/saved-preprocessing.js'

/** What can be written for other tools: a Network, a Model, or anything else that has their bytes. */
export interface Exportable {
  /** its own format */
  toBytes(): Uint8Array
}

/** A layer as it is written; its arrays are copies. */
export interface ExportedLayer {
  readonly inputs: number
  readonly units: number
  /** units × inputs, row-major */
  readonly weights: Floats
  readonly biases: Floats
  readonly activation: Activation
}

/** What is written of a network. */
export interface Exported {
  readonly inputs: number
  readonly layers: readonly ExportedLayer[]
  readonly precision: Precision
  /** of a Model */
  readonly preprocessing: Preprocessing | undefined
}

/** @throws TypeError unless it has its own bytes; as Network.fromBytes */
export function exportedOf(net: Exportable): Exported {
  const hasBytes = isObject(net) && 'toBytes' in net && typeof net.toBytes === 'function'
  if (!hasBytes) throw typeError('net', 'a Network, or a Model', show(net))
  const { architecture, parameters, metadata } = readToPredict(net.toBytes())
  const ranges = parameterRanges(architecture)
  const layers = architecture.layers.map(({ inputs, units, activation }, l) => {
    const [w, b] = ranges.slice(2 * l, 2 * l + 2)
    return {
      inputs,
      units,
      weights: parameters.subarray(w.start, w.end),
      biases: parameters.subarray(b.start, b.end),
      activation,
    }
  })
  const described = {
    metadata,
    inputs: architecture.inputs,
    outputs: layers[layers.length - 1].units,
    layers: layers.map(({ activation }) => ({ activation: activation.type })),
  }
  const preprocessing = Object.hasOwn(metadata, 'preprocessing') ? readPreprocessing(described) : undefined
  return { inputs: architecture.inputs, layers, precision: architecture.precision, preprocessing }
}

/** A copy in another precision, or the same in the same one. */
export function inPrecision(values: Floats, precision: Precision): Floats {
  const isSame = values instanceof Float64Array === (precision === 'f64')
  if (isSame) return values
  const numbers = newFloats(values.length, precision)
  numbers.set(values)
  return numbers
}

/** Numbers for the inputs or the outputs, one for each. */
export interface Scales {
  readonly offset: Float64Array
  readonly factor: Float64Array
}

/** v = (x − offset)/factor for each input; undefined if they are taken as they are. */
export function inputScales({ preprocessing }: Exported): Scales | undefined {
  return preprocessing && scalesOf(preprocessing.inputs)
}

/** y = o·factor + offset for each output; undefined if they are given as they are. */
export function outputScales({ preprocessing }: Exported): Scales | undefined {
  return preprocessing && scalesOf(preprocessing.outputs)
}

/** The offset and the factor of each number that the columns take; undefined if none is scaled. */
export function scalesOf(columns: readonly ModelColumn[]): Scales | undefined {
  const affines = columns.flatMap((column) => {
    if (isCategorical(column)) return column.categories.map(() => ({ offset: 0, factor: 1 }))
    return isLabel(column) ? [{ offset: 0, factor: 1 }] : [affineOf(column)]
  })
  if (affines.every(({ offset, factor }) => offset === 0 && factor === 1)) return undefined
  return {
    offset: Float64Array.from(affines, ({ offset }) => offset),
    factor: Float64Array.from(affines, ({ factor }) => factor),
  }
}
