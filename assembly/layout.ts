/**
 * What TypeScript knows about the kernels, apart from their exports: scripts/layout.js describes everything exported
 * here in src/engine/wasm/layout.generated.ts. For a class that is how its fields are written, for an enumeration its
 * names in order.
 */
export { Activation } from './kernels/activation'
export { Loss } from './kernels/loss'
export { Adadelta } from './optimizers/adadelta'
export { Adagrad } from './optimizers/adagrad'
export { Adam } from './optimizers/adam'
export { Nadam } from './optimizers/nadam'
export { Rmsprop } from './optimizers/rmsprop'
export { Rprop } from './optimizers/rprop'
export { Sgd } from './optimizers/sgd'
export { CACHE_LINE } from './panels/pack'
export { ROWS as TILE_ROWS } from './panels/tile'
export { PANEL as PANEL_BYTES, VECTOR as VECTOR_BYTES } from './simd'
export {
  Barrier,
  Counters,
  Layer,
  Network,
  Optimizer,
  PredictionLayer,
  PredictionNetwork,
  RECORD as RECORD_BYTES,
  Region,
  Regularization,
  RegularizationTerms,
  Report,
  Rule,
  SCRATCH as SCRATCH_BYTES,
  TrainingLayer,
  TrainingNetwork,
  ThreadPlace,
} from './step/structs'
export { MAX_SPINS } from './step/barrier'
export { UpdateStep } from './step/update-all'
