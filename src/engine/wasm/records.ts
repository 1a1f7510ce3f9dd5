import type { Architecture } from '../../definition/architecture.js'
import { lossNames } from '../../definition/losses.js'
import type { Optimizer } from '../../definition/optimizers.js'
import { layerKey, thresholdOf } from '../dropout.js'
import type { Sampling } from '../engine.js'
import type { Records } from './exports.js'
import type { Layout, ThreadLayout } from './memory.js'
import { optimizerRecord } from './optimizer-record.js'
import { writePrediction } from './prediction-records.js'
import { isActive, type Regularization } from '../regularization.js'

/** Tells the module what a network is made of, and where it lies. */
export function writeNetwork(exports: Records, spec: Architecture, layout: Layout): void {
  writePrediction(exports, spec, layout)
  exports.trainedNetwork(
    layout.network,
    lossNames.indexOf(spec.loss),
    layout.parameters,
    layout.parameterCount,
    layout.regionBytes,
    layout.y,
    layout.targets,
    layout.losses,
    layout.rates,
    layout.weights,
    layout.weightPanels,
    layout.regularization,
  )
  for (const { record, features, blockRows, blocks } of layout.layers) {
    exports.trainedLayer(record, features, blockRows, blocks)
  }
}

/** Tells the module what the index-th of the threads of a network has for itself, a core or not. */
export function writeThread(exports: Records, layout: Layout, index: number, hasCore: boolean): void {
  const { record, optimizer, strip, stripBytes, packed } = layout.threads[index]
  const { barrier, taken, takenBytes, threads } = layout
  exports.thread(
    record,
    index,
    threads.length,
    barrier,
    hasCore,
    optimizer,
    strip,
    stripBytes,
    packed,
    taken,
    takenBytes,
  )
}

/** Tells the module by what rule a thread updates parameters. */
export function writeOptimizer(exports: Records, thread: ThreadLayout, chosen: Optimizer): void {
  const { rule, variant, learningRate, weightDecay, epsilon, decay1, decay2, extra1, extra2 } =
    optimizerRecord(chosen)
  exports.optimizer(
    thread.optimizer,
    thread.counters,
    thread.scratch,
    rule,
    variant,
    learningRate,
    weightDecay,
    epsilon,
    decay1,
    decay2,
    extra1,
    extra2,
  )
}

/** Tells the module what else is done in an update. */
export function writeRegularization(exports: Records, layout: Layout, chosen: Regularization): void {
  const { l1, l2, clipValue, clipNorm, clipGlobalNorm, maxWeightNorm, averageTake } = chosen
  exports.regularization(
    layout.regularization,
    isActive(chosen),
    l1,
    l2,
    clipValue,
    clipNorm,
    clipGlobalNorm,
    maxWeightNorm,
    averageTake,
  )
}

/** Tells the module how samples count in the next steps. */
export function writeSampling(exports: Records, layout: Layout, sampling: Sampling): void {
  const { weighted = false, dropout } = sampling
  exports.sampling(layout.network, weighted, dropout !== undefined, dropout?.position ?? 0)
  if (dropout === undefined) return
  for (const [l, { record }] of layout.layers.entries()) {
    exports.dropout(record, thresholdOf(dropout.rates[l]), layerKey(dropout.key, l))
  }
}
