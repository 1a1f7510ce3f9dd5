/**
 * Prediction and a step on one sample, f32, in a network of small layers. Every layer's a and delta start with its numbers
 * side by side, as in single-sample.ts; the bits are the same. A step of 2-3-2-2 takes 94 ns, there 153, of 64-16-4 373,
 * 689; a prediction 50, 86.
 */
import { biasGradientOne, gradientOne, hiddenDeltaOne } from '../kernels/gemv'
import { Activation } from '../kernels/activation'
import { Loss, halfSquaredDeltaOne, isFused, outputDeltaOf } from '../kernels/loss'
import { descendSmall, forwardSmall } from '../kernels/small-layer'
import { softmax } from '../kernels/softmax'
import { isPlain } from '../optimizers/sgd'
import { VECTOR } from '../simd'
import { Network, Thread, layerOf } from './structs'
import { updateRange } from './phase2'
import { advance } from './update'

/**
 * The outputs for one sample; returns where they are.
 *
 *     x  inputs
 */
export function predictSmall(net: Network, x: usize): usize {
  let a = x
  for (let l: usize = 0; l < net.layers; ++l) a = forwardLayer(net, l, a, false)
  const top = layerOf(net, net.layers - 1)
  if (top.activation == Activation.softmax) fromRows(a, top.nOut)
  return a
}

/**
 * One step on one sample, which is not taken if its loss is not finite; returns the loss.
 *
 *     x      inputs
 *     y      outputs; read up to one vector past the end
 *     scale  of the gradients: 1, as a sample is its own mean
 */
export function trainSmall(net: Network, thread: Thread, x: usize, y: usize, scale: f64): f64 {
  let a = x
  for (let l: usize = 0; l < net.layers; ++l) a = forwardLayer(net, l, a, true)
  const loss = outputErrors(net, y)
  if (!isFinite(loss)) return loss
  for (let l = net.layers - 1; l > 0; --l) {
    const after = layerOf(net, l)
    hiddenDeltaOne<f32>(layerOf(net, l - 1).delta, after.delta, after.w, after.nIn, after.nOut)
  }
  advance(thread.optimizer)
  if (isPlain(thread.optimizer)) {
    const rate = <f32>(thread.optimizer.learningRate * scale)
    a = x
    for (let l: usize = 0; l < net.layers; ++l) {
      const layer = layerOf(net, l)
      descendSmall(layer.w, layer.delta, a, layer.nIn, layer.nOut, rate)
      a = layer.a
    }
  } else {
    a = x
    let g = thread.strip
    for (let l: usize = 0; l < net.layers; ++l) {
      const layer = layerOf(net, l)
      gradientOne<f32>(g, layer.delta, a, layer.nOut, layer.nIn)
      g += layer.nOut * layer.nIn * sizeof<f32>()
      biasGradientOne<f32>(g, layer.delta, layer.nOut)
      g += layer.nOut * sizeof<f32>()
      a = layer.a
    }
    updateRange<f32>(net, thread, net.parameters, thread.strip, net.parameterCount, scale)
  }
  return loss
}

/** Returns where the activations are; those of a softmax are the first lanes of rows. */
// @ts-ignore: decorator
@inline
function forwardLayer(net: Network, l: usize, input: usize, backward: bool): usize {
  const layer = layerOf(net, l)
  const keepsZ = !backward || (l == net.layers - 1 && isFused(net.loss))
  forwardSmall(
    layer.activation,
    layer.a,
    layer.delta,
    input,
    layer.w,
    layer.b,
    layer.nIn,
    layer.nOut,
    layer.shape,
    !keepsZ,
  )
  if (layer.activation == Activation.softmax) {
    toRows(layer.delta, layer.delta, layer.nOut)
    softmax<f32>(layer.a, layer.delta, layer.nOut, VECTOR)
  }
  return layer.a
}

/** Loss (33) and errors (60): sums over neurons, which are therefore put below one another. */
// @ts-ignore: decorator
@inline
function outputErrors(net: Network, y: usize): f64 {
  const top = layerOf(net, net.layers - 1)
  const isSoftmax = top.activation == Activation.softmax
  if (net.loss == Loss.halfSquared && !isSoftmax) {
    return <f64>halfSquaredDeltaOne(top.delta, top.a, y, top.nOut)
  }
  let targets = y
  if (top.nOut > 1) {
    targets = net.targets
    toRows(targets, y, top.nOut)
    if (!isSoftmax) {
      toRows(top.a, top.a, top.nOut)
      toRows(top.delta, top.delta, top.nOut)
    }
  }
  outputDeltaOf<f32>(net.loss, isSoftmax, net.losses, top.delta, top.a, targets, top.nOut, VECTOR, VECTOR)
  fromRows(top.delta, top.nOut)
  return <f64>load<f32>(net.losses)
}

/** Expands n numbers side by side into rows of one vector, each repeated in all lanes; works in place. */
// @ts-ignore: decorator
@inline
function toRows(rows: usize, numbers: usize, n: usize): void {
  for (let j = n; j-- > 0;) v128.store(rows + j * VECTOR, v128.load_splat<f32>(numbers + j * sizeof<f32>()))
}

/** Packs the first lanes of n rows side by side, in place. */
// @ts-ignore: decorator
@inline
function fromRows(rows: usize, n: usize): void {
  for (let j: usize = 1; j < n; ++j) store<f32>(rows + j * sizeof<f32>(), load<f32>(rows + j * VECTOR))
}
