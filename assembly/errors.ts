import { activate } from './activation'
import { shareOf } from './barrier'
import { hiddenDelta } from './delta'
import { affine } from './forward'
import { gatherFeatures, gatherSamples } from './gather'
import { usesFeaturePanels } from './gradient'
import { isFused, outputDelta } from './loss'
import { transposePanel } from './panel'
import { Network, Thread, layerOf } from './plan'
import { Activation } from './sigma'
import { PANEL, panelLanes, panelsOf } from './simd'

/** The panels of the first layer's inputs: n staged rows, the panels from begin to end. */
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
 * This thread's share of phase 1: activations, losses and errors of n samples from the first-th on. With `backward` every layer's
 * delta holds ∂C/∂z afterwards and its features the transposed inputs; without, neither.
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
  const begin = shareOf(thread.index, thread, panels)
  const end = shareOf(thread.index + 1, thread, panels)
  if (begin == end) return
  const order = net.order + first * sizeof<u32>()
  gatherInputs<T>(net, order, n, begin, end)
  const bottom = layerOf(net, 0)
  if (backward && usesFeaturePanels<T>(bottom.nIn)) {
    const featureBytes = panels * panelLanes<T>() * PANEL
    for (let p = begin; p < end; ++p) {
      const s = p * panelLanes<T>()
      const features = bottom.features + s * PANEL
      const rows = min(n - s, panelLanes<T>())
      gatherFeatures<T>(features, featureBytes, net.x, order + s * sizeof<u32>(), rows, bottom.nIn)
    }
  }
  forward<T>(net, panels, begin, end, backward)
  outputErrors<T>(net, order, n, begin, end)
  if (!backward) return
  for (let l = net.layers - 1; l > 0; --l) {
    const after = layerOf(net, l)
    const delta = layerOf(net, l - 1).delta + begin * after.nIn * PANEL
    const deltaNext = after.delta + begin * after.nOut * PANEL
    hiddenDelta<T>(delta, deltaNext, after.w, thread.packed, after.nIn, after.nOut, end - begin)
  }
}

/** The layers (39), panels from begin to end of `panels`; with `backward` also σ′ (41) and the panels that gradients want. */
export function forward<T extends number>(
  net: Network,
  panels: usize,
  begin: usize,
  end: usize,
  backward: bool,
): void {
  const featureBytes = panels * panelLanes<T>() * PANEL
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const isTop = l == net.layers - 1
    const offset = begin * layer.nOut * PANEL
    const a = layer.a + offset
    const z = layer.delta + offset
    affine<T>(
      z,
      layer.input + begin * layer.nIn * PANEL,
      layer.w,
      layer.b,
      layer.nIn,
      layer.nOut,
      end - begin,
    )
    const keepsZ = !backward || (isTop && isFused(net.loss))
    if (layer.activation == Activation.softmax) {
      for (let p: usize = 0; p < end - begin; ++p) {
        const panel = p * layer.nOut * PANEL
        activate<T>(layer.activation, a + panel, 0, z + panel, layer.nOut, layer.shape)
      }
    } else {
      activate<T>(layer.activation, a, keepsZ ? 0 : z, z, (end - begin) * layer.nOut, layer.shape)
    }
    if (!backward || isTop || !usesFeaturePanels<T>(layer.nOut)) continue
    const features = layerOf(net, l + 1).features
    for (let p = begin; p < end; ++p) {
      const rows = features + p * panelLanes<T>() * PANEL
      transposePanel<T>(rows, featureBytes, layer.a + p * layer.nOut * PANEL, layer.nOut)
    }
  }
}

/** Losses (33) and errors (60) of the output layer, panels from begin to end. */
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
  }
}

/** Σ over the lanes of the panels of n samples, in f64: panel by panel, the lanes in order. */
export function sumLosses<T extends number>(net: Network, n: usize): f64 {
  let total: f64 = 0
  const end = net.losses + panelsOf<T>(n) * PANEL
  for (let loss = net.losses; loss < end; loss += sizeof<T>()) total += <f64>load<T>(loss)
  return total
}
