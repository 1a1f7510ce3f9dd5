/**
 * A step on up to one vector of samples, f32, in a network of small layers: phases 1 and 2 with rows one vector wide, where a
 * panel would be half empty, and the update of all parameters in one go. The bits are those of panels. A batch of 4 of
 * 2-8-1 takes 123 ns, in panels 308; of 5-7-6-2 240, 476; wider than 16 units it is slower.
 */
import { activate } from '../kernels/activate'
import { Activation } from '../kernels/activation'
import { isFused, outputDeltaOf } from '../kernels/loss'
import { softmax } from '../kernels/softmax'
import { gradientRows } from '../kernels/vector-gradient'
import { activatedRows, affineRows, gatherRows, hiddenDeltaRows } from '../kernels/vector-rows'
import { VECTOR, lanes, lanesBefore } from '../simd'
import { Layer, Network, Thread, layerOf } from './structs'
import { updateRange } from './phase2'
import { advance } from './update'

/**
 * One step, which is not taken if the loss is not finite; returns the loss summed over the samples.
 *
 *     order  n   the row numbers of the samples
 *     scale      of the gradients: 1/n for their mean
 */
export function trainRows(net: Network, thread: Thread, order: usize, n: usize, scale: f64): f64 {
  assert(n > 0 && n <= lanes<f32>())
  const bottom = layerOf(net, 0)
  gatherRows(bottom.input, net.x, order, n, bottom.nIn)
  for (let l: usize = 0; l < net.layers; ++l) forwardLayer(net, l)
  const loss = outputErrors(net, order, n)
  if (!isFinite(loss)) return loss
  for (let l = net.layers - 1; l > 0; --l) {
    const after = layerOf(net, l)
    hiddenDeltaRows(layerOf(net, l - 1).delta, after.delta, after.w, after.nIn, after.nOut)
  }
  advance(thread.optimizer)
  let g = thread.strip
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    g = gradientRows(g, layer.delta, layer.input, thread.packed, layer.nIn, layer.nOut, n)
  }
  updateRange<f32>(net, thread, net.parameters, thread.strip, net.parameterCount, scale)
  return loss
}

// @ts-ignore: decorator
@inline
function forwardLayer(net: Network, l: usize): void {
  const layer = layerOf(net, l)
  const z = layer.delta
  const keepsZ = l == net.layers - 1 && isFused(net.loss)
  if (!keepsZ && layer.activation == Activation.sigmoid) return activatedLayer(Activation.sigmoid, layer)
  if (!keepsZ && layer.activation == Activation.tanh) return activatedLayer(Activation.tanh, layer)
  affineRows(z, layer.input, layer.w, layer.b, layer.nIn, layer.nOut)
  if (layer.activation == Activation.softmax) return softmax<f32>(layer.a, z, layer.nOut, VECTOR)
  // A row of a panel is two rows here; an odd number of them leaves one that nobody reads.
  activate<f32>(layer.activation, layer.a, keepsZ ? 0 : z, z, (layer.nOut + 1) / 2, layer.shape)
}

/** (F1), (F2) and (41) in one go: see activatedRows. */
// @ts-ignore: decorator
@inline
function activatedLayer(activation: Activation, layer: Layer): void {
  activatedRows(activation, layer.a, layer.delta, layer.input, layer.w, layer.b, layer.nIn, layer.nOut)
}

/** Losses (33) and errors (60) of the output layer; returns the sum of the losses (34), as by sumLosses. */
// @ts-ignore: decorator
@inline
function outputErrors(net: Network, order: usize, n: usize): f64 {
  const top = layerOf(net, net.layers - 1)
  const isSoftmax = top.activation == Activation.softmax
  gatherRows(net.targets, net.y, order, n, top.nOut)
  outputDeltaOf<f32>(net.loss, isSoftmax, net.losses, top.delta, top.a, net.targets, top.nOut, VECTOR, VECTOR)
  if (n < lanes<f32>()) {
    const used = lanesBefore<f32>(<f64>n)
    for (let d = top.delta, end = d + top.nOut * VECTOR; d < end; d += VECTOR) {
      v128.store(d, v128.and(v128.load(d), used))
    }
  }
  let total: f64 = 0
  for (let s: usize = 0; s < n; ++s) total += <f64>load<f32>(net.losses + s * sizeof<f32>())
  return total
}
