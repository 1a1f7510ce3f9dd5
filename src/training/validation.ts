import { classesOf, predictedClass } from '../classes.js'
import { allFinite, type Floats } from '../floats.js'
import { evaluate, type Evaluation } from '../metrics/evaluate.js'
import { stage, type State } from '../state.js'
import type { Pair } from './split.js'
import { TURN_MS, Turns } from './turns.js'

/** What a network is worth on the samples of a validation. */
export interface ValidationReport {
  /** mean over the samples */
  readonly loss: number
  /** the share of samples whose class has the highest output; undefined where targets are not classes */
  readonly accuracy: number | undefined
  /** with the option metrics; undefined, too, where an output is not a finite number */
  readonly metrics?: Evaluation
}

/** Samples that are evaluated at once: of 784-512-512-10 in some 3 ms. */
const ROWS = 64

/** Evaluates a network again and again on the same samples. */
export class Validation {
  readonly #pair: Pair
  readonly #ofAverage: boolean
  /** overwritten in each validation, if they are wanted */
  readonly #outputs: Floats | undefined
  readonly #classes: readonly number[] | undefined

  /**
   * @param ofAverage judges the moving average of the parameters
   * @param withMetrics evaluates the outputs, too
   */
  constructor(pair: Pair, ofAverage: boolean, withMetrics: boolean) {
    this.#pair = pair
    this.#outputs = withMetrics ? pair.y.values.slice() : undefined
    this.#ofAverage = ofAverage
    this.#classes = classesOf(pair.y)
  }

  /** @throws what the signal says */
  async report(state: State, signal: AbortSignal | undefined): Promise<ValidationReport> {
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

  async #report(state: State, signal: AbortSignal | undefined): Promise<ValidationReport> {
    const { x, y } = this.#pair
    let [loss, hits] = [0, 0]
    const turns = new Turns(TURN_MS)
    for (let first = 0, n = 0; first < x.rows; first += n) {
      n = stage(state, x, y, first, ROWS)
      loss += state.engine.loss(n)
      if (this.#classes !== undefined || this.#outputs !== undefined) state.engine.predict(n)
      if (this.#classes !== undefined) hits += this.#hits(state, this.#classes.slice(first, first + n))
      this.#outputs?.set(state.engine.y.subarray(0, n * y.columns), first * y.columns)
      await turns.pause()
      signal?.throwIfAborted()
    }
    const report = { loss: loss / x.rows, accuracy: this.#classes && hits / x.rows }
    if (this.#outputs === undefined || !allFinite(this.#outputs)) return report
    return { ...report, metrics: evaluate(this.#outputs, y.values, y.columns) }
  }

  /** How many of the samples that have been predicted are said to be of their class. */
  #hits(state: State, classes: readonly number[]): number {
    const { engine } = state
    const { columns } = this.#pair.y
    const isHit = (label: number, i: number): boolean =>
      predictedClass(engine.y.subarray(i * columns, (i + 1) * columns)) === label
    return classes.filter(isHit).length
  }
}
