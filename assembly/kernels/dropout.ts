import { PANEL, VECTOR, splat } from '../simd'

/** 2³² divided by the golden ratio, an odd number whose multiples are spread far apart. */
const GOLDEN: u32 = 0x9e3779b9

/**
 * Inverted dropout (Srivastava et al. 2014) on one panel of a layer: each neuron is dropped from a sample with
 * probability p, and the ones kept are scaled by 1/(1 − p), so that the expected activation is unchanged:
 *
 *     m[j][s] = 0 if r[j][s] < p·2³², else 1/(1 − p)        a ⊙= m        sigmaPrime ⊙= m
 *
 *     a           nOut × PANEL   activations
 *     sigmaPrime  nOut × PANEL   σ′(z): no error flows back through a dropped neuron
 *     key                        random, different for every layer and epoch
 *     position                   of the panel's first sample in the order of the epoch
 *     threshold                  p·2³²
 *
 * r depends only on (key, j, position + s), not on the thread that computes it:
 *
 *     r[j][s] = mix(mix(position + s + key) + mix(key + j·GOLDEN))
 */
export function dropout<T extends number>(
  a: usize,
  sigmaPrime: usize,
  nOut: usize,
  key: u32,
  position: u32,
  threshold: u32,
): void {
  const scale = splat<T>(1 / (1 - <f64>threshold / 4294967296))
  const first = i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(position + key))
  const samples0 = mixLanes(first)
  const samples1 = mixLanes(i32x4.add(first, i32x4.splat(4)))
  const thresholds = i32x4.splat(threshold)
  for (let j: u32 = 0; j < <u32>nOut; ++j) {
    const row = i32x4.splat(mix(key + j * GOLDEN))
    const kept0 = i32x4.ge_u(mixLanes(i32x4.add(samples0, row)), thresholds)
    let left = kept0
    let right = kept0
    if (sizeof<T>() == 4) {
      right = i32x4.ge_u(mixLanes(i32x4.add(samples1, row)), thresholds)
    } else {
      left = i64x2.extend_low_i32x4_s(kept0)
      right = i64x2.extend_high_i32x4_s(kept0)
    }
    drop<T>(a, left, scale)
    drop<T>(a + VECTOR, right, scale)
    drop<T>(sigmaPrime, left, scale)
    drop<T>(sigmaPrime + VECTOR, right, scale)
    a += PANEL
    sigmaPrime += PANEL
  }
}

// @ts-ignore: decorator
@inline
function drop<T extends number>(values: usize, kept: v128, scale: v128): void {
  v128.store(values, v128.and(v128.mul<T>(scale, v128.load(values)), kept))
}

/**
 * A permutation of the integers below 2³² in which every bit depends on every bit of x (C. Wellons, hash-prospector,
 * lowbias32).
 */
export function mix(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x7feb352d
  x = (x ^ (x >>> 15)) * 0x846ca68b
  return x ^ (x >>> 16)
}

// @ts-ignore: decorator
@inline
function mixLanes(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d))
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b))
  return v128.xor(x, i32x4.shr_u(x, 16))
}
