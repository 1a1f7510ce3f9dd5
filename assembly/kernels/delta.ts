import { lineColumns, packColumns } from '../panels/pack'
import { PANEL } from '../simd'
import { ROWS, Tile, tile } from '../panels/tile'

/**
 * The errors of a hidden layer, (52) and (59), panel by panel:
 *
 *     δ[k][s] = σ′(z[k][s]) · Σⱼ w[j][k]·δ′[j][s]
 *
 *     delta      panels × nIn × PANEL    holds σ′(z), (41); overwritten with ∂C/∂z
 *     deltaNext  panels × nOut × PANEL   ∂C/∂z of the next layer
 *     w          nOut × nIn              weights of the next layer, row-major; read by columns, (46)
 *     packed     nOut × 64 bytes         overwritten
 */
export function hiddenDelta<T extends number>(
  delta: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  columns<T>(Tile.backward, delta, deltaNext, w, packed, nIn, nOut, panels)
}

/**
 * ∂C/∂a of a hidden layer, (42)–(45): hiddenDelta without σ′.
 *
 *     dC_da      panels × nIn × PANEL    overwritten
 *     deltaNext  panels × nOut × PANEL   ∂C/∂z of the next layer
 *     w          nOut × nIn              weights of the next layer, row-major; read by columns, (46)
 *     packed     nOut × 64 bytes         overwritten
 */
export function hiddenError<T extends number>(
  dC_da: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  columns<T>(Tile.sum, dC_da, deltaNext, w, packed, nIn, nOut, panels)
}

// @ts-ignore: decorator
@inline
function columns<T extends number>(
  kind: Tile,
  delta: usize,
  deltaNext: usize,
  w: usize,
  packed: usize,
  nIn: usize,
  nOut: usize,
  panels: usize,
): void {
  assert(nOut > 0)
  for (let k: usize = 0; k < nIn; k += lineColumns<T>()) {
    const count = min(lineColumns<T>(), nIn - k)
    packColumns<T>(packed, w + k * sizeof<T>(), nIn * sizeof<T>(), count, nOut)
    for (let p: usize = 0; p < panels; ++p) {
      line<T>(kind, delta + (p * nIn + k) * PANEL, deltaNext + p * nOut * PANEL, packed, count, nOut)
    }
  }
}

/** The errors of up to one cache line of columns, for one panel. */
// @ts-ignore: decorator
@inline
function line<T extends number>(
  kind: Tile,
  delta: usize,
  deltaNext: usize,
  packed: usize,
  count: usize,
  nOut: usize,
): void {
  const packedBytes = nOut * ROWS * sizeof<T>()
  for (; count >= ROWS; count -= ROWS) {
    tile<T>(kind, 4, 2, delta, PANEL, 0, packed, 0, deltaNext, nOut)
    delta += ROWS * PANEL
    packed += packedBytes
  }
  if (count == 1) tile<T>(kind, 1, 2, delta, PANEL, 0, packed, 0, deltaNext, nOut)
  else if (count == 2) tile<T>(kind, 2, 2, delta, PANEL, 0, packed, 0, deltaNext, nOut)
  else if (count == 3) tile<T>(kind, 3, 2, delta, PANEL, 0, packed, 0, deltaNext, nOut)
}
