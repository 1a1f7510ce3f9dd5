/**
 * Reads the JSON of synaptic:
 *
 *     { neurons: [{ layer: 'input' | 0 | 1 … | 'output', bias, squash: 'LOGISTIC' }, …],
 *       connections: [{ from, to, weight, gater: null }, …] }
 *
 * where from and to are indices of neurons; in old files they, and the layers, may be texts.
 */
import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkName, checkObject, show } from '../base/check.js'
import type { OtherNames } from '../base/suggest.js'
import { checkLayerCount } from '../definition/architecture.js'
import { assemble } from './assemble.js'
import type { Converted } from './converted.js'
import { arrayOf, fromText, NumberReader, own, readValue } from './json-value.js'
import { LayerChain } from './layer-chain.js'
import { resolveConvertOptions, type ConvertOptions } from './options.js'

const activations = { LOGISTIC: 'sigmoid', TANH: 'tanh', IDENTITY: 'linear', RELU: 'relu' } as const

type Squash = keyof typeof activations

const squashes = Object.keys(activations) as Squash[]

const others: OtherNames = {
  hlim: 'HLIM is a step, which deltaprop does not have: nothing can be trained through it',
  '': 'null is what synaptic writes for a function that is not its own',
}

/** A layer of neurons, in the order of the file. */
interface NeuronLayer {
  /** as net.layers of synaptic has it: `hidden[0]` */
  readonly name: string
  /** undefined for the inputs */
  squash: Squash | undefined
  readonly biases: number[]
}

/** Where a neuron is: in which layer, and as which of it. */
interface Place {
  readonly layer: number
  readonly index: number
}

/**
 * Reads a perceptron from the JSON of a network of synaptic: layers that are fully connected to the next one and to no
 * other, each with one function for all its neurons. Its numbers are f64.
 *
 * @param json what JSON.parse makes of the text, or toJSON of the network returns
 * @param options what the file may not say
 * @throws TypeError or RangeError that names what is wrong: the connection that a perceptron does not have, such as a
 *   gated one of an LSTM, or a weight that is not a number
 * @example
 * import { Network } from 'deltaprop'
 * import { fromSynaptic } from 'deltaprop/interop'
 * const json = {
 *   neurons: [
 *     { layer: 'input', bias: 0, squash: 'LOGISTIC' },
 *     { layer: 'output', bias: 0.5, squash: 'TANH' },
 *   ],
 *   connections: [{ from: 0, to: 1, weight: -2, gater: null }],
 * }
 * fromSynaptic(json).as(Network).predict([0.25]) // [0]
 */
export function fromSynaptic(json: unknown, options?: ConvertOptions): Converted {
  const { resolved } = resolveConvertOptions(options)
  const { precision = 'f64' } = resolved
  const numbers = new NumberReader(precision)
  const layers = readValue(() => readLayers(json, numbers))
  const chain = new LayerChain(numbers.count)
  for (const { name, inputs, weights, biases, squash } of layers) {
    chain.affine(name, inputs, weights, biases)
    chain.activation(name, { type: activations[squash], shape: 0 })
  }
  return assemble(chain, { precision }, resolved)
}

function readLayers(
  json: unknown,
  numbers: NumberReader,
): { name: string; inputs: number; weights: Float64Array; biases: Float64Array; squash: Squash }[] {
  const file = checkObject('json', json, fromText)
  if (own(file, 'neurons') === undefined) {
    const hint = typeof file.toJSON === 'function' ? 'give what its toJSON() returns' : ''
    throw rangeError('json', 'neurons, as toJSON of a Network of synaptic returns them', 'none', { hint })
  }
  const neurons = arrayOf('neurons', own(file, 'neurons'))
  const connections = arrayOf('connections', own(file, 'connections'))
  numbers.reserve('neurons', neurons.length)
  numbers.reserve('connections', connections.length)
  const { layers, places } = placeNeurons(neurons, numbers)
  const sizes = layers.map(({ biases }) => biases.length)
  const count = sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l], 0)
  if (connections.length !== count) {
    const expected = `${count}, from each neuron to all of the next layer`
    const hint = 'LSTM, Liquid and Hopfield networks have others'
    throw rangeError('connections', expected, connections.length, { hint })
  }
  // NaN where there has been no connection yet.
  const weights = sizes.map((units, l) => new Float64Array(l === 0 ? 0 : units * sizes[l - 1]).fill(NaN))
  for (let c = 0; c < count; ++c) {
    const { from, to, weight } = readConnection(`connections[${c}]`, connections[c], places, numbers)
    const at = to.index * sizes[from.layer] + from.index
    if (!Number.isNaN(weights[to.layer][at])) {
      throw rangeError(`connections[${c}]`, 'each connection once', 'another from and to the same neurons')
    }
    weights[to.layer][at] = weight
  }
  return layers.slice(1).map(({ name, squash = 'LOGISTIC', biases }, l) => {
    return { name, inputs: sizes[l], weights: weights[l + 1], biases: Float64Array.from(biases), squash }
  })
}

/** @throws TypeError or RangeError unless each layer has neurons, all of the same function */
function placeNeurons(
  neurons: readonly unknown[],
  numbers: NumberReader,
): { layers: NeuronLayer[]; places: Place[] } {
  const read = Array.from(neurons, (value, i) => {
    const path = `neurons[${i}]`
    const neuron = checkObject(path, value)
    return { path, neuron, layer: readLayer(`${path}.layer`, own(neuron, 'layer'), neurons.length) }
  })
  const hidden = read.reduce(
    (most, { layer }) => Math.max(most, typeof layer === 'number' ? layer + 1 : 0),
    0,
  )
  checkLayerCount('neurons', hidden + 1, 'layers')
  const names = ['input', ...Array.from({ length: hidden }, (_, l) => `hidden[${l}]`), 'output']
  const layers = names.map((name): NeuronLayer => ({ name, squash: undefined, biases: [] }))
  const places = read.map(({ path, neuron, layer }): Place => {
    const l = layer === 'input' ? 0 : layer === 'output' ? hidden + 1 : layer + 1
    const holder = layers[l]
    if (l > 0) {
      const squash = checkName(`${path}.squash`, own(neuron, 'squash'), squashes, others)
      holder.squash ??= squash
      if (squash !== holder.squash) {
        throw rangeError(`${path}.squash`, `${holder.squash}, as of all in layer ${holder.name}`, squash)
      }
    }
    // synaptic does not use the biases of the inputs.
    const bias = l === 0 ? 0 : numbers.number(`${path}.bias`, own(neuron, 'bias'))
    return { layer: l, index: holder.biases.push(bias) - 1 }
  })
  const empty = layers.find(({ biases }) => biases.length === 0)
  if (empty !== undefined) throw rangeError('neurons', `some of layer ${empty.name}`, 'none')
  return { layers, places }
}

function readLayer(path: string, value: unknown, count: number): 'input' | 'output' | number {
  return value === 'input' || value === 'output' ? value : indexOf(path, value, count)
}

function readConnection(
  path: string,
  value: unknown,
  places: readonly Place[],
  numbers: NumberReader,
): { from: Place; to: Place; weight: number } {
  const connection = checkObject(path, value)
  const [from, to] = ['from', 'to'].map((end) => {
    return places[indexOf(`${path}.${end}`, own(connection, end), places.length)]
  })
  const gater = own(connection, 'gater')
  if (gater !== null && gater !== undefined) {
    throw rangeError(`${path}.gater`, 'null, as a perceptron has no gates', show(gater))
  }
  if (to.layer !== from.layer + 1) {
    throw rangeError(path, 'a connection to the next layer', `one from layer ${from.layer} to ${to.layer}`)
  }
  return { from, to, weight: numbers.number(`${path}.weight`, own(connection, 'weight')) }
}

/** An index, which may be a text. */
function indexOf(path: string, value: unknown, count: number): number {
  const isText = typeof value === 'string' && /^\d{1,9}$/.test(value)
  return checkInteger(path, isText ? Number(value) : value, { min: 0, below: count })
}
