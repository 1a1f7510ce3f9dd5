import { amended, rangeError } from '../../base/argument-error.js'
import { checkObject, show, tagOf } from '../../base/check.js'
import { assemble } from '../assemble.js'
import type { Converted } from '../converted.js'
import { kerasChain } from '../keras/chain.js'
import { kerasLoss } from '../keras/loss.js'
import { resolveConvertOptions, type ConvertOptions } from '../options.js'
import { ml5Said } from './ml5.js'
import { ManifestWeights, type WeightFiles } from './weights.js'

/** For a Model of what is a network alone. */
const MODEL_HINT =
  "Network reads it; names come from the options columns, targets and classes, or as meta from ml5's model_meta.json"

/** Options of fromTensorFlowJS. */
export interface TensorFlowJSOptions extends ConvertOptions {
  /** for a model of ml5: what JSON.parse makes of its model_meta.json, with the names, scales and classes */
  readonly meta?: object
}

/**
 * Reads a dense network from a layers model of TensorFlow.js, Keras or ml5: Sequential, or functional with one path from
 * the input to the output, in the dialects of Keras 2 and Keras 3, with weights that are quantised or not. Batch
 * normalisation, Normalization and Rescaling are folded into layers, in f64.
 *
 * @param model what JSON.parse makes of model.json
 * @param weights the bytes of the files beside it, by the names that its weightsManifest has for them:
 *   `{ 'group1-shard1of1.bin': bytes }`; other files may be among them. None for what a save handler of
 *   TensorFlow.js is given, which has them itself
 * @param options what the files may not say
 * @throws TypeError or RangeError that names the layer, the weight or the file, what was expected and what came
 * @example
 * import { Network } from 'deltaprop'
 * import { fromTensorFlowJS, toTensorFlowJS } from 'deltaprop/interop'
 * const { model, weights } = toTensorFlowJS(new Network([4, 8, 3], { activation: { output: 'softmax' } }))
 * const net = fromTensorFlowJS(model, weights).as(Network)
 * net.predict([1, 2, 3, 4])
 */
export function fromTensorFlowJS(
  model: object,
  weights?: WeightFiles,
  options?: TensorFlowJSOptions,
): Converted {
  const given = checkObject('model', model, { '': 'JSON.parse makes it of model.json' })
  const { given: own, resolved } = resolveConvertOptions(options, ['meta'])
  const { format, modelTopology, trainingConfig } = given
  if (format === 'graph-model') {
    const hint = 'convert the Keras model itself, with --output_format=tfjs_layers_model'
    throw rangeError('model.format', '"layers-model": a graph has operations, and no layers', show(format), {
      hint,
    })
  }
  const path = 'model.modelTopology'
  const topology = checkObject(path, modelTopology, { '': 'model is model.json, and no other file' })
  const isBelow = topology.model_config !== undefined && topology.model_config !== null
  const stored =
    weights === undefined ? weightsIn(given) : new ManifestWeights(given.weightsManifest, weights)
  const chain = kerasChain({
    topology: isBelow ? topology.model_config : topology,
    path: isBelow ? `${path}.model_config` : path,
    version: topology.keras_version,
    weights: (layer, names, others) => stored.of(layer, names, others),
    bytes: stored.bytes,
  })
  const said = own.meta === undefined ? {} : ml5Said(own.meta, chain, resolved.fold)
  const loss = kerasLoss(trainingConfig ?? topology.training_config)
  const converted = assemble(chain, { precision: 'f32', loss, ...said }, resolved)
  return {
    ...converted,
    as: (kind, options) => {
      try {
        return converted.as(kind, options)
      } catch (error) {
        throw amended(error, ({ path }) => (path === 'metadata' ? { hint: MODEL_HINT } : {}))
      }
    },
  }
}

/** The weights of a model in memory, as tf.io.withSaveHandler gives it: they are not cut into files. */
function weightsIn({ weightSpecs, weightData, weightsManifest }: Record<string, unknown>): ManifestWeights {
  if (weightData === undefined) return new ManifestWeights(weightsManifest, undefined)
  const parts: unknown[] = Array.isArray(weightData) ? weightData : [weightData]
  const files = parts.map((part, i): [string, unknown] => {
    return [`weightData ${i}`, tagOf(part) === 'ArrayBuffer' ? new Uint8Array(part as ArrayBuffer) : part]
  })
  const paths = files.map(([name]) => name)
  return new ManifestWeights([{ paths, weights: weightSpecs }], Object.fromEntries(files))
}
