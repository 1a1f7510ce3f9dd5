import { Activation, activate } from './activation'
import { hiddenDelta } from './delta'
import { affine } from './forward'
import { biasGradient, gradient, usesFeaturePanels } from './gradient'
import { isFused, outputDelta } from './loss'
import { gatherFeatures, gatherSamples, scatterSamples, transposePanel } from './panel'
import { Network, layerOf } from './plan'
import { PANEL, VECTOR, lanes, panelLanes, panelsOf } from './simd'
import { advance, update } from './update'

/**
 * Outputs of the first n staged rows, in their order; one panel at a time, all in the place of the first.
 *
 *     out  n × outputs   row-major, overwritten
 */
export function predict<T extends number>(net: Network, out: usize, n: usize): void {
  const first = layerOf(net, 0)
  const last = layerOf(net, net.layers - 1)
  for (let s: usize = 0; s < n; s += panelLanes<T>()) {
    const count = min(n - s, panelLanes<T>())
    gatherSamples<T>(first.input, net.x, net.order + s * sizeof<u32>(), count, first.nIn)
    for (let l: usize = 0; l < net.layers; ++l) {
      const layer = layerOf(net, l)
      affine<T>(layer.a, layer.input, layer.w, layer.b, layer.nIn, layer.nOut)
      activate<T>(layer.activation, layer.a, 0, layer.a, layer.nOut, layer.shape)
    }
    scatterSamples<T>(out, last.a, count, last.nOut)
    out += count * last.nOut * sizeof<T>()
  }
}

/** The summed loss (34) of the first n staged rows. */
export function loss<T extends number>(net: Network, n: usize): f64 {
  let total: f64 = 0
  for (let s: usize = 0; s < n; s += net.chunk) total += errors<T>(net, s, min(n - s, net.chunk), false)
  return total
}

/** Adds the gradients (35) of the first n staged rows, in the staged order, and returns their summed loss (34). */
export function accumulate<T extends number>(net: Network, n: usize): f64 {
  return accumulateRange<T>(net, 0, n)
}

/**
 * Trains on the first n staged rows, in the staged order, one update per batch, the last batch being what is left.
 *
 *     report   f64 × 2   overwritten: total and the losses of the batches, added one by one, and how many were done
 *     pending            samples whose gradients have been accumulated before; they count with the first batch
 *     byMean             divide the gradients by the samples of the batch
 *
 * It stops before the update of a batch whose loss is not a finite number; accumulated gradients are zero then too.
 */
export function train<T extends number>(
  net: Network,
  report: usize,
  n: usize,
  batch: usize,
  pending: usize,
  byMean: bool,
  total: f64,
): void {
  assert(batch > 0)
  let done: f64 = 0
  for (let first: usize = 0; first < n; first += batch) {
    const count = min(batch, n - first)
    const scale: f64 = byMean ? 1 / <f64>(pending + count) : 1
    let batchLoss: f64
    if (pending == 0 && count <= net.chunk) {
      batchLoss = errors<T>(net, first, count, true)
      if (isFinite(batchLoss)) descend<T>(net, count, scale)
    } else {
      batchLoss = accumulateRange<T>(net, first, count)
      if (isFinite(batchLoss)) updateAll<T>(net, scale)
      else memory.fill(net.parameters + net.regionBytes, 0, net.parameterCount * sizeof<T>())
      pending = 0
    }
    total += batchLoss
    if (!isFinite(batchLoss)) break
    done += 1
  }
  store<f64>(report, total)
  store<f64>(report, done, sizeof<f64>())
}

/** One step of the optimiser with the accumulated gradients, which are zeroed. */
export function updateAll<T extends number>(net: Network, scale: f64): void {
  const w = net.parameters
  const region = net.regionBytes
  const g = w + region
  advance(net.optimizer)
  update<T>(net.optimizer, w, g + region, g + 2 * region, g + 3 * region, g, scale, net.parameterCount)
  memory.fill(g, 0, net.parameterCount * sizeof<T>())
}

function accumulateRange<T extends number>(net: Network, first: usize, n: usize): f64 {
  let total: f64 = 0
  for (let s: usize = 0; s < n; s += net.chunk) {
    const count = min(n - s, net.chunk)
    total += errors<T>(net, first + s, count, true)
    forEachStrip<T>(net, count, false, 0)
  }
  return total
}

/** Phase 2: the gradients of one chunk, and the update of the parameters that they belong to. */
function descend<T extends number>(net: Network, n: usize, scale: f64): void {
  advance(net.optimizer)
  forEachStrip<T>(net, n, true, scale)
}

/**
 * Phase 1: activations, losses and errors of n samples from the first-th on, panel by panel; returns their summed loss (34).
 * With `backward` every layer's delta holds ∂C/∂z afterwards and its features the transposed inputs; without, neither.
 */
function errors<T extends number>(net: Network, first: usize, n: usize, backward: bool): f64 {
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
function forEachStrip<T extends number>(net: Network, n: usize, updates: bool, scale: f64): void {
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

function updateRange<T extends number>(net: Network, w: usize, g: usize, n: usize, scale: f64): void {
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
