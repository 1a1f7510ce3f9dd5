import { classesOf, predictedClass } from '../classes.js'
import { stage, type State } from '../state.js'
import type { Pair } from './split.js'
import { TURN_MS, Turns } from './turns.js'

/** What a network is worth on the samples of a validation. */
export interface ValidationReport {
  /** mean over the samples */
  readonly loss: number
  /** the share of samples whose class has the highest output; undefined where targets are not classes */
  readonly accuracy: number | undefined
}

/** Samples that are evaluated at once: of 784-512-512-10 in some 3 ms. */
const ROWS = 64

/** Evaluates a network again and again on the same samples. */
export class Validation {
  readonly #pair: Pair
  readonly #ofAverage: boolean
  readonly #classes: readonly number[] | undefined

  /** @param ofAverage judges the moving average of the parameters */
  constructor(pair: Pair, ofAverage: boolean) {
    this.#pair = pair
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
      if (this.#classes !== undefined) hits += this.#hits(state, this.#classes.slice(first, first + n))
      await turns.pause()
      signal?.throwIfAborted()
    }
    return { loss: loss / x.rows, accuracy: this.#classes && hits / x.rows }
  }

  /** How many of the samples that are staged are predicted to be of their class. */
  #hits(state: State, classes: readonly number[]): number {
    const { engine } = state
    const { columns } = this.#pair.y
    engine.predict(classes.length)
    const isHit = (label: number, i: number): boolean =>
      predictedClass(engine.y.subarray(i * columns, (i + 1) * columns)) === label
    return classes.filter(isHit).length
  }
}
