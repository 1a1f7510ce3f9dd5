import { PANEL, VECTOR, get, lanes, panelLanes } from './simd'

/**
 * The sample panel of up to one panel's width of rows:
 *
 *     a[k][s] = x[order[s]][k]
 *
 *     a      width × PANEL   overwritten; lanes past n repeat sample n − 1, so that they stay finite where it does
 *     x      rows × width    row-major, one sample per row
 *     order  n               u32, row numbers
 */
export function gatherSamples<T extends number>(
  a: usize,
  x: usize,
  order: usize,
  n: usize,
  width: usize,
): void {
  assert(n > 0 && n <= panelLanes<T>())
  const half = lanes<T>()
  gatherHalf<T>(a, x, order, n, 0, width)
  if (n > half) gatherHalf<T>(a + VECTOR, x, order, n, half, width)
  else repeatLane<T>(a, n - 1, width)
}

/** One vector's width of samples, from sample `first` on, into the left or the right half of a panel. */
function gatherHalf<T extends number>(
  a: usize,
  x: usize,
  order: usize,
  n: usize,
  first: usize,
  width: usize,
): void {
  let r0 = row<T>(x, order, first, n, width)
  let r1 = row<T>(x, order, first + 1, n, width)
  let r2 = sizeof<T>() == 4 ? row<T>(x, order, first + 2, n, width) : r0
  let r3 = sizeof<T>() == 4 ? row<T>(x, order, first + 3, n, width) : r1
  let k: usize = 0
  for (; k + lanes<T>() <= width; k += lanes<T>()) {
    transpose<T>(a, PANEL, r0, r1, r2, r3)
    a += lanes<T>() * PANEL
    r0 += VECTOR
    r1 += VECTOR
    if (sizeof<T>() == 4) r2 += VECTOR
    if (sizeof<T>() == 4) r3 += VECTOR
  }
  for (; k < width; ++k) {
    store<T>(a, load<T>(r0))
    store<T>(a + sizeof<T>(), load<T>(r1))
    if (sizeof<T>() == 4) store<T>(a + 8, load<T>(r2))
    if (sizeof<T>() == 4) store<T>(a + 12, load<T>(r3))
    a += PANEL
    r0 += sizeof<T>()
    r1 += sizeof<T>()
    r2 += sizeof<T>()
    r3 += sizeof<T>()
  }
}

/** Fills the right half of a panel with the given lane of its left half. */
function repeatLane<T extends number>(a: usize, lane: usize, width: usize): void {
  for (let k: usize = 0; k < width; ++k) {
    v128.store(a, v128.load_splat<T>(a + lane * sizeof<T>()), VECTOR)
    a += PANEL
  }
}

// @ts-ignore: decorator
@inline
function row<T extends number>(x: usize, order: usize, s: usize, n: usize, width: usize): usize {
  return x + <usize>load<u32>(order + min(s, n - 1) * sizeof<u32>()) * width * sizeof<T>()
}

/**
 * The same rows as feature panels: panel f holds, for every sample, features f·W to f·W + W − 1, W being the width of a panel.
 *
 *     features  ⌈width / W⌉ × samples × PANEL   the rows of W samples overwritten; lanes past width are zero
 *     x         rows × width                    row-major, one sample per row
 *     order     n                               u32, row numbers; samples past n repeat sample n − 1
 *     featureBytes                              from one feature panel to the next
 */
export function gatherFeatures<T extends number>(
  features: usize,
  featureBytes: usize,
  x: usize,
  order: usize,
  n: usize,
  width: usize,
): void {
  assert(n > 0 && n <= panelLanes<T>())
  for (let s: usize = 0; s < panelLanes<T>(); ++s) {
    let source = row<T>(x, order, s, n, width)
    let target = features + s * PANEL
    let k: usize = 0
    for (; k + panelLanes<T>() <= width; k += panelLanes<T>()) {
      v128.store(target, v128.load(source))
      v128.store(target, v128.load(source, VECTOR), VECTOR)
      source += PANEL
      target += featureBytes
    }
    if (k < width) {
      const left = width - k
      v128.store(target, get<T>(source, min(left, lanes<T>())))
      v128.store(target, get<T>(source + VECTOR, left > lanes<T>() ? left - lanes<T>() : 0), VECTOR)
    }
  }
}

/**
 * The feature panels of a sample panel: its transpose, block by block.
 *
 *     features  ⌈width / W⌉ × samples × PANEL   the rows of W samples overwritten; lanes past width are zero
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
 * The rows of the first n samples of a panel, the way back to the user:
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
 * The transpose of one square of lanes × lanes numbers: column i of the target is row i of the source.
 *
 *     target  lanes rows, targetRow bytes apart
 *     r0 … r3 one vector each; two of them for f64
 */
// @ts-ignore: decorator
@inline
function transpose<T extends number>(
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
