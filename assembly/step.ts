import { activate } from './activation'
import { affine } from './forward'
import { gatherSamples } from './gather'
import { scatterSamples } from './panel'
import { errors, forEachStrip, updateRange } from './phases'
import { Network, layerOf } from './plan'
import { panelLanes } from './simd'
import { advance } from './update'

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
      else zeroGradients<T>(net)
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
  advance(net.optimizer)
  updateRange<T>(net, w, w + net.regionBytes, net.parameterCount, scale)
  zeroGradients<T>(net)
}

function zeroGradients<T extends number>(net: Network): void {
  memory.fill(net.parameters + net.regionBytes, 0, net.parameterCount * sizeof<T>())
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
