// @ts-check
/** ONNX that deltaprop writes, as onnxruntime answers it and onnx's checker judges it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { toONNX } from '../../dist/interop.js'
import { activations, difference, INPUTS, networkOf, samples } from './networks.js'
import { python } from './python.js'

/** What onnxruntime has no kernels for in f64. */
const withoutKernel = /Could not find an implementation|Failed to find kernel/

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const files = []
  for (const precision of /** @type {const} */ (['f32', 'f64'])) {
    for (const what of activations) {
      const net = networkOf(what, precision)
      const bytes = toONNX(net, { precision })
      const file = join(folder, `${what}-${precision}.onnx`)
      writeFileSync(file, bytes)
      files.push(file)
      const x = precision === 'f64' ? Float64Array.from(samples) : samples
      const answer = await answerOf(bytes, x, precision)
      const apart = typeof answer === 'string' ? answer : difference(net.predict(x), answer)
      yield { format: 'ONNX', direction: 'out', what, precision, difference: apart }
    }
  }
  python('check_onnx.py', files)
}

/**
 * @param {Uint8Array} bytes
 * @param {Float32Array | Float64Array} x
 * @param {'f32' | 'f64'} precision
 * @returns {Promise<ArrayLike<number> | string>} why there is none, if there is none
 */
async function answerOf(bytes, x, precision) {
  try {
    const session = await InferenceSession.create(Buffer.from(bytes))
    const type = precision === 'f64' ? 'float64' : 'float32'
    const { y } = await session.run({ x: new Tensor(type, x, [x.length / INPUTS, INPUTS]) })
    return /** @type {Float32Array} */ (y.data)
  } catch (error) {
    if (precision === 'f64' && withoutKernel.test(String(error))) return 'onnxruntime has no kernel for it'
    throw error
  }
}
