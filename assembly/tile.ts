import { PANEL, VECTOR, madd, panelLanes, splat } from './simd'

/**
 * The three products of a training step, and how each walks through P; `pBytes` are the bytes from one row of w to the next, or
 * what is skipped after each panel:
 *
 *                  c[i] becomes    p[i, t] lies at
 *     forward      bias[i] + Σ     p + i·pBytes + t·size      rows of w
 *     backward     c[i] ⊙ Σ        p + i·size + t·pBytes      columns of w
 *     error        Σ               as backward
 *     gradient     Σ               p + i·PANEL + t·size + pBytes for every panel before t
 */
export enum Tile {
  forward,
  backward,
  error,
  gradient,
}

/**
 * The microkernel: `rows` (1 to 4) rows of a panel's width stay in registers, while t runs over n rows of Q:
 *
 *     c[i][lane] = Σₜ p[i, t] · q[t][lane]     with bias, or times what is there: see Tile
 *
 *     c     rows × PANEL, cRow bytes apart     overwritten; must not overlap p, q, bias
 *     bias  rows                               read by Tile.forward alone
 *     p     see Tile
 *     q     n × PANEL
 *
 * The sum is taken in the order of t, one addition after the other, whatever the number of rows: a result does not depend on
 * the tile that it falls into. `kind` and `rows` must be constants, so that what they exclude is not compiled.
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
  pBytes: usize,
  q: usize,
  n: usize,
): void {
  const zero = splat<T>(0)
  let c00 = kind == Tile.forward ? v128.load_splat<T>(bias) : zero
  let c10 = kind == Tile.forward && rows > 1 ? v128.load_splat<T>(bias, sizeof<T>()) : zero
  let c20 = kind == Tile.forward && rows > 2 ? v128.load_splat<T>(bias, 2 * sizeof<T>()) : zero
  let c30 = kind == Tile.forward && rows > 3 ? v128.load_splat<T>(bias, 3 * sizeof<T>()) : zero
  let c01 = c00
  let c11 = c10
  let c21 = c20
  let c31 = c30
  let p0 = p
  let p1 = p0 + pBytes
  let p2 = p1 + pBytes
  let p3 = p2 + pBytes

  for (let t: usize = 0; t < n;) {
    const q0 = v128.load(q)
    const q1 = v128.load(q, VECTOR)
    const p0t = v128.load_splat<T>(p0)
    c00 = madd<T>(p0t, q0, c00)
    c01 = madd<T>(p0t, q1, c01)
    if (rows > 1) {
      const p1t = broadcast<T>(kind, 1, p0, p1)
      c10 = madd<T>(p1t, q0, c10)
      c11 = madd<T>(p1t, q1, c11)
    }
    if (rows > 2) {
      const p2t = broadcast<T>(kind, 2, p0, p2)
      c20 = madd<T>(p2t, q0, c20)
      c21 = madd<T>(p2t, q1, c21)
    }
    if (rows > 3) {
      const p3t = broadcast<T>(kind, 3, p0, p3)
      c30 = madd<T>(p3t, q0, c30)
      c31 = madd<T>(p3t, q1, c31)
    }
    q += PANEL
    t += 1
    if (kind == Tile.gradient) {
      p0 += t % panelLanes<T>() == 0 ? sizeof<T>() + pBytes : sizeof<T>()
    } else if (kind == Tile.forward) {
      p0 += sizeof<T>()
      p1 += sizeof<T>()
      p2 += sizeof<T>()
      p3 += sizeof<T>()
    } else {
      p0 += pBytes
    }
  }

  finish<T>(kind, c, c00, c01)
  if (rows > 1) finish<T>(kind, c + cRow, c10, c11)
  if (rows > 2) finish<T>(kind, c + 2 * cRow, c20, c21)
  if (rows > 3) finish<T>(kind, c + 3 * cRow, c30, c31)
}

/** p[i, t] in every lane, where p0 is the address of p[0, t] and pi that of p[i, t] in Tile.forward. */
// @ts-ignore: decorator
@inline
function broadcast<T extends number>(kind: Tile, i: i32, p0: usize, pi: usize): v128 {
  if (kind == Tile.forward) return v128.load_splat<T>(pi)
  if (kind == Tile.gradient) {
    if (i == 1) return v128.load_splat<T>(p0, PANEL)
    if (i == 2) return v128.load_splat<T>(p0, 2 * PANEL)
    return v128.load_splat<T>(p0, 3 * PANEL)
  }
  if (i == 1) return v128.load_splat<T>(p0, sizeof<T>())
  if (i == 2) return v128.load_splat<T>(p0, 2 * sizeof<T>())
  return v128.load_splat<T>(p0, 3 * sizeof<T>())
}

// @ts-ignore: decorator
@inline
function finish<T extends number>(kind: Tile, c: usize, sum0: v128, sum1: v128): void {
  v128.store(c, kind == Tile.backward ? v128.mul<T>(v128.load(c), sum0) : sum0)
  v128.store(c, kind == Tile.backward ? v128.mul<T>(v128.load(c, VECTOR), sum1) : sum1, VECTOR)
}
