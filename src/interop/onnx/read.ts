/**
 * Reads an ONNX file: follows its graph from the inputs to the outputs, node by node in the order of the file, which is
 * one in which every node comes behind those it needs.
 */
import { typeError } from '../../base/argument-error.js'
import { checkBytes, checkObject, isBytes, showName, showNoBytes } from '../../base/check.js'
import { assemble } from '../assemble.js'
import type { Converted } from '../converted.js'
import { resolveConvertOptions, type ConvertOptions } from '../options.js'
import type { ExternalData } from './constant.js'
import { GraphReader } from './graph-reader.js'
import { readModelProto } from './proto.js'
import { savedModel } from './saved-columns.js'

/** Options of fromONNX. */
export interface OnnxOptions extends ConvertOptions {
  /** the files beside it that hold its weights, by the names that it has for them: `{ 'model.onnx.data': bytes }` */
  readonly externalData?: ExternalData
}

/**
 * Reads a dense network from an ONNX file, as PyTorch, scikit-learn (skl2onnx), Keras and others write it; with the
 * scales, the one-hot columns and the class names of a scikit-learn pipeline, which make it a Model. Batch
 * normalisation and arithmetic by column are folded into layers, in f64.
 *
 * @param options what the file may not say
 * @throws TypeError or RangeError that names the node, what was expected and what came
 * @example
 * import { Network } from 'deltaprop'
 * import { fromONNX, toONNX } from 'deltaprop/interop'
 * const file = toONNX(new Network([4, 8, 3], { activation: { output: 'softmax' } }))
 * const net = fromONNX(file).as(Network)
 * net.predict([1, 2, 3, 4])
 */
export function fromONNX(bytes: Uint8Array, options?: OnnxOptions): Converted {
  const file = checkBytes('bytes', bytes)
  const { given, resolved } = resolveConvertOptions(options, ['externalData'])
  const others = checkExternalData(given.externalData)
  const proto = readModelProto(file)
  const size = Object.values(others).reduce((sum, other) => sum + other.length, file.length)
  const graph = new GraphReader(proto, others, size, resolved.output?.type === 'softmax').read()
  return savedModel(proto, graph, resolved) ?? assemble(graph.chain, graph.said, resolved)
}

function checkExternalData(value: unknown): ExternalData {
  if (value === undefined) return {}
  const others = checkObject('externalData', value, { '': "such as { 'model.onnx.data': bytes }" })
  for (const [name, bytes] of Object.entries(others)) {
    if (!isBytes(bytes))
      throw typeError(`externalData[${showName(name)}]`, 'a Uint8Array', showNoBytes(bytes))
  }
  return others as ExternalData
}
