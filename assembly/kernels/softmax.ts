import { exp } from '../math/exp'
import { madd, splat } from '../simd'

/**
 * Softmax over the neurons, for one vector of samples; the vectors of two neurons are `row` bytes apart:
 *
 *     a[j] = e^(z[j] − m) / Σᵢ e^(z[i] − m),   m = maxᵢ z[i]
 */
export function softmax<T extends number>(a: usize, z: usize, n: usize, row: usize): void {
  let m = v128.load(z)
  for (let j: usize = 1; j < n; ++j) m = v128.max<T>(m, v128.load(z + j * row))
  let total = splat<T>(0)
  for (let j: usize = 0; j < n; ++j) {
    const e = exp<T>(v128.sub<T>(v128.load(z + j * row), m))
    v128.store(a + j * row, e)
    total = v128.add<T>(total, e)
  }
  for (let j: usize = 0; j < n; ++j) v128.store(a + j * row, v128.div<T>(v128.load(a + j * row), total))
}

/**
 * The error at the input of a softmax, by applying its Jacobian: delta[j] = o[j]·(d[j] − Σᵢ d[i]·o[i]), where delta
 * holds d = ∂C/∂a on entry.
 */
export function softmaxDelta<T extends number>(delta: usize, a: usize, nOut: usize, row: usize): void {
  let mean = splat<T>(0)
  for (let j: usize = 0; j < nOut; ++j) {
    mean = madd<T>(v128.load(delta + j * row), v128.load(a + j * row), mean)
  }
  for (let j: usize = 0; j < nOut; ++j) {
    const d = v128.sub<T>(v128.load(delta + j * row), mean)
    v128.store(delta + j * row, v128.mul<T>(v128.load(a + j * row), d))
  }
}
