// First, so that the core is what the bundle begins with: among other code its text would take gzip a kilobyte more.
export { setCore } from './engine/wasm/core.js'
export { Network } from './network/network.js'
export { evaluate, toFunction } from './network/functions.js'
export { clone, crossover, mutate, predictAll } from './network/populations.js'
export type { CrossoverOptions, MutateOptions } from './network/populations.js'
export { checkpointFile } from './training/checkpoint.js'
export { epochOrder } from './training/epoch-order.js'
export { openShards } from './training/open-shards.js'
export { progressBar } from './training/progress-bar.js'
export { sharded } from './training/sharded.js'
export { stream } from './training/stream-source.js'
export { validationMetrics } from './training/validation-metrics.js'
export { errorDetails } from './base/argument-error.js'
export { version } from './base/version.js'
export type { ErrorDetails, ErrorPlace, Remedy } from './base/argument-error.js'
export type { Layer } from './state/layer.js'
export { adadelta, adagrad, adam, adamw, nadam, rmsprop, rprop, sgd } from './definition/optimizers.js'
export { classificationMetrics } from './metrics/classification.js'
export { multilabelMetrics } from './metrics/multilabel.js'
export { regressionMetrics } from './metrics/regression.js'
export { topK } from './metrics/top-k.js'
export type { ActivationName, ActivationOption } from './definition/activations.js'
export type { InitializerName, InitializerOption } from './definition/initializers.js'
export type { LossName } from './definition/losses.js'
export type { Floats, Precision } from './base/floats.js'
export type {
  AdadeltaOptions,
  AdagradOptions,
  AdamOptions,
  NadamOptions,
  Optimizer,
  OptimizerName,
  OptimizerOption,
  RmspropOptions,
  RpropOptions,
  SgdOptions,
} from './definition/optimizers.js'
export type { GradientCheck } from './state/gradient-check.js'
export type { JSONNumber, NetworkJSON } from './formats/json.js'
export type { Metadata } from './base/metadata.js'
export type {
  BaselineEngine,
  LayerOptions,
  LongOptions,
  NetworkOptions,
  ReadOptions,
  RelaxedArithmetic,
  SavedOptions,
  ShortOptions,
} from './definition/spec.js'
export type { Row, Samples } from './base/samples.js'
export type { Trace } from './state/trace.js'
export type { LayerTrace } from './engine/engine.js'
export type { OpenShards, ShardRequest } from './training/open-shards.js'
export type {
  SharedByShards,
  SharedWithoutData,
  ShardCluster,
  ShardElsewhere,
  StepSize,
  SumsElsewhere,
} from './training/elsewhere.js'
export type { Shard, ShardStep, ShardSum, ShardSums } from './training/shards.js'
export type { FitData, FitOptions, FitPieces } from './training/options.js'
export type { SampleStream, ShardedSamples } from './training/sample-source.js'
export type { CheckpointFile, ProgressBar, ValidationMetrics } from './training/features.js'
export type { CheckpointOptions } from './training/checkpoint.js'
export type { ClipOptions } from './training/regularization.js'
export type { EarlyStoppingOptions } from './training/early-stopping.js'
export type { BatchReport, EpochReport, History, ValidationReport } from './state/reports.js'
export type { ClassificationMetrics } from './metrics/classification.js'
export type { PrecisionRecall } from './metrics/precision-recall.js'
export type {
  ClassificationEvaluation,
  Evaluation,
  MultilabelEvaluation,
  RegressionEvaluation,
} from './metrics/evaluate.js'
export type { LabelMetrics, MultilabelMetrics } from './metrics/multilabel.js'
export type { OutputMetrics, RegressionMetrics } from './metrics/regression.js'
export type { Schedule, ScheduleOption } from './definition/schedules.js'
