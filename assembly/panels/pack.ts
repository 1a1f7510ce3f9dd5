import { transpose } from './panel'
import { PANEL, VECTOR, lanes } from '../simd'
import { ROWS } from './tile'

/** Bytes of a cache line. */
export const CACHE_LINE: usize = 64

/** Number of columns of w that share a cache line. */
// @ts-ignore: decorator
@inline
export function lineColumns<T extends number>(): usize {
  return CACHE_LINE / sizeof<T>()
}

/**
 * Packs up to one cache line of columns of w into strips of four columns side by side:
 *
 *     packed[i / 4][j][i % 4] = w[j][i]
 *
 *     packed   ⌈columns / 4⌉ × n × 4   overwritten; the last strip is padded with whatever follows in the row
 *     w        n × …                   starting at the first of the columns, rowBytes from row to row; read up to a
 *                                      multiple of four columns
 *     columns                          at most lineColumns
 *
 * A column of w touches one cache line per number, and when rows are a multiple of 4 KB apart, all of those lines fall
 * into the same cache set. So each line is read once, in full.
 */
export function packColumns<T extends number>(
  packed: usize,
  w: usize,
  rowBytes: usize,
  columns: usize,
  n: usize,
): void {
  assert(columns > 0 && columns <= lineColumns<T>())
  const strip = ROWS * sizeof<T>()
  const packedBytes = n * strip
  if (columns == lineColumns<T>()) {
    for (const end = packed + packedBytes; packed < end; packed += strip) {
      let target = packed
      for (let i: usize = 0; i < CACHE_LINE; i += 2 * VECTOR) {
        v128.store(target, v128.load(w + i))
        if (sizeof<T>() == 4) v128.store(target + packedBytes, v128.load(w + i, VECTOR))
        else v128.store(target, v128.load(w + i, VECTOR), VECTOR)
        target += sizeof<T>() == 4 ? 2 * packedBytes : packedBytes
      }
      w += rowBytes
    }
    return
  }
  for (let i: usize = 0; i < columns; i += ROWS) {
    let row = w + i * sizeof<T>()
    for (const end = packed + packedBytes; packed < end; packed += strip) {
      v128.store(packed, v128.load(row))
      if (sizeof<T>() == 8) v128.store(packed, v128.load(row, VECTOR), VECTOR)
      row += rowBytes
    }
  }
}

/**
 * Packs four rows of sample panels, sample by sample:
 *
 *     packed[s][i] = delta[i][s]
 *
 *     packed  panels·W × 4             overwritten; W lanes are the width of a panel
 *     delta   panels × nOut × PANEL    starting at the first of the rows; four are read, even if the panel ends earlier
 */
export function packRows<T extends number>(packed: usize, delta: usize, nOut: usize, panels: usize): void {
  assert(panels > 0)
  const strip = ROWS * sizeof<T>()
  for (let p: usize = 0; p < panels; ++p) {
    for (let half: usize = 0; half < PANEL; half += VECTOR) {
      const r0 = delta + half
      transpose<T>(packed, strip, r0, r0 + PANEL, r0 + 2 * PANEL, r0 + 3 * PANEL)
      if (sizeof<T>() == 8) {
        transpose<T>(packed + VECTOR, strip, r0 + 2 * PANEL, r0 + 3 * PANEL, 0, 0)
      }
      packed += lanes<T>() * strip
    }
    delta += nOut * PANEL
  }
}
