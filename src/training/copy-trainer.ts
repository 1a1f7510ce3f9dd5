import { createEngine } from '../engine/create.js'
import type { Engine, Outcome } from '../engine/engine.js'
import type { TeamTask } from '../engine/team/workplace.js'
import { copyState, stateOf, type TrainedState } from '../engine/trained-state.js'
import { slotCount } from '../optimizers.js'
import type { Matrix } from '../samples.js'
import { parameterCount } from '../spec.js'
import type { State } from '../state.js'
import { LocalTrainer } from './local-trainer.js'
import type { Trainer } from './trainer.js'

/**
 * Trains a copy of a network that has room for all samples: they are staged once, not in every epoch anew. The network itself
 * changes when an epoch ends.
 */
export class CopyTrainer implements Trainer {
  /** the samples, as the copy holds them */
  readonly x: Matrix
  readonly y: Matrix
  readonly runMs: number
  readonly largestRun: number
  readonly #network: TrainedState
  readonly #copy: TrainedState
  readonly #trainer: LocalTrainer

  private constructor(state: State, engine: Engine, { x, y, batchSize, optimizer, maxNorm }: TeamTask) {
    engine.x.set(x.values)
    engine.y.set(y.values)
    engine.setOptimizer(optimizer, maxNorm)
    this.x = { ...x, values: engine.x.subarray(0, x.values.length) }
    this.y = { ...y, values: engine.y.subarray(0, y.values.length) }
    this.#network = stateOf(state.engine, slotCount(optimizer))
    this.#copy = stateOf(engine, slotCount(optimizer))
    const copy = { ...state, engine, optimizer, staged: this.x }
    const trainer = new LocalTrainer(copy, this.x, this.y, batchSize, maxNorm)
    this.#trainer = trainer
    this.runMs = trainer.runMs
    this.largestRun = trainer.largestRun
  }

  /**
   * Undefined where the network itself has room for all samples; where it has more parameters than they have numbers, so that
   * copying it takes longer than staging them; and where network and data do not fit in one memory.
   */
  static create(state: State, task: TeamTask): CopyTrainer | undefined {
    const { x, y } = task
    if (x.rows <= state.engine.capacity) return undefined
    if (parameterCount(state.spec) > x.values.length + y.values.length) return undefined
    let engine: Engine
    try {
      engine = createEngine(state.spec, x.rows)
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
    return new CopyTrainer(state, engine, task)
  }

  begin(stream: string | undefined): void {
    copyState(this.#copy, this.#network)
    this.#trainer.begin(stream)
  }

  run(first: number, n: number, rates: Float64Array | undefined, before: Outcome): Outcome {
    return this.#trainer.run(first, n, rates, before)
  }

  commit(): void {
    copyState(this.#network, this.#copy)
  }
}
