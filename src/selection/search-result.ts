import type { Estimate } from './estimate.js'
import type { Chosen } from './space.js'
import { searchText } from './result-tables.js'

/** The result of one choice. */
export interface Trial<C = Chosen, Made = unknown, Given = unknown> {
  /** its position in the order of the choices, counted from 1 */
  readonly trial: number
  readonly choice: C
  /** mean over the folds of the metric that ranks trials; NaN if it failed */
  readonly score: number
  /** standard deviation of the score over the folds; NaN if it failed, or there is only one fold */
  readonly deviation: number
  /** mean and standard deviation of every scalar metric; empty if it failed */
  readonly metrics: Readonly<Record<string, Estimate>>
  /** mean number of epochs trained over the folds; NaN if it failed */
  readonly epochs: number
  /** total training time */
  readonly seconds: number
  /** why it failed, if it did */
  readonly error: string | undefined
  /** Trains a new network or model on this data, the way the trial's were trained. */
  train(data: Given): Promise<Made>
}

/** A trial that was trained elsewhere, perhaps, and can not train. */
export type ScoredTrial = Omit<Trial, 'train'>

/** The result of a search; String(result) prints it as a table, best first. */
export class SearchResult<C = Chosen, Made = unknown, Given = unknown> {
  /** In the order of the choices. */
  readonly trials: readonly Trial<C, Made, Given>[]
  /** The metric that ranks trials. */
  readonly score: string
  /** Remarks on the data: classes with fewer rows than there are folds. */
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
   * The trial with the best score; the first of several with equal scores.
   *
   * @throws Error if all trials failed, with the error of the first
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
    return searchText(this.#ranked(), this.score, this.notes)
  }

  #ranked(): Trial<C, Made, Given>[] {
    return ranked(this.trials, this.#direction)
  }
}

/** Best first, failed trials last. */
export function ranked<T extends Pick<ScoredTrial, 'score' | 'error'>>(
  trials: readonly T[],
  direction: 1 | -1,
): T[] {
  const rank = ({ score, error }: T): number => (error === undefined ? -direction * score : Infinity)
  return trials
    .map((trial) => ({ trial, rank: rank(trial) }))
    .sort((one, other) => (one.rank === other.rank ? 0 : one.rank - other.rank))
    .map(({ trial }) => trial)
}
