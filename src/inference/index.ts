// First, so that the core is what the bundle begins with: see src/index.ts.
export { setCore } from '../engine/prediction-core.js'
export { Predictor } from './predictor.js'
export type { Metadata } from '../formats/metadata.js'
export type { Row, Samples } from '../samples.js'
