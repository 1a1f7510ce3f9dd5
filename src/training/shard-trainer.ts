import { addTo, type Floats } from '../base/floats.js'
import { typedArrayTag } from '../base/show.js'
import type { Outcome } from '../engine/engine.js'
import { batchWork } from '../engine/pace.js'
import type { Task } from '../engine/task.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import type { State } from '../state/state.js'
import { after, setRate } from './batch-step.js'
import { endQuietly, type Division, type ShardSums } from './shards.js'
import type { Trainer } from './trainer.js'

/** Numbers to add before the next pause: about 1 ms. */
const PART = 2 ** 20

/** How batches are trained. */
export type ShardTask = Pick<Task, 'batchSize' | 'regularization'>

/** Trains the network with the sums of the shards of each batch, whoever computes them. */
export class ShardTrainer implements Trainer {
  readonly runMs = TURN_MS
  readonly mayHang: boolean
  readonly largestRun: number
  readonly samples: number
  readonly #state: State
  readonly #task: ShardTask
  readonly #division: Division
  readonly #sums: ShardSums
  readonly #turns = new Turns(TURN_MS)
  #epoch: { readonly stream: string | undefined; readonly dropoutKey: number } = {
    stream: undefined,
    dropoutKey: 0,
  }
  #hasEnded = false

  /**
   * The engine must have the optimiser and regularisation of the task already.
   *
   * @param sums of the samples that are divided
   */
  constructor(state: State, task: ShardTask, division: Division, sums: ShardSums) {
    this.mayHang = sums.mayHang
    // A batch.
    this.largestRun = task.batchSize
    this.samples = division.samples
    this.#state = state
    this.#task = task
    this.#division = division
    this.#sums = sums
  }

  begin(stream: string | undefined, dropoutKey: number): void {
    this.#epoch = { stream, dropoutKey }
  }

  /** One batch. Gradients are zero before and after. */
  async run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Promise<Outcome> {
    const { engine } = this.#state
    const shards = this.#division.shardsOf(first, n)
    let [batchLoss, count] = [0, 0]
    for await (const { sums, loss } of this.#sums.sums({
      parameters: engine.parameters,
      ...this.#epoch,
      shards,
    })) {
      this.#check(sums, loss, ++count, shards.length)
      await this.#add(sums)
      batchLoss += loss
    }
    this.#throwIfEnded()
    if (count < shards.length) throw new Error(`expected the sums of ${shards.length} shards, got ${count}`)
    if (Number.isFinite(batchLoss)) await this.#update(n, rates)
    else engine.gradients.fill(0)
    return after(before, batchLoss)
  }

  commit(): void {
    // The network itself has been trained.
  }

  end(): void {
    this.#hasEnded = true
    endQuietly(this.#sums)
    this.#state.pace.leave()
    this.#state.engine.gradients.fill(0)
  }

  /** What comes from elsewhere is not taken on trust. */
  #check(sums: Floats, loss: number, count: number, shards: number): void {
    const { gradients } = this.#state.engine
    if (count > shards) throw new Error(`expected the sums of ${shards} shards, got more`)
    if (
      typeof loss === 'number' &&
      typedArrayTag(sums) === typedArrayTag(gradients) &&
      sums.length === gradients.length
    )
      return
    throw new Error(`expected a loss and ${gradients.length} sums of a shard, got others`)
  }

  async #add(sums: Floats): Promise<void> {
    for (let start = 0; start < sums.length; start += PART) {
      this.#throwIfEnded()
      addTo(this.#state.engine.gradients, sums, start, Math.min(start + PART, sums.length))
      const turn = this.#turns.pause()
      if (turn !== undefined) await turn
    }
  }

  async #update(n: number, rates: Float64Array | undefined): Promise<void> {
    const { engine, pace, fitting, spec } = this.#state
    const { parts } = engine
    setRate(this.#state, this.#task, rates)
    if (parts === undefined) engine.update(1 / n)
    else await pace.run((allowance) => parts.update(1 / n, allowance), batchWork(spec).update, fitting)
  }

  /** The network is not to be changed any more. */
  #throwIfEnded(): void {
    if (this.#hasEnded) throw new Error('it has been ended')
  }
}
