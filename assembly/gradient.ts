import { PANEL, VECTOR, madd, panelLanes, panelsOf, splat, sum } from './simd'
import { Tile, tile } from './tile'

/** Whether the weight gradients of a layer with nIn inputs are taken from feature panels; fewer inputs than one panel is wide are not worth it. */
export function usesFeaturePanels<T extends number>(nIn: usize): bool {
  return nIn >= panelLanes<T>()
}

/**
 * The weight gradients of `rows` neurons, (61) summed over the samples of all panels (35):
 *
 *     gradW[j][k] = Σₛ delta[j][s]·a[k][s]
 *
 *     gradW     rows × nIn                overwritten, and one PANEL beyond it
 *     delta     panels × nOut × PANEL     from the first of the rows on
 *     a         panels × nIn × PANEL      sample panels; read if nIn is less than a panel's width
 *     features  ⌈nIn / W⌉ × panels·W × PANEL   feature panels of a, W lanes wide; read otherwise
 *     samples                             of which the last panel may hold fewer than W
 */
export function gradient<T extends number>(
  gradW: usize,
  delta: usize,
  a: usize,
  features: usize,
  rows: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  if (!usesFeaturePanels<T>(nIn)) {
    for (let j: usize = 0; j < rows; ++j) {
      for (let k: usize = 0; k < nIn; ++k) {
        store<T>(
          gradW,
          dot<T>(delta + j * PANEL, a + k * PANEL, nOut * PANEL, nIn * PANEL, panelsOf<T>(samples)),
        )
        gradW += sizeof<T>()
      }
    }
    return
  }
  let j: usize = 0
  for (; j + 4 <= rows; j += 4) {
    tiles<T>(4, gradW, delta, features, nIn, nOut, samples)
    gradW += 4 * nIn * sizeof<T>()
    delta += 4 * PANEL
  }
  const left = rows - j
  if (left == 1) tiles<T>(1, gradW, delta, features, nIn, nOut, samples)
  else if (left == 2) tiles<T>(2, gradW, delta, features, nIn, nOut, samples)
  else if (left == 3) tiles<T>(3, gradW, delta, features, nIn, nOut, samples)
}

/**
 * From the last feature panel to the first: what a partial last panel writes beyond the end of a row is the start of the next
 * row, which is written after it.
 */
// @ts-ignore: decorator
@inline
function tiles<T extends number>(
  count: i32,
  gradW: usize,
  delta: usize,
  features: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  const featureBytes = panelsOf<T>(samples) * panelLanes<T>() * PANEL
  const pJump = (nOut - 1) * PANEL
  const cRow = nIn * sizeof<T>()
  for (let f = (nIn - 1) / panelLanes<T>() + 1; f-- > 0;) {
    const q = features + f * featureBytes
    tile<T>(Tile.gradient, count, gradW + f * PANEL, cRow, 0, delta, pJump, q, samples)
  }
}

/**
 * The bias gradients of `rows` neurons, (64) summed over the samples of all panels (35):
 *
 *     gradB[j] = Σₛ delta[j][s]
 *
 *     gradB  rows                    overwritten
 *     delta  panels × nOut × PANEL   from the first of the rows on, zero beyond the last of the samples
 */
export function biasGradient<T extends number>(
  gradB: usize,
  delta: usize,
  rows: usize,
  nOut: usize,
  samples: usize,
): void {
  const panels = panelsOf<T>(samples)
  for (let j: usize = 0; j < rows; ++j) {
    let sum0 = splat<T>(0)
    let sum1 = sum0
    let row = delta + j * PANEL
    for (let p: usize = 0; p < panels; ++p) {
      sum0 = v128.add<T>(sum0, v128.load(row))
      sum1 = v128.add<T>(sum1, v128.load(row, VECTOR))
      row += nOut * PANEL
    }
    store<T>(gradB + j * sizeof<T>(), sum<T>(v128.add<T>(sum0, sum1)))
  }
}

/** Σ x·y over the samples of all panels, the rows of each xPanel and yPanel bytes apart. */
// @ts-ignore: decorator
@inline
function dot<T extends number>(x: usize, y: usize, xPanel: usize, yPanel: usize, panels: usize): T {
  let sum0 = splat<T>(0)
  let sum1 = sum0
  for (let p: usize = 0; p < panels; ++p) {
    sum0 = madd<T>(v128.load(x), v128.load(y), sum0)
    sum1 = madd<T>(v128.load(x, VECTOR), v128.load(y, VECTOR), sum1)
    x += xPanel
    y += yPanel
  }
  return sum<T>(v128.add<T>(sum0, sum1))
}
