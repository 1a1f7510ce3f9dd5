import type { Architecture } from '../definition/architecture.js'
import { slotCount, type Optimizer } from '../definition/optimizers.js'
import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'
import type { Regularization } from './regularization.js'
import type { StateUse } from './trained-state.js'

/** What a network is trained on, and how. */
export interface Task {
  readonly spec: Architecture
  readonly x: Matrix
  readonly y: Targets
  /** samples × 1: how often each counts; undefined where all count alike */
  readonly weights: Matrix | undefined
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly regularization: Regularization
  /** the probability of dropout for each layer; undefined where there is none */
  readonly dropout: readonly number[] | undefined
  readonly seed: number
}

/** What of an engine's state a task uses. */
export function stateUse({
  optimizer,
  regularization,
}: Pick<Task, 'optimizer' | 'regularization'>): StateUse {
  return { slots: slotCount(optimizer), average: regularization.averageTake > 0 }
}
