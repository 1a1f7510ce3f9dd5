import { bytesOf } from '../../../base/byte-order.js'
import { writeOrder } from '../../order.js'
import type { Matrix } from '../../../base/samples.js'
import type { Targets } from '../../../base/targets.js'
import type { Outcome } from '../../engine.js'
import { batchWork, SPEED } from '../../pace.js'
import { reportAt } from '../layout.generated.js'
import type { ThreadLayout } from '../memory.js'
import { withTurns } from '../../../platform/event-loop.js'
import { copySamplesInParts } from '../../window.js'
import { writeSampling } from '../records.js'
import { stateUse, type Task } from '../../task.js'
import {
  copyState,
  loadState,
  sharedStateOf,
  trainedStateOf,
  type TrainedState,
} from '../../trained-state.js'
import type { Core } from '../core.js'
import type { Engine } from '../../engine.js'
import type { Call, Message, Reply } from './messages.js'
import { spawn, type WorkerHandle } from './spawn.js'
import { createTrainingMemory, type TrainingMemory } from './training-memory.js'
import { Watch } from './watch.js'

/**
 * Trains in workers, on a copy of the network and of the data in shared memory; the thread that started them stays
 * free. All call the same export with the same numbers; inside, each does its share of both phases of
 * every step, with a barrier in between.
 *
 * Everything they read in that memory is written here while none of them runs: after all have replied to one message
 * and before the next is sent. Without shared memory there is one worker, which has a copy of the memory
 * here: it is sent whatever was written since the last call, and sends back whatever it has changed.
 *
 * A worker that has stopped is noticed while its answer is awaited. The others may wait for it at a barrier for ever,
 * and one that is merely late may still write: there is nothing to be done with it then but to end it, which drops the
 * memory.
 */
export class WorkerTrainer {
  /** the samples, as in the task */
  readonly x: Matrix
  readonly y: Targets
  /** why memory is not shared, so that there is only one worker; undefined if it is */
  readonly unsharedReason: string | undefined

  /**
   * between two runs all workers wait for messages: with 50 ms, 784-512-512-10 on two threads reached 0.95 of this
   * speed
   */
  readonly runMs = 100
  readonly largestRun: number

  readonly #task: Task
  readonly #memory: TrainingMemory
  /** of the network: each epoch starts from it and is written back to it */
  readonly #network: TrainedState
  /** the same for the copy being trained */
  readonly #copy: TrainedState
  readonly #order: Uint32Array
  readonly #workers: readonly WorkerHandle[]
  readonly #watch: Watch
  /** multiply-adds of a sample, and of an update */
  readonly #work: { readonly sample: number; readonly update: number }
  #replies = 0
  /** without shared memory: what the worker has not been sent yet, in addition to what every call sends */
  #unsent: readonly ArrayBufferView[]
  #hasEnded = false

  private constructor(task: Task, engine: Engine & { readonly core: Core }, memory: TrainingMemory) {
    const { x, y } = task
    const { views, layout, barrier, unsharedReason } = memory
    this.x = x
    this.y = y
    this.unsharedReason = unsharedReason
    this.largestRun = x.rows
    this.#task = task
    this.#memory = memory
    this.#network = trainedStateOf(engine, stateUse(task))
    this.#copy = sharedStateOf(views, stateUse(task))
    this.#order = views.order.subarray(0, x.rows)
    this.#workers = layout.threads.map(() => spawn())
    this.#watch = new Watch(() => [this.#replies, ...barrier.map((_, i) => Atomics.load(barrier, i))].join())
    this.#work = batchWork(task.spec)
    this.#unsent = [views.x, views.y, views.weights]
  }

  /**
   * Starts the workers, and resolves when all are ready.
   *
   * @param engine of the network: each epoch starts from it and is written back to it
   * @param threads how many; one where they cannot share memory
   * @param wait awaits the workers; if it throws before they are ready, they are ended
   * @throws RangeError with the bytes needed, if network and data do not fit in one memory
   * @throws Refused where workers may not be started
   * @throws Stopped if a worker ends or hangs before it is ready; anything that `wait` throws
   */
  static async start(
    task: Task,
    engine: Engine & { readonly core: Core },
    threads: number,
    wait: (ready: Promise<unknown>) => Promise<unknown>,
  ): Promise<WorkerTrainer> {
    const trainer = new WorkerTrainer(task, engine, createTrainingMemory(task, engine.core, threads))
    const { module, memory, layout, unsharedReason } = trainer.#memory
    const start: Message = {
      type: 'start',
      module,
      memory: unsharedReason === undefined ? memory : layout.pages,
    }
    try {
      const ready = trainer.#ask(() => start, 0)
      await wait(Promise.all([withTurns(copySamplesInParts(trainer.#memory.views, task)), ready]))
    } catch (error) {
      trainer.end()
      throw error
    }
    return trainer
  }

  /** The workers learn of it with the first run. */
  async begin(stream: string | undefined, dropoutKey: number): Promise<void> {
    const { views, layout } = this.#memory
    const { seed, weights, dropout } = this.#task
    const writing = writeOrder(this.#order, seed, stream)
    if (writing !== undefined) await writing
    loadState(views, stateUse(this.#task), this.#network)
    writeSampling(views.memory, layout, {
      weighted: weights !== undefined,
      dropout: dropout && { rates: dropout, key: dropoutKey, position: 0 },
    })
    this.#unsent = [...this.#unsent, this.#order, ...this.#trained]
  }

  /** @throws Stopped if a worker ends or hangs */
  async run(
    first: number,
    samples: number,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Promise<Outcome> {
    const { layout, views } = this.#memory
    const { spec, batchSize } = this.#task
    const [thread] = views.threads
    const start = first / batchSize
    const given = views.rates.subarray(start, start + (rates?.length ?? 0))
    if (rates !== undefined) given.set(rates)
    const work = samples * this.#work.sample + Math.ceil(samples / batchSize) * this.#work.update
    const sent = [...this.#unsent, views.records, given, thread]
    await this.#call(sent, [thread], work / SPEED.wasm, ({ record, report }) => [
      `train_${spec.precision}`,
      layout.network,
      record,
      report,
      first,
      samples,
      batchSize,
      0,
      true,
      rates !== undefined,
      before.loss,
    ])
    this.#unsent = []
    const [report] = views.reports
    return { loss: report[reportAt.loss], batches: before.batches + report[reportAt.batches] }
  }

  /** @throws Stopped if a worker ends or hangs */
  async commit(): Promise<void> {
    // If the epoch has had no run, #unsent is its initial state.
    if (this.unsharedReason !== undefined) await this.#call(this.#unsent, this.#trained, 0)
    copyState(this.#network, this.#copy)
  }

  /** Ends the workers, whatever they are doing. Pending requests are never answered. */
  end(): void {
    this.#hasEnded = true
    this.#watch.end()
    for (const worker of this.#workers) worker.end()
  }

  /** What an epoch changes, apart from per-thread memory. */
  get #trained(): readonly ArrayBufferView[] {
    return [this.#copy.parameters, ...this.#copy.slots]
  }

  /**
   * Has each worker make its call, and waits for all of them.
   *
   * @param sent before the call, if memory is not shared
   * @param wanted after the call, if memory is not shared
   * @param slowMs how long the call takes on a slow machine
   */
  async #call(
    sent: readonly ArrayBufferView[],
    wanted: readonly ArrayBufferView[],
    slowMs: number,
    callOf?: (thread: ThreadLayout) => Call,
  ): Promise<void> {
    const isUnshared = this.unsharedReason !== undefined
    const views = isUnshared ? wanted : []
    // Posting a view of a WebAssembly memory would send the whole memory.
    const writes = (isUnshared ? sent : []).map((view) => ({
      address: view.byteOffset,
      bytes: bytesOf(view).slice(),
    }))
    const reads = views.map(({ byteOffset, byteLength }) => ({ address: byteOffset, length: byteLength }))
    const { threads } = this.#memory.layout
    const message = (index: number): Message => ({
      type: 'call',
      writes,
      call: callOf?.(threads[index]),
      reads,
    })
    const [reply] = await this.#ask(message, slowMs)
    // All had replied, but nobody was waiting any more.
    if (this.#hasEnded) throw new Error('the workers have been ended')
    for (const [i, bytes] of reply.entries()) bytesOf(views[i]).set(bytes)
  }

  /** Sends each worker its message, and waits for all of them. */
  #ask(message: (index: number) => Message, slowMs: number): Promise<readonly Reply[]> {
    const ask = async (worker: WorkerHandle, index: number): Promise<Reply> => {
      const reply = await worker.ask(message(index))
      this.#replies += 1
      return reply
    }
    return this.#watch.reply(Promise.all(this.#workers.map(ask)), slowMs)
  }
}
