/**
 * A step on up to one vector of samples in a network of small layers: phases 1 and 2 with rows one vector wide, where a
 * panel would be half empty, and the update of all parameters in one go. The bits are those of panels.
 */
import { activate } from '../kernels/activate'
import { Activation } from '../kernels/activation'
import { usesFeaturePanels } from '../kernels/gradient'
import { isFused, outputDeltaOf } from '../kernels/loss'
import { softmax } from '../kernels/softmax'
import {
  affineRows,
  errorRows,
  gatherRows,
  hiddenDeltaRows,
  productRows,
  sumRows,
} from '../kernels/vector-rows'
import { VECTOR, lanes, lanesBefore } from '../simd'
import { Network, Thread, layerOf } from './structs'
import { updateRange } from './phase2'
import { advance } from './update'

/**
 * One step, which is not taken if the loss is not finite; returns the loss summed over the samples.
 *
 *     order  n   the row numbers of the samples
 *     scale      of the gradients: 1/n for their mean
 */
export function trainRows<T extends number>(
  net: Network,
  thread: Thread,
  order: usize,
  n: usize,
  scale: f64,
): f64 {
  assert(n > 0 && n <= lanes<T>())
  const bottom = layerOf(net, 0)
  gatherRows<T>(bottom.input, net.x, order, n, bottom.nIn)
  for (let l: usize = 0; l < net.layers; ++l) forwardLayer<T>(net, l)
  const loss = outputErrors<T>(net, order, n)
  if (!isFinite(loss)) return loss
  for (let l = net.layers - 1; l > 0; --l) {
    const after = layerOf(net, l)
    hiddenDeltaRows<T>(layerOf(net, l - 1).delta, after.delta, after.w, after.nIn, after.nOut)
  }
  advance(thread.optimizer)
  gradients<T>(net, thread.strip, thread.packed)
  updateRange<T>(net, thread, net.parameters, thread.strip, net.parameterCount, scale)
  return loss
}

// @ts-ignore: decorator
@inline
function forwardLayer<T extends number>(net: Network, l: usize): void {
  const layer = layerOf(net, l)
  const z = layer.delta
  affineRows<T>(z, layer.input, layer.w, layer.b, layer.nIn, layer.nOut)
  if (layer.activation == Activation.softmax) return softmax<T>(layer.a, z, layer.nOut, VECTOR)
  const keepsZ = l == net.layers - 1 && isFused(net.loss)
  // A row of a panel is two rows here; an odd number of them leaves one that nobody reads.
  activate<T>(layer.activation, layer.a, keepsZ ? 0 : z, z, (layer.nOut + 1) / 2, layer.shape)
}

/** Losses (33) and errors (60) of the output layer; returns the sum of the losses (34), as by sumLosses. */
// @ts-ignore: decorator
@inline
function outputErrors<T extends number>(net: Network, order: usize, n: usize): f64 {
  const top = layerOf(net, net.layers - 1)
  const isSoftmax = top.activation == Activation.softmax
  gatherRows<T>(net.targets, net.y, order, n, top.nOut)
  outputDeltaOf<T>(net.loss, isSoftmax, net.losses, top.delta, top.a, net.targets, top.nOut, VECTOR)
  if (n < lanes<T>()) {
    const used = lanesBefore<T>(<f64>n)
    for (let d = top.delta, end = d + top.nOut * VECTOR; d < end; d += VECTOR) {
      v128.store(d, v128.and(v128.load(d), used))
    }
  }
  let total: f64 = 0
  for (let s: usize = 0; s < n; ++s) total += <f64>load<T>(net.losses + s * sizeof<T>())
  return total
}

/** The gradients (61) and (64) of all parameters, in their order. */
// @ts-ignore: decorator
@inline
function gradients<T extends number>(net: Network, g: usize, rows: usize): void {
  let begin = rows
  let end = rows
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    // Where the weights of whole panels are summed in order of the samples.
    const inOrder = usesFeaturePanels<T>(layer.nIn)
    if (inOrder) {
      g = sumRows<T>(g, begin, end, true)
      begin = end
    }
    end = productRows<T>(end, layer.delta, layer.input, layer.nIn, layer.nOut)
    if (inOrder) {
      g = sumRows<T>(g, begin, end, false)
      begin = end
    }
    end = errorRows<T>(end, layer.delta, layer.nOut)
  }
  sumRows<T>(g, begin, end, true)
}
