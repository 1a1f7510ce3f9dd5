import { biasGradient, gradient } from '../kernels/gradient'
import { Layer, Network, Region, Thread, inRegion, layerOf } from './structs'
import { claim } from './work-stealing'
import { PANEL, VECTOR, lanes } from '../simd'
import { update } from './update'
import { biasGradientOne, gradientOne } from '../kernels/gemv'

/**
 * Phase 2: gradients of weights and biases over the n samples of phase 1, for the blocks of rows this thread takes.
 * They are collected in a strip that fits in the cache; when it is full, it is added to the accumulated gradients or,
 * with `updates`, used to update the parameters directly. A small network is updated in one go. `isVector`: phase 1 was
 * errorsOne.
 */
export function gradients<T extends number>(
  net: Network,
  thread: Thread,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  thread.stripFilled = 0
  for (let l: usize = 0; l < net.layers; ++l) {
    const layer = layerOf(net, l)
    const blocks = layer.blocks
    for (let i = claim(thread, l, 0, blocks); i < blocks; i = claim(thread, l, i + 1, blocks)) {
      collectBlock<T>(net, thread, layer, i, n, isVector, updates, scale)
    }
  }
  flush<T>(net, thread, updates, scale)
}

/** The same for the blocks from begin to end of layer l only. */
export function gradientsOf<T extends number>(
  net: Network,
  thread: Thread,
  l: usize,
  begin: usize,
  end: usize,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  const layer = layerOf(net, l)
  assert(begin < end && end <= layer.blocks)
  thread.stripFilled = 0
  for (let i = begin; i < end; ++i) collectBlock<T>(net, thread, layer, i, n, isVector, updates, scale)
  flush<T>(net, thread, updates, scale)
}

/** Collects the gradients of the i-th block of a layer. */
// @ts-ignore: decorator
@inline
function collectBlock<T extends number>(
  net: Network,
  thread: Thread,
  layer: Layer,
  i: usize,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  const j = i * layer.blockRows
  collect<T>(net, thread, layer, j, min(layer.blockRows, layer.nOut - j), n, isVector, updates, scale)
}

/** Collects the weight and bias gradients of `rows` neurons, from the j-th on. */
function collect<T extends number>(
  net: Network,
  thread: Thread,
  layer: Layer,
  j: usize,
  rows: usize,
  n: usize,
  isVector: bool,
  updates: bool,
  scale: f64,
): void {
  const rowBytes = layer.nIn * sizeof<T>()
  const delta = layer.delta + j * (isVector ? sizeof<T>() : PANEL)
  const gradW = reserve<T>(net, thread, layer.w + j * rowBytes, rows * rowBytes, updates, scale)
  if (isVector) gradientOne<T>(gradW, delta, layer.input, rows, layer.nIn)
  else gradient<T>(gradW, delta, layer.input, layer.features, thread.packed, rows, layer.nIn, layer.nOut, n)
  const gradB = reserve<T>(net, thread, layer.b + j * sizeof<T>(), rows * sizeof<T>(), updates, scale)
  if (isVector) biasGradientOne<T>(gradB, delta, rows)
  else biasGradient<T>(gradB, delta, rows, layer.nOut, n)
}

/**
 * Reserves the place of the gradients of the parameters from w on: after those already in the strip, if these
 * parameters come next and still fit; otherwise the strip is flushed first.
 */
function reserve<T extends number>(
  net: Network,
  thread: Thread,
  w: usize,
  bytes: usize,
  updates: bool,
  scale: f64,
): usize {
  if (w != thread.stripStart + thread.stripFilled || thread.stripFilled + bytes > thread.stripBytes) {
    flush<T>(net, thread, updates, scale)
    thread.stripStart = w
  }
  const free = thread.strip + thread.stripFilled
  thread.stripFilled += bytes
  return free
}

function flush<T extends number>(net: Network, thread: Thread, updates: bool, scale: f64): void {
  const n = thread.stripFilled / sizeof<T>()
  const w = thread.stripStart
  if (updates) updateRange<T>(net, thread, w, thread.strip, n, scale)
  else add<T>(inRegion(net, Region.gradients, w), thread.strip, n)
  thread.stripFilled = 0
}

/** One step of the optimiser on n parameters from w on, with gradients g. */
export function updateRange<T extends number>(
  net: Network,
  thread: Thread,
  w: usize,
  g: usize,
  n: usize,
  scale: f64,
): void {
  const s0 = inRegion(net, Region.slot0, w)
  const s1 = inRegion(net, Region.slot1, w)
  const s2 = inRegion(net, Region.slot2, w)
  update<T>(thread.optimizer, w, s0, s1, s2, g, scale, n)
}

/** sums[i] += terms[i] for n numbers: (35) over the chunks of a batch. */
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
