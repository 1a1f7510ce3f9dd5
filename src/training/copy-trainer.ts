import type { Matrix } from '../base/samples.js'
import { areClassNumbers, areWide, type Targets } from '../base/targets.js'
import { parameterCount } from '../definition/architecture.js'
import { createEngine } from '../engine/create.js'
import type { Engine, Outcome } from '../engine/engine.js'
import { Pace } from '../engine/pace.js'
import { copySamples } from '../engine/window.js'
import { stateUse, type Task } from '../engine/task.js'
import { copyState, trainedStateOf, type TrainedState } from '../engine/trained-state.js'
import type { State } from '../state/state.js'
import { LocalTrainer } from './local-trainer.js'
import type { ArrayTrainer } from './trainer.js'

/**
 * Trains a copy of the network: the network itself changes when an epoch ends. A copy that has room for all samples is
 * given them once, not in every epoch again.
 */
export class CopyTrainer implements ArrayTrainer {
  /** the samples; in the memory of the copy, if it has room for them */
  readonly samples: number
  readonly x: Matrix
  readonly y: Targets
  readonly runMs: number
  readonly largestRun: number
  readonly mayHang = false
  readonly #network: TrainedState
  readonly #copy: TrainedState
  readonly #trainer: LocalTrainer

  /** @param staged the samples of the task, if they are in the memory of the engine */
  private constructor(state: State, engine: Engine, task: Task, staged?: Matrix) {
    const { x, y, optimizer, regularization } = task
    engine.setOptimizer(optimizer, regularization)
    this.samples = x.rows
    this.x = x
    this.y = y
    this.#network = trainedStateOf(state.engine, stateUse(task))
    this.#copy = trainedStateOf(engine, stateUse(task))
    engine.hold?.()
    engine.staged = staged
    const copy = { ...state, engine, optimizer, pace: new Pace(engine) }
    const trainer = new LocalTrainer(copy, task)
    this.#trainer = trainer
    this.runMs = trainer.runMs
    this.largestRun = trainer.largestRun
  }

  /**
   * With room for all samples. Undefined where the network itself has room for all samples; where it has more
   * parameters than the samples have numbers, so that copying it would take longer than copying them; where class
   * numbers, written out as rows, would be larger than x; and where network and data do not fit in one memory.
   */
  static create(state: State, task: Task): CopyTrainer | undefined {
    const { x, y } = task
    if (areWide(y, x)) return undefined
    if (x.rows <= state.engine.capacity) return undefined
    if (parameterCount(state.spec) > x.rows * (x.columns + y.columns)) return undefined
    let engine: Engine
    try {
      engine = createEngine(state.spec, x.rows)
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
    copySamples(engine, task)
    const inside = { ...x, values: engine.x.subarray(0, x.values.length) }
    const targets = areClassNumbers(y) ? y : { ...y, values: engine.y.subarray(0, y.values.length) }
    return new CopyTrainer(state, engine, { ...task, x: inside, y: targets }, inside)
  }

  /**
   * With room for as many samples as the network itself has.
   *
   * @param task whose samples are not the caller's
   */
  static small(state: State, task: Task): CopyTrainer {
    return new CopyTrainer(state, createEngine(state.spec), task)
  }

  begin(stream: string | undefined, dropoutKey: number): void | Promise<void> {
    copyState(this.#copy, this.#network)
    return this.#trainer.begin(stream, dropoutKey)
  }

  run(
    first: number,
    n: number,
    rates: Float64Array | undefined,
    before: Outcome,
  ): Outcome | Promise<Outcome> {
    return this.#trainer.run(first, n, rates, before)
  }

  end(): void {
    this.#trainer.end()
  }

  commit(): void {
    copyState(this.#network, this.#copy)
  }
}
