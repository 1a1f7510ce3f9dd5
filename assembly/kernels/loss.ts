import { binaryCrossEntropy, categoricalCrossEntropy } from './cross-entropy'
import { PANEL, VECTOR, lanes, lanesBefore, madd, panelLanes, select, sign, splat } from '../simd'
import { softmaxDelta } from './softmax'

/** The numbers TypeScript uses for losses; src/definition/losses.ts lists the names in this order. */
export enum Loss {
  halfSquared,
  meanAbsolute,
  huber,
  binaryCrossEntropy,
  categoricalCrossEntropy,
}

/**
 * Whether a loss is computed from z together with its output activation, so that it neither overflows nor loses its
 * gradient.
 */
export function isFused(loss: Loss): bool {
  return loss == Loss.binaryCrossEntropy || loss == Loss.categoricalCrossEntropy
}

/**
 * Loss and error of the output layer for one panel, (33) and (60):
 *
 *     losses[s] = C(y[·][s], a[·][s])        delta[j][s] = ∂C/∂a[j][s] · σ′(z[j][s])
 *
 *     losses  1 × PANEL     overwritten; zero in lanes past n
 *     delta   nOut × PANEL  holds σ′(z), or z for a fused loss; overwritten with ∂C/∂z, zero in lanes past n.
 *                           With softmax and a loss that is not fused: overwritten with ∂C/∂z too, whatever it held
 *     a       nOut × PANEL  outputs o
 *     y       nOut × PANEL  targets
 *     n                     samples in the panel
 */
export function outputDelta<T extends number>(
  loss: Loss,
  isSoftmax: bool,
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  n: usize,
  nOut: usize,
): void {
  assert(n > 0 && n <= panelLanes<T>())
  const used = n > lanes<T>() ? PANEL : VECTOR
  for (let half: usize = 0; half < used; half += VECTOR) {
    switch (loss) {
      case Loss.halfSquared:
        elementwise<T>(Loss.halfSquared, isSoftmax, losses + half, delta + half, a + half, y + half, nOut)
        break
      case Loss.meanAbsolute:
        elementwise<T>(Loss.meanAbsolute, isSoftmax, losses + half, delta + half, a + half, y + half, nOut)
        break
      case Loss.huber:
        elementwise<T>(Loss.huber, isSoftmax, losses + half, delta + half, a + half, y + half, nOut)
        break
      case Loss.binaryCrossEntropy:
        binaryCrossEntropy<T>(losses + half, delta + half, a + half, y + half, nOut)
        break
      case Loss.categoricalCrossEntropy:
        categoricalCrossEntropy<T>(losses + half, delta + half, a + half, y + half, nOut)
        break
      default:
        assert(false)
    }
    if (isSoftmax && !isFused(loss)) softmaxDelta<T>(delta + half, a + half, nOut)
  }
  if (n < panelLanes<T>()) {
    clearLanes<T>(losses, 1, n)
    clearLanes<T>(delta, nOut, n)
  }
}

/**
 * Losses that sum a function of d = o − y over the outputs; (33) is ½d², and its derivative, a factor in (56), is d.
 */
// @ts-ignore: decorator
@inline
function elementwise<T extends number>(
  loss: Loss,
  isSoftmax: bool,
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  nOut: usize,
): void {
  const one = splat<T>(1)
  const half = splat<T>(0.5)
  let total = splat<T>(0)
  for (const end = a + nOut * PANEL; a < end; a += PANEL) {
    const d = v128.sub<T>(v128.load(a), v128.load(y))
    const size = v128.abs<T>(d)
    let dC_da = d
    if (loss == Loss.halfSquared) {
      total = madd<T>(v128.mul<T>(half, d), d, total)
    } else if (loss == Loss.meanAbsolute) {
      total = v128.add<T>(total, size)
      dC_da = sign<T>(d)
    } else if (loss == Loss.huber) {
      // ½d² within ±1, |d| − ½ beyond
      const quadratic = v128.mul<T>(v128.mul<T>(half, d), d)
      const near = v128.lt<T>(size, one)
      total = v128.add<T>(total, select(quadratic, v128.sub<T>(size, half), near))
      dC_da = select(d, sign<T>(d), near)
    } else {
      unreachable()
    }
    v128.store(delta, isSoftmax ? dC_da : v128.mul<T>(dC_da, v128.load(delta)))
    y += PANEL
    delta += PANEL
  }
  v128.store(losses, total)
}

/** Zeroes the lanes from n on in `rows` rows of a panel: samples that do not exist have no error and no loss. */
function clearLanes<T extends number>(panel: usize, rows: usize, n: usize): void {
  const left = lanesBefore<T>(<f64>n)
  const right = lanesBefore<T>(<f64>n - <f64>lanes<T>())
  for (const end = panel + rows * PANEL; panel < end; panel += PANEL) {
    v128.store(panel, v128.and(v128.load(panel), left))
    v128.store(panel, v128.and(v128.load(panel, VECTOR), right), VECTOR)
  }
}
