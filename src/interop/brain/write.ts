/** Writes the JSON of brain.js 2: see format.ts. */
import { rangeError } from '../../base/argument-error.js'
import { showName } from '../../base/check.js'
import { shortestF32, type Floats } from '../../base/floats.js'
import type { ActivationName } from '../../definition/activations.js'
import type { ModelColumn, Preprocessing } from '../../model/column.js'
import { exportedOf, type ExportedLayer, type Exportable } from '../exported.js'
import { brainActivations, type BrainActivation } from './format.js'

/** What toJSON of a NeuralNetwork of brain.js 2 returns, and its fromJSON reads. */
export interface BrainJSON {
  readonly type: 'NeuralNetwork'
  readonly sizes: number[]
  /** the first, of the inputs, is empty; then units rows of inputs numbers, and units numbers */
  readonly layers: { readonly weights: number[][]; readonly biases: number[] }[]
  readonly inputLookup: Record<string, number> | null
  readonly inputLookupLength: number
  readonly outputLookup: Record<string, number> | null
  readonly outputLookupLength: number
  readonly options: {
    readonly inputSize: number
    readonly outputSize: number
    readonly binaryThresh: number
    readonly hiddenLayers: number[]
  }
  readonly trainOpts: {
    readonly activation: BrainActivation
    readonly iterations: number
    readonly errorThresh: number
    readonly log: boolean
    readonly logPeriod: number
    readonly leakyReluAlpha: number
    readonly learningRate: number
    readonly momentum: number
    readonly callbackPeriod: number
    readonly timeout: 'Infinity'
    readonly beta1: number
    readonly beta2: number
    readonly epsilon: number
  }
}

/** Those with which a network of brain.js 2 begins. */
const trainOptions = {
  iterations: 20000,
  errorThresh: 0.005,
  log: false,
  logPeriod: 10,
  learningRate: 0.3,
  momentum: 0.1,
  callbackPeriod: 10,
  timeout: 'Infinity',
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
} as const

/**
 * The JSON of a NeuralNetwork of brain.js 2, for its fromJSON: of a network whose layers all end in the same one of
 * sigmoid, relu, leakyRelu and tanh, as the only activations that brain.js has. A Model gives it the names of its inputs
 * and outputs; these have to be numbers that are not scaled, as those of pairs are. brain.js rounds weights to f32.
 *
 * @param net a Network, or a Model of deltaprop/model
 * @throws TypeError or RangeError that names the layer or the column that brain.js cannot have
 * @example
 * import { Network } from 'deltaprop'
 * import { toBrain } from 'deltaprop/interop'
 * const net = new Network([2, 3, 1], { activation: { hidden: 'tanh', output: 'tanh' } })
 * const text = JSON.stringify(toBrain(net))
 * // with brain.js: new brain.NeuralNetwork().fromJSON(JSON.parse(text)).run([0, 1])
 */
export function toBrain(net: Exportable): BrainJSON {
  const { inputs, layers, preprocessing } = exportedOf(net)
  const { activation, leakyReluAlpha } = sharedActivation(layers)
  const sizes = [inputs, ...layers.map(({ units }) => units)]
  const outputs = sizes[sizes.length - 1]
  const names = preprocessing && lookups(preprocessing)
  return {
    type: 'NeuralNetwork',
    sizes,
    layers: [{ weights: [], biases: [] }, ...layers.map(layerOf)],
    inputLookup: names?.inputs ?? null,
    inputLookupLength: names === undefined ? 0 : inputs,
    outputLookup: names?.outputs ?? null,
    outputLookupLength: names === undefined ? 0 : outputs,
    options: { inputSize: inputs, outputSize: outputs, binaryThresh: 0.5, hiddenLayers: sizes.slice(1, -1) },
    trainOpts: { activation, leakyReluAlpha, ...trainOptions },
  }
}

/** @throws RangeError unless brain.js has it, and all layers have the same */
function sharedActivation(layers: readonly ExportedLayer[]): {
  activation: BrainActivation
  leakyReluAlpha: number
} {
  const { type, shape } = layers[0].activation
  const other = layers.findIndex(({ activation }) => activation.type !== type || activation.shape !== shape)
  if (other > 0) {
    const expected = `${nameOf(layers[0])}, as the layers before it: brain.js has one activation for all`
    throw rangeError(`layers[${other}].activation`, expected, nameOf(layers[other]))
  }
  const found = brainNames.get(type)
  if (found === undefined) {
    throw rangeError('layers[0].activation', 'one that brain.js has: sigmoid, relu, leakyRelu or tanh', type)
  }
  if (type !== 'leakyRelu') return { activation: found, leakyReluAlpha: 0.01 }
  if (shape > 0 && shape < 1) return { activation: found, leakyReluAlpha: shape }
  throw rangeError('layers[0].activation.slope', 'a number > 0 and < 1, as brain.js takes it', shape)
}

const brainNames: ReadonlyMap<ActivationName, BrainActivation> = new Map(
  Object.entries(brainActivations).map(([name, type]) => [type, name as BrainActivation]),
)

function nameOf({ activation: { type, shape } }: ExportedLayer): string {
  return type === 'leakyRelu' ? `${type} of slope ${shape}` : type
}

function layerOf({ inputs, units, weights, biases }: ExportedLayer): BrainJSON['layers'][number] {
  const rows = Array.from({ length: units }, (_, j) =>
    decimals(weights.subarray(j * inputs, (j + 1) * inputs)),
  )
  return { weights: rows, biases: decimals(biases) }
}

/** The shortest that are read back as the same bits. */
function decimals(values: Floats): number[] {
  return values instanceof Float32Array ? Array.from(values, shortestF32) : Array.from(values)
}

function lookups({ inputs, outputs }: Preprocessing): Record<'inputs' | 'outputs', Record<string, number>> {
  return { inputs: lookup('inputs', inputs), outputs: lookup('outputs', outputs) }
}

/** @throws RangeError that names a column of which brain.js knows too little */
function lookup(side: string, columns: readonly ModelColumn[]): Record<string, number> {
  for (const [i, column] of columns.entries()) {
    const path = `${side}[${i}]`
    const name = showName(column.name)
    if (column.kind !== 'number' || 'categories' in column) {
      const hint = 'give its network, whose inputs and outputs are numbers: toBrain(model.network)'
      throw rangeError(path, 'a number, as all columns of brain.js are', `${name} of categories or labels`, {
        hint,
      })
    }
    if (column.scale !== 'none') {
      const hint = "a Model of pairs, or one created with { scale: 'none' }, has such columns"
      throw rangeError(
        path,
        'a number that is not scaled, as brain.js scales none',
        `${name}, of ${column.scale}`,
        { hint },
      )
    }
    // brain.js sets and calls properties of these names.
    if (/^(__proto__|hasOwnProperty)$/.test(column.name)) {
      throw rangeError(`${path}.name`, 'a name that brain.js can use', name)
    }
  }
  return Object.fromEntries(columns.map(({ name }, i) => [name, i]))
}
