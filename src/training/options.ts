import { checkBoolean, checkFunction, checkInteger, checkKeys, checkNumber, checkSignal } from '../check.js'
import { resolveOptimizer, type Optimizer, type OptimizerOption } from '../optimizers.js'
import { otherFitOptions } from '../other-names.js'
import type { Row, Samples } from '../samples.js'
import { LearningRate, type Schedule } from '../schedules.js'
import type { Regularization } from '../engine/regularization.js'
import type { Spec } from '../spec.js'
import { resolveDropout, resolveRegularization, type RegularizationOptions } from './regularization.js'
import { resolveCheckpoint, type CheckpointOptions } from './checkpoint.js'
import { resolveEarlyStopping, type EarlyStoppingOptions } from './early-stopping.js'
import type { BatchReport } from './epoch-outcome.js'
import type { Stop } from './stop.js'
import { checkThreads } from './threads.js'
import type { ValidationReport } from './validation.js'

/** Samples to train or to evaluate with. */
export interface FitData {
  /** samples × inputs */
  readonly x: Samples
  /**
   * samples × outputs; or, behind a softmax, the number of each sample's class, from 0: as many integers as samples, flat or in rows of
   * one. For binaryCrossEntropy from 0 to 1, for categoricalCrossEntropy >= 0 and 1 in sum
   */
  readonly y: Samples
  /** how often each sample counts: so many times its loss and its gradients; 1 unless given */
  readonly weights?: Row
}

/**
 * Samples in pieces, each of any number of rows: batches are cut from one piece at a time, its last one being what is left. A piece
 * may be written to when the next one is asked for.
 */
export type FitPieces = Iterable<FitData> | AsyncIterable<FitData>

/** Pieces for one epoch, in an array for every epoch, or a function that is called for those of each epoch, from 1 on. */
export type FitStream = FitPieces | ((epoch: number) => FitPieces | Promise<FitPieces>)

/** How a network is trained. */
export interface FitOptions extends RegularizationOptions {
  /** how many times every sample is seen, before a checkpoint that training goes on from, too; 1 unless given */
  readonly epochs?: number
  /** samples of a batch, of which an update is made; 32 unless given; the last batch of an epoch is what is left */
  readonly batchSize?: number
  /** batches whose gradients are summed up for one update, which is that of one batch of all their samples; 1 unless given */
  readonly accumulate?: number
  /** or its name, or what makes it, with its defaults; adam() unless given */
  readonly optimizer?: OptimizerOption
  /**
   * how the learning rate changes; several, each of which changes what the one before makes of it. A function is asked once for each
   * update, before it or some batches ahead
   */
  readonly schedule?: Schedule | readonly Schedule[]
  /**
   * how often samples of each class count, beside their own weights: a number per class, or 'balanced': as if there were as many of
   * each
   */
  readonly classWeights?: 'balanced' | readonly number[]
  /** ε from 0 to 1: targets that are classes are trained as (1 − ε)·y + ε/K, of K classes; validation takes them as they are */
  readonly labelSmoothing?: number
  /**
   * a new order in every epoch, which follows from the network's seed; true unless given. In a stream the rows within each piece, and
   * false unless given
   */
  readonly shuffle?: boolean
  /**
   * workers that train together while this thread is free, with the same bits whatever their number; unless given, this thread
   * trains, with turns for the event loop; 'auto' takes the cores where they gain something, else this thread. Workers hold all samples,
   * of the numbers of classes as many rows of outputs
   */
  readonly threads?: number | 'auto'
  /**
   * other samples whose loss is taken after each epoch; or, with arrays, the fraction of the samples that are held out for it. They
   * count by their weights, not by those of classes
   */
  readonly validation?: FitData | number
  /**
   * ends training when the loss, of the validation if there is one, does not become less any more; without a validation it is that
   * of the epoch, each sample before the update that it was part of; true has the defaults
   */
  readonly earlyStopping?: EarlyStoppingOptions | boolean
  /**
   * seconds after which training ends, callbacks included, with the batches that are being trained then. What hangs is waited for a second
   * more (workers: ten times as long as a run of theirs has taken, if that is longer), and then given up: a callback, a stream that does
   * not close; an epoch whose workers do not reply is undone. A checkpoint that is not written or read in ten seconds more is an error
   */
  readonly timeLimit?: number
  /** a file that training can go on from when it has been stopped, whatever stopped it, or its path; in Node, Bun and Deno */
  readonly checkpoint?: CheckpointOptions | string
  /** shows a line with a bar in the terminal, on stderr; nothing where that is none. false unless given */
  readonly progress?: boolean
  /** what `evaluate` says of the validation after each epoch, too; false unless given */
  readonly metrics?: boolean
  /**
   * ends training with an error, the signal's reason, at once but for a run on this thread, whatever is being waited for: callbacks,
   * workers, a stream; a second later at most for what is being written or closed. The network is that of the last finished epoch, and
   * what comes late changes nothing
   */
  readonly signal?: AbortSignal
  /** called after each batch, and awaited; training ends when it returns false */
  readonly onBatch?: (report: BatchReport) => unknown
  /** called after each epoch, and awaited; training ends when it returns false */
  readonly onEpoch?: (report: EpochReport) => unknown
}

/** What came of one epoch. */
export interface EpochReport {
  /** 1 for the first epoch of this call, or of the one whose checkpoint it goes on from */
  readonly epoch: number
  /** the loss, each sample's times its weight, by the number of samples; each taken before the update that it was part of */
  readonly loss: number
  /** updates; fewer than an epoch has, if it was interrupted */
  readonly batches: number
  /** of the last update */
  readonly learningRate: number
  readonly seconds: number
  /** what the validation came to, if there is one */
  readonly validation?: ValidationReport
}

/** What came of all epochs. */
export interface History {
  readonly epochs: readonly EpochReport[]
  /** why training ended: all epochs are done, a callback returned false, the time is up, the loss became no less */
  readonly ended: 'epochs' | 'onEpoch' | 'onBatch' | 'timeLimit' | 'earlyStopping'
  /** the last epoch that early stopping took for a better one, whose network it is unless restoreBest is false; 0 if none was */
  readonly bestEpoch?: number
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
  threads: 'threads',
  validation: 'validation',
  earlyStopping: 'earlyStopping',
  timeLimit: 'timeLimit',
  signal: 'signal',
  onBatch: 'onBatch',
  onEpoch: 'onEpoch',
}

/** Options of fit, checked, with every default filled in. */
export interface ResolvedOptions {
  readonly epochs: number
  /** samples of one update */
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly rate: LearningRate | undefined
  readonly regularization: Regularization
  /** for each layer */
  readonly dropout: readonly number[] | undefined
  readonly classWeights: unknown
  readonly labelSmoothing: number
  readonly shuffle: boolean
  readonly threads: number | 'auto' | undefined
  readonly validation: unknown
  readonly earlyStopping: Required<EarlyStoppingOptions> | undefined
  /** seconds */
  readonly timeLimit: number
  readonly checkpoint: Required<CheckpointOptions> | undefined
  readonly progress: boolean
  readonly metrics: boolean
  readonly signal: AbortSignal | undefined
  readonly onBatch: ((report: BatchReport) => unknown) | undefined
  readonly onEpoch: ((report: EpochReport) => unknown) | undefined
}

/** The same of a fit that is running. */
export interface RunningOptions extends Omit<ResolvedOptions, 'signal'> {
  readonly signal: Stop
}

/**
 * @param shuffles unless shuffle is given
 * @throws TypeError or RangeError that names the option, what was expected and what came
 */
export function resolveOptions(spec: Spec, options: unknown, shuffles: boolean): ResolvedOptions {
  const given = checkKeys('options', options, Object.keys(becomes), otherFitOptions)
  const { epochs = 1, batchSize = 32, accumulate = 1, labelSmoothing = 0 } = given
  const { shuffle = shuffles, timeLimit } = given
  const optimizer = resolveOptimizer(given.optimizer ?? 'adam')
  const { schedule, earlyStopping, checkpoint, progress = false, metrics = false } = given
  if (metrics === true && given.validation === undefined) {
    throw new RangeError('metrics: expected a validation, whose they are')
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
    threads: given.threads === undefined ? undefined : checkThreads(given.threads),
    validation: given.validation,
    earlyStopping: resolveEarlyStopping(earlyStopping),
    timeLimit: timeLimit === undefined ? Infinity : checkNumber('timeLimit', timeLimit, { above: 0 }),
    checkpoint: checkpoint === undefined ? undefined : resolveCheckpoint(checkpoint),
    progress: checkBoolean('progress', progress),
    metrics: checkBoolean('metrics', metrics),
    signal: checkSignal(given.signal),
    onBatch: checkFunction('onBatch', given.onBatch),
    onEpoch: checkFunction('onEpoch', given.onEpoch),
  }
}
