import type { ValidationReport } from '../state/reports.js'
import { classesOf, predictedClass } from '../base/classes.js'
import type { Allowance, Parts } from '../engine/engine.js'
import { allFinite, newFloats, type Floats, type Precision } from '../base/floats.js'
import { evaluateTargets } from '../metrics/evaluate-targets.js'
import { ratio, readWeights, sum } from '../metrics/weights.js'
import { stage, type State } from '../state/state.js'
import { batchWork } from '../engine/pace.js'
import type { Pair } from './split.js'
import type { StopSignal } from '../platform/stop.js'
import { TURN_MS, Turns } from '../platform/event-loop.js'

/** Samples that are evaluated at once: of 784-512-512-10 in some 3 ms. */
const ROWS = 64

/** Samples that are predicted at once, in all layers, where that takes longer than a turn for all of those: a panel. */
const FEW_ROWS = 8

/** Evaluates a network again and again on the same samples. */
export class Validation {
  readonly #pair: Pair
  readonly #ofAverage: boolean
  /** overwritten in each validation, if they are wanted */
  readonly #outputs: Floats | undefined
  readonly #classes: ArrayLike<number> | undefined
  /** how often each sample counts */
  readonly #weights: readonly number[]

  /**
   * @param precision of the network
   * @param ofAverage judges the moving average of the parameters
   * @param withMetrics evaluates the outputs, too
   */
  constructor(pair: Pair, precision: Precision, ofAverage: boolean, withMetrics: boolean) {
    this.#pair = pair
    this.#outputs = withMetrics ? newFloats(pair.y.rows * pair.y.columns, precision) : undefined
    this.#ofAverage = ofAverage
    this.#classes = classesOf(pair.y)
    this.#weights = readWeights(pair.weights?.values, pair.y.rows)
  }

  /** @throws what the signal says */
  async report(state: State, signal: StopSignal): Promise<ValidationReport> {
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

  async #report(state: State, signal: StopSignal): Promise<ValidationReport> {
    const { x, y, weights } = this.#pair
    const { engine, pace } = state
    const work = batchWork(state.spec).sample / 3
    const sums = { loss: 0, hits: 0 }
    const turns = new Turns(TURN_MS)
    for (let first = 0, n = 0; first < x.rows; first += n) {
      n = stage(state, x, y, first, ROWS)
      if (weights !== undefined) engine.weights.set(weights.values.subarray(first, first + n))
      // The loss, and what is predicted.
      const both = 2 * n * work
      if (pace.isLong(both)) {
        await pace.run((allowance) => this.#inParts(state, sums, first, n, work, allowance), both, signal)
      } else {
        sums.loss += engine.loss(n, weights !== undefined)
        if (this.#predicts) {
          engine.predict(n)
          sums.hits += this.#take(state, first, n)
        }
      }
      await turns.pause()
      signal.throwIfAborted()
    }
    const { loss, hits } = sums
    const count = sum(this.#weights)
    const report = { loss: ratio(loss, count), accuracy: this.#classes && ratio(hits, count) }
    if (this.#outputs === undefined || !allFinite(this.#outputs)) return report
    return { ...report, metrics: evaluateTargets(this.#outputs, y, this.#weights, state.spec.loss) }
  }

  /** The n samples from the first-th on, which have been staged; work is that of each. */
  *#inParts(
    state: State,
    sums: { loss: number; hits: number },
    first: number,
    n: number,
    work: number,
    allowance: Allowance,
  ): Parts<undefined> {
    const { engine } = state
    sums.loss += yield* engine.parts.loss(n, this.#pair.weights !== undefined, allowance)
    if (!this.#predicts) return undefined
    for (let start = 0; start < n; start += FEW_ROWS) {
      const count = Math.min(FEW_ROWS, n - start)
      for (let i = 0; i < count; ++i) engine.order[i] = start + i
      engine.predict(count)
      sums.hits += this.#take(state, first + start, count)
      allowance.left -= count * work
      if (allowance.left <= 0) yield
    }
    return undefined
  }

  get #predicts(): boolean {
    return this.#classes !== undefined || this.#outputs !== undefined
  }

  /**
   * Takes the outputs of n samples, of which the first is the first-th; returns how many of them are said to be of their class, by their
   * weights.
   */
  #take({ engine }: State, first: number, n: number): number {
    const { columns } = this.#pair.y
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
