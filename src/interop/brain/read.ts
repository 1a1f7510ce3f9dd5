/** Reads the JSON of brain.js. */
import { rangeError } from '../../base/argument-error.js'
import { checkName, checkNumber, checkObject, show } from '../../base/check.js'
import { otherParts } from '../../definition/other-names.js'
import { assemble } from '../assemble.js'
import type { Converted } from '../converted.js'
import { fromText, NumberReader, own, readValue } from '../json-value.js'
import { columnsBy, LayerChain } from '../layer-chain.js'
import { resolveConvertOptions, type ConvertOptions } from '../options.js'
import { firstLayers, isFirstVersion } from './first-version.js'
import { brainActivations, type BrainActivation } from './format.js'
import { secondLayers } from './second-version.js'

/** Options of fromBrain. */
export interface BrainOptions extends ConvertOptions {
  /** leakyReluAlpha, between 0 and 1, which files of brain.js 1 lack; by default that of the file, or 0.01 */
  readonly slope?: number
}

const activationNames = Object.keys(brainActivations) as BrainActivation[]

/**
 * Reads a network from the JSON of a NeuralNetwork or a NeuralNetworkGPU of brain.js, version 1 or 2. Names of its
 * inputs or outputs make it a Model, for which missing inputs are 0, as for brain.js.
 *
 * Version 1, and NeuralNetworkGPU of version 2, compute leaky-relu as slope·max(z, 0); so does what is read from their
 * files, with a relu.
 *
 * @param json what JSON.parse makes of the text, or toJSON of the network returns
 * @param options what the file may not say
 * @throws TypeError or RangeError that names what is wrong: another kind of network, or weights that are not numbers
 * @example
 * import { fromBrain } from 'deltaprop/interop'
 * import { Model } from 'deltaprop/model'
 * const json = {
 *   sizes: [2, 1],
 *   layers: [{ r: {}, g: {} }, { dark: { bias: 0.5, weights: { r: -2, g: -3 } } }],
 *   inputLookup: true,
 *   outputLookup: true,
 *   activation: 'sigmoid',
 * }
 * const model = fromBrain(json).as(Model)
 * model.predict({ r: 1 }) // g is 0
 */
export function fromBrain(json: unknown, options?: BrainOptions): Converted {
  const { given, resolved } = resolveConvertOptions(options, ['slope'])
  const slope = given.slope === undefined ? undefined : checkSlope('slope', given.slope)
  const { precision = 'f32' } = resolved
  const numbers = new NumberReader(precision)
  const { inputs, inputNames, outputNames, layers, activation } = readValue(() => {
    const file = checkObject('json', json, fromText)
    checkType(file)
    const isFirst = isFirstVersion(file)
    const read = isFirst ? firstLayers(file, numbers) : secondLayers(file, numbers)
    return { ...read, activation: activationOf(file, isFirst, slope) }
  })
  const chain = new LayerChain(numbers.count)
  let width = inputs
  for (const [l, { weights, biases }] of layers.entries()) {
    const name = `layers[${l + 1}]`
    chain.affine(name, width, weights, biases)
    const { type, shape, scale } = activation
    // max(s·z, 0) = s·max(z, 0), as s > 0.
    if (scale !== 1) chain.columns(name, columnsBy({ factor: [scale] }))
    chain.activation(name, { type, shape })
    width = biases.length
  }
  if (activation.scale !== 1) {
    chain.notes.push(
      `leaky-relu: this brain.js computes ${activation.scale}·max(z, 0), so the layers end in a relu, with that factor in their weights`,
    )
  }
  const isNamed = inputNames !== undefined || outputNames !== undefined
  const isSparse = isNamed && resolved.classes === undefined
  if (isNamed && !isSparse) chain.notes.push('a Model of classes needs all inputs: what is missing is not 0')
  const named = inputNames?.map((name) => ({ name }))
  const said = {
    precision,
    isSparse,
    ...(named && { inputs: named }),
    ...(outputNames && { targets: outputNames }),
  }
  return assemble(chain, said, resolved)
}

/** @throws RangeError unless its layers are dense */
function checkType(file: Readonly<Record<string, unknown>>): void {
  const type = own(file, 'type')
  if (type === undefined || type === 'NeuralNetwork' || type === 'NeuralNetworkGPU') {
    if (own(file, 'layers') !== undefined) return
    const hint =
      own(file, 'sets') !== undefined
        ? 'of a cross-validation, give the network of one of its sets'
        : typeof file.toJSON === 'function'
          ? 'give what its toJSON() returns'
          : ''
    throw rangeError('json', 'layers, as toJSON of a NeuralNetwork of brain.js returns them', 'none', {
      hint,
    })
  }
  const isRecurrent = typeof type === 'string' && /RNN|LSTM|GRU|Recurrent/.test(type)
  throw rangeError('type', 'NeuralNetwork or NeuralNetworkGPU, whose layers are dense', show(type), {
    hint: isRecurrent ? 'deltaprop has no recurrent layers' : '',
  })
}

/** The activation of all layers, of z·scale. */
function activationOf(
  file: Readonly<Record<string, unknown>>,
  isFirst: boolean,
  slope: number | undefined,
): { type: 'sigmoid' | 'relu' | 'leakyRelu' | 'tanh'; shape: number; scale: number } {
  const trained = isFirst ? {} : checkObject('trainOpts', own(file, 'trainOpts') ?? {})
  const place = Object.hasOwn(trained, 'activation') ? 'trainOpts.activation' : 'activation'
  const given = own(trained, 'activation') ?? own(file, 'activation') ?? 'sigmoid'
  const type = brainActivations[checkName(place, given, activationNames, otherParts.activations)]
  if (type !== 'leakyRelu') return { type, shape: 0, scale: 1 }
  if (own(file, 'type') === 'NeuralNetworkGPU') return { type: 'relu', shape: 0, scale: slope ?? 0.01 }
  const holder = isFirst ? file : trained
  const saved = own(holder, 'leakyReluAlpha') ?? 0.01
  const alpha = slope ?? checkSlope(isFirst ? 'leakyReluAlpha' : 'trainOpts.leakyReluAlpha', saved)
  return isFirst ? { type: 'relu', shape: 0, scale: alpha } : { type, shape: alpha, scale: 1 }
}

function checkSlope(path: string, value: unknown): number {
  return checkNumber(path, value, { above: 0, below: 1 })
}
