import { bytesOf, littleEndian } from '../../base/byte-order.js'
import { showName } from '../../base/check.js'
import { checkFinite } from '../../formats/numbers.js'
import { isCategorical, type Category, type ModelColumn } from '../../model/column.js'
import { exportedOf, inputScales, outputScales, type Exportable, type Exported } from '../exported.js'
import { foldIntoInputs, LayerChain, type ForeignLayer } from '../layer-chain.js'
import { transposed } from '../numbers.js'
import { functionName } from './function-name.js'

/** A layers model, as files of TensorFlow.js have it. */
export interface TensorFlowJSModel {
  /** the contents of model.json, before JSON.stringify */
  readonly model: {
    readonly format: 'layers-model'
    readonly generatedBy: string
    readonly convertedBy: null
    readonly modelTopology: object
    readonly weightsManifest: readonly {
      readonly paths: readonly string[]
      readonly weights: readonly WeightSpec[]
    }[]
  }
  /** the bytes of the one file beside it, by its name */
  readonly weights: { readonly 'weights.bin': Uint8Array<ArrayBuffer> }
  /** what was folded, changed or lost, as sentences */
  readonly notes: readonly string[]
}

/** A weight, as a manifest has it. */
export interface WeightSpec {
  readonly name: string
  readonly shape: number[]
  readonly dtype: 'float32'
}

/**
 * Writes a network as a layers model of TensorFlow.js, in the dialect of Keras 2, which tf.loadLayersModel and
 * tensorflowjs_converter read. Its weights are f32. Of a Model, the scales of the inputs and the outputs are folded into
 * the first and the last layer, so that it takes and gives numbers as they are in the data; texts are for its user to
 * make one-hot.
 *
 * @param net a Network, or a Model
 * @throws TypeError unless it is one; RangeError for an activation that TensorFlow.js does not have
 * @example
 * import { Network } from 'deltaprop'
 * import { toTensorFlowJS } from 'deltaprop/interop'
 * const { model, weights } = toTensorFlowJS(new Network([4, 8, 3], { activation: { output: 'softmax' } }))
 * const files = { 'model.json': JSON.stringify(model), ...weights }
 * // Without files:
 * const [{ weights: weightSpecs }] = model.weightsManifest
 * const { modelTopology } = model
 * const artifacts = { modelTopology, weightSpecs, weightData: weights['weights.bin'].buffer }
 * // await tf.loadLayersModel(tf.io.fromMemory(artifacts))
 */
export function toTensorFlowJS(net: Exportable): TensorFlowJSModel {
  const exported = exportedOf(net)
  const { layers, notes } = unscaled(exported)
  if (exported.precision === 'f64') notes.push('the weights are f32, all that TensorFlow.js has')
  const written = layers.map((layer, l) => writtenLayer(layer, `dense_${l + 1}`, notes))
  const [first] = layers
  const firstConfig = { batch_input_shape: [null, first.inputs] }
  const configs = written.flatMap(({ dense, others }, l) => [
    { class_name: 'Dense', config: l === 0 ? { ...dense, ...firstConfig } : dense },
    ...others,
  ])
  const tensors = written.flatMap(({ tensors }) => tensors)
  return {
    model: {
      format: 'layers-model',
      generatedBy: 'deltaprop',
      convertedBy: null,
      modelTopology: {
        class_name: 'Sequential',
        config: { name: 'sequential', layers: configs },
        keras_version: 'tfjs-layers 4.22.0',
        backend: 'tensor_flow.js',
      },
      weightsManifest: [{ paths: ['weights.bin'], weights: tensors.map(({ spec }) => spec) }],
    },
    weights: { 'weights.bin': joined(tensors.map(({ values }) => values)) },
    notes,
  }
}

/** The layers of a network, with what a Model scales folded into them. */
function unscaled(exported: Exported): { layers: readonly ForeignLayer[]; notes: string[] } {
  const { layers, preprocessing } = exported
  const chain = new LayerChain(layers.reduce((sum, { weights }) => sum + weights.byteLength, 0))
  for (const [l, { inputs, weights, biases, activation }] of layers.entries()) {
    const name = `dense_${l + 1}`
    chain.affine(name, inputs, Float64Array.from(weights), Float64Array.from(biases))
    chain.activation(name, activation)
  }
  const { inputs = [], outputs = [] } = preprocessing ?? {}
  const { notes } = chain
  const scales = inputScales(exported)
  if (scales !== undefined) {
    // (v − offset)/factor
    foldIntoInputs(chain.layers[0], {
      offset: scales.offset,
      factor: scales.factor.map((each) => 1 / each),
      shift: [0],
    })
    notes.push('the scales of the inputs are folded into dense_1')
  }
  const back = outputScales(exported)
  if (back !== undefined) {
    chain.columns('the scales', { offset: [0], factor: back.factor, shift: back.offset })
    const top = layers[layers.length - 1]
    if (top.activation.type === 'linear')
      notes.push(`the scales of the outputs are folded into dense_${layers.length}`)
  }
  chain.end()
  notes.push(...namesLost(inputs, outputs))
  return { layers: chain.layers, notes }
}

/** What of a Model has no place in a layers model. */
function namesLost(inputs: readonly ModelColumn[], outputs: readonly ModelColumn[]): string[] {
  const lost = inputs.filter(isCategorical).map(({ name, categories }) => {
    return `${showName(name)} is one-hot, in the order ${listed(categories)}`
  })
  for (const { categories } of outputs.filter(isCategorical))
    lost.push(`the classes are ${listed(categories)}`)
  if (inputs.length > 0) lost.push(`the inputs are ${listed(inputs.map(({ name }) => name))}`)
  if (outputs.length > 1) lost.push(`the outputs are ${listed(outputs.map(({ name }) => name))}`)
  return lost.map((what) => `${what}, which the model does not say`)
}

function listed(names: readonly Category[]): string {
  const first = names.slice(0, 12).map((name) => showName(String(name)))
  return `${first.join(', ')}${names.length > first.length ? ', …' : ''}`
}

interface WrittenTensor {
  readonly spec: WeightSpec
  readonly values: Float32Array
}

interface WrittenLayer {
  readonly dense: object
  /** behind it: an activation that is a layer */
  readonly others: readonly object[]
  readonly tensors: readonly WrittenTensor[]
}

function writtenLayer(
  { inputs, units, weights, biases, activation }: ForeignLayer,
  name: string,
  notes: string[],
): WrittenLayer {
  const { type, shape } = activation ?? { type: 'linear', shape: 0 }
  // clamp(0.2·z + 0.5, 0, 1) there, clamp(z/6 + 0.5, 0, 1) here.
  const factor = type === 'hardSigmoid' ? 1 / 1.2 : 1
  if (factor !== 1) {
    notes.push(
      `${name}: the factor of hard_sigmoid, 0.2 in TensorFlow.js and 1/6 here, is folded into its weights`,
    )
  }
  const kernel = floats(`${name}.kernel`, transposed(weights, units, inputs), factor)
  const bias = floats(`${name}.bias`, biases, factor)
  return {
    dense: {
      name,
      trainable: true,
      units,
      activation: functionName(name, { type, shape }),
      use_bias: true,
      dtype: 'float32',
    },
    others:
      type === 'leakyRelu'
        ? [{ class_name: 'LeakyReLU', config: { name: `${name}_activation`, alpha: shape } }]
        : [],
    tensors: [
      { spec: { name: `${name}/kernel`, shape: [inputs, units], dtype: 'float32' }, values: kernel },
      { spec: { name: `${name}/bias`, shape: [units], dtype: 'float32' }, values: bias },
    ],
  }
}

/** @throws RangeError that gives the place of a number that is too large for an f32 */
function floats(name: string, values: Float64Array, factor: number): Float32Array {
  const rounded = Float32Array.from(values, (value) => value * factor)
  checkFinite(name, rounded)
  return rounded
}

function joined(all: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(all.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const values of all) {
    bytes.set(bytesOf(littleEndian(values)), at)
    at += values.byteLength
  }
  return bytes
}
