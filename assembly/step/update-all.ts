import { barrierWait } from './barrier'
import { clippedScale, multiply, norm } from '../kernels/norm'
import { average } from '../optimizers/common'
import { penalize } from '../kernels/penalty'
import { Layer, Network, Region, Thread, inRegion, layerOf } from './structs'
import { claim, shareOf } from './work-stealing'
import { VECTOR, get, lanes, put, splat } from '../simd'
import { updateRange } from './phase2'
import { advance } from './update'

/**
 * One step of the optimiser with scale · the accumulated gradients, which are regularised first and zeroed afterwards;
 * this thread does its own share. Anything all threads read is written before a barrier.
 */
export function updateAll<T extends number>(net: Network, thread: Thread, scale: f64): void {
  const r = net.regularization
  const begin = shareOf(thread.index, thread, net.parameterCount)
  const count = shareOf(thread.index + 1, thread, net.parameterCount) - begin
  const w = net.parameters + begin * sizeof<T>()
  if (r.isActive) scale = regularizeGradients<T>(net, thread, w, w + count * sizeof<T>(), scale)
  advance(thread.optimizer)
  updateRange<T>(net, thread, w, inRegion(net, Region.gradients, w), count, scale)
  zeroGradients<T>(net, thread)
  if (r.maxWeightNorm > 0) {
    barrierWait(thread)
    limitWeights<T>(net, thread, r.maxWeightNorm)
    barrierWait(thread)
  }
  if (r.averageTake > 0) addToAverage<T>(inRegion(net, Region.average, w), w, count, r.averageTake)
}

/**
 * The steps of updateAll, in order; within a step, layers and their rows may be done in any order. Norms are taken over
 * whole layers, or over all layers.
 */
export enum UpdateStep {
  penalize,
  clipLayer,
  clipAll,
  advance,
  update,
  limit,
  average,
}

/**
 * One step of updateAll, when a single thread trains, on the rows from begin to end of layer l; the biases go with the
 * last row.
 *
 *     scale  what the previous step returned; initially 1/samples for the mean
 */
export function updateStep<T extends number>(
  net: Network,
  thread: Thread,
  step: UpdateStep,
  l: usize,
  begin: usize,
  end: usize,
  scale: f64,
): f64 {
  const r = net.regularization
  const layer = layerOf(net, l)
  assert(thread.count == 1 && begin < end && end <= layer.nOut)
  const w = layer.w + begin * layer.nIn * sizeof<T>()
  const count = (end - begin) * layer.nIn + (end == layer.nOut ? layer.nOut : 0)
  switch (step) {
    case UpdateStep.penalize:
      if (r.l1 == 0 && r.l2 == 0 && r.clipValue == 0) break
      penalizeLayer<T>(net, layer, w, w + count * sizeof<T>(), scale)
      return 1
    case UpdateStep.clipLayer:
      if (r.clipNorm == 0) break
      clipLayer<T>(net, layer, scale)
      return 1
    case UpdateStep.clipAll:
      if (r.clipGlobalNorm == 0) break
      return clipAll<T>(net, scale)
    case UpdateStep.advance:
      advance(thread.optimizer)
      break
    case UpdateStep.update:
      updateRange<T>(net, thread, w, inRegion(net, Region.gradients, w), count, scale)
      memory.fill(inRegion(net, Region.gradients, w), 0, count * sizeof<T>())
      break
    case UpdateStep.limit:
      if (r.maxWeightNorm > 0) limitRows<T>(layer, begin, end, r.maxWeightNorm)
      break
    case UpdateStep.average:
      if (r.averageTake > 0) addToAverage<T>(inRegion(net, Region.average, w), w, count, r.averageTake)
  }
  return scale
}

export function zeroGradients<T extends number>(net: Network, thread: Thread): void {
  const begin = shareOf(thread.index, thread, net.parameterCount)
  const count = shareOf(thread.index + 1, thread, net.parameterCount) - begin
  const w = net.parameters + begin * sizeof<T>()
  memory.fill(inRegion(net, Region.gradients, w), 0, count * sizeof<T>())
}

/**
 * Applies penalties and limits to the gradients of the parameters from begin to end; returns the factor they still need
 * to be multiplied by.
 */
function regularizeGradients<T extends number>(
  net: Network,
  thread: Thread,
  begin: usize,
  end: usize,
  scale: f64,
): f64 {
  const r = net.regularization
  if (r.l1 > 0 || r.l2 > 0 || r.clipValue > 0) {
    for (let l: usize = 0; l < net.layers; ++l) penalizeLayer<T>(net, layerOf(net, l), begin, end, scale)
    scale = 1
    if (r.clipNorm > 0 || r.clipGlobalNorm > 0) barrierWait(thread)
  }
  if (r.clipNorm > 0) {
    const layers = net.layers
    for (let l = claim(thread, 0, 0, layers); l < layers; l = claim(thread, 0, l + 1, layers)) {
      clipLayer<T>(net, layerOf(net, l), scale)
    }
    scale = 1
    barrierWait(thread)
  }
  if (r.clipGlobalNorm > 0) {
    scale = clipAll<T>(net, scale)
    // All threads must have read all gradients before any of them zeroes its own.
    barrierWait(thread)
  }
  return scale
}

/** Calls penalize for the parameters of a layer that lie between begin and end. */
function penalizeLayer<T extends number>(
  net: Network,
  layer: Layer,
  begin: usize,
  end: usize,
  scale: f64,
): void {
  const r = net.regularization
  const after = layer.b + layer.nOut * sizeof<T>()
  penalizeRange<T>(net, max(begin, layer.w), min(end, layer.b), scale, r.l1, r.l2)
  penalizeRange<T>(net, max(begin, layer.b), min(end, after), scale, 0, 0)
}

/** Calls penalize for the parameters from begin to end, if there are any. */
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
  penalize<T>(
    inRegion(net, Region.gradients, begin),
    begin,
    (end - begin) / sizeof<T>(),
    scale,
    l1,
    l2,
    limit,
  )
}

/** Clips the gradients of a layer's weights and of its biases, each by their own norm. */
function clipLayer<T extends number>(net: Network, layer: Layer, scale: f64): void {
  const maxNorm = net.regularization.clipNorm
  clipTensor<T>(inRegion(net, Region.gradients, layer.w), layer.nIn * layer.nOut, scale, maxNorm)
  clipTensor<T>(inRegion(net, Region.gradients, layer.b), layer.nOut, scale, maxNorm)
}

/** The factor by which to multiply all gradients so that their norm is at most clipGlobalNorm. */
function clipAll<T extends number>(net: Network, scale: f64): f64 {
  const g = inRegion(net, Region.gradients, net.parameters)
  return clippedScale<T>(g, net.parameterCount, scale, net.regularization.clipGlobalNorm)
}

/** Turns the gradients of one weight matrix, or one bias vector, into their mean, with a norm of at most maxNorm. */
function clipTensor<T extends number>(g: usize, n: usize, scale: f64, maxNorm: f64): void {
  multiply<T>(g, n, clippedScale<T>(g, n, scale, maxNorm))
}

/** Scales down the weights of neurons whose norm exceeds maxNorm, in the blocks of rows this thread takes. */
function limitWeights<T extends number>(net: Network, thread: Thread, maxNorm: f64): void {
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const blocks = layer.blocks
    for (let i = claim(thread, l, 0, blocks); i < blocks; i = claim(thread, l, i + 1, blocks)) {
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

/** mean += take·(w − mean) for n numbers. */
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
