import { slotCount, type Optimizer } from '../../optimizers.js'
import type { Matrix } from '../../samples.js'
import type { EngineSpec, Outcome } from '../engine.js'
import { allocate, layOut } from '../memory.js'
import { cloneState, copyState, loadState, stateIn, stateOf } from '../trained-state.js'
import { viewsOf, type Views } from '../views.js'
import type { WasmEngine } from '../wasm.js'
import type { Reply, StartMessage } from './messages.js'
import { canShare, cores, spawn, type Teammate } from './spawn.js'

/** What a team trains on, and how. */
export interface TeamTask {
  readonly spec: EngineSpec
  readonly x: Matrix
  readonly y: Matrix
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly regularization: Regularization
  /** samples × 1: how often each counts; undefined where all count alike */
  readonly weights: Matrix | undefined
  /** the probability of dropout for each layer; undefined where there is none */
  readonly dropout: readonly number[] | undefined
  readonly seed: number
}

/** What of an engine's state a task uses. */
export function stateUse({ optimizer, regularization }: TeamTask): StateUse {
  return { slots: slotCount(optimizer), average: regularization.averageTake > 0 }
}

/**
 * Workers that train a network together, on a copy of it and of the data in a memory that they share; the thread that started
 * them stays free. A worker that is alone has a memory of its own, and gets and sends the state by message.
 */
export class Team {
  /** the samples, as the task has them */
  readonly x: Matrix
  readonly y: Matrix
  /** why it is one worker though more were asked for */
  readonly alone: string | undefined

  /** between two runs all wait for messages: with 50 ms 784-512-512-10 on two threads reached 0.95 of this */
  readonly runMs = 100
  readonly largestRun: number

  readonly #engine: WasmEngine
  readonly #slots: number
  readonly #batchSize: number
  readonly #mates: Teammate[] = []
  /** of the shared memory; undefined for a worker that is alone */
  readonly #views: Views | undefined
  #settle: ((outcome: Reply | Error) => void) | undefined
  #failure: Error | undefined
  #hasEnded = false

  private constructor(
    { x, y, batchSize, optimizer }: TeamTask,
    engine: WasmEngine,
    views: Views | undefined,
    alone: string | undefined,
  ) {
    this.x = x
    this.y = y
    this.#engine = engine
    this.#slots = slotCount(optimizer)
    this.#batchSize = batchSize
    this.largestRun = x.rows
    this.#views = views
    this.alone = alone
  }

  /**
   * Starts the workers, and resolves when all are ready.
   *
   * @param engine of the network: where each epoch begins, and what it ends in
   * @param threads how many; one where they cannot share a memory
   * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
   * @throws Error if a worker does not start
   */
  static async start(task: TeamTask, engine: WasmEngine, threads: number): Promise<Team> {
    const { x, y, optimizer, maxNorm, batchSize, seed } = task
    const spec = messageSpec(task.spec)
    const slots = slotCount(optimizer)
    const sharedModule = canShare() ? engine.core.sharedModule() : undefined
    const count = sharedModule === undefined ? 1 : threads
    const layout = layOut(spec, count, x.rows)
    const memory = sharedModule === undefined ? undefined : allocate(layout, 'shared')
    const views = memory === undefined ? undefined : viewsOf(memory, layout, spec)
    views?.x.set(x.values)
    views?.y.set(y.values)

    const reason = canShare()
      ? 'the core that runs here has no shared memory'
      : 'memory cannot be shared here (a page needs cross-origin isolation)'
    const team = new Team(task, engine, views, sharedModule === undefined ? reason : undefined)
    const plan = {
      module: sharedModule ?? engine.core.module,
      memory,
      layout,
      spec,
      optimizer,
      maxNorm,
      slots,
    }
    const data = memory === undefined ? { x: x.values, y: y.values } : undefined
    const samples = { rows: x.rows, data, batchSize, seed, hasCore: count <= cores() }
    try {
      for (let index = 0; index < count; ++index) team.#hire(index)
      await team.#ask((index): StartMessage => ({ type: 'start', ...plan, ...samples, index }))
    } catch (cause) {
      team.end()
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`fit: ${message} before the first epoch`, { cause })
    }
    return team
  }

  /** @throws Error if a worker ends */
  async begin(stream: string | undefined): Promise<void> {
    const state = stateOf(this.#engine, this.#slots)
    if (this.#views !== undefined) loadState(this.#views, state)
    // A view on a WebAssembly memory would be sent with all of it.
    const sent = this.#views === undefined ? cloneState(state) : undefined
    await this.#ask(() => ({ type: 'begin', stream, state: sent }))
  }

  /** @throws Error if a worker ends */
  async run(
    first: number,
    samples: number,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Promise<Outcome> {
    const scheduled = rates !== undefined
    if (scheduled) this.#views?.rates.set(rates, first / this.#batchSize)
    const sent = this.#views === undefined ? rates?.slice() : undefined
    const { loss } = before
    const run = await this.#ask(() => ({ type: 'run', first, samples, loss, scheduled, rates: sent }))
    return { loss: run.loss, batches: before.batches + run.batches }
  }

  /** @throws Error if a worker ends */
  async commit(): Promise<void> {
    const trained =
      this.#views === undefined
        ? (await this.#ask(() => ({ type: 'state' }))).state
        : stateIn(this.#views, this.#slots)
    if (trained !== undefined) copyState(stateOf(this.#engine, this.#slots), trained)
  }

  /** Ends the workers, whatever they are doing. */
  end(): void {
    this.#hasEnded = true
    for (const mate of this.#mates) mate.end()
  }

  /** Starts a worker; the first one replies for all. */
  #hire(index: number): void {
    const mate = spawn()
    this.#mates.push(mate)
    const replied = (reply: Reply): void => {
      if (index === 0) this.#settle?.(reply)
    }
    mate.listen(replied, (reason) => {
      if (this.#hasEnded) return
      this.#failure ??= new Error(`a worker ended: ${reason}`)
      this.#settle?.(this.#failure)
    })
  }

  /** Sends each worker its message, and waits for the reply. */
  async #ask(messageFor: (index: number) => Parameters<Teammate['post']>[0]): Promise<Reply> {
    const outcome = await new Promise<Reply | Error>((resolve) => {
      this.#settle = resolve
      if (this.#failure !== undefined) resolve(this.#failure)
      else for (const [index, mate] of this.#mates.entries()) mate.post(messageFor(index))
    })
    if (outcome instanceof Error) throw outcome
    return outcome
  }
}

/** What a worker needs of a spec, which holds more. */
function messageSpec({ inputs, layers, loss, precision }: EngineSpec): EngineSpec {
  return { inputs, layers: layers.map(({ units, activation }) => ({ units, activation })), loss, precision }
}
