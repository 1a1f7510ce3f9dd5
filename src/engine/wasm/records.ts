/** Writes the kernels' records, see assembly/step/structs.ts: every field by its name, and none left out. */
import type { Architecture } from '../../definition/architecture.js'
import type { Optimizer } from '../../definition/optimizers.js'
import { layerKey, thresholdOf } from '../dropout.js'
import type { Sampling } from '../engine.js'
import { isActive, type Regularization } from '../regularization.js'
import {
  MAX_SPINS,
  writeAdadelta,
  writeAdagrad,
  writeAdam,
  writeLayer,
  writeNadam,
  writeNetwork,
  writeOptimizer,
  writeRegularization,
  writeRegularizationTerms,
  writeRmsprop,
  writeRprop,
  writeSgd,
  writeThreadPlace,
  writeTrainingLayer,
  writeTrainingNetwork,
  type AdadeltaFields,
  type AdagradFields,
  type AdamFields,
  type NadamFields,
  type OptimizerFields,
  type RecordViews,
  type RmspropFields,
  type RpropFields,
  type SgdFields,
} from './layout.generated.js'
import type { Layout, ThreadLayout } from './memory.js'
import { losses, rules } from './numbers.js'
import { writePredictionRecords } from './prediction-memory.js'

/**
 * Writes what a network consists of, and where it is. In a zeroed memory all samples count equally, with no neuron
 * left out.
 */
export function writeNetworkRecords(memory: RecordViews, spec: Architecture, layout: Layout): void {
  writePredictionRecords(memory, spec, layout)
  writeTrainingNetwork(memory, layout.network, { ...layout, loss: losses.indexOf(spec.loss) })
  for (const layer of layout.layers) writeTrainingLayer(memory, layer.record, layer)
}

/** Writes the private locations of thread `index`, and whether it has a CPU core to itself. */
export function writeThreadRecord(memory: RecordViews, layout: Layout, index: number, hasCpu: boolean): void {
  const { barrier, taken, takenBytes, threads } = layout
  const { [index]: thread, length: count } = threads
  const spins = hasCpu ? MAX_SPINS : 0
  writeThreadPlace(memory, thread.record, { ...thread, index, count, spins, barrier, taken, takenBytes })
}

/** Writes the rule by which a thread updates parameters. */
export function writeOptimizerRecord(memory: RecordViews, thread: ThreadLayout, chosen: Optimizer): void {
  const { optimizer: record, counters, scratch } = thread
  const { type, learningRate } = chosen
  writeOptimizer(memory, record, { rule: rules.indexOf(type), learningRate, counters, scratch })
  switch (chosen.type) {
    case 'sgd':
      return writeSgd(memory, record, chosen satisfies Only<SgdFields, typeof chosen>)
    case 'adagrad':
      return writeAdagrad(memory, record, chosen satisfies Only<AdagradFields, typeof chosen>)
    case 'rmsprop':
      return writeRmsprop(memory, record, chosen satisfies Only<RmspropFields, typeof chosen>)
    case 'adadelta':
      return writeAdadelta(memory, record, chosen satisfies Only<AdadeltaFields, typeof chosen>)
    case 'adam':
    case 'adamw':
      return writeAdam(memory, record, chosen satisfies Only<AdamFields, typeof chosen>)
    case 'nadam':
      return writeNadam(memory, record, chosen satisfies Only<NadamFields, typeof chosen>)
    case 'rprop':
      return writeRprop(memory, record, chosen satisfies Only<RpropFields, typeof chosen>)
  }
}

/** A type without hyper-parameters for which the kernels have no field. */
type Only<Fields, Chosen> = {
  readonly [Name in Exclude<keyof Chosen, keyof Fields | keyof OptimizerFields>]: Name extends 'type'
    ? string
    : never
}

/** Writes what an update does besides applying the rule. */
export function writeRegularizationRecord(memory: RecordViews, layout: Layout, chosen: Regularization): void {
  // Passed as it is: a copy with one more field took 1 µs, a tenth of a fit of one small epoch (measured).
  writeRegularizationTerms(memory, layout.regularization, chosen)
  writeRegularization(memory, layout.regularization, { isActive: isActive(chosen) })
}

/** Writes how samples count in the next steps. */
export function writeSampling(memory: RecordViews, layout: Layout, sampling: Sampling): void {
  const { weighted = false, dropout } = sampling
  const drops = dropout !== undefined
  writeNetwork(memory, layout.network, {
    isWeighted: weighted,
    drops,
    position: drops ? dropout.position : 0,
  })
  if (!drops) return
  for (const [l, { record }] of layout.layers.entries()) {
    const dropThreshold = thresholdOf(dropout.rates[l])
    writeLayer(memory, record, { dropThreshold, dropKey: layerKey(dropout.key, l) })
  }
}
