import { classesOf, predictedClass } from '../base/classes.js'
import { allFinite, newFloats, type Floats, type Precision } from '../base/floats.js'
import type { Allowance, PartedEngine, Parts } from '../engine/engine.js'
import { batchWork, PANEL_SAMPLES } from '../engine/pace.js'
import { ratio, readWeights, sum } from '../metrics/weights.js'
import type { AbortState } from '../platform/abort.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'
import type { ValidationReport } from '../state/reports.js'
import { stage, type State } from '../state/state.js'
import type { Evaluate } from './features.js'
import type { SampleSet } from './sample-set.js'

/** Samples that are evaluated at once: with 784-512-512-10 they take some 3 ms. */
const ROWS = 64

/** Evaluates a network on the same samples after each epoch. */
export class Validation {
  readonly #set: SampleSet
  readonly #ofAverage: boolean
  readonly #evaluate: Evaluate | undefined
  /** overwritten by each validation; undefined without metrics */
  readonly #outputs: Floats | undefined
  readonly #classes: ArrayLike<number> | undefined
  /** how often each sample counts */
  readonly #weights: readonly number[]

  /**
   * @param precision of the network
   * @param ofAverage evaluates the moving average of the parameters
   * @param evaluate computes the metrics, if they are wanted
   */
  constructor(set: SampleSet, precision: Precision, ofAverage: boolean, evaluate?: Evaluate) {
    this.#set = set
    this.#outputs = evaluate ? newFloats(set.y.rows * set.y.columns, precision) : undefined
    this.#evaluate = evaluate
    this.#ofAverage = ofAverage
    this.#classes = classesOf(set.y)
    this.#weights = readWeights(set.weights?.values, set.y.rows)
  }

  /** @throws the reason of the signal */
  async report(state: State, signal: AbortState): Promise<ValidationReport> {
    if (!this.#ofAverage) return this.#report(state, signal)
    const { parameters, average } = state.engine
    const trained = parameters.slice()
    parameters.set(average)
    try {
      return await this.#report(state, signal)
    } finally {
      parameters.set(trained)
    }
  }

  async #report(state: State, signal: AbortState): Promise<ValidationReport> {
    const { x, y, weights } = this.#set
    const { engine, pace } = state
    const { parts } = engine
    const work = batchWork(state.spec).sample / 3
    const sums = { loss: 0, hits: 0 }
    const turns = new Turns(TURN_MS)
    for (let first = 0, n = 0; first < x.rows; first += n) {
      n = stage(state, x, y, first, ROWS)
      if (weights !== undefined) engine.weights.set(weights.values.subarray(first, first + n))
      // The loss, and the prediction.
      const both = 2 * n * work
      if (parts !== undefined && pace.isLong(both)) {
        await pace.run(
          (allowance) => this.#inParts(state, parts, sums, first, n, work, allowance),
          both,
          signal,
        )
      } else {
        sums.loss += engine.loss(n, weights !== undefined)
        if (this.#predicts) {
          engine.predict(n)
          sums.hits += this.#keep(state, first, n)
        }
      }
      await turns.pause()
      signal.throwIfAborted()
    }
    const { loss, hits } = sums
    const count = sum(this.#weights)
    const report = { loss: ratio(loss, count), accuracy: this.#classes && ratio(hits, count) }
    if (this.#evaluate === undefined || this.#outputs === undefined || !allFinite(this.#outputs))
      return report
    return { ...report, metrics: this.#evaluate(this.#outputs, y, this.#weights, state.spec.loss) }
  }

  /**
   * Evaluates n samples, staged already, of which the first is the first-th; work is that of one. They are predicted
   * panel by panel, since all of them would take longer than a turn.
   */
  *#inParts(
    state: State,
    parts: PartedEngine,
    sums: { loss: number; hits: number },
    first: number,
    n: number,
    work: number,
    allowance: Allowance,
  ): Parts<undefined> {
    const { engine } = state
    sums.loss += yield* parts.loss(n, this.#set.weights !== undefined, allowance)
    if (!this.#predicts) return undefined
    for (let start = 0; start < n; start += PANEL_SAMPLES) {
      const count = Math.min(PANEL_SAMPLES, n - start)
      for (let i = 0; i < count; ++i) engine.order[i] = start + i
      engine.predict(count)
      sums.hits += this.#keep(state, first + start, count)
      allowance.left -= count * work
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  get #predicts(): boolean {
    return this.#classes !== undefined || this.#outputs !== undefined
  }

  /**
   * Keeps the outputs of n samples, of which the first is the first-th; returns how many of them, by their weights,
   * are assigned to their class.
   */
  #keep({ engine }: State, first: number, n: number): number {
    const { columns } = this.#set.y
    const classes = this.#classes
    this.#outputs?.set(engine.y.subarray(0, n * columns), first * columns)
    if (classes === undefined) return 0
    let hits = 0
    for (let i = 0; i < n; ++i) {
      const predicted = predictedClass(engine.y.subarray(i * columns, (i + 1) * columns))
      if (predicted === classes[first + i]) hits += this.#weights[first + i]
    }
    return hits
  }
}
