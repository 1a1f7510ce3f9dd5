import type { Optimizer } from '../../optimizers.js'
import { slotCount } from '../../optimizers.js'
import type { Matrix } from '../../samples.js'
import { moduleFor } from '../core.js'
import type { Engine, EngineSpec } from '../engine.js'
import { allocate, layOut } from '../memory.js'
import type { EpochTrainer, Outcome } from '../../training/epoch.js'
import { arraysOf, copyInto, type TeamArrays } from './arrays.js'
import type { Reply, TrainedState } from './messages.js'
import { canShare, cores, spawn, type Teammate } from './spawn.js'

/** What a team trains on, and how. */
export interface TeamTask {
  readonly spec: EngineSpec
  readonly x: Matrix
  readonly y: Matrix
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly seed: number
}

/**
 * Workers that train a network together, on a copy of it and of the data in a memory that they share; the thread that started
 * them stays free. A worker that is alone has a memory of its own, and gets and sends the state by message.
 */
export class Team implements EpochTrainer {
  readonly #engine: Engine
  readonly #mates: readonly Teammate[]
  /** of the shared memory; undefined for a worker that is alone */
  readonly #arrays: TeamArrays | undefined
  readonly #slots: number
  #settle: ((outcome: Reply | Error) => void) | undefined
  #failure: Error | undefined

  private constructor(
    engine: Engine,
    mates: readonly Teammate[],
    arrays: TeamArrays | undefined,
    slots: number,
  ) {
    this.#engine = engine
    this.#mates = mates
    this.#arrays = arrays
    this.#slots = slots
    for (const [index, mate] of mates.entries()) {
      const replied = (reply: Reply): void => {
        if (index === 0) this.#settle?.(reply)
      }
      mate.listen(replied, (reason) => {
        this.#failure = new Error(`a worker ended: ${reason}`)
        this.#settle?.(this.#failure)
      })
    }
  }

  get size(): number {
    return this.#mates.length
  }

  /**
   * Starts the workers, and resolves when they are ready.
   *
   * @param engine of the network: where each epoch begins, and what it ends in
   * @param threads how many; one where this runtime cannot share memory
   * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
   */
  static async start(task: TeamTask, engine: Engine, threads: number): Promise<Team> {
    const { arithmetic } = engine
    const { x, y, optimizer, batchSize, seed } = task
    const { inputs, layers, loss, precision } = task.spec
    const spec = {
      inputs,
      layers: layers.map(({ units, activation }) => ({ units, activation })),
      loss,
      precision,
    }
    const sharedModule = canShare() ? moduleFor(arithmetic, 'shared') : undefined
    const count = sharedModule === undefined ? 1 : threads
    const layout = layOut(spec, count, x.rows)
    const slots = slotCount(optimizer)
    const memory = sharedModule === undefined ? undefined : allocate(layout, 'shared')
    const arrays = memory === undefined ? undefined : arraysOf(memory.buffer, layout, spec, slots)
    arrays?.x.set(x.values)
    arrays?.y.set(y.values)

    const module = sharedModule ?? moduleFor(arithmetic, 'own')
    if (module === undefined) throw new Error('WebAssembly: expected an engine with SIMD')
    const team = new Team(engine, Array.from({ length: count }, spawn), arrays, slots)
    try {
      const data = memory === undefined ? { x: x.values, y: y.values } : undefined
      const plan = { module, memory, layout, spec, optimizer, slots, hasCore: count <= cores() }
      const samples = { rows: x.rows, data, batchSize, seed }
      await team.#ask((index) => ({ type: 'start', ...plan, ...samples, index }))
    } catch (cause) {
      team.end()
      const failure = team.#failure
      if (failure === undefined) throw cause
      throw new Error(`fit: ${failure.message} before the first epoch`, { cause })
    }
    return team
  }

  /**
   * One epoch, from the state of the engine and back into it, unless the loss stops being finite: then the engine is left as it is.
   *
   * @throws Error if a worker ends
   */
  async epoch(stream: string | undefined): Promise<Outcome> {
    const { parameters, counters, slots } = this.#engine
    const before: TrainedState = { parameters, counters, slots: slots.slice(0, this.#slots) }
    this.#arrays?.load(before)
    const state = this.#arrays === undefined ? copyOf(before) : undefined
    const reply = await this.#ask(() => ({ type: 'epoch', stream, state }))
    if (!Number.isFinite(reply.loss)) return reply
    if (this.#arrays !== undefined) this.#arrays.save(before)
    else if (reply.state !== undefined) copyInto(before, reply.state)
    return reply
  }

  /** Ends the workers, whatever they are doing. */
  end(): void {
    for (const mate of this.#mates) {
      mate.listen(
        () => undefined,
        () => undefined,
      )
      mate.end()
    }
  }

  /** Sends each worker its message, and waits for the first one's reply, which it gives when all are done. */
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

/** Arrays of their own: a view on a WebAssembly memory would be sent with all of it. */
function copyOf({ parameters, slots, counters }: TrainedState): TrainedState {
  return {
    parameters: parameters.slice(),
    slots: slots.map((slot) => slot.slice()),
    counters: counters.slice(),
  }
}
