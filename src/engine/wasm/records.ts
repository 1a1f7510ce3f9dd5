/** What the kernels are told, in the records of assembly/step/structs.ts: every field by its name, and none left out. */
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
  writeRmsprop,
  writeRprop,
  writeSgd,
  writeThread,
  writeTrainingLayer,
  writeTrainingNetwork,
  type OptimizerFields,
} from './layout.generated.js'
import type { Layout, ThreadLayout } from './memory.js'
import { lossNumber, ruleNumber } from './numbers.js'
import { writePrediction } from './prediction-records.js'

/** What a network is made of, and where it lies; all samples count alike. */
export function tellNetwork(memory: DataView, spec: Architecture, layout: Layout): void {
  writePrediction(memory, spec, layout)
  writeTrainingNetwork(memory, layout.network, {
    loss: lossNumber(spec.loss),
    parameters: layout.parameters,
    parameterCount: layout.parameterCount,
    regionBytes: layout.regionBytes,
    y: layout.y,
    targets: layout.targets,
    losses: layout.losses,
    rates: layout.rates,
    weights: layout.weights,
    weightPanels: layout.weightPanels,
    regularization: layout.regularization,
  })
  writeNetwork(memory, layout.network, { isWeighted: false, drops: false, position: 0 })
  for (const { record, features, blockRows, blocks } of layout.layers) {
    writeTrainingLayer(memory, record, { features, blockRows, blocks })
    writeLayer(memory, record, { dropThreshold: 0, dropKey: 0 })
  }
}

/** What the index-th of the threads of a network has for itself, a core or not. */
export function tellThread(memory: DataView, layout: Layout, index: number, hasCore: boolean): void {
  const { record, optimizer, strip, stripBytes, packed } = layout.threads[index]
  const { barrier, taken, takenBytes, threads } = layout
  writeThread(memory, record, {
    index,
    count: threads.length,
    barrier,
    spins: hasCore ? MAX_SPINS : 0,
    optimizer,
    strip,
    stripBytes,
    stripStart: 0,
    stripFilled: 0,
    packed,
    taken,
    takenBytes,
  })
}

/** By what rule a thread updates parameters. */
export function tellOptimizer(memory: DataView, thread: ThreadLayout, chosen: Optimizer): void {
  const { optimizer: record, counters, scratch } = thread
  const { type, learningRate } = chosen
  writeOptimizer(memory, record, { rule: ruleNumber(type), learningRate, counters, scratch })
  switch (chosen.type) {
    case 'sgd':
      return tellRule(writeSgd, memory, record, chosen)
    case 'adagrad':
      return tellRule(writeAdagrad, memory, record, chosen)
    case 'rmsprop':
      return tellRule(writeRmsprop, memory, record, chosen)
    case 'adadelta':
      return tellRule(writeAdadelta, memory, record, chosen)
    case 'adam':
    case 'adamw':
      return tellRule(writeAdam, memory, record, chosen)
    case 'nadam':
      return tellRule(writeNadam, memory, record, chosen)
    case 'rprop':
      return tellRule(writeRprop, memory, record, chosen)
  }
}

/** What a rule has of hyper-parameters for which the kernels have no field: nothing, or it does not compile. */
type NothingElse<Given, Fields> = {
  readonly [Name in Exclude<keyof Given, keyof Fields | keyof OptimizerFields | 'type'>]: never
}

function tellRule<Fields, Given extends Fields>(
  write: (memory: DataView, at: number, fields: Fields) => void,
  memory: DataView,
  record: number,
  chosen: Given & NothingElse<Given, Fields>,
): void {
  write(memory, record, chosen)
}

/** What else is done in an update. */
export function tellRegularization(memory: DataView, layout: Layout, chosen: Regularization): void {
  const { l1, l2, clipValue, clipNorm, clipGlobalNorm, maxWeightNorm, averageTake } = chosen
  writeRegularization(memory, layout.regularization, {
    isActive: isActive(chosen),
    l1,
    l2,
    clipValue,
    clipNorm,
    clipGlobalNorm,
    maxWeightNorm,
    averageTake,
  })
}

/** How samples count in the next steps. */
export function tellSampling(memory: DataView, layout: Layout, sampling: Sampling): void {
  const { weighted = false, dropout } = sampling
  const drops = dropout !== undefined
  writeNetwork(memory, layout.network, { isWeighted: weighted, drops, position: drops ? dropout.position : 0 })
  if (!drops) return
  for (const [l, { record }] of layout.layers.entries()) {
    const dropThreshold = thresholdOf(dropout.rates[l])
    writeLayer(memory, record, { dropThreshold, dropKey: layerKey(dropout.key, l) })
  }
}
