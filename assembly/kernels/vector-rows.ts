/**
 * Up to one vector of samples, f32, in layers of few neurons. Rows are like those of a sample panel, but one vector
 * wide: row k holds the k-th number of every sample. The bits are those of panels, also where products are fused.
 */
import { Activation, derivative, inner, value } from './activation'
import { PANEL, VECTOR, madd, splat } from '../simd'

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
    x0 += sizeof<f32>()
    x1 += sizeof<f32>()
    x2 += sizeof<f32>()
    x3 += sizeof<f32>()
  }
}

// @ts-ignore: decorator
@inline
function sampleAt(x: usize, order: usize, s: usize, n: usize, width: usize): usize {
  return x + <usize>load<u32>(order + min(s, n - 1) * sizeof<u32>()) * width * sizeof<f32>()
}

/**
 * Pre-activations, (F1), as `affine` computes them in panels:
 *
 *     z[j][s] = b[j] + Σₖ w[j][k]·a[k][s]
 *
 *     z  nOut × VECTOR   overwritten; must not overlap a, w, b
 *     a  nIn × VECTOR
 *     w  nOut × nIn      row-major, (37)
 *     b  nOut
 */
// @ts-ignore: decorator
@inline
export function affineRows(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  const aEnd = a + nIn * VECTOR
  for (const end = z + nOut * VECTOR; z < end; z += VECTOR) {
    let sum = v128.load_splat<f32>(b)
    for (let p = a; p < aEnd; p += VECTOR) {
      sum = madd<f32>(v128.load_splat<f32>(w), v128.load(p), sum)
      w += sizeof<f32>()
    }
    v128.store(z, sum)
    b += sizeof<f32>()
  }
}

/**
 * Pre-activations and what `activate` makes of them, (F1), (F2) and (41), of two neurons at a time:
 *
 *     a[j][s] = σ(z[j][s])        sigmaPrime[j][s] = σ′(z[j][s])
 *
 *     a           nOut × VECTOR   overwritten, and for an odd nOut one vector more; must not overlap the others
 *     sigmaPrime  nOut × VECTOR   the same
 *     input       nIn × VECTOR
 *     w           nOut × nIn      row-major, (37); for an odd nOut one row more is read
 *     b           nOut            for an odd nOut one number more is read
 */
// @ts-ignore: decorator
@inline
export function activatedRows(
  activation: Activation,
  a: usize,
  sigmaPrime: usize,
  input: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
): void {
  const none = splat<f32>(0)
  const rowBytes = nIn * sizeof<f32>()
  const inputEnd = input + nIn * VECTOR
  for (const end = a + nOut * VECTOR; a < end; a += PANEL) {
    let z0 = v128.load_splat<f32>(b)
    let z1 = v128.load_splat<f32>(b, sizeof<f32>())
    for (let p = input; p < inputEnd; p += VECTOR) {
      const x = v128.load(p)
      z0 = madd<f32>(v128.load_splat<f32>(w), x, z0)
      z1 = madd<f32>(v128.load_splat<f32>(w + rowBytes), x, z1)
      w += sizeof<f32>()
    }
    const u0 = inner<f32>(activation, z0)
    const u1 = inner<f32>(activation, z1)
    v128.store(a, value<f32>(activation, z0, u0, none))
    v128.store(a, value<f32>(activation, z1, u1, none), VECTOR)
    v128.store(sigmaPrime, derivative<f32>(activation, z0, u0, none))
    v128.store(sigmaPrime, derivative<f32>(activation, z1, u1, none), VECTOR)
    w += rowBytes
    b += 2 * sizeof<f32>()
    sigmaPrime += PANEL
  }
}

/**
 * The errors of a hidden layer, (52) and (59), as `hiddenDelta` computes them in panels:
 *
 *     δ[k][s] = σ′(z[k][s]) · Σⱼ w[j][k]·δ′[j][s]
 *
 *     delta      nIn × VECTOR    holds σ′(z), (41); overwritten with ∂C/∂z; must not overlap the others
 *     deltaNext  nOut × VECTOR   δ′, ∂C/∂z of the next layer
 *     w          nOut × nIn      weights of the next layer, row-major
 */
// @ts-ignore: decorator
@inline
export function hiddenDeltaRows(delta: usize, deltaNext: usize, w: usize, nIn: usize, nOut: usize): void {
  const rowBytes = nIn * sizeof<f32>()
  const deltaEnd = deltaNext + nOut * VECTOR
  for (const end = w + rowBytes; w < end; w += sizeof<f32>()) {
    let sum = splat<f32>(0)
    let p = w
    for (let d = deltaNext; d < deltaEnd; d += VECTOR) {
      sum = madd<f32>(v128.load_splat<f32>(p), v128.load(d), sum)
      p += rowBytes
    }
    v128.store(delta, v128.mul<f32>(v128.load(delta), sum))
    delta += VECTOR
  }
}
