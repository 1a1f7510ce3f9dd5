import { packRows } from '../panels/pack'
import { PANEL, VECTOR, madd, panelLanes, panelsOf, splat, sum } from '../simd'
import { ROWS, Tile, tile } from '../panels/tile'

/**
 * Whether the weight gradients of a layer with nIn inputs are computed from feature panels; that is not worth it for
 * fewer inputs than a panel is wide.
 */
export function usesFeaturePanels<T extends number>(nIn: usize): bool {
  return nIn >= panelLanes<T>()
}

/**
 * The weight gradients of `rows` neurons, (61) summed over the samples of all panels (35):
 *
 *     gradW[j][k] = Σₛ delta[j][s]·a[k][s]
 *
 *     gradW     rows × nIn                overwritten, and one PANEL past the end
 *     delta     panels × nOut × PANEL     starting at the first of the rows
 *     a         panels × nIn × PANEL      sample panels; read if nIn is less than a panel's width
 *     features  ⌈nIn / W⌉ × panels·W × PANEL   feature panels of a, W lanes wide; read otherwise
 *     packed    ⌈rows / 4⌉ × panels·W × 4      overwritten
 *     samples                             the last panel may hold fewer than W
 */
export function gradient<T extends number>(
  gradW: usize,
  delta: usize,
  a: usize,
  features: usize,
  packed: usize,
  rows: usize,
  nIn: usize,
  nOut: usize,
  samples: usize,
): void {
  assert(rows > 0 && samples > 0)
  const panels = panelsOf<T>(samples)
  if (!usesFeaturePanels<T>(nIn)) {
    for (let j: usize = 0; j < rows; ++j) {
      for (let k: usize = 0; k < nIn; ++k) {
        store<T>(gradW, dot<T>(delta + j * PANEL, a + k * PANEL, nOut * PANEL, nIn * PANEL, panels))
        gradW += sizeof<T>()
      }
    }
    return
  }
  const packedBytes = panels * panelLanes<T>() * ROWS * sizeof<T>()
  for (let j: usize = 0; j < rows; j += ROWS) {
    packRows<T>(packed + (j / ROWS) * packedBytes, delta + j * PANEL, nOut, panels)
  }
  // From the last feature panel to the first: what a partial last panel writes past the end of a row is the start of
  // the next row, which is written later.
  const featureBytes = panels * panelLanes<T>() * PANEL
  for (let f = (nIn - 1) / panelLanes<T>() + 1; f-- > 0;) {
    featurePanel<T>(gradW + f * PANEL, features + f * featureBytes, packed, packedBytes, rows, nIn, samples)
  }
}

/** The gradients of `rows` neurons with respect to their weights for one feature panel of inputs. */
function featurePanel<T extends number>(
  gradW: usize,
  q: usize,
  packed: usize,
  packedBytes: usize,
  rows: usize,
  nIn: usize,
  samples: usize,
): void {
  const rowBytes = nIn * sizeof<T>()
  for (; rows >= ROWS; rows -= ROWS) {
    tile<T>(Tile.sum, 4, 2, gradW, rowBytes, 0, packed, 0, q, samples)
    gradW += ROWS * rowBytes
    packed += packedBytes
  }
  if (rows == 1) tile<T>(Tile.sum, 1, 2, gradW, rowBytes, 0, packed, 0, q, samples)
  else if (rows == 2) tile<T>(Tile.sum, 2, 2, gradW, rowBytes, 0, packed, 0, q, samples)
  else if (rows == 3) tile<T>(Tile.sum, 3, 2, gradW, rowBytes, 0, packed, 0, q, samples)
}

/**
 * The bias gradients of `rows` neurons, (64) summed over the samples of all panels (35):
 *
 *     gradB[j] = Σₛ delta[j][s]
 *
 *     gradB  rows                    overwritten
 *     delta  panels × nOut × PANEL   starting at the first of the rows; zero past the last sample
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

/** Σ x·y over the samples of all panels; x advances by xPanel bytes per panel, y by yPanel bytes. */
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
