import { lanes, madd, splat, sum } from '../../../assembly/simd'

/**
 * Multiply-adds and nothing else: twelve chains, each of which waits for itself alone. They are enough for every unit to be busy all
 * the time, and few enough for sixteen registers.
 *
 *     a[i] = a[i]·x + y     2n times, i = 0 … 11, all lanes
 *
 * Returns the sum of all lanes of all a[i]: their number, if x = y = ½ and n ≥ 30.
 */
function probe<T extends number>(n: i32, x: f64, y: f64): T {
  const vx = splat<T>(x)
  const vy = splat<T>(y)
  let a0 = splat<T>(0)
  let a1 = splat<T>(1)
  let a2 = splat<T>(2)
  let a3 = splat<T>(3)
  let a4 = splat<T>(4)
  let a5 = splat<T>(5)
  let a6 = splat<T>(6)
  let a7 = splat<T>(7)
  let a8 = splat<T>(8)
  let a9 = splat<T>(9)
  let a10 = splat<T>(10)
  let a11 = splat<T>(11)
  // Twice in a turn: one turn for each step is a sixth slower (25 and 21 GFLOP/s, exact, f32).
  for (let i = 0; i < n; ++i) {
    a0 = madd<T>(a0, vx, vy)
    a1 = madd<T>(a1, vx, vy)
    a2 = madd<T>(a2, vx, vy)
    a3 = madd<T>(a3, vx, vy)
    a4 = madd<T>(a4, vx, vy)
    a5 = madd<T>(a5, vx, vy)
    a6 = madd<T>(a6, vx, vy)
    a7 = madd<T>(a7, vx, vy)
    a8 = madd<T>(a8, vx, vy)
    a9 = madd<T>(a9, vx, vy)
    a10 = madd<T>(a10, vx, vy)
    a11 = madd<T>(a11, vx, vy)
    a0 = madd<T>(a0, vx, vy)
    a1 = madd<T>(a1, vx, vy)
    a2 = madd<T>(a2, vx, vy)
    a3 = madd<T>(a3, vx, vy)
    a4 = madd<T>(a4, vx, vy)
    a5 = madd<T>(a5, vx, vy)
    a6 = madd<T>(a6, vx, vy)
    a7 = madd<T>(a7, vx, vy)
    a8 = madd<T>(a8, vx, vy)
    a9 = madd<T>(a9, vx, vy)
    a10 = madd<T>(a10, vx, vy)
    a11 = madd<T>(a11, vx, vy)
  }
  let all = sum<T>(a0)
  all = <T>(all + sum<T>(a1))
  all = <T>(all + sum<T>(a2))
  all = <T>(all + sum<T>(a3))
  all = <T>(all + sum<T>(a4))
  all = <T>(all + sum<T>(a5))
  all = <T>(all + sum<T>(a6))
  all = <T>(all + sum<T>(a7))
  all = <T>(all + sum<T>(a8))
  all = <T>(all + sum<T>(a9))
  all = <T>(all + sum<T>(a10))
  all = <T>(all + sum<T>(a11))
  return all
}

/** Lanes of all twelve vectors: each has two multiply-adds in each of the n turns. */
export function lanes_f32(): usize {
  return 12 * lanes<f32>()
}

export function lanes_f64(): usize {
  return 12 * lanes<f64>()
}

export function probe_f32(n: i32, x: f64, y: f64): f32 {
  return probe<f32>(n, x, y)
}

export function probe_f64(n: i32, x: f64, y: f64): f64 {
  return probe<f64>(n, x, y)
}
