/** What a fit reports: after each batch, after each epoch, and at the end. */
import type { Evaluation } from '../metrics/evaluate.js'

/** The result of one batch. */
export interface BatchReport {
  /** as in EpochReport */
  readonly epoch: number
  /** 1 for the first batch of the epoch */
  readonly batch: number
  /** mean over the samples of the batch, before its update */
  readonly loss: number
}

/** The result of a validation. */
export interface ValidationReport {
  /** mean over the samples, weighted if they have weights */
  readonly loss: number
  /**
   * the share of samples, likewise weighted, whose class has the highest output; undefined unless the targets are
   * classes
   */
  readonly accuracy: number | undefined
  /** with the option metrics; undefined also if an output is not a finite number */
  readonly metrics?: Evaluation
}

/** The result of one epoch. */
export interface EpochReport {
  /** 1 for the first epoch of this call, or of the call whose checkpoint it resumes */
  readonly epoch: number
  /**
   * the mean loss: each sample's, times its weight, before the update it took part in, divided by the number of samples
   */
  readonly loss: number
  /** updates; fewer than in a whole epoch if it was interrupted */
  readonly batches: number
  /** of the last update */
  readonly learningRate: number
  readonly seconds: number
  /** the result of the validation, if there is one */
  readonly validation?: ValidationReport
}

/** The result of all epochs. */
export interface History {
  readonly epochs: readonly EpochReport[]
  /** why training ended: all epochs done, a callback returned false, time is up, the loss stopped decreasing */
  readonly ended: 'epochs' | 'onEpoch' | 'onBatch' | 'timeLimit' | 'earlyStopping'
  /**
   * the best epoch according to early stopping, whose network is restored unless restoreBest is false; 0 if there is
   * none
   */
  readonly bestEpoch?: number
}
