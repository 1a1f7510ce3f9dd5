import { VECTOR, lanes, madd, put, splat } from '../simd'

/** Vectors of rows computed at a time: their sums are independent, so fewer additions wait for the one before. */
const VECTORS: usize = 4

/**
 * Pre-activations of a dense layer for one sample, (F1), with neurons as lanes:
 *
 *     z[j] = b[j] + Σₖ w[j][k]·a[k]
 *
 *     z  nOut          overwritten; must not overlap a, w, b
 *     a  nIn           activations of the previous layer
 *     w  nOut × nIn    row-major, (37)
 *     b  nOut
 *
 * A panel with one sample wastes the other lanes: 784-128-10 takes 32 µs in half a panel, 13.5 µs this way. Each sum
 * runs in the order of k, as in a panel, so the bits are the same. Of more than a vector of rows past the last whole
 * group, the group that ends with the last row computes some again, to the same bits: 784-30-10 takes 2.5 µs in place
 * of 4.0.
 */
export function affineOne<T extends number>(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
): void {
  assert(nIn > 0)
  const rowBytes = nIn * sizeof<T>()
  const rows = lanes<T>()
  const group = VECTORS * rows
  let j: usize = 0
  for (; nOut >= group && j + rows < nOut; j += group) {
    j = min(j, nOut - group)
    let p = w + j * rowBytes
    const q = b + j * sizeof<T>()
    let sum0 = v128.load(q)
    let sum1 = v128.load(q, VECTOR)
    let sum2 = v128.load(q, 2 * VECTOR)
    let sum3 = v128.load(q, 3 * VECTOR)
    const next = rows * rowBytes
    let k: usize = 0
    for (; k + rows <= nIn; k += rows) {
      const ak = a + k * sizeof<T>()
      sum0 = square<T>(sum0, p, rowBytes, ak)
      sum1 = square<T>(sum1, p + next, rowBytes, ak)
      sum2 = square<T>(sum2, p + 2 * next, rowBytes, ak)
      sum3 = square<T>(sum3, p + 3 * next, rowBytes, ak)
      p += VECTOR
    }
    for (; k < nIn; ++k) {
      const ak = v128.load_splat<T>(a + k * sizeof<T>())
      sum0 = madd<T>(column<T>(p, rowBytes, rows), ak, sum0)
      sum1 = madd<T>(column<T>(p + next, rowBytes, rows), ak, sum1)
      sum2 = madd<T>(column<T>(p + 2 * next, rowBytes, rows), ak, sum2)
      sum3 = madd<T>(column<T>(p + 3 * next, rowBytes, rows), ak, sum3)
      p += sizeof<T>()
    }
    const target = z + j * sizeof<T>()
    v128.store(target, sum0)
    v128.store(target, sum1, VECTOR)
    v128.store(target, sum2, 2 * VECTOR)
    v128.store(target, sum3, 3 * VECTOR)
  }
  for (; j < nOut; j += rows) {
    const count = min(rows, nOut - j)
    let p = w + j * rowBytes
    let sum = column<T>(b + j * sizeof<T>(), sizeof<T>(), count)
    for (let k: usize = 0; k < nIn; ++k) {
      sum = madd<T>(column<T>(p, rowBytes, count), v128.load_splat<T>(a + k * sizeof<T>()), sum)
      p += sizeof<T>()
    }
    put<T>(z + j * sizeof<T>(), sum, count)
  }
}

/** sum + Σₖ w[·][k]·a[k] over the columns k of one square block of w, in order. */
// @ts-ignore: decorator
@inline
export function square<T extends number>(sum: v128, w: usize, rowBytes: usize, a: usize): v128 {
  const r0 = v128.load(w)
  const r1 = v128.load(w + rowBytes)
  if (sizeof<T>() == 8) {
    sum = madd<T>(v128.shuffle<f64>(r0, r1, 0, 2), v128.load_splat<T>(a), sum)
    return madd<T>(v128.shuffle<f64>(r0, r1, 1, 3), v128.load_splat<T>(a, 8), sum)
  }
  const r2 = v128.load(w + 2 * rowBytes)
  const r3 = v128.load(w + 3 * rowBytes)
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
  sum = madd<T>(v128.shuffle<f64>(low01, low23, 0, 2), v128.load_splat<T>(a), sum)
  sum = madd<T>(v128.shuffle<f64>(low01, low23, 1, 3), v128.load_splat<T>(a, 4), sum)
  sum = madd<T>(v128.shuffle<f64>(high01, high23, 0, 2), v128.load_splat<T>(a, 8), sum)
  return madd<T>(v128.shuffle<f64>(high01, high23, 1, 3), v128.load_splat<T>(a, 12), sum)
}

/** The first n numbers of a column, `stride` bytes apart, n ≤ lanes; the remaining lanes repeat the last one. */
// @ts-ignore: decorator
@inline
export function column<T extends number>(p: usize, stride: usize, n: usize): v128 {
  let v = v128.load_splat<T>(p + (n - 1) * stride)
  if (sizeof<T>() == 8) return n > 1 ? v128.load64_lane(p, v, 0) : v
  if (n > 1) v = v128.load32_lane(p, v, 0)
  if (n > 2) v = v128.load32_lane(p + stride, v, 1)
  if (n > 3) v = v128.load32_lane(p + 2 * stride, v, 2)
  return v
}

/**
 * The errors of a hidden layer for one sample, (52) and (59):
 *
 *     δ[k] = σ′(z[k]) · Σⱼ w[j][k]·δ′[j]
 *
 *     delta      nIn           holds σ′(z), (41); overwritten with ∂C/∂z, and up to one vector past the end
 *     deltaNext  nOut          ∂C/∂z of the next layer
 *     w          nOut × nIn    weights of the next layer, row-major; read up to one vector past the end
 */
export function hiddenDeltaOne<T extends number>(
  delta: usize,
  deltaNext: usize,
  w: usize,
  nIn: usize,
  nOut: usize,
): void {
  const rowBytes = nIn * sizeof<T>()
  let k: usize = 0
  for (; k + 4 * lanes<T>() <= nIn; k += 4 * lanes<T>()) {
    let sum0 = splat<T>(0)
    let sum1 = sum0
    let sum2 = sum0
    let sum3 = sum0
    let p = w + k * sizeof<T>()
    for (let j: usize = 0; j < nOut; ++j) {
      const d = v128.load_splat<T>(deltaNext + j * sizeof<T>())
      sum0 = madd<T>(v128.load(p), d, sum0)
      sum1 = madd<T>(v128.load(p, VECTOR), d, sum1)
      sum2 = madd<T>(v128.load(p, 2 * VECTOR), d, sum2)
      sum3 = madd<T>(v128.load(p, 3 * VECTOR), d, sum3)
      p += rowBytes
    }
    const c = delta + k * sizeof<T>()
    v128.store(c, v128.mul<T>(v128.load(c), sum0))
    v128.store(c, v128.mul<T>(v128.load(c, VECTOR), sum1), VECTOR)
    v128.store(c, v128.mul<T>(v128.load(c, 2 * VECTOR), sum2), 2 * VECTOR)
    v128.store(c, v128.mul<T>(v128.load(c, 3 * VECTOR), sum3), 3 * VECTOR)
  }
  for (; k < nIn; k += lanes<T>()) {
    let sum = splat<T>(0)
    let p = w + k * sizeof<T>()
    for (let j: usize = 0; j < nOut; ++j) {
      sum = madd<T>(v128.load(p), v128.load_splat<T>(deltaNext + j * sizeof<T>()), sum)
      p += rowBytes
    }
    const c = delta + k * sizeof<T>()
    v128.store(c, v128.mul<T>(v128.load(c), sum))
  }
}

/**
 * The weight gradients of `rows` neurons for one sample, (61):
 *
 *     gradW[j][k] = δ[j]·a[k]
 *
 *     gradW  rows × nIn   overwritten, and up to one vector past the end
 *     delta  rows
 *     a      nIn          read up to one vector past the end
 */
export function gradientOne<T extends number>(
  gradW: usize,
  delta: usize,
  a: usize,
  rows: usize,
  nIn: usize,
): void {
  const zero = splat<T>(0)
  const rowBytes = nIn * sizeof<T>()
  for (let j: usize = 0; j < rows; ++j) {
    const d = v128.load_splat<T>(delta + j * sizeof<T>())
    // 0 + δ·a, since sums elsewhere start at 0: −0 becomes 0
    for (let k: usize = 0; k < rowBytes; k += VECTOR) {
      v128.store(gradW + k, madd<T>(d, v128.load(a + k), zero))
    }
    gradW += rowBytes
  }
}

/** The bias gradients of n neurons for one sample, (64): 0 + δ; overwritten, and up to one vector past the end. */
export function biasGradientOne<T extends number>(gradB: usize, delta: usize, n: usize): void {
  const zero = splat<T>(0)
  for (let j: usize = 0; j < n * sizeof<T>(); j += VECTOR) {
    v128.store(gradB + j, v128.add<T>(zero, v128.load(delta + j)))
  }
}
