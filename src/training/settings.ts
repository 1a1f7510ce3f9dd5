import type { Optimizer } from '../definition/optimizers.js'
import type { LearningRate } from '../definition/schedules.js'
import type { Regularization } from '../engine/regularization.js'
import type { BatchReport, EpochReport } from '../state/reports.js'
import type { EarlyStoppingOptions } from './early-stopping.js'

/** How a network is trained: the options of fit, checked, with every default filled in. */
export interface Settings {
  readonly epochs: number
  /** samples of one update */
  readonly batchSize: number
  readonly optimizer: Optimizer
  /** the schedule, if there is one */
  readonly rate: LearningRate | undefined
  readonly regularization: Regularization
  /** for each layer */
  readonly dropout: readonly number[] | undefined
  readonly classWeights: unknown
  readonly labelSmoothing: number
  readonly shuffle: boolean
  /** of a batch; undefined: it is summed as a whole */
  readonly shards: number | undefined
  readonly threads: number | 'auto' | undefined
  readonly validation: unknown
  readonly earlyStopping: Required<EarlyStoppingOptions> | undefined
  /** seconds */
  readonly timeLimit: number
  readonly onBatch: ((report: BatchReport) => unknown) | undefined
  readonly onEpoch: ((report: EpochReport) => unknown) | undefined
}
