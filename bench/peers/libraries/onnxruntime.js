/** ONNX Runtime, native or wasm, one thread: inference. */
import { onnxModel } from './onnx-model.js'

/** @type {import('../library.js').Open} */
export async function open({ sizes, layers }, build) {
  const ort = await import(`onnxruntime-${build}`)
  if (build === 'web') ort.env.wasm.numThreads = 1
  const session = await ort.InferenceSession.create(onnxModel(layers), {
    executionProviders: [build === 'web' ? 'wasm' : 'cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const predict = async (values) => {
    const x = new ort.Tensor('float32', values, [values.length / sizes[0], sizes[0]])
    return (await session.run({ x })).o.data
  }
  return { predict, predictOne: predict }
}
