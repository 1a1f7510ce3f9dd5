/** The progress of a training as checkpoints have it. */
import type { Floats } from '../base/floats.js'
import type { PlateauState } from '../definition/schedules.js'
import { stateUse } from '../engine/task.js'
import { arrayNames, type BestEpoch, type SavedTraining } from '../state/saved.js'
import type { EpochOutcome } from './epoch-outcome.js'
import type { TrainingProgress } from './features.js'

/** Continues from a checkpoint; the network has been restored already. */
export function restoreProgress(progress: TrainingProgress, saved: SavedTraining): void {
  const { rates, reports, stopping, state } = progress
  const { part, best } = saved
  rates.updates = saved.updates
  rates.last = saved.learningRate
  for (const report of saved.reports) reports.push(report)
  for (const [i, plateau] of plateausOf(progress).entries()) Object.assign(plateau, saved.plateaus[i])
  if (stopping !== undefined && best !== undefined) stopping.state = best
  const arrays = Array.from(saved.arrays.values())
  for (const [i, values] of arraysOf(progress, best).entries()) values.set(arrays[i])
  if (part === undefined) return
  progress.before = { ...part, interruption: undefined }
  state.epochs -= 1
}

/**
 * What a checkpoint has; its arrays are live.
 *
 * @param outcome of the last epoch; undefined if it has none
 */
export function savedProgress(
  progress: TrainingProgress,
  outcome: EpochOutcome | undefined,
): Omit<SavedTraining, 'options'> {
  const { rates, reports, stopping, settings } = progress
  const { slots, average } = stateUse(settings)
  const part = outcome?.interruption && { ...outcome, interruption: undefined }
  const best = stopping?.state
  const scalars = {
    reports: part === undefined ? reports.all : reports.all.slice(0, -1),
    updates: rates.updates - (part?.batches ?? 0),
    learningRate: rates.last,
    part,
    plateaus: plateausOf(progress),
    best,
    average,
  }
  const values = arraysOf(progress, best)
  return { ...scalars, arrays: new Map(arrayNames(scalars, slots).map((name, i) => [name, values[i]])) }
}

/** The arrays of a checkpoint, in the order of arrayNames; live. */
function arraysOf({ state, settings, stopping }: TrainingProgress, best: BestEpoch | undefined): Floats[] {
  const kept = best?.counters && stopping?.kept
  return [
    ...(stateUse(settings).average ? [state.engine.average] : []),
    ...(kept ? [kept.parameters, ...kept.slots] : []),
  ]
}

function plateausOf({ settings }: TrainingProgress): PlateauState[] {
  return settings.rate?.plateaus ?? []
}
