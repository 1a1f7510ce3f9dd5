/** Gradients of up to one vector of samples, f32, in a layer of few neurons: see vector-rows.ts. */
import { usesFeaturePanels } from './gradient'
import { transpose } from '../panels/panel'
import { VECTOR, lanes, madd, splat } from '../simd'

/**
 * The gradients of a layer's weights, (61), and behind them those of its biases, (64), summed over n samples (35), each
 * in the order that it has in panels; returns their end.
 *
 *     gradW[j][k] = Σₛ δ[j][s]·a[k][s]        gradB[j] = Σₛ δ[j][s]
 *
 *     g        nOut·nIn + nOut               gradW, then gradB; overwritten, and up to one vector past the end
 *     delta    nOut × VECTOR                 zero in lanes past n
 *     a        nIn × VECTOR                  read up to three vectors past the end
 *     scratch  (nOut·(nIn + 1) + 3) × VECTOR   overwritten
 *
 * None may overlap another. What is read past an end affects nothing but what is written past one.
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
  const zero = splat<f32>(0)
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    v128.store(terms, v128.add<f32>(zero, v128.load(delta)))
    terms += VECTOR
  }
  return sumPairwise(g, scratch, terms)
}

/** δ·a for all weights in order, a row for each; returns their end. */
// @ts-ignore: decorator
@inline
function products(rows: usize, delta: usize, a: usize, nIn: usize, nOut: usize): usize {
  const zero = splat<f32>(0)
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

/**
 * The sum of each row, as by `sum`, four rows at a time, which are the lanes of the sums; returns the end of these. Rows
 * are read, and sums written, up to the next multiple of four.
 */
// @ts-ignore: decorator
@inline
function sumPairwise(sums: usize, rows: usize, end: usize): usize {
  const sumsEnd = sums + (end - rows) / lanes<f32>()
  for (; rows < end; rows += lanes<f32>() * VECTOR) {
    const r0 = v128.load(rows)
    const r1 = v128.load(rows, VECTOR)
    const r2 = v128.load(rows, 2 * VECTOR)
    const r3 = v128.load(rows, 3 * VECTOR)
    const low = v128.add<f32>(v128.shuffle<f64>(r0, r1, 0, 2), v128.shuffle<f64>(r0, r1, 1, 3))
    const high = v128.add<f32>(v128.shuffle<f64>(r2, r3, 0, 2), v128.shuffle<f64>(r2, r3, 1, 3))
    const even = v128.shuffle<f32>(low, high, 0, 2, 4, 6)
    v128.store(sums, v128.add<f32>(even, v128.shuffle<f32>(low, high, 1, 3, 5, 7)))
    sums += VECTOR
  }
  return sumsEnd
}

/**
 * Σ δ·a over n samples, from the first to the last, for all weights, as from feature panels; returns their end. What is
 * written past the end of one neuron's weights is overwritten by those of the next.
 *
 *     features  ⌈nIn / 4⌉·4 × VECTOR   overwritten with the transpose of a, block by block
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
  for (const end = a + nIn * VECTOR; a < end; a += lanes<f32>() * VECTOR) {
    transpose<f32>(f, VECTOR, a, a + VECTOR, a + 2 * VECTOR, a + 3 * VECTOR)
    f += lanes<f32>() * VECTOR
  }
  const rowBytes = nIn * sizeof<f32>()
  for (const end = delta + nOut * VECTOR; delta < end; delta += VECTOR) {
    f = features
    for (let k: usize = 0; k < rowBytes; k += VECTOR) {
      let sum = splat<f32>(0)
      for (let s: usize = 0; s < n; ++s) {
        sum = madd<f32>(v128.load_splat<f32>(delta + s * sizeof<f32>()), v128.load(f + s * VECTOR), sum)
      }
      v128.store(g + k, sum)
      f += lanes<f32>() * VECTOR
    }
    g += rowBytes
  }
  return g
}
