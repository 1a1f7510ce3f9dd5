import type { BatchReport } from '../state/reports.js'
import type { Outcome } from '../engine/engine.js'
import type { Stop } from '../platform/stop.js'

/** Where an epoch may be left before its end. */
export interface Interruptions {
  readonly onBatch?: ((report: BatchReport) => unknown) | undefined
  /** has the deadline, too */
  readonly signal: Stop
}

/** Why an epoch was left before its end. */
export type Interruption = 'onBatch' | 'timeLimit'

/** What ended an epoch with an error that is not the trainer's: the signal's reason, or what a callback or a schedule threw. */
export class Interrupted extends Error {
  constructor(readonly reason: unknown) {
    super('interrupted')
  }
}

/** Which epoch it is, and its random numbers. */
export interface EpochPlan {
  /** as in EpochReport */
  readonly epoch: number
  /** of the random numbers that the order of the samples follows from; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** of the random numbers of dropout */
  readonly dropoutKey: number
}

/** What came of an epoch, or of its part before an interruption. */
export interface EpochOutcome extends Outcome {
  readonly samples: number
  readonly interruption: Interruption | undefined
}

/** What has come of no batch. */
export const nothing: EpochOutcome = { loss: 0, batches: 0, samples: 0, interruption: undefined }
