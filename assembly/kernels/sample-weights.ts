import { gatherSamples } from '../panels/gather'
import { PANEL, VECTOR } from '../simd'

/**
 * Multiplies the losses and errors of each sample in a panel by its weight: L = Σₛ vₛ·Cˢ instead of (34).
 *
 *     losses   1 × PANEL      losses[s] *= v[s]
 *     delta    nOut × PANEL   delta[j][s] *= v[s]; zero in lanes past n, and stays zero
 *     panel    1 × PANEL      overwritten with the weights of these samples
 *     weights  rows           v, one per staged row
 *     order    n              u32, row numbers
 */
export function weigh<T extends number>(
  losses: usize,
  delta: usize,
  panel: usize,
  weights: usize,
  order: usize,
  n: usize,
  nOut: usize,
): void {
  gatherSamples<T>(panel, weights, order, n, 1)
  const left = v128.load(panel)
  const right = v128.load(panel, VECTOR)
  v128.store(losses, v128.mul<T>(left, v128.load(losses)))
  v128.store(losses, v128.mul<T>(right, v128.load(losses, VECTOR)), VECTOR)
  for (const end = delta + nOut * PANEL; delta < end; delta += PANEL) {
    v128.store(delta, v128.mul<T>(left, v128.load(delta)))
    v128.store(delta, v128.mul<T>(right, v128.load(delta, VECTOR)), VECTOR)
  }
}
