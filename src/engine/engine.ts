import type { Floats } from '../base/floats.js'
import type { Optimizer } from '../definition/optimizers.js'
import type { Dropout } from './dropout.js'
import type { Regularization } from './regularization.js'

/**
 * Every quantity of the derivation at one layer, for one sample. `sigmaPrime` is a vector, or the Jacobian (units × units,
 * row-major) behind a softmax or a cross entropy.
 */
export interface LayerTrace {
  /** a_h of (38), the activations of the layer before */
  readonly inputs: Floats
  /** before the activation, (F1) */
  readonly z: Floats
  /** σ(z), (F2) */
  readonly a: Floats
  /** σ′(z), (40)–(41) */
  readonly sigmaPrime: Floats
  /** (42)–(45); at the output layer o − y, a factor of (56), or the derivative of the chosen loss */
  readonly dC_da: Floats
  /** (52), (59), (60) */
  readonly dC_dz: Floats
  /** (50), (53), (61), units × inputs */
  readonly gradW: Floats
  /** (64), units */
  readonly gradB: Floats
}

/** How samples count; all alike, and on all neurons, unless given. */
export interface Sampling {
  /** each as often as its `weights` say */
  readonly weighted?: boolean
  readonly dropout?: Dropout | undefined
}

/** How to train on some batches; all is 0 or false unless given. */
export interface TrainOptions extends Sampling {
  /** the first of the samples, a whole number of batches */
  readonly start?: number
  /** samples that have been accumulated before, and count with the first batch */
  readonly pending?: number
  /** gradients are not divided by the samples of their batch */
  readonly bySum?: boolean
  /** the learning rate of each batch is that of `rates`; the one of the optimiser is undefined afterwards */
  readonly scheduled?: boolean
  /** to which the losses are added, batch by batch */
  readonly loss?: number
}

/** What came of training on some batches. */
export interface Outcome {
  /** summed over the samples, batch by batch */
  readonly loss: number
  /** batches done: those before the one whose loss is not finite, or all */
  readonly batches: number
}

/** How much is to be done before the next pause, in multiply-adds, or what takes as long; what is done is taken from it. */
export interface Allowance {
  left: number
}

/** What is done to a parameter in a step of an update takes as long as so many multiply-adds. */
export const UPDATE_WORK = 16
/** The same of what is done to a number of a sample: copied, activated, compared. */
export const NUMBER_WORK = 16

/**
 * Something long, in parts: it pauses whenever nothing is left of its allowance, which its caller then fills again. What comes of it does
 * not depend on that.
 */
export type Parts<Result> = Generator<undefined, Result, undefined>

/**
 * What an engine does, in parts. Before the last of them nothing else may be called, and the window stays as it is. Whoever leaves one
 * earlier has parameters and state of the middle of a step, and gradients that are to be zeroed.
 */
export interface PartedEngine {
  loss(n: number, weighted: boolean, allowance: Allowance): Parts<number>
  accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number>
  update(scale: number, allowance: Allowance): Parts<undefined>
  /** one batch of n samples; returns its summed loss, and has changed nothing but the gradients where that is not finite */
  train(n: number, sampling: Sampling, allowance: Allowance): Parts<number>
}

/** What of an engine predicts. */
export type PredictionEngine = Pick<Engine, 'capacity' | 'x' | 'y' | 'order' | 'predict'>

/**
 * What does the arithmetic of one network. Two engines implement it, WebAssembly and plain TypeScript, and pass one test suite.
 *
 * All arrays are live, and live as long as the engine. Parameters are laid out layer by layer, weights (units × inputs,
 * row-major) then biases; gradients and slots likewise.
 *
 * Samples are staged before they are used: rows into `x` and `y`, their order into `order`.
 */
export interface Engine {
  readonly kind: 'wasm' | 'baseline'
  /** whether a multiplication and an addition may be rounded once (opt-in: bits may differ between processors) */
  readonly arithmetic: 'exact' | 'relaxed'

  readonly parameters: Floats
  /** sums over samples, (35) */
  readonly gradients: Floats
  /** the moving average of the parameters, where Regularization says so */
  readonly average: Floats
  /** the optimiser's state: up to three numbers per parameter */
  readonly slots: readonly Floats[]
  /** the optimiser's scalar state: steps taken, two powers of its decays, the product of its momenta */
  readonly counters: Float64Array

  /** rows that can be staged at once */
  readonly capacity: number
  /** capacity × inputs, row-major */
  readonly x: Floats
  /** capacity × outputs, row-major */
  readonly y: Floats
  /** capacity; order[i] is the row of the i-th sample */
  readonly order: Uint32Array
  /** capacity; how often each row counts, where that is asked for */
  readonly weights: Floats
  /** capacity; the learning rate of each batch, where it changes from batch to batch */
  readonly rates: Float64Array

  /** Overwrites the first n rows of `y` with the outputs of the first n samples in order. */
  predict(n: number): void
  /** The summed loss (34) of the first n samples in order; with `weighted` each as often as its `weights` say. */
  loss(n: number, weighted?: boolean): number
  /** Adds the gradients (35) of the first n samples in order to `gradients`; returns `loss`, 0 unless given, and their losses. */
  accumulate(n: number, loss?: number, sampling?: Sampling): number
  /** One step of the optimiser on all parameters with scale · gradients, which are regularised, and zeroed. */
  update(scale: number): void
  /**
   * Trains on n samples in order, one update per `batch` samples, the last batch being what is left. Stops before the update of a
   * batch whose loss is not finite, which is the one after `batches`; accumulated gradients are zero then too.
   */
  train(n: number, batch: number, options?: TrainOptions): Outcome
  /** What takes long, in parts. */
  readonly parts: PartedEngine
  /** Whether all parameters are finite numbers. */
  isFinite(): boolean
  /**
   * Sets the optimiser that updates; its state is in `slots` and `counters`, which the caller clears when it changes; and what else is
   * done in an update, nothing unless given.
   */
  setOptimizer(optimizer: Optimizer, regularization?: Regularization): void
  /** The derivation for the first sample in order, layer by layer; changes nothing that outlives the call. */
  trace(): { loss: number; layers: LayerTrace[] }
  /** Gives the memory back; its arrays have length 0 from then on, and nothing else may be called. */
  dispose(): void
}
