import type { Floats } from '../../floats.js'
import type { Optimizer } from '../../optimizers.js'
import type { EngineSpec, Outcome } from '../engine.js'
import type { Layout } from '../memory.js'
import type { TrainedState } from '../trained-state.js'

/** The first message to a worker: all that it needs for any number of epochs. */
export interface StartMessage {
  readonly type: 'start'
  readonly module: WebAssembly.Module
  /** shared by the team; undefined for a worker that is alone, and makes its own of this layout */
  readonly memory: WebAssembly.Memory | undefined
  readonly layout: Layout
  readonly spec: EngineSpec
  readonly optimizer: Optimizer
  /** of the gradients; 0 for no limit */
  readonly maxNorm: number
  readonly slots: number
  readonly index: number
  /** whether the machine has a core for each of the team */
  readonly hasCore: boolean
  /** samples, staged already where memory is shared */
  readonly rows: number
  readonly data: { readonly x: Floats; readonly y: Floats } | undefined
  readonly batchSize: number
  readonly seed: number
}

/** Begins an epoch. */
export interface BeginMessage {
  readonly type: 'begin'
  /** the stream of random numbers that the order follows from; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** where it begins, unless memory is shared */
  readonly state: TrainedState | undefined
}

/** Trains on some batches of the epoch. */
export interface RunMessage {
  readonly type: 'run'
  readonly first: number
  readonly samples: number
  /** to which the losses are added */
  readonly loss: number
  /** whether each batch has a learning rate of its own */
  readonly scheduled: boolean
  /** these, unless memory is shared */
  readonly rates: Float64Array | undefined
}

/** Asks a worker that is alone for what it has trained. */
export interface StateMessage {
  readonly type: 'state'
}

export type Message = StartMessage | BeginMessage | RunMessage | StateMessage

/** What the first worker answers to every message, when the whole team is done with it. */
export interface Reply extends Outcome {
  /** what was asked for */
  readonly state: TrainedState | undefined
}
