import { exp } from '../math/exp'
import { log, log1p } from '../math/log'
import { madd, splat } from '../simd'

/**
 * C = Σⱼ max(z, 0) − z·y + log(1 + e^−|z|),  ∂C/∂z = σ(z) − y: sigmoid and cross-entropy fused, from z;
 * rows as in outputDelta.
 */
export function binaryCrossEntropy<T extends number>(
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  nOut: usize,
  row: usize,
): void {
  const zero = splat<T>(0)
  let total = zero
  for (const end = a + nOut * row; a < end; a += row) {
    const z = v128.load(delta)
    const target = v128.load(y)
    const tail = log1p<T>(exp<T>(v128.neg<T>(v128.abs<T>(z))))
    const line = v128.sub<T>(v128.max<T>(z, zero), v128.mul<T>(z, target))
    total = v128.add<T>(total, v128.add<T>(line, tail))
    v128.store(delta, v128.sub<T>(v128.load(a), target))
    y += row
    delta += row
  }
  v128.store(losses, total)
}

/**
 * C = Σⱼ y[j]·(log Σᵢ e^z[i] − z[j]),  ∂C/∂z[j] = o[j]·Σᵢ y[i] − y[j]: softmax and cross-entropy fused, from z.
 * The log of the sum is m − log(max o), m = max z: the largest output is 1/Σᵢ e^(z[i] − m), which never underflows.
 */
export function categoricalCrossEntropy<T extends number>(
  losses: usize,
  delta: usize,
  a: usize,
  y: usize,
  nOut: usize,
  row: usize,
): void {
  let m = v128.load(delta)
  let largest = v128.load(a)
  let targets = v128.load(y)
  for (let j: usize = 1; j < nOut; ++j) {
    m = v128.max<T>(m, v128.load(delta + j * row))
    largest = v128.max<T>(largest, v128.load(a + j * row))
    targets = v128.add<T>(targets, v128.load(y + j * row))
  }
  const logSum = v128.sub<T>(m, log<T>(largest))
  let total = splat<T>(0)
  for (const end = a + nOut * row; a < end; a += row) {
    const target = v128.load(y)
    total = madd<T>(target, v128.sub<T>(logSum, v128.load(delta)), total)
    v128.store(delta, v128.sub<T>(v128.mul<T>(v128.load(a), targets), target))
    y += row
    delta += row
  }
  v128.store(losses, total)
}
