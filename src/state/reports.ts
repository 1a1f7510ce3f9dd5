/** What a fit reports: after each batch, after each epoch, and in the end. */
import type { Evaluation } from '../metrics/evaluate.js'

/** What came of one batch. */
export interface BatchReport {
  /** as in EpochReport */
  readonly epoch: number
  /** 1 for the first batch of the epoch */
  readonly batch: number
  /** mean over the samples of the batch, before its update */
  readonly loss: number
}

/** What a network is worth on the samples of a validation. */
export interface ValidationReport {
  /** mean over the samples, by their weights if they have some */
  readonly loss: number
  /** the share of samples, likewise, whose class has the highest output; undefined where targets are not classes */
  readonly accuracy: number | undefined
  /** with the option metrics; undefined, too, where an output is not a finite number */
  readonly metrics?: Evaluation
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
