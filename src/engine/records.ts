import { activationNames } from '../activations.js'
import { lossNames } from '../losses.js'
import type { Optimizer } from '../optimizers.js'
import type { EngineSpec } from './engine.js'
import type { Records } from './exports.js'
import type { Layout, ThreadLayout } from './memory.js'
import { optimizerRecord } from './optimizer-record.js'

/** Tells the module what a network is made of, and where it lies. */
export function writeNetwork(exports: Records, spec: EngineSpec, layout: Layout): void {
  exports.network(
    layout.network,
    layout.layers.length,
    layout.layers[0].record,
    lossNames.indexOf(spec.loss),
    layout.chunk,
    layout.parameters,
    layout.parameterCount,
    layout.regionBytes,
    layout.x,
    layout.y,
    layout.order,
    layout.targets,
    layout.losses,
    layout.rates,
  )
  for (const [l, layer] of layout.layers.entries()) {
    const { record, nIn, nOut, w, b, input, features, a, delta, blockRows, blocks } = layer
    const { type, shape } = spec.layers[l].activation
    const code = activationNames.indexOf(type)
    exports.layer(record, nIn, nOut, code, shape, w, b, input, features, a, delta, blockRows, blocks)
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
export function writeOptimizer(
  exports: Records,
  thread: ThreadLayout,
  chosen: Optimizer,
  maxNorm: number,
): void {
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
    maxNorm,
  )
}
