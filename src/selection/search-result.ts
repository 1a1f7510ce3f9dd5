import type { Estimate } from './estimate.js'
import type { Chosen } from './space.js'
import { searchTable } from './search-table.js'

/** What one choice came to. */
export interface Trial<C = Chosen, Made = unknown, Given = unknown> {
  /** its place in the order of the choices, from 1 on */
  readonly trial: number
  readonly choice: C
  /** mean of the metric that trials are judged by, over the folds; NaN if it failed */
  readonly score: number
  /** standard deviation of the score over the folds; NaN if it failed, or there is one */
  readonly deviation: number
  /** mean and standard deviation of every metric that is one number; empty if it failed */
  readonly metrics: Readonly<Record<string, Estimate>>
  /** epochs trained, the mean over the folds; NaN if it failed */
  readonly epochs: number
  /** of all its training */
  readonly seconds: number
  /** why it failed, if it did */
  readonly error: string | undefined
  /** A new network, or model, trained as those of the trial were, on this data. */
  train(data: Given): Promise<Made>
}

/** What came of a search; String(result) prints it as a table, best first. */
export class SearchResult<C = Chosen, Made = unknown, Given = unknown> {
  /** In the order of the choices. */
  readonly trials: readonly Trial<C, Made, Given>[]
  /** The metric that trials are judged by. */
  readonly score: string
  /** What there is to know of the data beside: classes with fewer rows than there are folds. */
  readonly notes: readonly string[]
  readonly #direction: 1 | -1

  constructor(
    trials: readonly Trial<C, Made, Given>[],
    score: string,
    direction: 1 | -1,
    notes: readonly string[] = [],
  ) {
    this.trials = trials
    this.score = score
    this.notes = notes
    this.#direction = direction
  }

  /**
   * The trial of the best score; of equal ones the first.
   *
   * @throws Error if all have failed, with what the first failed by
   */
  get best(): Trial<C, Made, Given> {
    const [best] = this.#ranked()
    if (best.error === undefined) return best
    throw new Error(
      `best: expected a trial that did not fail, got ${this.trials.length} that did: ${best.error}`,
    )
  }

  /** A table, best first, of at most 120 columns, and a line for each note. */
  toString(): string {
    const notes = this.notes.map((note) => `note: ${note}`)
    return [searchTable(this.#ranked(), this.score), ...notes].join('\n')
  }

  /** Best first, those that failed last. */
  #ranked(): Trial<C, Made, Given>[] {
    const rank = ({ score, error }: Trial<C, Made, Given>): number =>
      error === undefined ? -this.#direction * score : Infinity
    return this.trials
      .map((trial) => ({ trial, rank: rank(trial) }))
      .sort((one, other) => (one.rank === other.rank ? 0 : one.rank - other.rank))
      .map(({ trial }) => trial)
  }
}
