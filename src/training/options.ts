import { rangeError } from '../base/argument-error.js'
import {
  checkBoolean,
  checkFunction,
  checkImported,
  checkInteger,
  checkKeys,
  checkNumber,
  checkSignal,
  type Imported,
} from '../base/check.js'
import type { Row, Samples } from '../base/samples.js'
import { resolveOptimizer, type OptimizerOption } from '../definition/optimizers.js'
import { otherFitOptions } from '../definition/other-names.js'
import { LearningRate, type Schedule } from '../definition/schedules.js'
import type { Spec } from '../definition/spec.js'
import type { AbortFlag } from '../platform/abort.js'
import type { BatchReport, EpochReport } from '../state/reports.js'
import { shardCluster, type ShardCluster } from './elsewhere.js'
import { resolveEarlyStopping, type EarlyStoppingOptions } from './early-stopping.js'
import type {
  CheckpointFeature,
  CheckpointFile,
  MetricsFeature,
  ProgressBar,
  ProgressFeature,
  ValidationMetrics,
} from './features.js'
import { resolveDropout, resolveRegularization, type RegularizationOptions } from './regularization.js'
import type { Settings } from './settings.js'
import { MOST_SHARDS } from './shards.js'
import { checkThreads } from './trainers.js'

/** Samples to train or to evaluate with. */
export interface FitData {
  /** samples × inputs */
  readonly x: Samples
  /**
   * samples × outputs; or, with a softmax, the number of each sample's class, from 0: one integer for each sample,
   * flat or in rows of one. For binaryCrossEntropy from 0 to 1; for categoricalCrossEntropy >= 0, each row summing to
   * 1
   */
  readonly y: Samples
  /** how often each sample counts: a factor of its loss and its gradients; 1 unless given */
  readonly weights?: Row
}

/**
 * Samples in pieces of any number of rows. Batches do not span pieces: the last batch of a piece is what is left of
 * it. The arrays of a piece may be reused once the next one is asked for.
 */
export type FitPieces = Iterable<FitData> | AsyncIterable<FitData>

/** How a network is trained. */
export interface FitOptions extends RegularizationOptions {
  /** how many times every sample is seen, counting the epochs before a checkpoint that is resumed; 1 unless given */
  readonly epochs?: number
  /**
   * samples of a batch, for each of which there is one update; 32 unless given; the last batch of an epoch is what is
   * left
   */
  readonly batchSize?: number
  /** batches whose gradients are summed for one update, as if they were one large batch; 1 unless given */
  readonly accumulate?: number
  /** an optimiser; or its name, or the function that makes it, for its defaults; adam() unless given */
  readonly optimizer?: OptimizerOption
  /**
   * how the learning rate changes; of several schedules, each changes the result of the one before. A function is
   * called once for each update, possibly some batches ahead
   */
  readonly schedule?: Schedule | readonly Schedule[]
  /**
   * how often samples of each class count, times their own weights: a number per class, or 'balanced', as if all
   * classes had the same number of samples
   */
  readonly classWeights?: 'balanced' | readonly number[]
  /** ε from 0 to 1: targets of K classes are trained as (1 − ε)·y + ε/K; the validation takes them as they are */
  readonly labelSmoothing?: number
  /**
   * whether each epoch has a new order of the samples, which follows from the network's seed; true unless given. With
   * a stream, the order of the rows within each piece, and false unless given
   */
  readonly shuffle?: boolean
  /**
   * 1 to 1024 parts of a batch, each of ⌈batchSize / shards⌉ samples in a row, whose gradients are summed apart, from zero,
   * and added in their order: the bits of training that is divided among so many. In a smaller last batch the last shards
   * have fewer samples or none. Unless given, a batch is summed as a whole. This thread trains: `threads` may be 'auto',
   * but no number
   */
  readonly shards?: number
  /**
   * a cluster that sums the shards, instead of this thread: what `cluster` of deltaprop-cluster makes; with shards and
   * samples in arrays. It changes no bit
   */
  readonly on?: ShardCluster
  /**
   * how many workers train together, while this thread stays free; their number changes no bit. Unless given, this
   * thread trains, with turns for the event loop; 'auto' uses all cores where that pays, else this thread. Workers
   * hold a copy of all samples, in which class numbers are written out as rows of outputs
   */
  readonly threads?: number | 'auto'
  /**
   * other samples whose loss is computed after each epoch; or, with arrays, the fraction of the samples to hold out
   * for that. Their own weights count, class weights do not
   */
  readonly validation?: FitData | number
  /**
   * ends training when the loss no longer falls: that of the validation if there is one, else that of the epoch, in
   * which each sample is taken before the update that it is part of; true: with the defaults
   */
  readonly earlyStopping?: EarlyStoppingOptions | boolean
  /**
   * seconds after which training ends, callbacks included, with the batches that are being trained then. A callback or
   * a stream that hangs is waited for one more second, and then abandoned; so are workers (after ten times their
   * longest run, if that is longer), and their epoch is undone. A checkpoint that is not written or read within ten
   * more seconds is an error
   */
  readonly timeLimit?: number
  /**
   * what `checkpointFile` makes: a file from which training can resume, whatever stopped it; in Node, Bun and Deno
   */
  readonly checkpoint?: CheckpointFile
  /** `progressBar`: a line that shows how far training is, on stderr, if that is a terminal */
  readonly progress?: ProgressBar
  /** `validationMetrics`: to report what `evaluate` says of the validation after each epoch, too */
  readonly metrics?: ValidationMetrics
  /**
   * ends training with an error, the signal's reason: at once, whatever is being awaited (callbacks, workers, a
   * stream), except for a run on this thread; within a second if a file is being written or a stream closed. The
   * network is that of the last finished epoch; what arrives later changes nothing
   */
  readonly signal?: AbortSignal
  /** called after each batch, and awaited; training ends if it returns false */
  readonly onBatch?: (report: BatchReport) => unknown
  /** called after each epoch, and awaited; training ends if it returns false */
  readonly onEpoch?: (report: EpochReport) => unknown
}

/** Of each option, what it becomes: one that is not here, or becomes nothing, does not compile. */
const becomes: Readonly<Record<keyof FitOptions, keyof ResolvedOptions>> = {
  epochs: 'epochs',
  batchSize: 'batchSize',
  optimizer: 'optimizer',
  schedule: 'rate',
  accumulate: 'batchSize',
  classWeights: 'classWeights',
  l1: 'regularization',
  l2: 'regularization',
  clipGradients: 'regularization',
  maxWeightNorm: 'regularization',
  dropout: 'dropout',
  averageWeights: 'regularization',
  labelSmoothing: 'labelSmoothing',
  checkpoint: 'checkpoint',
  progress: 'progress',
  metrics: 'metrics',
  shuffle: 'shuffle',
  shards: 'shards',
  on: 'cluster',
  threads: 'threads',
  validation: 'validation',
  earlyStopping: 'earlyStopping',
  timeLimit: 'timeLimit',
  signal: 'signal',
  onBatch: 'onBatch',
  onEpoch: 'onEpoch',
}

/** The options whose values are imported. */
const imported: {
  readonly checkpoint: Imported<CheckpointFeature>
  readonly progress: Imported<ProgressFeature>
  readonly metrics: Imported<MetricsFeature>
} = {
  checkpoint: { name: 'checkpointFile', member: 'open', expected: "checkpointFile('path')" },
  progress: { name: 'progressBar', member: 'show' },
  metrics: { name: 'validationMetrics', member: 'evaluate' },
}

/** The settings, and the features that are given as options. */
export interface ResolvedOptions extends Settings {
  readonly checkpoint: CheckpointFeature | undefined
  readonly progress: ProgressFeature | undefined
  readonly metrics: MetricsFeature | undefined
  /** that sums the shards; undefined: this thread does */
  readonly cluster: ShardCluster | undefined
  readonly signal: AbortSignal | undefined
}

/** The same of a fit that is running, which has one signal for everything that may end it. */
export interface RunningOptions extends Omit<ResolvedOptions, 'signal'> {
  readonly signal: AbortFlag
}

/**
 * Of each option, whether epochs are trained one by one if it is given, since something is done or changes between or
 * in them that the module's loop of epochs knows nothing of. One that is not here does not compile.
 */
const isWatching: Readonly<Record<keyof RunningOptions, boolean>> = {
  epochs: false,
  batchSize: false,
  optimizer: false,
  rate: true,
  regularization: false,
  dropout: true,
  classWeights: false,
  labelSmoothing: false,
  checkpoint: true,
  progress: true,
  metrics: true,
  shuffle: false,
  shards: true,
  cluster: false,
  threads: false,
  validation: true,
  earlyStopping: true,
  timeLimit: false,
  signal: false,
  onBatch: true,
  onEpoch: true,
}

/** Whether epochs may be trained several at once: nobody could tell. */
export function areUnwatched(options: RunningOptions): boolean {
  const names = Object.keys(isWatching) as (keyof RunningOptions)[]
  return names.every((name) => !isWatching[name] || options[name] === undefined)
}

/** @throws TypeError or RangeError unless it is a cluster that can sum the shards of this network, or undefined */
function checkCluster(spec: Spec, on: unknown): ShardCluster | undefined {
  const cluster = checkImported('on', on, shardCluster)
  if (cluster !== undefined) checkSameElsewhere('on', spec)
  return cluster
}

/** @throws RangeError that names the argument, unless a network like this one computes the same everywhere */
export function checkSameElsewhere(name: string, { engine, arithmetic }: Spec): void {
  if (engine === 'wasm' && arithmetic === 'exact') return
  throw rangeError(name, "a network of the engine 'wasm' with exact arithmetic", `${engine}, ${arithmetic}`)
}

/**
 * @param shuffles the default of shuffle
 * @throws TypeError or RangeError that names the option, what was expected and what it got
 */
export function resolveOptions(spec: Spec, options: unknown, shuffles: boolean): ResolvedOptions {
  const given = checkKeys('options', options, Object.keys(becomes), otherFitOptions)
  const { epochs = 1, batchSize = 32, accumulate = 1, labelSmoothing = 0 } = given
  const { shuffle = shuffles, shards, timeLimit } = given
  const optimizer = resolveOptimizer(given.optimizer ?? 'adam')
  const { schedule, earlyStopping } = given
  const metrics = checkImported('metrics', given.metrics, imported.metrics)
  if (metrics !== undefined && given.validation === undefined) {
    throw rangeError('metrics', 'the option validation with it')
  }
  const threads = given.threads === undefined ? undefined : checkThreads(given.threads)
  if (shards !== undefined && typeof threads === 'number') {
    throw rangeError('threads', 'none with shards, or "auto"', threads)
  }
  return {
    epochs: checkInteger('epochs', epochs, { min: 1 }),
    batchSize:
      checkInteger('batchSize', batchSize, { min: 1 }) * checkInteger('accumulate', accumulate, { min: 1 }),
    optimizer,
    rate: schedule === undefined ? undefined : new LearningRate(schedule, optimizer.learningRate),
    regularization: resolveRegularization(given),
    dropout: resolveDropout(spec, given.dropout),
    classWeights: given.classWeights,
    labelSmoothing: checkNumber('labelSmoothing', labelSmoothing, { min: 0, max: 1 }),
    shuffle: checkBoolean('shuffle', shuffle),
    cluster: checkCluster(spec, given.on),
    shards: shards === undefined ? undefined : checkInteger('shards', shards, { min: 1, max: MOST_SHARDS }),
    threads,
    validation: given.validation,
    earlyStopping: resolveEarlyStopping(earlyStopping),
    timeLimit: timeLimit === undefined ? Infinity : checkNumber('timeLimit', timeLimit, { above: 0 }),
    checkpoint: checkImported('checkpoint', given.checkpoint, imported.checkpoint),
    progress: checkImported('progress', given.progress, imported.progress),
    metrics,
    signal: checkSignal(given.signal),
    onBatch: checkFunction('onBatch', given.onBatch),
    onEpoch: checkFunction('onEpoch', given.onEpoch),
  }
}
