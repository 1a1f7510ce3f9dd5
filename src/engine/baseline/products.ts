/**
 * The three matrix products of the derivation, for one sample, and for four where that pays. Activations and errors
 * are Float64Array in both precisions, so that only `w`, `b` and the gradients vary in type: a process that has run
 * both precisions is then 1.2× slower here, and 1.7× slower in the gradient of a single sample (Node 20).
 */
import type { Floats } from '../../base/floats.js'

/**
 * Pre-activations of a layer (F1):
 *
 *     z[j] = b[j] + Σₖ w[j][k]·a[k]
 *
 *     z  nOut         overwritten
 *     a  nIn          activations of the layer before
 *     w  nOut × nIn   row-major
 *     b  nOut
 *
 * Four rows share each a[k]: 1.5 multiply-adds per ns on 784 → 128, compared with 1.0 for row by row with four
 * partial sums.
 */
export function affine(z: Float64Array, a: Float64Array, w: Floats, b: Floats): void {
  const nIn = a.length
  const nOut = z.length
  let j = 0
  for (; j + 4 <= nOut; j += 4) {
    const row0 = j * nIn
    const row1 = row0 + nIn
    const row2 = row1 + nIn
    const row3 = row2 + nIn
    let z0 = b[j]
    let z1 = b[j + 1]
    let z2 = b[j + 2]
    let z3 = b[j + 3]
    for (let k = 0; k < nIn; ++k) {
      const ak = a[k]
      z0 += w[row0 + k] * ak
      z1 += w[row1 + k] * ak
      z2 += w[row2 + k] * ak
      z3 += w[row3 + k] * ak
    }
    z[j] = z0
    z[j + 1] = z1
    z[j + 2] = z2
    z[j + 3] = z3
  }
  for (; j < nOut; ++j) {
    const row = j * nIn
    let zj = b[j]
    for (let k = 0; k < nIn; ++k) zj += w[row + k] * a[k]
    z[j] = zj
  }
}

/** affine with each product and each sum rounded to f32, in the order of assembly/panels/tile.ts. */
export function affine32(z: Float64Array, a: Float64Array, w: Floats, b: Floats): void {
  for (let j = 0; j < z.length; ++j) {
    const row = j * a.length
    let zj = b[j]
    for (let k = 0; k < a.length; ++k) zj = Math.fround(zj + Math.fround(w[row + k] * a[k]))
    z[j] = zj
  }
}

/**
 * ∂C/∂a of a hidden layer (42)–(45), row by row of w, so that w is read in order:
 *
 *     dC_da[k] = Σⱼ w[j][k]·δ′[j]
 *
 *     dC_da      nIn          overwritten
 *     deltaNext  nOut         ∂C/∂z of the layer after
 *     w          nOut × nIn   weights of the layer after, row-major
 */
export function hiddenError(dC_da: Float64Array, deltaNext: Float64Array, w: Floats): void {
  const nIn = dC_da.length
  const nOut = deltaNext.length
  for (let k = 0; k < nIn; ++k) dC_da[k] = 0
  let j = 0
  for (; j + 4 <= nOut; j += 4) {
    const row0 = j * nIn
    const row1 = row0 + nIn
    const row2 = row1 + nIn
    const row3 = row2 + nIn
    const d0 = deltaNext[j]
    const d1 = deltaNext[j + 1]
    const d2 = deltaNext[j + 2]
    const d3 = deltaNext[j + 3]
    for (let k = 0; k < nIn; ++k) {
      dC_da[k] += d0 * w[row0 + k] + d1 * w[row1 + k] + d2 * w[row2 + k] + d3 * w[row3 + k]
    }
  }
  for (; j < nOut; ++j) {
    const row = j * nIn
    const dj = deltaNext[j]
    for (let k = 0; k < nIn; ++k) dC_da[k] += dj * w[row + k]
  }
}

/** ∂C/∂z of a hidden layer (52), (59): δ[k] = σ′(z[k])·Σⱼ w[j][k]·δ′[j], shapes as in hiddenError. */
export function hiddenDelta(
  delta: Float64Array,
  sigmaPrime: Float64Array,
  deltaNext: Float64Array,
  w: Floats,
): void {
  hiddenError(delta, deltaNext, w)
  for (let k = 0; k < delta.length; ++k) delta[k] *= sigmaPrime[k]
}

/**
 * Gradients of a layer for one sample (61), (64):
 *
 *     gradW[j][k] += δ[j]·a[k]      gradB[j] += δ[j]
 *
 *     gradW  nOut × nIn   row-major
 *     gradB  nOut
 *     delta  nOut         ∂C/∂z
 *     a      nIn          activations of the layer before
 */
export function addGradient(gradW: Floats, gradB: Floats, delta: Float64Array, a: Float64Array): void {
  const nIn = a.length
  const nOut = delta.length
  for (let j = 0; j < nOut; ++j) {
    const row = j * nIn
    const dj = delta[j]
    let k = 0
    for (; k + 4 <= nIn; k += 4) {
      gradW[row + k] += dj * a[k]
      gradW[row + k + 1] += dj * a[k + 1]
      gradW[row + k + 2] += dj * a[k + 2]
      gradW[row + k + 3] += dj * a[k + 3]
    }
    for (; k < nIn; ++k) gradW[row + k] += dj * a[k]
    gradB[j] += dj
  }
}

/**
 * addGradient for four samples (35), delta[s] and a[s], s = 0…3. Each sum is loaded and stored once for four
 * samples: 1.4 multiply-adds per ns on 784 → 128, compared with 0.85 one sample at a time.
 */
export function addGradient4(
  gradW: Floats,
  gradB: Floats,
  delta: readonly Float64Array[],
  a: readonly Float64Array[],
): void {
  const [delta0, delta1, delta2, delta3] = delta
  const [a0, a1, a2, a3] = a
  const nIn = a0.length
  const nOut = delta0.length
  for (let j = 0; j < nOut; ++j) {
    const row = j * nIn
    const d0 = delta0[j]
    const d1 = delta1[j]
    const d2 = delta2[j]
    const d3 = delta3[j]
    for (let k = 0; k < nIn; ++k) {
      gradW[row + k] += d0 * a0[k] + d1 * a1[k] + d2 * a2[k] + d3 * a3[k]
    }
    gradB[j] += d0 + d1 + d2 + d3
  }
}
