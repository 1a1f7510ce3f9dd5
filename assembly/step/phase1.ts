import { hiddenDelta } from '../kernels/delta'
import { forward, forwardLayer, gatherInputs } from './forward'
import { gatherFeatures, gatherSamples } from '../panels/gather'
import { usesFeaturePanels } from '../kernels/gradient'
import { outputDelta } from '../kernels/loss'
import { Network, Thread, layerOf } from './structs'
import { claim } from './work-stealing'
import { Activation } from '../kernels/activation'
import { PANEL, panelLanes, panelsOf } from '../simd'
import { weigh } from '../kernels/sample-weights'

/**
 * Phase 1: activations, losses and errors of n samples, starting with sample `first`, for the panels this thread takes.
 * With `backward`, every layer's delta holds ∂C/∂z afterwards and its features the transposed inputs; without it,
 * neither does.
 */
export function errors<T extends number>(
  net: Network,
  thread: Thread,
  first: usize,
  n: usize,
  backward: bool,
): void {
  assert(n > 0 && n <= net.chunk)
  const panels = panelsOf<T>(n)
  if (thread.count == 1) return errorsOf<T>(net, thread, first, n, 0, panels, backward)
  // One work item per thread: each reads all weights again. 784-128-10, two threads, four items each: 0.75×.
  const size = (panels + thread.count - 1) / thread.count
  const items = (panels + size - 1) / size
  for (let i = claim(thread, 0, 0, items); i < items; i = claim(thread, 0, i + 1, items)) {
    errorsOf<T>(net, thread, first, n, i * size, min((i + 1) * size, panels), backward)
  }
}

/** Phase 1 for the samples in the panels from begin to end. */
function errorsOf<T extends number>(
  net: Network,
  thread: Thread,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  gather<T>(net, first, n, begin, end, backward)
  forward<T>(net, first, n, begin, end, backward)
  outputErrors<T>(net, net.order + first * sizeof<u32>(), n, begin, end)
  if (!backward) return
  for (let l = net.layers - 1; l > 0; --l) hiddenErrors<T>(net, thread, l, begin, end)
}

/**
 * One step of phase 1. Steps must run in order; within a step, panels may run in any order. Step 0 gathers the inputs,
 * 1 … layers are the layers of the forward pass, the next is the errors of the output layer, and with `backward` the
 * rest are the errors of the hidden layers, from the last to the first.
 */
export function errorsStep<T extends number>(
  net: Network,
  thread: Thread,
  step: usize,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  assert(n > 0 && n <= net.chunk && begin < end && end <= panelsOf<T>(n) && step <= 2 * net.layers)
  if (step == 0) gather<T>(net, first, n, begin, end, backward)
  else if (step <= net.layers) forwardLayer<T>(net, step - 1, first, n, begin, end, backward)
  else if (step == net.layers + 1) outputErrors<T>(net, net.order + first * sizeof<u32>(), n, begin, end)
  else hiddenErrors<T>(net, thread, 2 * net.layers + 1 - step, begin, end)
}

/** Gathers the panels of the inputs and, with `backward`, their feature panels. */
function gather<T extends number>(
  net: Network,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  const order = net.order + first * sizeof<u32>()
  gatherInputs<T>(net, order, n, begin, end)
  const bottom = layerOf(net, 0)
  if (!backward || !usesFeaturePanels<T>(bottom.nIn)) return
  const featureBytes = panelsOf<T>(n) * panelLanes<T>() * PANEL
  for (let p = begin; p < end; ++p) {
    const s = p * panelLanes<T>()
    const features = bottom.features + s * PANEL
    const rows = min(n - s, panelLanes<T>())
    gatherFeatures<T>(features, featureBytes, net.x, order + s * sizeof<u32>(), rows, bottom.nIn)
  }
}

/** The errors (59) of layer l − 1. */
function hiddenErrors<T extends number>(
  net: Network,
  thread: Thread,
  l: usize,
  begin: usize,
  end: usize,
): void {
  const after = layerOf(net, l)
  const delta = layerOf(net, l - 1).delta + begin * after.nIn * PANEL
  const deltaNext = after.delta + begin * after.nOut * PANEL
  hiddenDelta<T>(delta, deltaNext, after.w, thread.packed, after.nIn, after.nOut, end - begin)
}

/** Losses (33) and errors (60) of the output layer, panels from begin to end; weighted if the samples have weights. */
function outputErrors<T extends number>(
  net: Network,
  order: usize,
  n: usize,
  begin: usize,
  end: usize,
): void {
  const top = layerOf(net, net.layers - 1)
  for (let p = begin; p < end; ++p) {
    const s = p * panelLanes<T>()
    const samples = min(n - s, panelLanes<T>())
    const outputs = p * top.nOut * PANEL
    gatherSamples<T>(net.targets + outputs, net.y, order + s * sizeof<u32>(), samples, top.nOut)
    outputDelta<T>(
      net.loss,
      top.activation == Activation.softmax,
      net.losses + p * PANEL,
      top.delta + outputs,
      top.a + outputs,
      net.targets + outputs,
      samples,
      top.nOut,
    )
    if (!net.isWeighted) continue
    const panel = p * PANEL
    const rows = order + s * sizeof<u32>()
    weigh<T>(
      net.losses + panel,
      top.delta + outputs,
      net.weightPanels + panel,
      net.weights,
      rows,
      samples,
      top.nOut,
    )
  }
}

/** The sum of the losses over all lanes of the panels of n samples, in f64: panel by panel, lanes in order. */
export function sumLosses<T extends number>(net: Network, n: usize): f64 {
  let total: f64 = 0
  const end = net.losses + panelsOf<T>(n) * PANEL
  for (let loss = net.losses; loss < end; loss += sizeof<T>()) total += <f64>load<T>(loss)
  return total
}
