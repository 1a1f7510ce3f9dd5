/** Models of other tools: what reads and writes their files. */
export { fromBrain, type BrainOptions } from './brain/read.js'
export { toBrain, type BrainJSON } from './brain/write.js'
export { fromConvNetJS } from './convnetjs.js'
export { fromONNX, type OnnxOptions } from './onnx/read.js'
export { fromSynaptic } from './synaptic.js'
export type { Converted, Reader } from './converted.js'
export type { ConvertOptions } from './options.js'
export type { Saveable } from './exported.js'
