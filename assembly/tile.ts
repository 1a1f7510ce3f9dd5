import { PANEL, VECTOR, madd, panelLanes, splat } from './simd'

/** What a tile starts from, and what becomes of its sums. */
export enum Tile {
  /** c = bias[i] + Σ */
  affine,
  /** c = c ⊙ Σ */
  scale,
  /** c = Σ */
  plain,
}

/**
 * The microkernel: all three matrix products of a training step. `rows` (1 to 4) rows of one panel's width stay in registers,
 *
 *     c[i][lane] = Σₜ p[i, t] · q[t][lane]        with bias, or times what is there: see Tile
 *
 *     c     rows × PANEL, rows cRow bytes apart    overwritten; must not overlap p, q, bias
 *     bias  rows                                   read by Tile.affine alone
 *     p     p[i, t] lies at p + i·pRow + t·pStep; after every panel's width of t, pJump bytes are skipped
 *     q     n × PANEL
 *
 * The sum over t is taken in order, one addition after the other, whatever the number of rows: a result does not depend on the
 * tile that it fell in. `rows` and `kind` must be constants, so that what they exclude is not compiled.
 */
// @ts-ignore: decorator
@inline
export function tile<T extends number>(
  kind: Tile,
  rows: i32,
  c: usize,
  cRow: usize,
  bias: usize,
  p: usize,
  pRow: usize,
  pStep: usize,
  pJump: usize,
  q: usize,
  n: usize,
): void {
  const zero = splat<T>(0)
  let c00 = kind == Tile.affine ? v128.load_splat<T>(bias) : zero
  let c10 = kind == Tile.affine && rows > 1 ? v128.load_splat<T>(bias, sizeof<T>()) : zero
  let c20 = kind == Tile.affine && rows > 2 ? v128.load_splat<T>(bias, 2 * sizeof<T>()) : zero
  let c30 = kind == Tile.affine && rows > 3 ? v128.load_splat<T>(bias, 3 * sizeof<T>()) : zero
  let c01 = c00
  let c11 = c10
  let c21 = c20
  let c31 = c30
  let p0 = p
  let p1 = p0 + pRow
  let p2 = p1 + pRow
  let p3 = p2 + pRow
  let qt = q

  for (let t: usize = 0; t < n;) {
    const q0 = v128.load(qt)
    const q1 = v128.load(qt, VECTOR)
    const p0t = v128.load_splat<T>(p0)
    c00 = madd<T>(p0t, q0, c00)
    c01 = madd<T>(p0t, q1, c01)
    if (rows > 1) {
      const p1t = v128.load_splat<T>(p1)
      c10 = madd<T>(p1t, q0, c10)
      c11 = madd<T>(p1t, q1, c11)
    }
    if (rows > 2) {
      const p2t = v128.load_splat<T>(p2)
      c20 = madd<T>(p2t, q0, c20)
      c21 = madd<T>(p2t, q1, c21)
    }
    if (rows > 3) {
      const p3t = v128.load_splat<T>(p3)
      c30 = madd<T>(p3t, q0, c30)
      c31 = madd<T>(p3t, q1, c31)
    }
    qt += PANEL
    t += 1
    const step = pJump && t % panelLanes<T>() == 0 ? pStep + pJump : pStep
    p0 += step
    if (rows > 1) p1 += step
    if (rows > 2) p2 += step
    if (rows > 3) p3 += step
  }

  finish<T>(kind, c, c00, c01)
  if (rows > 1) finish<T>(kind, c + cRow, c10, c11)
  if (rows > 2) finish<T>(kind, c + 2 * cRow, c20, c21)
  if (rows > 3) finish<T>(kind, c + 3 * cRow, c30, c31)
}

// @ts-ignore: decorator
@inline
function finish<T extends number>(kind: Tile, c: usize, sum0: v128, sum1: v128): void {
  v128.store(c, kind == Tile.scale ? v128.mul<T>(v128.load(c), sum0) : sum0)
  v128.store(c, kind == Tile.scale ? v128.mul<T>(v128.load(c, VECTOR), sum1) : sum1, VECTOR)
}
