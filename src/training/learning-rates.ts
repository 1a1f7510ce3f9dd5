import type { LearningRate } from '../definition/schedules.js'
import { Interrupted } from './epoch-outcome.js'

/** Shared: making an array takes a tenth of a microsecond, and every fit has rates. */
const none = new Float64Array(0)

/** The learning rate of each batch: that of the optimiser, unless there is a schedule. */
export class LearningRates {
  /** before the epoch that is being trained */
  updates = 0
  /** the rate of the last update; undefined without a schedule */
  last: number | undefined
  readonly #schedule: LearningRate | undefined
  readonly #batchSize: number
  /** of each batch of the last trainer, as far as they have been computed */
  #rates = none

  constructor(schedule: LearningRate | undefined, batchSize: number) {
    this.#schedule = schedule
    this.#batchSize = batchSize
  }

  /** The rate of each batch of the last trainer, as far as they have been computed; undefined without a schedule. */
  get ofBatches(): Float64Array | undefined {
    return this.#schedule && this.#rates
  }

  /** Makes room for the batches of so many samples. */
  begin(rows: number): void {
    if (this.#schedule === undefined) return
    const batches = Math.ceil(rows / this.#batchSize)
    if (this.#rates.length < batches) this.#rates = new Float64Array(batches)
  }

  /**
   * The rates of the batches of n samples, the first-th and those after it, as a view; undefined without a schedule.
   *
   * @param before batches of the epoch before the first one of the trainer
   * @param epoch from 1
   * @throws Interrupted by what a schedule throws
   */
  of(first: number, n: number, before: number, epoch: number): Float64Array | undefined {
    const schedule = this.#schedule
    if (schedule === undefined) return undefined
    const start = first / this.#batchSize
    const rates = this.#rates.subarray(start, Math.ceil((first + n) / this.#batchSize))
    const update = this.updates + before + start
    for (let i = 0; i < rates.length; ++i) rates[i] = rateAt(schedule, update + i, epoch - 1)
    this.last = rates[rates.length - 1]
    return rates
  }
}

/** A schedule may be a function of the caller's. */
function rateAt(schedule: LearningRate, update: number, epoch: number): number {
  try {
    return schedule.at(update, epoch)
  } catch (error) {
    throw new Interrupted(error)
  }
}
