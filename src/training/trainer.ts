import type { NumberedStreams } from '../base/random.js'
import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'
import type { Outcome } from '../engine/engine.js'

/**
 * Trains a network: on this thread, or in workers. An epoch is begun, trained in runs, and committed. Whatever can be
 * done at once returns no promise: awaiting one would double the time of an epoch of four samples. LocalTrainer
 * decides that for each batch, by the clock, so that the types cannot tell trainers that return promises from those
 * that do not.
 */
export interface Trainer {
  /** of an epoch; of a piece of it, where data come in pieces */
  readonly samples: number
  /** how long a run should take, in milliseconds: the longest that nothing else has to wait for */
  readonly runMs: number
  /** samples of a run, at most, unless that is less than a batch */
  readonly largestRun: number
  /** whether what its promises wait for is not this thread, which always ends: workers may hang, for a while */
  readonly mayHang: boolean

  /**
   * Begins an epoch with the network as it is.
   *
   * @param stream random stream that orders the samples; undefined: 0, 1, 2 …
   * @param dropoutKey of the random numbers of dropout
   */
  begin(stream: string | undefined, dropoutKey: number): void | Promise<void>
  /**
   * Trains on n samples of the order, the first-th and those after it: whole batches, except the last of the epoch;
   * or one batch.
   *
   * @param rates the learning rate of each batch; undefined: that of the optimiser
   * @param before the result of the epoch so far
   * @returns both results together; batches only up to one whose loss is not finite
   */
  run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome | Promise<Outcome>
  /**
   * Trains some whole epochs at once, as begin, run and commit do one by one with neither rates nor dropout; stops in
   * an epoch that fails, with the network in the middle of it. There only for trainers that can; undefined if this one
   * cannot with its samples.
   *
   * @param streams random streams that order the samples, one for each epoch; undefined: 0, 1, 2 …
   * @returns the summed loss of each epoch that has ended well, a view valid until the next call
   */
  runEpochs?(epochs: number, streams: NumberedStreams | undefined): Float64Array | undefined
  /** Makes the network what has been trained since `begin`. */
  commit(): void | Promise<void>
  /**
   * Ends it, whatever it is doing, together with its workers; a promise that is pending may reject, or stay pending.
   * Once this has returned, the trainer does not change the network any more: after each turn, a run in parts looks
   * whether it has been ended. (An order that is being shuffled is still finished.) Called before the network is
   * restored to its last finished epoch, and again when fit ends.
   */
  end?(): void
}

/** A trainer that has the samples in arrays. */
export interface ArrayTrainer extends Trainer {
  /** not the arrays that the caller of fit may write to */
  readonly x: Matrix
  readonly y: Targets
}
