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
  outputDeltaOf<T>(loss, isSoftmax, losses, delta, a, y, nOut, PANEL, used)
  if (n < panelLanes<T>()) {
    clearLanes<T>(losses, 1, n)
    clearLanes<T>(delta, nOut, n)
  }
}

/** The same for vectors of samples, all of them used; of two neurons they are `row` bytes apart, and take `used` of them. */
export function outputDeltaOf<T extends number>(
  loss: Loss,
  isSoftmax: bool,
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  nOut: usize,
  row: usize,
  used: usize,
): void {
  for (const end = a + used; a < end; a += VECTOR) {
    switch (loss) {
      case Loss.halfSquared:
        elementwise<T>(Loss.halfSquared, isSoftmax, losses, delta, a, y, nOut, row)
        break
      case Loss.meanAbsolute:
        elementwise<T>(Loss.meanAbsolute, isSoftmax, losses, delta, a, y, nOut, row)
        break
      case Loss.huber:
        elementwise<T>(Loss.huber, isSoftmax, losses, delta, a, y, nOut, row)
        break
      case Loss.binaryCrossEntropy:
        binaryCrossEntropy<T>(losses, delta, a, y, nOut, row)
        break
      case Loss.categoricalCrossEntropy:
        categoricalCrossEntropy<T>(losses, delta, a, y, nOut, row)
        break
      default:
        assert(false)
    }
    if (isSoftmax && !isFused(loss)) softmaxDelta<T>(delta, a, nOut, row)
    losses += VECTOR
    delta += VECTOR
    y += VECTOR
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
  row: usize,
): void {
  const one = splat<T>(1)
  const half = splat<T>(0.5)
  let total = splat<T>(0)
  for (const end = a + nOut * row; a < end; a += row) {
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
    y += row
    delta += row
  }
  v128.store(losses, total)
}

/**
 * Loss and error for one sample, f32, with ½‖o − y‖², (33) and (56), where neurons are the lanes:
 *
 *     delta  nOut   holds σ′(z); overwritten with ∂C/∂z, and up to one vector past the end, as everything is read
 *     a      nOut   outputs o
 *     y      nOut   targets
 */
// @ts-ignore: decorator
@inline
export function halfSquaredDeltaOne(delta: usize, a: usize, y: usize, nOut: usize): f32 {
  const half = splat<f32>(0.5)
  let total = splat<f32>(0)
  for (let j: usize = 0; j < nOut; j += lanes<f32>()) {
    const at = j * sizeof<f32>()
    const d = f32x4.sub(v128.load(a + at), v128.load(y + at))
    v128.store(delta + at, f32x4.mul(d, v128.load(delta + at)))
    // Added one by one, like rows, of which only the first lane counts.
    const halves = f32x4.mul(half, d)
    total = madd<f32>(halves, d, total)
    if (j + 1 < nOut)
      total = madd<f32>(
        v128.shuffle<f32>(halves, halves, 1, 1, 1, 1),
        v128.shuffle<f32>(d, d, 1, 1, 1, 1),
        total,
      )
    if (j + 2 < nOut)
      total = madd<f32>(
        v128.shuffle<f32>(halves, halves, 2, 2, 2, 2),
        v128.shuffle<f32>(d, d, 2, 2, 2, 2),
        total,
      )
    if (j + 3 < nOut)
      total = madd<f32>(
        v128.shuffle<f32>(halves, halves, 3, 3, 3, 3),
        v128.shuffle<f32>(d, d, 3, 3, 3, 3),
        total,
      )
  }
  return f32x4.extract_lane(total, 0)
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
