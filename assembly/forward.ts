import { PANEL } from './simd'
import { Tile, tile } from './tile'

/**
 * Pre-activations of one panel of a dense layer, the z of (39):
 *
 *     z[j][s] = b[j] + Σₖ w[j][k]·a[k][s]
 *
 *     z  nOut × PANEL  overwritten; must not overlap a, w, b
 *     a  nIn × PANEL   activations of the layer before, a_h of (38)
 *     w  nOut × nIn    row-major, (37)
 *     b  nOut
 */
export function affine<T extends number>(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
): void {
  assert(nIn > 0)
  const rowBytes = nIn * sizeof<T>()
  let j: usize = 0
  for (; j + 4 <= nOut; j += 4) rows<T>(4, z + j * PANEL, a, w + j * rowBytes, b + j * sizeof<T>(), nIn)
  const left = nOut - j
  z += j * PANEL
  w += j * rowBytes
  b += j * sizeof<T>()
  if (left == 1) rows<T>(1, z, a, w, b, nIn)
  else if (left == 2) rows<T>(2, z, a, w, b, nIn)
  else if (left == 3) rows<T>(3, z, a, w, b, nIn)
}

// @ts-ignore: decorator
@inline
function rows<T extends number>(count: i32, z: usize, a: usize, w: usize, b: usize, nIn: usize): void {
  tile<T>(Tile.forward, count, z, PANEL, b, w, nIn * sizeof<T>(), a, nIn)
}
