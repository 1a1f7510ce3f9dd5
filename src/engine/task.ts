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
  /** samples × 1: how often each counts; undefined if all count equally */
  readonly weights: Matrix | undefined
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly regularization: Regularization
  /** the dropout probability of each layer; undefined without dropout */
  readonly dropout: readonly number[] | undefined
  readonly seed: number
}

/** The part of an engine's state that a task uses. */
export function stateUse({
  optimizer,
  regularization,
}: Pick<Task, 'optimizer' | 'regularization'>): StateUse {
  return { slots: slotCount(optimizer), average: regularization.averageTake > 0 }
}
