import { PANEL, VECTOR, madd, splat } from '../simd'

/**
 * The three products of a training step, and that of a network that only predicts: where each reads P, and what it does
 * with c.
 *
 *                  p[i, t] lies at         c[i] becomes
 *     forward      p + i·pRow + t·size     bias[i] + Σ     rows of w, not packed
 *     predict      p + (rows·t + i)·size   bias[i] + Σ     rows of w, packed: see IS_PACKED
 *     backward     p + (4t + i)·size       c[i] ⊙ Σ        columns of w, packed
 *     sum          p + (4t + i)·size       Σ               columns of w, or rows of delta, packed
 */
export enum Tile {
  forward,
  predict,
  backward,
  sum,
}

/** Bytes of a page of memory, past whose end processors do not fetch ahead. */
const PAGE: usize = 4096

/** Rows of a full tile, and numbers side by side in a packed strip of P. */
export const ROWS: usize = 4

/**
 * Whether weights are packed: in the module of inference/, whose asconfig.json defines PACKED. Every four rows of w, a
 * strip, lie column by column, and so does what is left of them:
 *
 *     packed[j / 4][k][j % 4] = w[j][k]
 *
 * A strip is where its rows are in w, and has as many bytes.
 */
// @ts-ignore: a name that the options of one module define
export const IS_PACKED: bool = isDefined(PACKED)

/**
 * The microkernel: `rows` (1 to 4) rows one panel wide stay in registers while t runs over n rows of Q:
 *
 *     c[i][lane] = Σₜ p[i, t] · q[t][lane]     plus the bias, or times the old c: see Tile
 *
 *     c     rows × PANEL, cRow bytes apart     overwritten; must not overlap p, q, bias
 *     bias  rows                               read by Tile.forward and Tile.predict only
 *     p     see Tile
 *     q     n × PANEL
 *
 * The sum runs in the order of t, one addition after another, whatever the number of rows, so a result does not depend
 * on the tile it falls into. If `vectors` is 1 rather than 2, for the same two only, the right half of c repeats the
 * left. `kind`, `rows` and `vectors` must be constants, so that the branches they rule out are not compiled.
 */
// @ts-ignore: decorator
@inline
export function tile<T extends number>(
  kind: Tile,
  rows: i32,
  vectors: i32,
  c: usize,
  cRow: usize,
  bias: usize,
  p: usize,
  pRow: usize,
  q: usize,
  n: usize,
): void {
  const zero = splat<T>(0)
  const hasBias = kind <= Tile.predict
  let c00 = hasBias ? v128.load_splat<T>(bias) : zero
  let c10 = hasBias && rows > 1 ? v128.load_splat<T>(bias, sizeof<T>()) : zero
  let c20 = hasBias && rows > 2 ? v128.load_splat<T>(bias, 2 * sizeof<T>()) : zero
  let c30 = hasBias && rows > 3 ? v128.load_splat<T>(bias, 3 * sizeof<T>()) : zero
  let c01 = c00
  let c11 = c10
  let c21 = c20
  let c31 = c30
  let p0 = p
  let p1 = p0 + pRow
  let p2 = p1 + pRow
  let p3 = p2 + pRow

  if (kind == Tile.predict && rows == <i32>ROWS) touchPages(p, n * ROWS * sizeof<T>())
  for (const end = q + n * PANEL; q < end; q += PANEL) {
    const q0 = v128.load(q)
    const q1 = vectors > 1 ? v128.load(q, VECTOR) : q0
    const p0t = v128.load_splat<T>(p0)
    c00 = madd<T>(p0t, q0, c00)
    if (vectors > 1) c01 = madd<T>(p0t, q1, c01)
    if (rows > 1) {
      const p1t = kind == Tile.forward ? v128.load_splat<T>(p1) : v128.load_splat<T>(p0, sizeof<T>())
      c10 = madd<T>(p1t, q0, c10)
      if (vectors > 1) c11 = madd<T>(p1t, q1, c11)
    }
    if (rows > 2) {
      const p2t = kind == Tile.forward ? v128.load_splat<T>(p2) : v128.load_splat<T>(p0, 2 * sizeof<T>())
      c20 = madd<T>(p2t, q0, c20)
      if (vectors > 1) c21 = madd<T>(p2t, q1, c21)
    }
    if (rows > 3) {
      const p3t = kind == Tile.forward ? v128.load_splat<T>(p3) : v128.load_splat<T>(p0, 3 * sizeof<T>())
      c30 = madd<T>(p3t, q0, c30)
      if (vectors > 1) c31 = madd<T>(p3t, q1, c31)
    }
    if (kind == Tile.forward) {
      p0 += sizeof<T>()
      p1 += sizeof<T>()
      p2 += sizeof<T>()
      p3 += sizeof<T>()
    } else {
      p0 += (kind == Tile.predict ? <usize>rows : ROWS) * sizeof<T>()
    }
  }

  finish<T>(kind, vectors, c, c00, c01)
  if (rows > 1) finish<T>(kind, vectors, c + cRow, c10, c11)
  if (rows > 2) finish<T>(kind, vectors, c + 2 * cRow, c20, c21)
  if (rows > 3) finish<T>(kind, vectors, c + 3 * cRow, c30, c31)
}

/**
 * Reads a number of each page of a strip but the first. Processors fetch ahead within a page: of four rows that lie apart
 * they fetch four pages side by side, of a strip one after the other, and at each beginning the tile waits. Of
 * 1024-1024-10, 256 samples: 0.88 of the speed of rows, with this 0.99; 784-512-512-10: 0.92, 1.00.
 */
// @ts-ignore: decorator
@inline
function touchPages(strip: usize, bytes: usize): void {
  for (let i = PAGE; i < bytes; i += PAGE) load<u8>(strip + i)
}

// @ts-ignore: decorator
@inline
function finish<T extends number>(kind: Tile, vectors: i32, c: usize, sum0: v128, sum1: v128): void {
  const right = vectors > 1 ? sum1 : sum0
  v128.store(c, kind == Tile.backward ? v128.mul<T>(v128.load(c), sum0) : sum0)
  v128.store(c, kind == Tile.backward ? v128.mul<T>(v128.load(c, VECTOR), right) : right, VECTOR)
}
