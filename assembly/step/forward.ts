import { activate } from '../kernels/activate'
import { affine } from '../kernels/affine'
import { dropout } from '../kernels/dropout'
import { gatherSamples } from '../panels/gather'
import { usesFeaturePanels } from '../kernels/gradient'
import { isFused } from '../kernels/loss'
import { transposePanel } from '../panels/panel'
import { Network, layerOf } from './structs'
import { Activation } from '../kernels/activation'
import { PANEL, panelLanes, panelsOf } from '../simd'

/**
 * Overwrites the sample panels of the inputs, from begin to end, with the staged rows of n samples; `order` points to
 * the row number of the first.
 */
export function gatherInputs<T extends number>(
  net: Network,
  order: usize,
  n: usize,
  begin: usize,
  end: usize,
): void {
  const layer = layerOf(net, 0)
  for (let p = begin; p < end; ++p) {
    const s = p * panelLanes<T>()
    const input = layer.input + s * layer.nIn * sizeof<T>()
    gatherSamples<T>(input, net.x, order + s * sizeof<u32>(), min(n - s, panelLanes<T>()), layer.nIn)
  }
}

/**
 * The forward pass, (F1) and (F2), of n samples, panels from begin to end: every layer's a is overwritten, and its
 * delta with z. With `backward`, delta holds σ′ (41) afterwards, or z for a fused loss, and the features of every layer
 * but the first hold the activations of the previous layer; dropout, if on, is applied to activations and delta.
 * `first` is the position of the n samples in the staged order.
 */
export function forward<T extends number>(
  net: Network,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  for (let l: usize = 0; l < net.layers; ++l) forwardLayer<T>(net, l, first, n, begin, end, backward)
}

/** The same for layer l only. */
export function forwardLayer<T extends number>(
  net: Network,
  l: usize,
  first: usize,
  n: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  const samples = min(n, end * panelLanes<T>()) - begin * panelLanes<T>()
  const layer = layerOf(net, l)
  const isTop = l == net.layers - 1
  const offset = begin * layer.nOut * PANEL
  const a = layer.a + offset
  const z = layer.delta + offset
  affine<T>(z, layer.input + begin * layer.nIn * PANEL, layer.w, layer.b, layer.nIn, layer.nOut, samples)
  const keepsZ = !backward || (isTop && isFused(net.loss))
  if (layer.activation == Activation.softmax) {
    for (let p: usize = 0; p < end - begin; ++p) {
      const panel = p * layer.nOut * PANEL
      activate<T>(layer.activation, a + panel, 0, z + panel, layer.nOut, layer.shape)
    }
  } else {
    activate<T>(layer.activation, a, keepsZ ? 0 : z, z, (end - begin) * layer.nOut, layer.shape)
  }
  if (!backward || isTop) return
  if (net.drops && layer.dropThreshold > 0) {
    for (let p = begin; p < end; ++p) {
      const panel = p * layer.nOut * PANEL
      const position = net.position + <u32>(first + p * panelLanes<T>())
      dropout<T>(
        layer.a + panel,
        layer.delta + panel,
        layer.nOut,
        layer.dropKey,
        position,
        layer.dropThreshold,
      )
    }
  }
  if (!usesFeaturePanels<T>(layer.nOut)) return
  const featureBytes = panelsOf<T>(n) * panelLanes<T>() * PANEL
  const features = layerOf(net, l + 1).features
  for (let p = begin; p < end; ++p) {
    const rows = features + p * panelLanes<T>() * PANEL
    transposePanel<T>(rows, featureBytes, layer.a + p * layer.nOut * PANEL, layer.nOut)
  }
}
