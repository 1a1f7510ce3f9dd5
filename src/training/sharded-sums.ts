/** Samples that stay apart: who takes part in a batch, and with how many, and the sums of all that do. */
import { type Division, type Shard, type ShardStep, type ShardSum, type ShardSums } from './shards.js'

/** Sums of the samples of one shard of the data. */
export interface HeldSums extends ShardSums {
  /** how many there are */
  readonly samples: number
}

/** A shard of a batch: samples in the order of the shard of the data that they are from. */
interface HeldShard extends Shard {
  /** which one of the data */
  readonly of: number
}

/**
 * The order in which shards of the data have their turns in an epoch: evenly, as far as their sizes go. The k-th sample of
 * a shard of m, counted from 0, comes at (k + 1/2) / m of the epoch; of those at the same time the one of the first shard.
 */
export class Turns implements Division {
  readonly samples: number
  readonly #sizes: readonly number[]
  /** turns that have been had, and those of each shard of the data */
  #position = 0
  #taken: number[]

  /** @param sizes samples of each shard of the data */
  constructor(sizes: readonly number[]) {
    this.samples = sizes.reduce((sum, size) => sum + size)
    this.#sizes = sizes
    this.#taken = sizes.map(() => 0)
  }

  shardsOf(first: number, n: number): HeldShard[] {
    this.#goTo(first)
    const before = [...this.#taken]
    this.#goTo(first + n)
    return this.#taken.flatMap((taken, of) => {
      const count = taken - before[of]
      return count === 0 ? [] : { of, first: before[of], n: count }
    })
  }

  #goTo(position: number): void {
    if (position < this.#position) {
      this.#position = 0
      this.#taken.fill(0)
    }
    const [sizes, taken] = [this.#sizes, this.#taken]
    for (; this.#position < position; ++this.#position) {
      let [next, time] = [0, Infinity]
      for (let i = 0; i < sizes.length; ++i) {
        const its = (taken[i] + 0.5) / sizes[i]
        if (its < time) [next, time] = [i, its]
      }
      taken[next] += 1
    }
  }
}

/** The sums of a step whose shards are from several shards of the data. */
export class ShardedSums implements ShardSums {
  readonly mayHang: boolean
  readonly #held: readonly HeldSums[]
  /** samples of the shards of the data before each */
  readonly #offsets: readonly number[]

  constructor(held: readonly HeldSums[]) {
    this.mayHang = held.some(({ mayHang }) => mayHang)
    this.#held = held
    let samples = 0
    this.#offsets = held.map((each) => (samples += each.samples) - each.samples)
  }

  /** Those elsewhere compute theirs at the same time. */
  async *sums(step: ShardStep): AsyncGenerator<ShardSum, void> {
    const asked = (step.shards as readonly HeldShard[]).map((shard) => {
      const answers = this.#ask(shard, step)
      const first = this.#held[shard.of].mayHang ? answers.next() : undefined
      // It is awaited below, unless the step ends before.
      first?.catch(() => undefined)
      return { answers, first }
    })
    for (const { answers, first } of asked) {
      const answer = await (first ?? answers.next())
      if (answer.done === true) throw new Error('expected the sums of a shard')
      yield answer.value
      await answers.next()
    }
  }

  end(): void {
    for (const each of this.#held) each.end?.()
  }

  #ask({ of, first, n }: HeldShard, { stream, ...step }: ShardStep): AsyncIterator<ShardSum> {
    const own = {
      ...step,
      stream: stream && `${stream} ${of}`,
      offset: this.#offsets[of],
      shards: [{ first, n }],
    }
    return this.#held[of].sums(own)[Symbol.asyncIterator]()
  }
}
