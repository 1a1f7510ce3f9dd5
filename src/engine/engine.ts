import type { Floats } from '../base/floats.js'
import type { Optimizer } from '../definition/optimizers.js'
import type { NumberedStreams } from '../base/random.js'
import type { Dropout } from './dropout.js'
import type { Regularization } from './regularization.js'

/**
 * Every quantity of the derivation at one layer, for one sample. `sigmaPrime` is a vector, or, after a softmax or
 * with a cross entropy, the Jacobian (units × units, row-major).
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

/** How samples count; by default all equally, with no neuron left out. */
export interface Sampling {
  /** each sample counts as often as its entry in `weights` says */
  readonly weighted?: boolean
  readonly dropout?: Dropout | undefined
}

/** How to train on some batches; every option defaults to 0 or false. */
export interface TrainOptions extends Sampling {
  /** the first sample, a multiple of the batch size */
  readonly start?: number
  /** number of samples accumulated earlier, which count towards the first batch */
  readonly pending?: number
  /** gradients are not divided by the number of samples in their batch */
  readonly bySum?: boolean
  /** each batch takes its learning rate from `rates`; the optimiser's own is undefined afterwards */
  readonly scheduled?: boolean
  /** a sum to which the losses are added, batch by batch */
  readonly loss?: number
}

/** The most epochs that are trained at once. */
export const EPOCHS_AT_ONCE = 1024

/** Some epochs in a row. */
export interface EpochsPlan {
  /** how many; at most EPOCHS_AT_ONCE */
  readonly epochs: number
  readonly samples: number
  readonly batch: number
  readonly weighted: boolean
  /** the random streams that order the samples, one for each epoch; undefined: they stay in the order staged */
  readonly streams: NumberedStreams | undefined
}

/** The result of training on some batches. */
export interface Outcome {
  /** summed over the samples, batch by batch */
  readonly loss: number
  /** number of completed batches: all, or those before the one whose loss is not finite */
  readonly batches: number
}

/**
 * How much may be done before the next pause, in multiply-adds or their equivalent in time; work done is subtracted
 * from it.
 */
export interface Allowance {
  left: number
}

/** The cost of updating one parameter in one step, as the number of multiply-adds that take as long. */
export const UPDATE_WORK = 16
/** Likewise, the cost of handling one number of a sample: copying, activating, comparing. */
export const NUMBER_WORK = 16

/**
 * A long computation, in parts: it pauses whenever its allowance is used up, and the caller then refills it. The
 * result does not depend on where it pauses.
 */
export type Parts<Result> = Generator<undefined, Result, undefined>

/**
 * An engine's operations, in parts. Nothing else may be called until one has finished, and the window must stay as
 * it is. If one is abandoned, parameters and state are those in the middle of a step, and the gradients must be
 * zeroed.
 */
export interface PartedEngine {
  loss(n: number, weighted: boolean, allowance: Allowance): Parts<number>
  accumulate(n: number, loss: number, sampling: Sampling, allowance: Allowance): Parts<number>
  update(scale: number, allowance: Allowance): Parts<undefined>
  /** one batch of n samples; returns its summed loss; if that is not finite, only the gradients have changed */
  train(n: number, sampling: Sampling, allowance: Allowance): Parts<number>
}

/** The part of an engine that predicts. */
export type PredictionEngine = Pick<
  Engine,
  'parameters' | 'capacity' | 'x' | 'y' | 'order' | 'staged' | 'predict' | 'numbers' | 'predictRow'
>

/**
 * The arrays of an engine. Parameters are laid out layer by layer, weights (units × inputs, row-major) then biases;
 * gradients, average and slots likewise.
 */
export interface EngineArrays {
  readonly parameters: Floats
  /** sums over samples, (35) */
  readonly gradients: Floats
  /** the moving average of the parameters, if Regularization asks for it */
  readonly average: Floats

  /** capacity × inputs, row-major */
  readonly x: Floats
  /** capacity × outputs, row-major */
  readonly y: Floats
  /** capacity; order[i] is the row of the i-th sample */
  readonly order: Uint32Array
  /** capacity; how often each row counts, used only on request */
  readonly weights: Floats
  /** capacity; the learning rate of each batch, if it varies between batches */
  readonly rates: Float64Array
}

/**
 * Does the arithmetic of one network. There are three implementations, which pass the same test suite: WebAssembly
 * with a memory of its own, WebAssembly in a memory that small networks share, and plain TypeScript.
 *
 * All arrays are live (those of some engines only while they are held, see `hold`), and valid as long as the engine.
 *
 * Samples are staged before use: rows in `x` and `y`, their order in `order`.
 */
export interface Engine extends EngineArrays {
  readonly kind: 'wasm' | 'baseline'
  /**
   * whether a multiplication and an addition may be rounded together, once (opt-in: bits may differ between
   * processors)
   */
  readonly arithmetic: 'exact' | 'relaxed'

  /** the optimiser's scalar state: steps taken, powers of its two decay rates, the product of its momenta */
  readonly counters: Float64Array
  /**
   * The first slots, arrays of the optimiser's state, each with a number per parameter. Some engines make them when they
   * are asked for.
   *
   * @param count how many, at most 3: slotCount of the optimiser
   */
  slotsInUse(count: number): readonly Floats[]
  /** number of rows that can be staged together */
  readonly capacity: number
  /**
   * what the rows staged are, for those who stage the same again and again; undefined: anything, as beginStaging
   * leaves it
   */
  staged: object | undefined

  /** Overwrites the first n rows of `y` with the outputs of the first n samples in order. */
  predict(n: number): void
  /** what predictRow counts its place in */
  readonly numbers: Floats
  /** Predicts for row 0 of `x`; returns the place of the first output in `numbers`, valid until the next call. */
  predictRow(): number
  /** One step on row 0 of `x` and `y`; returns its loss: if that is not finite, nothing has changed. */
  trainRow(): number
  /**
   * The summed loss (34) of the first n samples in order; with `weighted`, each counts as often as its entry in
   * `weights` says.
   */
  loss(n: number, weighted?: boolean): number
  /**
   * Adds the gradients (35) of the first n samples in order to `gradients`; returns `loss`, 0 by default, plus their
   * losses.
   */
  accumulate(n: number, loss?: number, sampling?: Sampling): number
  /** One step of the optimiser on all parameters with scale · gradients, regularised; zeroes the gradients. */
  update(scale: number): void
  /**
   * Trains on n samples in order, one update per `batch` samples; the last batch takes the remainder. If the loss of
   * a batch is not finite, stops before its update: `batches` counts those before it, and accumulated gradients are
   * zeroed too.
   */
  train(n: number, batch: number, options?: TrainOptions): Outcome
  /**
   * Trains epoch after epoch on the first n samples, as `train` does with plain samples, but each in an order of its
   * own; stops in an epoch whose loss or weights stop being finite numbers, with the network in the middle of it. Not
   * every engine can.
   *
   * @returns the summed loss of each epoch that has ended well, a view valid until the next call
   */
  trainEpochs?(plan: EpochsPlan): Float64Array
  /** The long operations, in parts; undefined for an engine whose window holds so little that none takes long. */
  readonly parts: PartedEngine | undefined
  /** Whether all parameters are finite numbers. */
  isFinite(): boolean
  /**
   * Sets the optimiser, whose state is in its slots and `counters` and is cleared by the caller when the optimiser
   * changes, and what else an update does, by default nothing.
   */
  setOptimizer(optimizer: Optimizer, regularization?: Regularization): void
  /** Clears the optimiser's state, but for its first slots, and its counters if they are not kept. */
  clearState(keptSlots: number, keepsCounters: boolean): void
  /**
   * Until `letGo` is called as often, the arrays are live between calls: whoever keeps one of them sees what a call
   * does, and what it writes is used. Without it they are that only until the next call. Engines whose arrays always
   * are do not need it.
   */
  hold?(): void
  letGo?(): void
  /** The derivation for the first sample in order, layer by layer; changes nothing that outlives the call. */
  trace(): { loss: number; layers: LayerTrace[] }
  /**
   * Releases the memory, and no other method may be called. The arrays then have length 0, except those of a small
   * network that it shares with others: x, y, order, weights and rates.
   */
  dispose(): void
}
