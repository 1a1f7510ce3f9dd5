import type { Optimizer } from '../../optimizers.js'
import { slotCount } from '../../optimizers.js'
import type { Matrix } from '../../samples.js'
import { moduleFor } from '../core.js'
import type { Engine, EngineSpec } from '../engine.js'
import { allocate, layOut } from '../memory.js'
import { arraysOf, type TeamArrays } from './arrays.js'
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
export class Team {
  readonly #mates: readonly Teammate[]
  /** of the shared memory; undefined for a worker that is alone */
  readonly #arrays: TeamArrays | undefined
  readonly #slots: number
  #settle: ((outcome: Reply | Error) => void) | undefined
  #failure: Error | undefined

  private constructor(mates: readonly Teammate[], arrays: TeamArrays | undefined, slots: number) {
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
   * @param threads how many; one where this runtime cannot share memory
   * @throws RangeError that gives the bytes needed, if network and data do not fit in one memory
   */
  static async start(task: TeamTask, arithmetic: 'exact' | 'relaxed', threads: number): Promise<Team> {
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
    const team = new Team(Array.from({ length: count }, spawn), arrays, slots)
    try {
      const data = memory === undefined ? { x: x.values, y: y.values } : undefined
      const plan = { module, memory, layout, spec, optimizer, slots, hasCore: count <= cores() }
      const samples = { rows: x.rows, data, batchSize, seed }
      await team.#ask((index) => ({ type: 'start', ...plan, ...samples, index }))
    } catch (error) {
      team.end()
      throw error
    }
    return team
  }

  /**
   * One epoch, from the state of the engine and back into it, unless the loss stops being finite: then the engine is left as it is.
   *
   * @param stream of random numbers that the order of the samples follows from; undefined: as they are
   * @throws Error if a worker ends
   */
  async epoch(engine: Engine, stream: string | undefined): Promise<{ loss: number; batches: number }> {
    const before: TrainedState = {
      parameters: engine.parameters,
      slots: engine.slots.slice(0, this.#slots),
      counters: engine.counters,
    }
    this.#arrays?.load(before)
    const state = this.#arrays === undefined ? copyOf(before) : undefined
    const reply = await this.#ask(() => ({ type: 'epoch', stream, state }))
    const after = reply.state ?? this.#arrays?.copy()
    if (Number.isFinite(reply.loss) && after !== undefined) {
      engine.parameters.set(after.parameters)
      for (const [i, slot] of before.slots.entries()) slot.set(after.slots[i])
      engine.counters.set(after.counters)
    }
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
