import { PANEL } from './simd'
import { ROWS, Tile, tile } from './tile'

/** Bytes of weights that stay in the second cache while all panels pass by. */
const BLOCK: usize = 131072

/**
 * Pre-activations of a dense layer, the z of (39), panel by panel:
 *
 *     z[j][s] = b[j] + Σₖ w[j][k]·a[k][s]
 *
 *     z  panels × nOut × PANEL  overwritten; must not overlap a, w, b
 *     a  panels × nIn × PANEL   activations of the layer before, a_h of (38)
 *     w  nOut × nIn             row-major, (37)
 *     b  nOut
 */
export function affine<T extends number>(
  z: usize,
  a: usize,
  w: usize,
  b: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  assert(nIn > 0)
  const rowBytes = nIn * sizeof<T>()
  const blockRows = nOut * rowBytes <= BLOCK ? nOut : max(ROWS, (BLOCK / rowBytes) & ~(ROWS - 1))
  for (let j: usize = 0; j < nOut; j += blockRows) {
    const rows = min(blockRows, nOut - j)
    for (let p: usize = 0; p < panels; ++p) {
      block<T>(
        z + (p * nOut + j) * PANEL,
        a + p * nIn * PANEL,
        w + j * rowBytes,
        b + j * sizeof<T>(),
        nIn,
        rows,
      )
    }
  }
}

/** The same for some rows and one panel. */
function block<T extends number>(z: usize, a: usize, w: usize, b: usize, nIn: usize, rows: usize): void {
  const rowBytes = nIn * sizeof<T>()
  let j: usize = 0
  for (; j + ROWS <= rows; j += ROWS) some<T>(4, z + j * PANEL, a, w + j * rowBytes, b + j * sizeof<T>(), nIn)
  const left = rows - j
  z += j * PANEL
  w += j * rowBytes
  b += j * sizeof<T>()
  if (left == 1) some<T>(1, z, a, w, b, nIn)
  else if (left == 2) some<T>(2, z, a, w, b, nIn)
  else if (left == 3) some<T>(3, z, a, w, b, nIn)
}

// @ts-ignore: decorator
@inline
function some<T extends number>(rows: i32, z: usize, a: usize, w: usize, b: usize, nIn: usize): void {
  tile<T>(Tile.forward, rows, z, PANEL, b, w, nIn * sizeof<T>(), a, nIn)
}
