import { activate } from './activation'
import { hiddenDelta } from './delta'
import { affine } from './forward'
import { gatherFeatures, gatherSamples } from './gather'
import { biasGradient, gradient, usesFeaturePanels } from './gradient'
import { isFused, outputDelta } from './loss'
import { transposePanel } from './panel'
import { Network, layerOf } from './plan'
import { Activation } from './sigma'
import { PANEL, VECTOR, lanes, panelLanes, panelsOf } from './simd'
import { update } from './update'

/**
 * Phase 1: activations, losses and errors of n samples from the first-th on, panel by panel; returns their summed loss (34).
 * With `backward` every layer's delta holds ∂C/∂z afterwards and its features the transposed inputs; without, neither.
 */
export function errors<T extends number>(net: Network, first: usize, n: usize, backward: bool): f64 {
  assert(n > 0 && n <= net.chunk)
  const panels = panelsOf<T>(n)
  for (let p: usize = 0; p < panels; ++p) {
    const s = p * panelLanes<T>()
    const order = net.order + (first + s) * sizeof<u32>()
    panelErrors<T>(net, p, panels, order, min(n - s, panelLanes<T>()), backward)
  }
  return sumLosses<T>(net.losses, panels)
}

function panelErrors<T extends number>(
  net: Network,
  p: usize,
  panels: usize,
  order: usize,
  n: usize,
  backward: bool,
): void {
  const top = layerOf(net, net.layers - 1)
  const featureBytes = panels * panelLanes<T>() * PANEL
  const rowOffset = p * panelLanes<T>() * PANEL
  const bottom = layerOf(net, 0)
  gatherSamples<T>(bottom.input + p * bottom.nIn * PANEL, net.x, order, n, bottom.nIn)
  if (backward && usesFeaturePanels<T>(bottom.nIn)) {
    gatherFeatures<T>(bottom.features + rowOffset, featureBytes, net.x, order, n, bottom.nIn)
  }

  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const a = layer.a + p * layer.nOut * PANEL
    const z = layer.delta + p * layer.nOut * PANEL
    const input = layer.input + p * layer.nIn * PANEL
    affine<T>(z, input, layer.w, layer.b, layer.nIn, layer.nOut)
    const keepsZ = !backward || (layer == top && isFused(net.loss))
    activate<T>(layer.activation, a, keepsZ ? 0 : z, z, layer.nOut, layer.shape)
    if (backward && layer != top && usesFeaturePanels<T>(layer.nOut)) {
      transposePanel<T>(layerOf(net, l + 1).features + rowOffset, featureBytes, a, layer.nOut)
    }
  }

  const outputs = p * top.nOut * PANEL
  gatherSamples<T>(net.targets + outputs, net.y, order, n, top.nOut)
  outputDelta<T>(
    net.loss,
    top.activation == Activation.softmax,
    net.losses + p * PANEL,
    top.delta + outputs,
    top.a + outputs,
    net.targets + outputs,
    n,
    top.nOut,
  )
  if (!backward) return
  for (let l = net.layers - 1; l > 0; --l) {
    const after = layerOf(net, l)
    const delta = layerOf(net, l - 1).delta + p * after.nIn * PANEL
    hiddenDelta<T>(delta, after.delta + p * after.nOut * PANEL, after.w, after.nIn, after.nOut)
  }
}

/** Σ over the lanes of all panels, in f64: lane by lane over the panels, then the lanes in order. */
function sumLosses<T extends number>(losses: usize, panels: usize): f64 {
  let total: f64 = 0
  for (const end = losses + panels * PANEL; losses < end; losses += sizeof<T>()) total += <f64>load<T>(losses)
  return total
}

/**
 * The gradients of all parameters over the n samples of phase 1, some rows at a time into the strip, while they are hot:
 * added to the accumulated gradients, or used at once to update the parameters of these rows.
 */
export function forEachStrip<T extends number>(net: Network, n: usize, updates: bool, scale: f64): void {
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const rowBytes = layer.nIn * sizeof<T>()
    const stripRows = max(4, net.stripBytes / rowBytes) & ~3
    for (let j: usize = 0; j < layer.nOut; j += stripRows) {
      const rows = min(stripRows, layer.nOut - j)
      const delta = layer.delta + j * PANEL
      const gradW = net.strip
      const gradB = gradW + rows * rowBytes + PANEL
      gradient<T>(gradW, delta, layer.input, layer.features, rows, layer.nIn, layer.nOut, n)
      biasGradient<T>(gradB, delta, rows, layer.nOut, n)
      const w = layer.w + j * rowBytes
      const b = layer.b + j * sizeof<T>()
      if (updates) {
        updateRange<T>(net, w, gradW, rows * layer.nIn, scale)
        updateRange<T>(net, b, gradB, rows, scale)
      } else {
        add<T>(w + net.regionBytes, gradW, rows * layer.nIn)
        add<T>(b + net.regionBytes, gradB, rows)
      }
    }
  }
}

/** One step of the optimiser on n parameters from w on, with the gradients g. */
export function updateRange<T extends number>(net: Network, w: usize, g: usize, n: usize, scale: f64): void {
  const slot0 = w + 2 * net.regionBytes
  update<T>(net.optimizer, w, slot0, slot0 + net.regionBytes, slot0 + 2 * net.regionBytes, g, scale, n)
}

/** sums[i] += terms[i], n numbers; (35) over the chunks of a batch */
function add<T extends number>(sums: usize, terms: usize, n: usize): void {
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(sums, v128.add<T>(v128.load(sums), v128.load(terms)))
    sums += VECTOR
    terms += VECTOR
  }
  for (; n > 0; n -= 1) {
    store<T>(sums, <T>(load<T>(sums) + load<T>(terms)))
    sums += sizeof<T>()
    terms += sizeof<T>()
  }
}
