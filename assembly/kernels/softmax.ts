import { exp } from '../math/exp'
import { PANEL, madd, splat } from '../simd'

/**
 * Softmax over the neurons, for one vector of samples of a panel:
 *
 *     a[j] = e^(z[j] − m) / Σᵢ e^(z[i] − m),   m = maxᵢ z[i]
 */
export function softmax<T extends number>(a: usize, z: usize, n: usize): void {
  let m = v128.load(z)
  for (let j: usize = 1; j < n; ++j) m = v128.max<T>(m, v128.load(z + j * PANEL))
  let total = splat<T>(0)
  for (let j: usize = 0; j < n; ++j) {
    const e = exp<T>(v128.sub<T>(v128.load(z + j * PANEL), m))
    v128.store(a + j * PANEL, e)
    total = v128.add<T>(total, e)
  }
  for (let j: usize = 0; j < n; ++j) v128.store(a + j * PANEL, v128.div<T>(v128.load(a + j * PANEL), total))
}

/**
 * The error at the input of a softmax, by applying its Jacobian: delta[j] = o[j]·(d[j] − Σᵢ d[i]·o[i]), where delta
 * holds d = ∂C/∂a on entry.
 */
export function softmaxDelta<T extends number>(delta: usize, a: usize, nOut: usize): void {
  let mean = splat<T>(0)
  for (let j: usize = 0; j < nOut; ++j) {
    mean = madd<T>(v128.load(delta + j * PANEL), v128.load(a + j * PANEL), mean)
  }
  for (let j: usize = 0; j < nOut; ++j) {
    const d = v128.sub<T>(v128.load(delta + j * PANEL), mean)
    v128.store(delta + j * PANEL, v128.mul<T>(v128.load(a + j * PANEL), d))
  }
}
