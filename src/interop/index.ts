/** Models of other tools: what reads and writes their files. */
export { filesBeside, foreignFormat, fromFile, type FileOptions, type ForeignFormat } from './any-file.js'
export { fromONNX, type OnnxOptions } from './onnx/read.js'
export { toONNX, type ToOnnxOptions } from './onnx/write.js'
export { fromStateDict, type StateDictOptions } from './torch/read.js'
export { toStateDict } from './torch/write.js'
export type { Exportable } from './exported.js'
export type { Converted, Reader } from './converted.js'
export type { ConvertOptions } from './options.js'
