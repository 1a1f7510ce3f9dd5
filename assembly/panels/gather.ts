import { transpose } from './panel'
import { PANEL, VECTOR, get, lanes, panelLanes } from '../simd'

/**
 * Gathers up to one panel's width of rows into a sample panel:
 *
 *     a[k][s] = x[order[s]][k]
 *
 *     a      width × PANEL   overwritten; lanes past n repeat sample n − 1, so that they stay finite whenever it does
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

/** Gathers one vector's width of samples, from sample `first` on, into the left or right half of a panel. */
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
 * Gathers the same rows into feature panels: panel f holds, for every sample, features f·W to f·W + W − 1, where W is
 * the width of a panel.
 *
 *     features  ⌈width / W⌉ × samples × PANEL   the rows of W samples overwritten; lanes past width zeroed
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
