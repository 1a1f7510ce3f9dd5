/** Rows of numbers from −1 to 1 that depend on the seed alone (a linear congruential generator of 32 bits). */
export function randomRows(rows: number, columns: number, seed: number): number[][] {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
  return Array.from({ length: rows }, () => Array.from({ length: columns }, next))
}
