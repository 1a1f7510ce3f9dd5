import type { Engine } from '../engine/engine.js'
import type { StateUse, TrainedState } from '../engine/trained-state.js'
import type { BestEpoch } from '../state/saved.js'
import { checkBoolean, checkInteger, checkKeys, checkNumber } from '../base/check.js'
import { otherEarlyStopping } from '../definition/other-names.js'
import { Snapshot } from './snapshot.js'

/** When training ends because it brings nothing more: by the loss of the validation, or without one that of the epoch. */
export interface EarlyStoppingOptions {
  /** epochs in turn that may bring nothing; 10 unless given */
  readonly patience?: number
  /** by how much the loss must become less to count; 0 unless given */
  readonly minDelta?: number
  /** the network is that of the best epoch in the end; true unless given */
  readonly restoreBest?: boolean
}

/**
 * @param option true for the defaults, false or undefined for none
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

/** Watches a loss, and keeps the network of the last epoch that it became less in. */
export class EarlyStopping {
  /** the last epoch whose loss was less than the best before by more than minDelta; 0 if none was a number */
  bestEpoch = 0
  readonly #options: Required<EarlyStoppingOptions>
  readonly #best: Snapshot | undefined
  #bestLoss = Infinity

  constructor(options: Required<EarlyStoppingOptions>, engine: Engine, use: StateUse) {
    this.#options = options
    this.#best = options.restoreBest ? new Snapshot(engine, use) : undefined
  }

  /** Whether it is time to stop after this epoch, counted from 1 on. */
  endEpoch(epoch: number, loss: number): boolean {
    if (loss < this.#bestLoss - this.#options.minDelta) {
      this.bestEpoch = epoch
      this.#bestLoss = loss
      this.#best?.take()
    }
    return this.isEnough(epoch)
  }

  /** Whether it is time to stop after so many epochs. */
  isEnough(epochs: number): boolean {
    return epochs - this.bestEpoch >= this.#options.patience
  }

  /** The best epoch, as a checkpoint has it. */
  get state(): BestEpoch {
    const counters = this.bestEpoch > 0 ? this.#best?.kept.counters : undefined
    return { epoch: this.bestEpoch, loss: this.#bestLoss, counters: counters && Array.from(counters) }
  }

  /** The same the other way round. */
  set state({ epoch, loss, counters }: BestEpoch) {
    this.bestEpoch = epoch
    this.#bestLoss = loss
    this.#best?.kept.counters.set(counters ?? [])
  }

  /** The state of training that the best epoch ended with; undefined where it is not kept. */
  get kept(): TrainedState | undefined {
    return this.#best?.kept
  }

  /** Makes the network that of the best epoch, if that was asked for. */
  restore(): void {
    if (this.bestEpoch > 0) this.#best?.restore()
  }
}
