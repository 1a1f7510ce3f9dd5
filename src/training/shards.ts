/**
 * Data-parallel training: a batch is divided into shards, whose gradients are summed apart, each from zero, and then added
 * in one order. Who sums them, in which order and at which time, changes no bit.
 *
 *     ShardTrainer ── step: parameters, order, shards ──▶ ShardSums
 *     has network and optimiser                           has the samples: this thread, or others elsewhere
 *                  ◀── sums and loss of each shard ──────
 */
import type { Floats } from '../base/floats.js'

/** Of a batch. */
export const MOST_SHARDS = 1024

/** n samples next to each other in the order of an epoch, the first-th and those after it. */
export interface Shard {
  readonly first: number
  readonly n: number
}

/** What the sums of a batch follow from, beside the samples and how they count. */
export interface ShardStep {
  /** of the network before the step: a view, of which nothing changes until the last sum has come */
  readonly parameters: Floats
  /** random stream that orders the samples of the epoch; undefined: 0, 1, 2 … */
  readonly stream: string | undefined
  /** of the random numbers of dropout */
  readonly dropoutKey: number
  /** samples of the epoch that come before all that are ordered here: dropout counts from there; 0 unless given */
  readonly offset?: number | undefined
  /** none of them empty */
  readonly shards: readonly Shard[]
}

/** What has become of a shard. */
export interface ShardSum {
  /** its gradients, summed from zero, one for each parameter; they may be overwritten once the next are asked for */
  readonly sums: Floats
  /** its losses, summed from zero */
  readonly loss: number
}

/** Whoever computes the sums of shards. */
export interface ShardSums {
  /** whether what is awaited is not this thread, which always ends: see Trainer */
  readonly mayHang: boolean
  /**
   * The sums of all shards of a step, in their order. Each is added before the next is asked for: who computes several
   * at a time keeps those that come early.
   */
  sums(step: ShardStep): AsyncIterable<ShardSum>
  /** Ends it, whatever it is doing: what it has not computed yet may be an error, or never come. */
  end?(): void
}

/**
 * Divides n samples, the first-th and those after it, into shards of `size` samples; the last one has what is left. Their
 * size is that of the shards of a whole batch in a smaller one, too: there are fewer then. So shards as large as the
 * chunks of an engine, which are summed from zero and added as well, have the bits of whole batches.
 */
export function shardsOf(first: number, n: number, size: number): Shard[] {
  return Array.from({ length: Math.ceil(n / size) }, (_, s) => {
    return { first: first + s * size, n: Math.min(size, n - s * size) }
  })
}

/** Ends sums that may be somebody else's, whose errors say nothing about the fit that ends them. */
export function endQuietly(sums: ShardSums): void {
  try {
    sums.end?.()
  } catch {
    // It has been told.
  }
}

/** Ends sums as soon as they are open: whoever asked for them does not wait any more. */
export function endOnceOpen(opening: Promise<ShardSums>): void {
  opening.then(endQuietly).catch(() => undefined)
}

/** How the samples of an epoch become shards. */
export interface Division {
  /** how many there are */
  readonly samples: number
  /** The shards of n samples in the order of the epoch, the first-th and those after it: none of them empty. */
  shardsOf(first: number, n: number): readonly Shard[]
}

/** Each batch in at most `count` shards of samples in a row. */
export function evenly(samples: number, batchSize: number, count: number): Division {
  const size = Math.ceil(Math.min(batchSize, samples) / count)
  return { samples, shardsOf: (first, n) => shardsOf(first, n, size) }
}
