import type { EpochReport, History } from '../state/reports.js'

/** Epochs that were trained at once, of which a report says no more than this. */
interface AtOnce extends Omit<EpochReport, 'epoch' | 'loss' | 'validation'> {
  /** of each, summed over its samples */
  readonly losses: Float64Array
  /** of each */
  readonly samples: number
}

/**
 * The reports of all epochs. Those of epochs that were trained at once are made when somebody reads them: making them
 * takes a quarter of the time of an epoch of four samples (measured).
 */
export class EpochReports {
  #reports: EpochReport[] = []
  /** those behind #reports */
  #unread: AtOnce[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  push(report: EpochReport): void {
    this.all.push(report)
    this.#length += 1
  }

  pushAll(epochs: AtOnce): void {
    this.#unread.push(epochs)
    this.#length += epochs.losses.length
  }

  get all(): EpochReport[] {
    for (const { losses, samples, ...rest } of this.#unread) {
      for (const loss of losses) {
        this.#reports.push({ epoch: this.#reports.length + 1, loss: loss / samples, ...rest })
      }
    }
    this.#unread = []
    return this.#reports
  }

  /**
   * With the reports when somebody reads them; otherwise an object like any other, which may be written to, also where
   * it is printed.
   */
  history(rest: Omit<History, 'epochs'>): History {
    const history = { epochs: undefined, ...rest } as unknown as History
    const set = (value: unknown): void => {
      Object.defineProperty(history, 'epochs', { value, writable: true })
    }
    Object.defineProperty(history, 'epochs', { get: () => this.all, set })
    const asRead = (): History => ({ ...history })
    Object.defineProperty(history, Symbol.for('nodejs.util.inspect.custom'), { value: asRead })
    return history
  }
}
