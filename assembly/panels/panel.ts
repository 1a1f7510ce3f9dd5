import { PANEL, VECTOR, lanes, panelLanes } from '../simd'

/**
 * The feature panels of a sample panel, which are its transpose, block by block.
 *
 *     features  ⌈width / W⌉ × samples × PANEL   the rows of W samples overwritten; lanes past width zeroed
 *     a         width × PANEL                   one sample panel
 *     featureBytes                              from one feature panel to the next
 */
export function transposePanel<T extends number>(
  features: usize,
  featureBytes: usize,
  a: usize,
  width: usize,
): void {
  let k: usize = 0
  for (; k + panelLanes<T>() <= width; k += panelLanes<T>()) {
    for (let left: usize = 0; left < 2; ++left) {
      for (let top: usize = 0; top < 2; ++top) {
        const r0 = a + top * lanes<T>() * PANEL + left * VECTOR
        transpose<T>(
          features + left * lanes<T>() * PANEL + top * VECTOR,
          PANEL,
          r0,
          r0 + PANEL,
          r0 + 2 * PANEL,
          r0 + 3 * PANEL,
        )
      }
    }
    a += panelLanes<T>() * PANEL
    features += featureBytes
  }
  if (k == width) return
  for (let s: usize = 0; s < panelLanes<T>(); ++s) {
    for (let i: usize = 0; i < panelLanes<T>(); ++i) {
      const value = k + i < width ? load<T>(a + i * PANEL + s * sizeof<T>()) : <T>0
      store<T>(features + s * PANEL + i * sizeof<T>(), value)
    }
  }
}

/**
 * Scatters the first n samples of a panel back into rows for the user:
 *
 *     y[s][j] = a[j][s]
 *
 *     y  n × width       row-major, overwritten
 *     a  width × PANEL
 */
export function scatterSamples<T extends number>(y: usize, a: usize, n: usize, width: usize): void {
  for (let s: usize = 0; s < n; ++s) {
    for (let j: usize = 0; j < width; ++j) {
      store<T>(y, load<T>(a + j * PANEL + s * sizeof<T>()))
      y += sizeof<T>()
    }
  }
}

/**
 * Transposes one square block of lanes × lanes numbers: column i of the target is row i of the source.
 *
 *     target  lanes rows, targetRow bytes apart
 *     r0 … r3 one vector each; only r0 and r1 for f64
 */
// @ts-ignore: decorator
@inline
export function transpose<T extends number>(
  target: usize,
  targetRow: usize,
  r0: usize,
  r1: usize,
  r2: usize,
  r3: usize,
): void {
  const v0 = v128.load(r0)
  const v1 = v128.load(r1)
  if (sizeof<T>() == 8) {
    v128.store(target, v128.shuffle<f64>(v0, v1, 0, 2))
    v128.store(target + targetRow, v128.shuffle<f64>(v0, v1, 1, 3))
    return
  }
  const v2 = v128.load(r2)
  const v3 = v128.load(r3)
  const low01 = v128.shuffle<f32>(v0, v1, 0, 4, 1, 5)
  const low23 = v128.shuffle<f32>(v2, v3, 0, 4, 1, 5)
  const high01 = v128.shuffle<f32>(v0, v1, 2, 6, 3, 7)
  const high23 = v128.shuffle<f32>(v2, v3, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2))
  v128.store(target + targetRow, v128.shuffle<f64>(low01, low23, 1, 3))
  v128.store(target + 2 * targetRow, v128.shuffle<f64>(high01, high23, 0, 2))
  v128.store(target + 3 * targetRow, v128.shuffle<f64>(high01, high23, 1, 3))
}
