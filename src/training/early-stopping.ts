import type { BestEpoch } from '../state/saved.js'
import { checkBoolean, checkInteger, checkKeys, checkNumber } from '../base/check.js'
import { otherEarlyStopping } from '../definition/other-names.js'
import type { Engine } from '../engine/engine.js'
import { Snapshot, type StateUse, type TrainedState } from '../engine/trained-state.js'

/**
 * When training ends because the loss has stopped falling: that of the validation, or of the epoch if there is none.
 */
export interface EarlyStoppingOptions {
  /** epochs in a row without an improvement after which training ends; 10 unless given */
  readonly patience?: number
  /** by how much the loss must fall to count as an improvement; 0 unless given */
  readonly minDelta?: number
  /** whether the network is that of the best epoch in the end; true unless given */
  readonly restoreBest?: boolean
}

/**
 * @param option true: the defaults; false or undefined: no early stopping
 * @throws TypeError or RangeError that names the option
 */
export function resolveEarlyStopping(option: unknown): Required<EarlyStoppingOptions> | undefined {
  if (option === undefined || option === false) return undefined
  const names = ['patience', 'minDelta', 'restoreBest']
  const given = checkKeys('earlyStopping', option === true ? {} : option, names, otherEarlyStopping)
  const { patience = 10, minDelta = 0, restoreBest = true } = given
  return {
    patience: checkInteger('earlyStopping.patience', patience, { min: 1 }),
    minDelta: checkNumber('earlyStopping.minDelta', minDelta, { min: 0 }),
    restoreBest: checkBoolean('earlyStopping.restoreBest', restoreBest),
  }
}

/** Watches a loss, and keeps the network of the best epoch. */
export class EarlyStopping {
  /** the last epoch that improved the loss by more than minDelta; 0 if there was none */
  bestEpoch = 0
  readonly #options: Required<EarlyStoppingOptions>
  readonly #best: Snapshot | undefined
  #bestLoss = Infinity

  constructor(options: Required<EarlyStoppingOptions>, engine: Engine, use: StateUse) {
    this.#options = options
    this.#best = options.restoreBest ? new Snapshot(engine, use) : undefined
  }

  /** Whether to stop after this epoch, counted from 1. */
  endEpoch(epoch: number, loss: number): boolean {
    if (loss < this.#bestLoss - this.#options.minDelta) {
      this.bestEpoch = epoch
      this.#bestLoss = loss
      this.#best?.take()
    }
    return this.isEnough(epoch)
  }

  /** Whether to stop after so many epochs. */
  isEnough(epochs: number): boolean {
    return epochs - this.bestEpoch >= this.#options.patience
  }

  /** The best epoch, for a checkpoint; the arrays but the counters are in `kept`. */
  get state(): BestEpoch {
    const counters = this.bestEpoch > 0 ? this.#best?.kept.counters : undefined
    return { epoch: this.bestEpoch, loss: this.#bestLoss, counters: counters && Array.from(counters) }
  }

  /** Restores it from a checkpoint. */
  set state({ epoch, loss, counters }: BestEpoch) {
    this.bestEpoch = epoch
    this.#bestLoss = loss
    this.#best?.kept.counters.set(counters ?? [])
  }

  /** The network of the best epoch; undefined where it is not kept. */
  get kept(): TrainedState | undefined {
    return this.#best?.kept
  }

  /** Restores the network of the best epoch, if that is wanted. */
  restore(): void {
    if (this.bestEpoch > 0) this.#best?.restore()
  }
}
