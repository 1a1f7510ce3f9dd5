/**
 * Up to one vector of samples in a layer of few neurons. Rows are like those of a sample panel, but one vector wide:
 * row k holds the k-th number of every sample. The bits are those of a panel.
 */
import { VECTOR, lanes, madd, splat } from '../simd'

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
export function gatherRows<T extends number>(
  rows: usize,
  x: usize,
  order: usize,
  n: usize,
  width: usize,
): void {
  let x0 = sampleAt<T>(x, order, 0, n, width)
  let x1 = sampleAt<T>(x, order, 1, n, width)
  let x2 = sizeof<T>() == 4 ? sampleAt<T>(x, order, 2, n, width) : x0
  let x3 = sizeof<T>() == 4 ? sampleAt<T>(x, order, 3, n, width) : x0
  for (const end = rows + width * VECTOR; rows < end; rows += VECTOR) {
    let v: v128
    if (sizeof<T>() == 8) {
      v = v128.load64_lane(x1, v128.load64_zero(x0), 1)
    } else {
      v = v128.load32_lane(x1, v128.load32_zero(x0), 1)
      v = v128.load32_lane(x3, v128.load32_lane(x2, v, 2), 3)
    }
    v128.store(rows, v)
    x0 += sizeof<T>()
    x1 += sizeof<T>()
    x2 += sizeof<T>()
    x3 += sizeof<T>()
  }
}

// @ts-ignore: decorator
@inline
function sampleAt<T extends number>(x: usize, order: usize, s: usize, n: usize, width: usize): usize {
  return x + <usize>load<u32>(order + min(s, n - 1) * sizeof<u32>()) * width * sizeof<T>()
}

/** Pre-activations, (F1), as affine computes them in panels. */
// @ts-ignore: decorator
@inline
export function affineRows<T extends number>(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
): void {
  const aEnd = a + nIn * VECTOR
  for (const end = z + nOut * VECTOR; z < end; z += VECTOR) {
    let sum = v128.load_splat<T>(b)
    for (let p = a; p < aEnd; p += VECTOR) {
      sum = madd<T>(v128.load_splat<T>(w), v128.load(p), sum)
      w += sizeof<T>()
    }
    v128.store(z, sum)
    b += sizeof<T>()
  }
}

/** The errors of a hidden layer, (52) and (59), as hiddenDelta computes them in panels. */
// @ts-ignore: decorator
@inline
export function hiddenDeltaRows<T extends number>(
  delta: usize,
  deltaNext: usize,
  w: usize,
  nIn: usize,
  nOut: usize,
): void {
  const rowBytes = nIn * sizeof<T>()
  const deltaEnd = deltaNext + nOut * VECTOR
  for (const end = w + rowBytes; w < end; w += sizeof<T>()) {
    let sum = splat<T>(0)
    let p = w
    for (let d = deltaNext; d < deltaEnd; d += VECTOR) {
      sum = madd<T>(v128.load_splat<T>(p), v128.load(d), sum)
      p += rowBytes
    }
    v128.store(delta, v128.mul<T>(v128.load(delta), sum))
    delta += VECTOR
  }
}

/**
 * The products of which (61) is the sum over samples, for all weights in order; returns their end.
 *
 *     products  nOut·nIn × VECTOR   overwritten
 */
// @ts-ignore: decorator
@inline
export function productRows<T extends number>(
  products: usize,
  delta: usize,
  a: usize,
  nIn: usize,
  nOut: usize,
): usize {
  const zero = splat<T>(0)
  const aEnd = a + nIn * VECTOR
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    const d = v128.load(delta)
    for (let p = a; p < aEnd; p += VECTOR) {
      v128.store(products, madd<T>(d, v128.load(p), zero))
      products += VECTOR
    }
  }
  return products
}

/** The terms of which (64) is the sum over samples, 0 + δ; returns their end. */
// @ts-ignore: decorator
@inline
export function errorRows<T extends number>(terms: usize, delta: usize, nOut: usize): usize {
  const zero = splat<T>(0)
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    v128.store(terms, v128.add<T>(zero, v128.load(delta)))
    terms += VECTOR
  }
  return terms
}

/**
 * The sums of rows, side by side, (35): each pairwise as by `sum`, or from the first sample to the last. As many rows
 * at a time as a vector has lanes, so that the lanes of the sums are the rows.
 *
 *     sums   overwritten, and up to one vector past the end; returns that end
 *     begin  the first row
 *     end    of the last row
 */
// @ts-ignore: decorator
@inline
export function sumRows<T extends number>(sums: usize, begin: usize, end: usize, pairwise: bool): usize {
  const sumsEnd = sums + ((end - begin) / VECTOR) * sizeof<T>()
  for (; begin < end; begin += VECTOR * lanes<T>()) {
    v128.store(sums, sumOf<T>(begin, pairwise))
    sums += VECTOR
  }
  return sumsEnd
}

// @ts-ignore: decorator
@inline
function sumOf<T extends number>(rows: usize, pairwise: bool): v128 {
  const r0 = v128.load(rows)
  const r1 = v128.load(rows, VECTOR)
  if (sizeof<T>() == 8) {
    return v128.add<T>(v128.shuffle<f64>(r0, r1, 0, 2), v128.shuffle<f64>(r0, r1, 1, 3))
  }
  const r2 = v128.load(rows, 2 * VECTOR)
  const r3 = v128.load(rows, 3 * VECTOR)
  if (pairwise) {
    const low = v128.add<T>(v128.shuffle<f64>(r0, r1, 0, 2), v128.shuffle<f64>(r0, r1, 1, 3))
    const high = v128.add<T>(v128.shuffle<f64>(r2, r3, 0, 2), v128.shuffle<f64>(r2, r3, 1, 3))
    return v128.add<T>(v128.shuffle<f32>(low, high, 0, 2, 4, 6), v128.shuffle<f32>(low, high, 1, 3, 5, 7))
  }
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
  let sum = v128.add<T>(v128.shuffle<f64>(low01, low23, 0, 2), v128.shuffle<f64>(low01, low23, 1, 3))
  sum = v128.add<T>(sum, v128.shuffle<f64>(high01, high23, 0, 2))
  return v128.add<T>(sum, v128.shuffle<f64>(high01, high23, 1, 3))
}
