/** Models of other tools: what reads and writes their files. */
export { fromONNX, type OnnxOptions } from './onnx/read.js'
export type { Converted, Reader } from './converted.js'
export type { ConvertOptions } from './options.js'
