import type { Outcome } from '../engine/engine.js'
import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'

/**
 * What trains a network: the thread that calls, or workers. An epoch is begun, trained in runs, and committed. What can be
 * done at once is, and is no promise then.
 */
export interface Trainer {
  /** the samples; what the caller of fit writes to its arrays does not change them */
  readonly x: Matrix
  readonly y: Targets
  /** how long a run may take, in milliseconds: as long as nothing else is to wait for its end */
  readonly runMs: number
  /** samples of a run, at most, unless that is less than a batch */
  readonly largestRun: number
  /** whether what it has begun may never come: workers may hang; this thread computes, however long that takes */
  readonly mayHang: boolean

  /**
   * Begins an epoch where the network is, in the order that follows from a stream of random numbers; undefined: 0, 1, 2 …
   *
   * @param dropoutKey of the random numbers of dropout
   * @throws Error if a worker ends
   */
  begin(stream: string | undefined, dropoutKey: number): void | Promise<void>
  /**
   * Trains on n samples of the order from the first-th on, whole batches but for the last of the epoch, or one batch.
   *
   * @param rates the learning rate of each batch; undefined: that of the optimiser
   * @param before what came of the epoch so far
   * @returns that and what came of these; batches up to the one whose loss is not finite
   * @throws Error if a worker ends
   */
  run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome | Promise<Outcome>
  /** Makes the network what has been trained since the begin. */
  commit(): void | Promise<void>
  /**
   * Ends it, whatever it is doing: its workers, and a run or a commit that is not over, which nobody waits for any more. From the return
   * on nothing of it changes the network: a run in parts looks, behind every turn that it has given, whether it has been ended, and then
   * computes and copies nothing more; its promise may reject, or stay pending. An order that is being written is still written. Called
   * before the network is taken back to its last finished epoch, and once more when fit ends.
   */
  end?(): void
}
