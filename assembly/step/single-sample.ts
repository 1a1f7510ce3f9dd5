/**
 * Prediction and phase 1 for one sample. A panel would repeat it in every lane; instead, every layer's a and delta
 * start with its numbers side by side. Results have the same bits as in a panel.
 */
import { activate } from '../kernels/activate'
import { isFused, outputDelta } from '../kernels/loss'
import { Layer, Network, layerOf } from './structs'
import { Activation } from '../kernels/activation'
import { PANEL, VECTOR, copy, panelsOf } from '../simd'
import { affineOne, hiddenDeltaOne } from '../kernels/gemv'
import { affineOnePacked } from '../kernels/gemv-packed'
import { IS_PACKED } from '../panels/tile'

/**
 * The outputs for one sample; returns where they are.
 *
 *     x  inputs
 */
export function predictOne<T extends number>(net: Network, x: usize): usize {
  let a = x
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    if (IS_PACKED) affineOnePacked<T>(layer.delta, a, layer.w, layer.b, layer.nIn, layer.nOut)
    else affineOne<T>(layer.delta, a, layer.w, layer.b, layer.nIn, layer.nOut)
    a = layer.a
    if (layer.activation == Activation.softmax) {
      toPanel<T>(a, layer.delta, layer.nOut)
      activate<T>(Activation.softmax, a, 0, a, layer.nOut, layer.shape)
      fromPanel<T>(a, layer.nOut)
    } else {
      activate<T>(layer.activation, a, 0, layer.delta, panelsOf<T>(layer.nOut), layer.shape)
    }
  }
  return a
}

/**
 * Activations, loss and errors of one sample: afterwards, every layer's input and delta start with its numbers side by
 * side; the loss is the loss of the first panel.
 *
 *     x  inputs
 *     y  outputs
 */
export function errorsOne<T extends number>(net: Network, x: usize, y: usize): void {
  copy<T>(layerOf(net, 0).input, x, layerOf(net, 0).nIn)
  for (let l: usize = 0; l < net.layers; ++l) forwardOne<T>(net, l, y)
  for (let l = net.layers - 1; l > 0; --l) hiddenErrorsOne<T>(net, l)
}

/**
 * One step of errorsOne. Steps must run in order and are numbered as in errorsStep; the errors of the output layer are
 * computed together with that layer.
 */
export function errorsOneStep<T extends number>(net: Network, step: usize, x: usize, y: usize): void {
  if (step == 0) copy<T>(layerOf(net, 0).input, x, layerOf(net, 0).nIn)
  else if (step <= net.layers) forwardOne<T>(net, step - 1, y)
  else if (step > net.layers + 1) hiddenErrorsOne<T>(net, 2 * net.layers + 1 - step)
}

// @ts-ignore: decorator
@inline
function forwardOne<T extends number>(net: Network, l: usize, y: usize): void {
  const layer = layerOf(net, l)
  affineOne<T>(layer.delta, layer.input, layer.w, layer.b, layer.nIn, layer.nOut)
  if (l == net.layers - 1) outputErrorOne<T>(net, layer, y)
  else activate<T>(layer.activation, layer.a, layer.delta, layer.delta, panelsOf<T>(layer.nOut), layer.shape)
}

/** The errors (59) of layer l − 1. */
// @ts-ignore: decorator
@inline
function hiddenErrorsOne<T extends number>(net: Network, l: usize): void {
  const after = layerOf(net, l)
  hiddenDeltaOne<T>(layerOf(net, l - 1).delta, after.delta, after.w, after.nIn, after.nOut)
}

/** The output layer is finished in a panel, because losses are sums over its rows. */
function outputErrorOne<T extends number>(net: Network, top: Layer, y: usize): void {
  const isSoftmax = top.activation == Activation.softmax
  if (!isSoftmax) {
    const z = top.delta
    activate<T>(top.activation, top.a, isFused(net.loss) ? 0 : z, z, panelsOf<T>(top.nOut), top.shape)
    toPanel<T>(top.a, top.a, top.nOut)
  }
  toPanel<T>(top.delta, top.delta, top.nOut)
  toPanel<T>(net.targets, y, top.nOut)
  if (isSoftmax) activate<T>(top.activation, top.a, 0, top.delta, top.nOut, top.shape)
  outputDelta<T>(net.loss, isSoftmax, net.losses, top.delta, top.a, net.targets, 1, top.nOut)
  fromPanel<T>(top.delta, top.nOut)
}

/** Expands n numbers side by side into a panel, each repeated in all lanes of its row; works in place. */
function toPanel<T extends number>(panel: usize, numbers: usize, n: usize): void {
  for (let j = n; j-- > 0;) {
    const v = v128.load_splat<T>(numbers + j * sizeof<T>())
    v128.store(panel + j * PANEL, v)
    v128.store(panel + j * PANEL, v, VECTOR)
  }
}

/** Packs the first lanes of n rows of a panel side by side, in place. */
function fromPanel<T extends number>(panel: usize, n: usize): void {
  for (let j: usize = 0; j < n; ++j) store<T>(panel + j * sizeof<T>(), load<T>(panel + j * PANEL))
}
