/** TensorFlow.js on one of its backends, one thread: what both formulations share. */
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'

/** @param {'cpu' | 'wasm'} backend */
export async function useBackend(backend) {
  tf.enableProdMode()
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(main) + sep)
  setThreadsCount(1)
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`)
  if (backend === 'wasm' && !(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('no SIMD')
}

/** Samples by row. */
export function matrix(values, columns) {
  return tf.tensor2d(values, [values.length / columns, columns])
}

/** Weights as the library has them: inputs × units. */
export function transposed({ weights, inputs }) {
  return tf.tidy(() => tf.transpose(matrix(weights, inputs)))
}
