import { rowOf } from '../base/samples.js'
import { writeTarget } from '../base/targets.js'
import type { Allowance, Engine, Parts, Sampling } from '../engine/engine.js'
import { writeOrder } from '../engine/order.js'
import { batchWork } from '../engine/pace.js'
import type { Task } from '../engine/task.js'
import { beginStaging, copySamples } from '../engine/window.js'

/** What the gradients of samples follow from, beside the parameters. */
export type SampleTask = Pick<Task, 'spec' | 'x' | 'y' | 'weights' | 'dropout' | 'seed'>

/** The samples of a task in the order of an epoch, as an engine is given them. */
export class OrderedSamples {
  readonly #task: SampleTask
  readonly #order: Uint32Array
  #offset: number
  /** multiply-adds of a sample */
  readonly #work: number
  #dropoutKey = 0

  /** @param offset samples of the epoch before those of the task */
  constructor(task: SampleTask, offset: number) {
    this.#task = task
    this.#order = new Uint32Array(task.x.rows)
    this.#offset = offset
    this.#work = batchWork(task.spec).sample
  }

  /** Has so many samples of the epoch come before those of the task. */
  comeAfter(offset: number): void {
    this.#offset = offset
  }

  /**
   * Begins an epoch.
   *
   * @param stream random stream that orders the samples; undefined: 0, 1, 2 …
   * @param dropoutKey of the random numbers of dropout
   */
  begin(stream: string | undefined, dropoutKey: number): void | Promise<void> {
    this.#dropoutKey = dropoutKey
    return writeOrder(this.#order, this.#task.seed, stream)
  }

  /** Stages n samples, the first-th and those after it: at most as many as the engine can take. */
  stage(engine: Engine, first: number, n: number): void {
    stageRows(engine, this.#task, this.#order.subarray(first, first + n))
  }

  /** How to sample, from the first-th sample on. */
  sampling(first: number): Sampling | undefined {
    const { weights, dropout } = this.#task
    if (weights === undefined && dropout === undefined) return undefined
    return {
      weighted: weights !== undefined,
      dropout: dropout && { rates: dropout, key: this.#dropoutKey, position: this.#offset + first },
    }
  }

  /**
   * Adds the gradients of n samples, the first-th and those after it, to those of an engine; returns their losses,
   * summed from zero. A window of an engine without parts is one part.
   */
  *accumulate(engine: Engine, first: number, n: number, allowance: Allowance): Parts<number> {
    const { capacity, parts } = engine
    let sum = 0
    for (let start = first; start < first + n; start += capacity) {
      const rows = Math.min(capacity, first + n - start)
      const sampling = this.sampling(start) ?? {}
      this.stage(engine, start, rows)
      if (parts !== undefined) {
        sum = yield* parts.accumulate(rows, sum, sampling, allowance)
        continue
      }
      sum = engine.accumulate(rows, sum, sampling)
      allowance.left -= rows * this.#work
      if (allowance.left <= 0) yield
    }
    return sum
  }
}

/** Puts samples where the engine finds them: all of them once, if they fit, and then only their order. */
function stageRows(engine: Engine, task: SampleTask, samples: Uint32Array): void {
  const { x, y, weights } = task
  if (x.rows <= engine.capacity) {
    if (engine.staged !== x) {
      copySamples(engine, task)
      engine.staged = x
    }
    engine.order.set(samples)
    return
  }
  beginStaging(engine)
  for (let i = 0; i < samples.length; ++i) {
    const row = samples[i]
    engine.x.set(rowOf(x, row), i * x.columns)
    writeTarget(engine.y, i, y, row)
    if (weights !== undefined) engine.weights[i] = weights.values[row]
    engine.order[i] = i
  }
}
