/**
 * Up to one vector of samples, f32, in layers of few neurons. Rows are like those of a sample panel, but one vector
 * wide: row k holds the k-th number of every sample. The bits are those of panels, also where products are fused.
 */
import { usesFeaturePanels } from './gradient'
import { transpose } from '../panels/panel'
import { VECTOR, madd } from '../simd'

const LANES: usize = 4
const NUMBER: usize = 4

/**
 * Gathers n samples:
 *
 *     rows[k][s] = x[order[s]][k]
 *
 *     rows   width × VECTOR   overwritten; lanes past n repeat sample n − 1
 *     x      any × width      row-major, one sample per row
 *     order  n                u32, row numbers
 */
// @ts-ignore: decorator
@inline
export function gatherRows(rows: usize, x: usize, order: usize, n: usize, width: usize): void {
  let x0 = sampleAt(x, order, 0, n, width)
  let x1 = sampleAt(x, order, 1, n, width)
  let x2 = sampleAt(x, order, 2, n, width)
  let x3 = sampleAt(x, order, 3, n, width)
  for (const end = rows + width * VECTOR; rows < end; rows += VECTOR) {
    let v = v128.load32_lane(x1, v128.load32_zero(x0), 1)
    v = v128.load32_lane(x2, v, 2)
    v128.store(rows, v128.load32_lane(x3, v, 3))
    x0 += NUMBER
    x1 += NUMBER
    x2 += NUMBER
    x3 += NUMBER
  }
}

// @ts-ignore: decorator
@inline
function sampleAt(x: usize, order: usize, s: usize, n: usize, width: usize): usize {
  return x + <usize>load<u32>(order + min(s, n - 1) * sizeof<u32>()) * width * NUMBER
}

/** Pre-activations, (F1), as affine computes them in panels. */
// @ts-ignore: decorator
@inline
export function affineRows(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  const aEnd = a + nIn * VECTOR
  for (const end = z + nOut * VECTOR; z < end; z += VECTOR) {
    let sum = v128.load32_splat(b)
    for (let p = a; p < aEnd; p += VECTOR) {
      sum = madd<f32>(v128.load32_splat(w), v128.load(p), sum)
      w += NUMBER
    }
    v128.store(z, sum)
    b += NUMBER
  }
}

/** The errors of a hidden layer, (52) and (59), as hiddenDelta computes them in panels. */
// @ts-ignore: decorator
@inline
export function hiddenDeltaRows(delta: usize, deltaNext: usize, w: usize, nIn: usize, nOut: usize): void {
  const rowBytes = nIn * NUMBER
  const deltaEnd = deltaNext + nOut * VECTOR
  for (const end = w + rowBytes; w < end; w += NUMBER) {
    let sum = f32x4.splat(0)
    let p = w
    for (let d = deltaNext; d < deltaEnd; d += VECTOR) {
      sum = madd<f32>(v128.load32_splat(p), v128.load(d), sum)
      p += rowBytes
    }
    v128.store(delta, f32x4.mul(v128.load(delta), sum))
    delta += VECTOR
  }
}

/**
 * The gradients of a layer's weights and then its biases, (61) and (64) summed over n samples (35), each in the order
 * that it has in panels; returns their end.
 *
 *     g         nOut·nIn + nOut         overwritten, and up to one vector past the end
 *     delta     nOut × VECTOR           zero in lanes past n
 *     a         nIn × VECTOR            read up to one vector past the end
 *     scratch   nOut·(nIn + 1) × VECTOR overwritten
 */
// @ts-ignore: decorator
@inline
export function gradientRows(
  g: usize,
  delta: usize,
  a: usize,
  scratch: usize,
  nIn: usize,
  nOut: usize,
  n: usize,
): usize {
  let terms = scratch
  if (usesFeaturePanels<f32>(nIn)) g = sumInOrder(g, delta, a, scratch, nIn, nOut, n)
  else terms = products(terms, delta, a, nIn, nOut)
  const zero = f32x4.splat(0)
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    v128.store(terms, f32x4.add(zero, v128.load(delta)))
    terms += VECTOR
  }
  return sumPairwise(g, scratch, terms)
}

/** δ·a for all weights in order, a row for each; returns their end. */
// @ts-ignore: decorator
@inline
function products(rows: usize, delta: usize, a: usize, nIn: usize, nOut: usize): usize {
  const zero = f32x4.splat(0)
  const aEnd = a + nIn * VECTOR
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    const d = v128.load(delta)
    for (let p = a; p < aEnd; p += VECTOR) {
      v128.store(rows, madd<f32>(d, v128.load(p), zero))
      rows += VECTOR
    }
  }
  return rows
}

/** The sum of each row, as by `sum`, four rows at a time, which are the lanes of the sums; returns the end of these. */
// @ts-ignore: decorator
@inline
function sumPairwise(sums: usize, rows: usize, end: usize): usize {
  const sumsEnd = sums + (end - rows) / LANES
  for (; rows < end; rows += LANES * VECTOR) {
    const r0 = v128.load(rows)
    const r1 = v128.load(rows, VECTOR)
    const r2 = v128.load(rows, 2 * VECTOR)
    const r3 = v128.load(rows, 3 * VECTOR)
    const low = f32x4.add(v128.shuffle<f64>(r0, r1, 0, 2), v128.shuffle<f64>(r0, r1, 1, 3))
    const high = f32x4.add(v128.shuffle<f64>(r2, r3, 0, 2), v128.shuffle<f64>(r2, r3, 1, 3))
    const even = v128.shuffle<f32>(low, high, 0, 2, 4, 6)
    v128.store(sums, f32x4.add(even, v128.shuffle<f32>(low, high, 1, 3, 5, 7)))
    sums += VECTOR
  }
  return sumsEnd
}

/**
 * Σ δ·a over n samples, from the first to the last, for all weights, as from feature panels; returns their end. What is
 * written past the end of one neuron's weights is overwritten by those of the next.
 */
// @ts-ignore: decorator
@inline
function sumInOrder(
  g: usize,
  delta: usize,
  a: usize,
  features: usize,
  nIn: usize,
  nOut: usize,
  n: usize,
): usize {
  let f = features
  for (const end = a + nIn * VECTOR; a < end; a += LANES * VECTOR) {
    transpose<f32>(f, VECTOR, a, a + VECTOR, a + 2 * VECTOR, a + 3 * VECTOR)
    f += LANES * VECTOR
  }
  const rowBytes = nIn * NUMBER
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    f = features
    for (let k: usize = 0; k < rowBytes; k += VECTOR) {
      let sum = f32x4.splat(0)
      for (let s: usize = 0; s < n; ++s) {
        sum = madd<f32>(v128.load32_splat(delta + s * NUMBER), v128.load(f + s * VECTOR), sum)
      }
      v128.store(g + k, sum)
      f += LANES * VECTOR
    }
    g += rowBytes
  }
  return g
}
