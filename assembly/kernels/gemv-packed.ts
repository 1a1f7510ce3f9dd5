import { ROWS } from '../panels/tile'
import { VECTOR, lanes, madd } from '../simd'

/**
 * Pre-activations of a dense layer for one sample, (F1), with neurons as lanes:
 *
 *     z[j] = b[j] + Σₖ w[j][k]·a[k]
 *
 *     z  nOut          overwritten, and up to one vector past the end; must not overlap a, w, b
 *     a  nIn           activations of the previous layer
 *     w  nOut × nIn    packed, see IS_PACKED; read up to one vector past the end
 *     b  nOut          read up to four vectors past the end
 *
 * Vectors of w are columns of it already, so nothing is transposed, and four strips are read from their beginnings to
 * their ends: 784 → 512 → 512 takes 67 µs, where a loop that only reads these weights takes 63, and affineOne 94. Each
 * sum runs in the order of k, as there, so the bits are the same.
 */
export function affineOnePacked<T extends number>(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
): void {
  assert(nIn > 0)
  const stripBytes = nIn * ROWS * sizeof<T>()
  const column = ROWS * sizeof<T>()
  const group: usize = 4 * lanes<T>()
  const aEnd = a + nIn * sizeof<T>()
  for (; nOut >= group; nOut -= group) {
    let sum0 = v128.load(b)
    let sum1 = v128.load(b, VECTOR)
    let sum2 = v128.load(b, 2 * VECTOR)
    let sum3 = v128.load(b, 3 * VECTOR)
    // A column of a strip is one vector of f32, two of f64.
    let p0 = w
    let p1 = p0 + stripBytes
    let p2 = p1 + stripBytes
    let p3 = p2 + stripBytes
    for (let ak = a; ak < aEnd; ak += sizeof<T>()) {
      const x = v128.load_splat<T>(ak)
      sum0 = madd<T>(v128.load(p0), x, sum0)
      sum1 = madd<T>(sizeof<T>() == 8 ? v128.load(p0, VECTOR) : v128.load(p1), x, sum1)
      sum2 = madd<T>(sizeof<T>() == 8 ? v128.load(p1) : v128.load(p2), x, sum2)
      sum3 = madd<T>(sizeof<T>() == 8 ? v128.load(p1, VECTOR) : v128.load(p3), x, sum3)
      p0 += column
      p1 += column
      p2 += column
      p3 += column
    }
    v128.store(z, sum0)
    v128.store(z, sum1, VECTOR)
    v128.store(z, sum2, 2 * VECTOR)
    v128.store(z, sum3, 3 * VECTOR)
    z += 4 * VECTOR
    b += 4 * VECTOR
    w += group * nIn * sizeof<T>()
  }
  if (nOut > 0) rest<T>(z, a, w, b, nIn, nOut)
}

/**
 * The same for fewer neurons than four vectors hold, all at a time. Vectors past the last one repeat the first, and are
 * not stored: 784 → 30 takes 2.2 µs, with one vector after another 3.7.
 */
function rest<T extends number>(z: usize, a: usize, w: usize, b: usize, nIn: usize, nOut: usize): void {
  let sum0 = v128.load(b)
  let sum1 = v128.load(b, VECTOR)
  let sum2 = v128.load(b, 2 * VECTOR)
  let sum3 = v128.load(b, 3 * VECTOR)
  let p0 = w
  let p1 = vectorAt<T>(w, 1, nIn, nOut)
  let p2 = vectorAt<T>(w, 2, nIn, nOut)
  let p3 = vectorAt<T>(w, 3, nIn, nOut)
  const column0 = columnBytes<T>(0, nOut)
  const column1 = columnBytes<T>(1, nOut)
  const column2 = columnBytes<T>(2, nOut)
  const column3 = columnBytes<T>(3, nOut)
  for (const aEnd = a + nIn * sizeof<T>(); a < aEnd; a += sizeof<T>()) {
    const x = v128.load_splat<T>(a)
    sum0 = madd<T>(v128.load(p0), x, sum0)
    sum1 = madd<T>(v128.load(p1), x, sum1)
    sum2 = madd<T>(v128.load(p2), x, sum2)
    sum3 = madd<T>(v128.load(p3), x, sum3)
    p0 += column0
    p1 += column1
    p2 += column2
    p3 += column3
  }
  v128.store(z, sum0)
  if (nOut > lanes<T>()) v128.store(z, sum1, VECTOR)
  if (nOut > 2 * lanes<T>()) v128.store(z, sum2, 2 * VECTOR)
  if (nOut > 3 * lanes<T>()) v128.store(z, sum3, 3 * VECTOR)
}

/** The first neuron of the i-th vector, or of the first if there is no such vector. */
// @ts-ignore: decorator
@inline
function neuronOf<T extends number>(i: usize, nOut: usize): usize {
  return i * lanes<T>() < nOut ? i * lanes<T>() : 0
}

/** Where the weights of the i-th vector begin. */
// @ts-ignore: decorator
@inline
function vectorAt<T extends number>(w: usize, i: usize, nIn: usize, nOut: usize): usize {
  const j = neuronOf<T>(i, nOut)
  return w + ((j & ~(ROWS - 1)) * nIn + (j & (ROWS - 1))) * sizeof<T>()
}

/** Bytes of a column of the strip that has them: four numbers, or fewer in the last strip. */
// @ts-ignore: decorator
@inline
function columnBytes<T extends number>(i: usize, nOut: usize): usize {
  return min(ROWS, nOut - (neuronOf<T>(i, nOut) & ~(ROWS - 1))) * sizeof<T>()
}
