// @ts-check
/** ONNX that deltaprop writes, as onnxruntime answers it and onnx's checker judges it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { toONNX } from '../../dist/interop.js'
import { activations, compared, INPUTS, networkOf, precisions, samples } from './networks.js'
import { python } from './python.js'

/** What onnxruntime has no kernels for in f64. */
const withoutKernel = /Could not find an implementation|Failed to find kernel/

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const files = []
  for (const precision of precisions) {
    for (const what of activations) {
      const net = networkOf(what, precision)
      const bytes = toONNX(net, { precision })
      const file = join(folder, `${what}-${precision}.onnx`)
      writeFileSync(file, bytes)
      files.push(file)
      const x = precision === 'f64' ? Float64Array.from(samples) : samples
      const about = /** @type {const} */ ({ format: 'ONNX', direction: 'out', tool: 'onnxruntime' })
      yield compared({ ...about, what, precision }, net.predict(x), await answerOf(bytes, x, precision))
    }
  }
  python('check_onnx.py', files)
}

/** Without its warnings. @param {Uint8Array | string} bytes or the path of a file */
export function sessionOf(bytes) {
  const options = { logSeverityLevel: /** @type {const} */ (3) }
  return typeof bytes === 'string'
    ? InferenceSession.create(bytes, options)
    : InferenceSession.create(Buffer.from(bytes), options)
}

/**
 * The only output for the only input, x.
 *
 * @param {Uint8Array | string} bytes or the path of a file
 * @param {Float32Array | Float64Array} x
 * @param {'f32' | 'f64'} precision
 * @param {readonly number[]} shape of x
 * @returns {Promise<ArrayLike<number> | string>} why there is none, if there is none
 */
export async function answerOf(bytes, x, precision, shape = [x.length / INPUTS, INPUTS]) {
  try {
    const session = await sessionOf(bytes)
    const answers = await session.run({
      x: new Tensor(precision === 'f64' ? 'float64' : 'float32', x, [...shape]),
    })
    return /** @type {Float32Array} */ (answers[session.outputNames[0]].data)
  } catch (error) {
    if (precision === 'f64' && withoutKernel.test(String(error)))
      return 'onnxruntime has no kernel for it in f64'
    throw error
  }
}
