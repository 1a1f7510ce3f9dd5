import { meet } from './barrier'
import { clippedScale, multiply, norm } from './clip'
import { average } from './optimizers/gradient'
import { penalize } from './penalty'
import { Layer, Network, Thread, layerOf } from './plan'
import { next, shareOf } from './share'
import { VECTOR, get, lanes, put, splat } from './simd'
import { updateRange } from './strips'
import { advance } from './update'

/**
 * One step of the optimiser with scale · the accumulated gradients, regularised and zeroed; of these, this thread's share. What all
 * threads read is done behind a meeting.
 */
export function updateAll<T extends number>(net: Network, thread: Thread, scale: f64): void {
  const r = net.regularization
  const begin = shareOf(thread.index, thread, net.parameterCount)
  const count = shareOf(thread.index + 1, thread, net.parameterCount) - begin
  const w = net.parameters + begin * sizeof<T>()
  if (r.isActive) scale = regularizeGradients<T>(net, thread, w, w + count * sizeof<T>(), scale)
  advance(thread.optimizer)
  updateRange<T>(net, thread, w, w + net.regionBytes, count, scale)
  zeroGradients<T>(net, thread)
  if (r.maxWeightNorm > 0) {
    meet(thread)
    limitWeights<T>(net, thread, r.maxWeightNorm)
    meet(thread)
  }
  if (r.averageTake > 0) addToAverage<T>(w + 5 * net.regionBytes, w, count, r.averageTake)
}

export function zeroGradients<T extends number>(net: Network, thread: Thread): void {
  const begin = shareOf(thread.index, thread, net.parameterCount)
  const count = shareOf(thread.index + 1, thread, net.parameterCount) - begin
  memory.fill(net.parameters + net.regionBytes + begin * sizeof<T>(), 0, count * sizeof<T>())
}

/** Penalties and limits of the gradients of the parameters from begin to end; returns what they are to be multiplied by then. */
function regularizeGradients<T extends number>(
  net: Network,
  thread: Thread,
  begin: usize,
  end: usize,
  scale: f64,
): f64 {
  const r = net.regularization
  if (r.l1 > 0 || r.l2 > 0 || r.clipValue > 0) {
    for (let l: usize = 0; l < net.layers; ++l) {
      const layer = layerOf(net, l)
      const after = layer.b + layer.nOut * sizeof<T>()
      penalizeRange<T>(net, max(begin, layer.w), min(end, layer.b), scale, r.l1, r.l2)
      penalizeRange<T>(net, max(begin, layer.b), min(end, after), scale, 0, 0)
    }
    scale = 1
    if (r.clipNorm > 0 || r.clipGlobalNorm > 0) meet(thread)
  }
  if (r.clipNorm > 0) {
    const layers = net.layers
    for (let l = next(thread, 0, 0, layers); l < layers; l = next(thread, 0, l + 1, layers)) {
      const layer = layerOf(net, l)
      clipTensor<T>(layer.w + net.regionBytes, layer.nIn * layer.nOut, scale, r.clipNorm)
      clipTensor<T>(layer.b + net.regionBytes, layer.nOut, scale, r.clipNorm)
    }
    scale = 1
    meet(thread)
  }
  if (r.clipGlobalNorm > 0) {
    scale = clippedScale<T>(net.parameters + net.regionBytes, net.parameterCount, scale, r.clipGlobalNorm)
    // All threads have read all gradients before one of them zeroes its own.
    meet(thread)
  }
  return scale
}

/** penalize the parameters from begin to end, if that is any. */
function penalizeRange<T extends number>(
  net: Network,
  begin: usize,
  end: usize,
  scale: f64,
  l1: f64,
  l2: f64,
): void {
  if (begin >= end) return
  const clipValue = net.regularization.clipValue
  const limit = clipValue > 0 ? clipValue : Infinity
  penalize<T>(begin + net.regionBytes, begin, (end - begin) / sizeof<T>(), scale, l1, l2, limit)
}

/** The gradients of one matrix of weights, or one vector of biases: the mean, its norm at most maxNorm. */
function clipTensor<T extends number>(g: usize, n: usize, scale: f64, maxNorm: f64): void {
  multiply<T>(g, n, clippedScale<T>(g, n, scale, maxNorm))
}

/** Scales down the weights of neurons whose norm is more than maxNorm; of the blocks of rows that this thread takes. */
function limitWeights<T extends number>(net: Network, thread: Thread, maxNorm: f64): void {
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const blocks = layer.blocks
    for (let i = next(thread, l, 0, blocks); i < blocks; i = next(thread, l, i + 1, blocks)) {
      const j = i * layer.blockRows
      limitRows<T>(layer, j, min(j + layer.blockRows, layer.nOut), maxNorm)
    }
  }
}

function limitRows<T extends number>(layer: Layer, begin: usize, end: usize, maxNorm: f64): void {
  for (let j = begin; j < end; ++j) {
    const w = layer.w + j * layer.nIn * sizeof<T>()
    const size = norm<T>(w, layer.nIn)
    if (size > maxNorm) multiply<T>(w, layer.nIn, maxNorm / size)
  }
}

/** mean += take·(w − mean), n numbers */
function addToAverage<T extends number>(mean: usize, w: usize, n: usize, take: f64): void {
  const takes = splat<T>(take)
  while (n > 0) {
    const count = min(n, lanes<T>())
    put<T>(mean, average<T>(get<T>(mean, count), get<T>(w, count), takes), count)
    mean += VECTOR
    w += VECTOR
    n -= count
  }
}
