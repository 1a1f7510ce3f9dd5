/**
 * The SIMD vocabulary: every kernel is written once, in these terms, for both f32 and f64.
 *
 *     v128      one vector:  4 lanes of f32, or 2 of f64
 *     PANEL     two vectors: 8 lanes of f32, or 4 of f64; one row of a panel, 32 bytes
 *
 * A panel row is 32 bytes in either precision, so strides and tile sizes are the same for both.
 */

/** Bytes of one vector. */
export const VECTOR: usize = 16

/** Bytes of one row of a panel: two vectors. */
export const PANEL: usize = 32

/** Lanes of T in one vector. */
// @ts-ignore: decorator
@inline
export function lanes<T extends number>(): usize {
  return VECTOR / sizeof<T>()
}

/** Lanes of T in one row of a panel. */
// @ts-ignore: decorator
@inline
export function panelLanes<T extends number>(): usize {
  return PANEL / sizeof<T>()
}

/** Number of panels needed for n samples. */
// @ts-ignore: decorator
@inline
export function panelsOf<T extends number>(n: usize): usize {
  return (n + panelLanes<T>() - 1) / panelLanes<T>()
}

/**
 * a·b + c. Rounded twice in the exact build, and only once in the relaxed build if the runtime supports that.
 * This is the only place that knows about relaxed SIMD.
 */
// @ts-ignore: decorator
@inline
export function madd<T extends number>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c)
  return v128.add<T>(v128.mul<T>(a, b), c)
}

/** The same number in every lane. */
// @ts-ignore: decorator
@inline
export function splat<T extends number>(x: f64): v128 {
  return v128.splat<T>(<T>x)
}

/** A mask with every bit set in lanes 0 … n − 1: in no lane for n ≤ 0, in all lanes for n ≥ lanes. */
// @ts-ignore: decorator
@inline
export function lanesBefore<T extends number>(n: f64): v128 {
  const numbers = sizeof<T>() == 8 ? f64x2(0, 1) : f32x4(0, 1, 2, 3)
  return v128.lt<T>(numbers, splat<T>(n))
}

/** `yes` where the mask's bits are set, `no` elsewhere. */
// @ts-ignore: decorator
@inline
export function select(yes: v128, no: v128, mask: v128): v128 {
  return v128.bitselect(yes, no, mask)
}

/** −1, 0 or 1; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function sign<T extends number>(d: v128): v128 {
  const zero = splat<T>(0)
  const size = v128.and(splat<T>(1), v128.ne<T>(d, zero))
  const signBit = splat<T>(-0.0)
  return select(v128.or(size, v128.and(d, signBit)), d, v128.eq<T>(d, d))
}

/** The sum of the lanes, pairwise: (v0 + v2) + (v1 + v3), or v0 + v1. */
// @ts-ignore: decorator
@inline
export function sum<T extends number>(v: v128): T {
  if (sizeof<T>() == 8) {
    return <T>(f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1))
  }
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 2, 3))
  return <T>(f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1))
}

/** Loads the first n lanes, n ≤ lanes<T>(), and zeroes the rest. A single load if n is the constant lanes<T>(). */
// @ts-ignore: decorator
@inline
export function get<T extends number>(source: usize, n: usize): v128 {
  if (n == lanes<T>()) return v128.load(source)
  return getPart<T>(source, n)
}

function getPart<T extends number>(source: usize, n: usize): v128 {
  let v = i32x4.splat(0)
  if (sizeof<T>() == 8) {
    if (n >= 1) v = v128.load64_lane(source, v, 0)
    return v
  }
  if (n >= 1) v = v128.load32_lane(source, v, 0)
  if (n >= 2) v = v128.load32_lane(source, v, 1, 4)
  if (n >= 3) v = v128.load32_lane(source, v, 2, 8)
  return v
}

/** Stores the first n lanes, n ≤ lanes<T>(). A single store if n is the constant lanes<T>(). */
// @ts-ignore: decorator
@inline
export function put<T extends number>(target: usize, v: v128, n: usize): void {
  if (n == lanes<T>()) v128.store(target, v)
  else putPart<T>(target, v, n)
}

function putPart<T extends number>(target: usize, v: v128, n: usize): void {
  if (sizeof<T>() == 8) {
    if (n >= 1) v128.store64_lane(target, v, 0)
    return
  }
  if (n >= 1) v128.store32_lane(target, v, 0)
  if (n >= 2) v128.store32_lane(target, v, 1, 4)
  if (n >= 3) v128.store32_lane(target, v, 2, 8)
}

/** target[i] = source[i] for n numbers. memory.copy is a call into the runtime, and slower for short arrays. */
export function copy<T extends number>(target: usize, source: usize, n: usize): void {
  for (; n >= lanes<T>(); n -= lanes<T>()) {
    v128.store(target, v128.load(source))
    target += VECTOR
    source += VECTOR
  }
  putPart<T>(target, getPart<T>(source, n), n)
}
