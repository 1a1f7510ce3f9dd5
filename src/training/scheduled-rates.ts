import type { LearningRate } from '../definition/schedules.js'
import { Interrupted } from './epoch-outcome.js'

/** The learning rates of the batches that a trainer has, where they follow a schedule. */
export class ScheduledRates {
  readonly #rate: LearningRate
  readonly #batchSize: number
  /** of each batch of the last trainer, as far as they have been asked for */
  all = new Float64Array(0)

  constructor(rate: LearningRate, batchSize: number) {
    this.#rate = rate
    this.#batchSize = batchSize
  }

  /** Has room for the batches of so many samples. */
  begin(rows: number): void {
    const batches = Math.ceil(rows / this.#batchSize)
    if (this.all.length < batches) this.all = new Float64Array(batches)
  }

  /**
   * Those of the batches of n samples from the first-th on; a view.
   *
   * @param updates before the first batch that the trainer has
   * @param epoch from 1 on
   * @throws Interrupted by what a schedule throws
   */
  of(first: number, n: number, updates: number, epoch: number): Float64Array {
    const start = first / this.#batchSize
    const rates = this.all.subarray(start, Math.ceil((first + n) / this.#batchSize))
    for (let i = 0; i < rates.length; ++i) rates[i] = this.#ask(updates + start + i, epoch - 1)
    return rates
  }

  /** A schedule may be any function of the caller's. */
  #ask(update: number, epoch: number): number {
    try {
      return this.#rate.at(update, epoch)
    } catch (error) {
      throw new Interrupted(error)
    }
  }
}
