/**
 * Reads the JSON of ConvNetJS:
 *
 *     { layers: [{ layer_type: 'input', out_sx: 1, out_sy: 1, out_depth: 2 },
 *                { layer_type: 'fc', num_inputs: 2, filters: [{ w: { 0: …, 1: … } }, …], biases: { w: { 0: … } } },
 *                { layer_type: 'tanh' }, …, { layer_type: 'softmax' | 'regression' | 'svm' }] }
 *
 * Its numbers are typed arrays, which are objects in JSON, one per unit.
 */
import { rangeError } from '../base/argument-error.js'
import { checkInteger, checkName, checkNumber, checkObject, isObject, show } from '../base/check.js'
import type { OtherNames } from '../base/suggest.js'
import { assemble } from './assemble.js'
import type { Converted } from './converted.js'
import { arrayOf, fromText, NumberReader, own, readValue, rowMajor } from './json-value.js'
import { columnsBy, LayerChain } from './layer-chain.js'
import { resolveConvertOptions, type ConvertOptions } from './options.js'

const types = ['input', 'fc', 'relu', 'sigmoid', 'tanh', 'dropout', 'softmax', 'regression', 'svm'] as const

const others: OtherNames = {
  'conv pool lrn': 'deltaprop has dense layers only',
  'maxout quadtransform': 'deltaprop has activations of one number only',
}

/** A layer, read. */
type Layer =
  | { readonly type: 'input'; readonly width: number }
  | {
      readonly type: 'fc'
      readonly inputs: number
      readonly weights: Float64Array
      readonly biases: Float64Array
    }
  | { readonly type: 'dropout'; readonly factor: number }
  | { readonly type: Exclude<(typeof types)[number], 'input' | 'fc' | 'dropout'> }

/** Far more than dense layers, activations and dropout together may be. */
const MAX_LAYERS = 2 ** 14

/**
 * Reads a dense network from the JSON of a Net of ConvNetJS. Its numbers are f64. An image goes in as its Vol has it in
 * w: row by row, all channels of a pixel beside each other.
 *
 * @param json what JSON.parse makes of the text, or toJSON of the net returns
 * @param options what the file may not say, such as the classes of a softmax
 * @throws TypeError or RangeError that names what is wrong: a layer that is not dense, or weights that are not numbers
 * @example
 * import { Network } from 'deltaprop'
 * import { fromConvNetJS } from 'deltaprop/interop'
 * const json = {
 *   layers: [
 *     { layer_type: 'input', out_sx: 1, out_sy: 1, out_depth: 2 },
 *     { layer_type: 'fc', num_inputs: 2, filters: [{ w: { 0: 1, 1: -2 } }], biases: { w: { 0: 0.5 } } },
 *     { layer_type: 'regression' },
 *   ],
 * }
 * fromConvNetJS(json).as(Network).predict([3, 1]) // [1.5]
 */
export function fromConvNetJS(json: unknown, options?: ConvertOptions): Converted {
  const { resolved } = resolveConvertOptions(options)
  const { precision = 'f64' } = resolved
  const numbers = new NumberReader(precision)
  const layers = readValue(() => readLayers(json, numbers))
  const chain = new LayerChain(numbers.count)
  let width = 0
  for (const [l, layer] of layers.entries()) {
    const name = `layers[${l}]`
    if (layer.type === 'input') ({ width } = layer)
    else if (layer.type === 'fc') {
      if (chain.width === undefined && layer.inputs !== width) {
        throw rangeError(`${name}.num_inputs`, `${width}, as layers[0] has outputs`, layer.inputs)
      }
      chain.affine(name, layer.inputs, layer.weights, layer.biases)
    } else if (layer.type === 'dropout') {
      const { factor } = layer
      const note = `the dropout of ConvNetJS, which multiplies by ${factor} when it predicts`
      chain.columns(name, columnsBy({ factor: [factor] }), note)
    } else if (layer.type !== 'regression' && layer.type !== 'svm') {
      chain.activation(name, { type: layer.type, shape: 0 })
    }
  }
  return assemble(chain, { precision }, resolved)
}

function readLayers(json: unknown, numbers: NumberReader): Layer[] {
  const file = checkObject('json', json, fromText)
  if (own(file, 'layers') === undefined) {
    const hint = Array.isArray(own(file, 'nets')) ? 'of a MagicNet, give one of its nets' : ''
    throw rangeError('json', 'layers, as toJSON of a Net of ConvNetJS returns them', 'none', { hint })
  }
  const layers = arrayOf('layers', own(file, 'layers'))
  if (layers.length > MAX_LAYERS) throw rangeError('layers', `at most ${MAX_LAYERS} layers`, layers.length)
  return Array.from(layers, (value, l) => {
    const path = `layers[${l}]`
    const layer = checkObject(path, value)
    const type = checkName(`${path}.layer_type`, own(layer, 'layer_type'), types, others)
    if ((type === 'input') !== (l === 0)) {
      throw rangeError(
        `${path}.layer_type`,
        l === 0 ? 'input, of the first layer' : 'one input layer',
        show(type),
      )
    }
    const isLoss = type === 'softmax' || type === 'regression' || type === 'svm'
    if (isLoss && l < layers.length - 1) throw rangeError(path, `${type} at the end only`, 'layers behind it')
    return readLayer(path, type, layer, numbers)
  })
}

function readLayer(
  path: string,
  type: (typeof types)[number],
  layer: Readonly<Record<string, unknown>>,
  numbers: NumberReader,
): Layer {
  const size = (name: string): number => checkInteger(`${path}.${name}`, own(layer, name), { min: 1 })
  if (type === 'input') return { type, width: size('out_sx') * size('out_sy') * size('out_depth') }
  if (type === 'dropout') {
    return { type, factor: checkNumber(`${path}.drop_prob`, own(layer, 'drop_prob'), { above: 0, max: 1 }) }
  }
  if (type !== 'fc') return { type }
  const inputs = size('num_inputs')
  const filters = arrayOf(`${path}.filters`, own(layer, 'filters'))
  if (filters.length === 0) throw rangeError(`${path}.filters`, 'at least one', 0)
  const biases = readVolume(`${path}.biases`, own(layer, 'biases'), filters.length, numbers)
  const rows = Array.from(filters, (filter, j) => {
    return readVolume(`${path}.filters[${j}]`, filter, inputs, numbers)
  })
  return { type, inputs, weights: rowMajor(rows), biases: Float64Array.from(biases) }
}

/** The numbers of a Vol: an array, or an object with as many indices. */
function readVolume(path: string, value: unknown, length: number, numbers: NumberReader): number[] {
  const w = own(checkObject(path, value), 'w')
  if (Array.isArray(w)) return numbers.array(`${path}.w`, w, length)
  const values = isObject(w) && ArrayBuffer.isView(w) ? w : checkObject(`${path}.w`, w)
  const given = Object.keys(values).length
  if (given !== length) throw rangeError(`${path}.w`, `${length} numbers`, given)
  return numbers.numbers(`${path}.w`, length, (i) => own(values, String(i)))
}
