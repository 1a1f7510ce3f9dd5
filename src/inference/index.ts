// First, so that the core is what the bundle begins with: see src/index.ts.
export { setCore } from '../engine/wasm/prediction-core.js'
export { Predictor } from './predictor.js'
export type { Metadata } from '../base/metadata.js'
export type { Row, Samples } from '../base/samples.js'
