import type { Matrix } from '../base/samples.js'
import type { Targets } from '../base/targets.js'
import { messageOf } from '../base/thrown.js'
import type { Outcome } from '../engine/engine.js'
import { stateUse, type Task } from '../engine/task.js'
import { Snapshot } from '../engine/trained-state.js'
import { Stopped } from '../engine/wasm/threads/spawn.js'
import type { WorkerTrainer } from '../engine/wasm/threads/worker-trainer.js'
import type { State } from '../state/state.js'
import { trainBatches, type Span } from './batches.js'
import { CopyTrainer } from './copy-trainer.js'
import { noBatches } from './epoch-outcome.js'
import type { ArrayTrainer } from './trainer.js'

/** How often other workers are started in a fit: they may stop like the first. */
const MAX_STARTS = 3

const warned = new Set<string>()

/** Says something about threads, once. */
export function warn(what: string): void {
  if (!warned.has(what)) console.warn(`deltaprop: fit: threads: ${what}`)
  warned.add(what)
}

/**
 * Trains in workers, and goes on if they stop. Others take their place, or this thread, and train the epoch again up to
 * where it was: from the network, which workers do not change before the epoch ends, in the same order, with the rates
 * that were computed then. Nobody is told of it but by a warning: reports, callbacks and schedules go on after what they
 * had. All workers are ended first, together with the memory that one which is merely late still writes to.
 */
export class SteadyTrainer implements ArrayTrainer {
  readonly samples: number
  readonly x: Matrix
  readonly y: Targets
  readonly runMs: number
  readonly largestRun: number
  /** false once this thread trains */
  mayHang = true
  readonly #state: State
  readonly #task: Task
  readonly #start: () => Promise<WorkerTrainer | undefined>
  /** of the network as it was when the epoch began, whatever a callback has written to it since */
  readonly #snapshot: Snapshot
  #trainer: WorkerTrainer | CopyTrainer
  /** the workers have finished an epoch: others would probably, too */
  #isTried = false
  #starts = 0
  /** of the epoch: how it began, the samples that have been trained on, and the rates, as far as they are known */
  #plan: readonly [stream: string | undefined, dropoutKey: number] = [undefined, 0]
  #done: Span | undefined
  #rates: Float64Array | undefined
  #hasEnded = false

  /** @param start starts other workers; undefined if they do not start; throws what ends the fit */
  constructor(
    state: State,
    task: Task,
    workers: WorkerTrainer,
    start: () => Promise<WorkerTrainer | undefined>,
  ) {
    this.samples = workers.x.rows
    this.x = workers.x
    this.y = workers.y
    this.runMs = workers.runMs
    this.largestRun = workers.largestRun
    this.#state = state
    this.#task = task
    this.#start = start
    this.#snapshot = new Snapshot(state.engine, stateUse(task))
    this.#trainer = workers
  }

  begin(stream: string | undefined, dropoutKey: number): void | Promise<void> {
    this.#plan = [stream, dropoutKey]
    this.#done = undefined
    this.#snapshot.take()
    return this.#trainer.begin(stream, dropoutKey)
  }

  async run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Promise<Outcome> {
    const { x, batchSize } = this.#task
    if (rates !== undefined) {
      this.#rates ??= new Float64Array(Math.ceil(x.rows / batchSize))
      this.#rates.set(rates, first / batchSize)
    }
    const end = first + n
    this.#done ??= { first, end: first }
    const outcome = await this.#steadily(() =>
      this.mayHang ? this.#trainer.run(first, n, rates, before) : this.#inBatches({ first, end }, before),
    )
    this.#done = { ...this.#done, end }
    return outcome
  }

  async commit(): Promise<void> {
    await this.#steadily(() => this.#trainer.commit())
    this.#isTried = true
  }

  end(): void {
    this.#hasEnded = true
    this.#trainer.end()
  }

  /** Does something with the trainer; if its workers stop, with another one that has been brought to the same place. */
  async #steadily<T>(what: () => T | Promise<T>): Promise<T> {
    for (let isOther = false; ; isOther = true) {
      try {
        if (isOther) await this.#repeat()
        return await what()
      } catch (error) {
        if (this.#hasEnded || !(error instanceof Stopped)) throw error
        await this.#replace(messageOf(error))
      }
    }
  }

  /**
   * By other workers, if those had finished an epoch; else, or if they do not start, by this thread, which cannot stop.
   *
   * @throws RangeError where there is no memory for a copy of the network
   */
  async #replace(why: string): Promise<void> {
    this.#trainer.end()
    const others = this.#isTried && this.#starts++ < MAX_STARTS ? await this.#start() : undefined
    this.#isTried = false
    this.mayHang = others !== undefined
    this.#trainer = others ?? CopyTrainer.small(this.#state, this.#task)
    this.#throwIfEnded()
    warn(`${why}; ${this.mayHang ? 'other workers train' : 'this thread trains'}`)
  }

  /** Trains the epoch again, up to where it was. */
  async #repeat(): Promise<void> {
    this.#snapshot.restore()
    await this.#trainer.begin(...this.#plan)
    if (this.#done !== undefined) await this.#inBatches(this.#done, noBatches)
  }

  #inBatches(span: Span, before: Outcome): Promise<Outcome> {
    return trainBatches(this.#trainer, this.#task.batchSize, span, this.#rates, before, () => {
      this.#throwIfEnded()
      return false
    })
  }

  #throwIfEnded(): void {
    if (!this.#hasEnded) return
    this.#trainer.end()
    throw new Error('it has been ended')
  }
}
