import { PANEL } from './simd'
import { Tile, tile } from './tile'

/**
 * The error of one panel of a hidden layer, (52) and (59):
 *
 *     δ[k][s] = σ′(z[k][s]) · Σⱼ w[j][k]·δ′[j][s]
 *
 *     delta      nIn × PANEL    holds σ′(z), (41); overwritten with ∂C/∂z
 *     deltaNext  nOut × PANEL   ∂C/∂z of the layer after
 *     w          nOut × nIn     weights of the layer after, row-major; read by columns, (46)
 */
export function hiddenDelta<T extends number>(
  delta: usize,
  deltaNext: usize,
  w: usize,
  nIn: usize,
  nOut: usize,
): void {
  columns<T>(Tile.backward, delta, deltaNext, w, nIn, nOut)
}

/**
 * ∂C/∂a of one panel of a hidden layer, (42)–(45): hiddenDelta without σ′.
 *
 *     dC_da      nIn × PANEL    overwritten
 *     deltaNext  nOut × PANEL   ∂C/∂z of the layer after
 *     w          nOut × nIn     weights of the layer after, row-major; read by columns, (46)
 */
export function hiddenError<T extends number>(
  dC_da: usize,
  deltaNext: usize,
  w: usize,
  nIn: usize,
  nOut: usize,
): void {
  columns<T>(Tile.error, dC_da, deltaNext, w, nIn, nOut)
}

// @ts-ignore: decorator
@inline
function columns<T extends number>(
  kind: Tile,
  delta: usize,
  deltaNext: usize,
  w: usize,
  nIn: usize,
  nOut: usize,
): void {
  assert(nOut > 0)
  const rowBytes = nIn * sizeof<T>()
  let k: usize = 0
  for (; k + 4 <= nIn; k += 4) {
    tile<T>(kind, 4, delta, PANEL, 0, w, rowBytes, deltaNext, nOut)
    delta += 4 * PANEL
    w += 4 * sizeof<T>()
  }
  const left = nIn - k
  if (left == 1) tile<T>(kind, 1, delta, PANEL, 0, w, rowBytes, deltaNext, nOut)
  else if (left == 2) tile<T>(kind, 2, delta, PANEL, 0, w, rowBytes, deltaNext, nOut)
  else if (left == 3) tile<T>(kind, 3, delta, PANEL, 0, w, rowBytes, deltaNext, nOut)
}
