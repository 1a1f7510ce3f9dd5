import type { Floats } from '../base/floats.js'
import type { Metadata } from '../base/metadata.js'
import { slotCount, type Optimizer } from '../definition/optimizers.js'
import type { PlateauState } from '../definition/schedules.js'
import type { Spec } from '../definition/spec.js'
import type { Outcome } from '../engine/engine.js'
import type { EpochReport } from './reports.js'

/** A network as plain data, which a file holds: what it is, what it has learnt, and how far its training has come. */
export interface Saved {
  readonly spec: Spec
  /** layer by layer, weights then biases */
  readonly parameters: Floats
  /** accumulated gradients in the same order; undefined if none are pending */
  readonly gradients: Floats | undefined
  readonly progress: Progress
  /** the optimiser's, each in the order of the parameters */
  readonly slots: readonly Floats[]
  readonly metadata: Metadata
  /** only in a checkpoint: how far the fit has come */
  readonly training?: SavedTraining | undefined
}

/** The scalar part of the state of training. */
export interface Progress {
  /** samples whose gradients are accumulated */
  readonly pending: number
  /** epochs trained by fit */
  readonly epochs: number
  readonly optimizer: Optimizer | undefined
  /** the optimiser's four counters; empty without an optimiser */
  readonly counters: readonly number[]
}

/** How far a fit has come: what a checkpoint adds to the network. */
export interface SavedTraining {
  /** everything the bits depend on, as JSON, to be compared when the fit is resumed */
  readonly options: unknown
  readonly reports: readonly EpochReport[]
  /** before the next epoch, or before the one that was interrupted */
  readonly updates: number
  /** of the last update, if there is a schedule */
  readonly learningRate?: number | undefined
  /** the part of an interrupted epoch that was trained */
  readonly part?: PartOfEpoch | undefined
  /** of each reduceOnPlateau */
  readonly plateaus: readonly PlateauState[]
  /** of early stopping */
  readonly best?: BestEpoch | undefined
  /** whether there is a moving average of the parameters */
  readonly average: boolean
  /** those of arrayNames, each in the order of the parameters */
  readonly arrays: ReadonlyMap<string, Floats>
}

export interface PartOfEpoch extends Outcome {
  readonly samples: number
}

export interface BestEpoch {
  /** 0 if there was none yet */
  readonly epoch: number
  readonly loss: number
  /** the optimiser's at that epoch; undefined unless that network is kept */
  readonly counters?: readonly number[] | undefined
}

/** How many slots are saved. */
export function savedSlots({ optimizer }: Pick<Progress, 'optimizer'>): number {
  return optimizer === undefined ? 0 : slotCount(optimizer)
}

/**
 * The arrays of a checkpoint: the average; the parameters of the best epoch, the optimiser's slots and the average at
 * that epoch.
 */
export function arrayNames(
  { average, best }: Pick<SavedTraining, 'average' | 'best'>,
  slots: number,
): string[] {
  const kept = Array.from({ length: slots + Number(average) }, (_, i) => `best.${i}`)
  return [...(average ? ['average'] : []), ...(best?.counters ? ['best.parameters', ...kept] : [])]
}
