/** Samples that stay apart: with how many each shard of the data takes part in a batch, and the sums of all that do. */
import {
  endQuietly,
  type Division,
  type Shard,
  type ShardStep,
  type ShardSum,
  type ShardSums,
} from './shards.js'

/** Sums of the samples of one shard of the data: here, or elsewhere. */
export interface PartSums extends ShardSums {
  /** how many there are */
  readonly samples: number
}

/** A shard of a batch: samples in the order of the shard of the data that they are from. */
interface PartShard extends Shard {
  /** which one of the data */
  readonly of: number
}

/** The sums of all: each batch in shards of its own. */
export class ShardedSums implements ShardSums, Division {
  readonly mayHang: boolean
  readonly samples: number
  readonly #parts: readonly PartSums[]
  readonly #shares: Shares
  /** samples of the parts before each */
  readonly #offsets: readonly number[]

  constructor(parts: readonly PartSums[]) {
    const sizes = parts.map(({ samples }) => samples)
    this.mayHang = parts.some(({ mayHang }) => mayHang)
    this.#parts = parts
    this.#shares = new Shares(sizes)
    let samples = 0
    this.#offsets = sizes.map((size) => (samples += size) - size)
    this.samples = samples
  }

  shardsOf(first: number, n: number): PartShard[] {
    const [before, after] = [this.#shares.of(first), this.#shares.of(first + n)]
    return after.flatMap((end, of) => {
      const begin = before[of]
      return end === begin ? [] : { of, first: begin, n: end - begin }
    })
  }

  /** Those elsewhere compute theirs at the same time, and while they do, this thread those that are here. */
  async *sums(step: ShardStep): AsyncGenerator<ShardSum, void> {
    let here: Promise<unknown> = Promise.resolve()
    // Of its own division.
    const asked = (step.shards as readonly PartShard[]).map((shard) => {
      const answers = this.#ask(shard, step)
      const isElsewhere = this.#parts[shard.of].mayHang
      const first = isElsewhere ? answers.next() : here.then(() => answers.next())
      // It is awaited below, unless the step ends before.
      const settled = first.catch(() => undefined)
      if (!isElsewhere) here = settled
      return { answers, first }
    })
    for (const { answers, first } of asked) {
      const answer = await first
      if (answer.done === true) throw new Error('expected the sums of a shard')
      yield answer.value
      await answers.next()
    }
  }

  end(): void {
    this.#parts.forEach(endQuietly)
  }

  #ask({ of, first, n }: PartShard, { stream, ...step }: ShardStep): AsyncIterator<ShardSum> {
    const own = {
      ...step,
      stream: stream && `${stream} ${of}`,
      offset: this.#offsets[of],
      shards: [{ first, n }],
    }
    return this.#parts[of].sums(own)[Symbol.asyncIterator]()
  }
}

/** Parts next to each other, in two halves; or one of them. */
type Tree =
  number | { readonly samples: bigint; readonly ofLeft: bigint; readonly left: Tree; readonly right: Tree }

/**
 * How many samples each part has had at a point of an epoch: fewer than two more or less than its share, and as many as it
 * has at the end.
 *
 * All are divided in two, where the halves differ least, and so are the halves. Of the first p samples of a whole of T the
 * left half, of L, has had ⌊p·L/T + 1/2⌋ and the right half the others, which never become fewer as p grows.
 */
export class Shares {
  readonly #tree: Tree
  readonly #parts: number

  /** @param sizes samples of each part: 2³² − 1 together at most */
  constructor(sizes: readonly number[]) {
    const starts = [0]
    for (const [i, size] of sizes.entries()) starts.push(starts[i] + size)
    this.#tree = halved(starts, 0, sizes.length)
    this.#parts = sizes.length
  }

  /** Of each part, among so many samples. */
  of(position: number): number[] {
    const had = new Array<number>(this.#parts).fill(0)
    share(this.#tree, position, had)
    return had
  }
}

/** @param starts samples before each part, and before the end */
function halved(starts: readonly number[], from: number, to: number): Tree {
  if (to - from === 1) return from
  const [begin, end] = [starts[from], starts[to]]
  let cut = from + 1
  const uneven = (at: number): number => Math.abs(starts[at] - begin - (end - starts[at]))
  while (cut + 1 < to && uneven(cut + 1) < uneven(cut)) ++cut
  return {
    samples: BigInt(end - begin),
    ofLeft: BigInt(starts[cut] - begin),
    left: halved(starts, from, cut),
    right: halved(starts, cut, to),
  }
}

function share(tree: Tree, position: number, had: number[]): void {
  if (typeof tree === 'number') {
    had[tree] = position
    return
  }
  const { samples, ofLeft, left, right } = tree
  // In whole numbers, which are too large for doubles.
  const first = Number((2n * BigInt(position) * ofLeft + samples) / (2n * samples))
  share(left, first, had)
  share(right, position - first, had)
}
