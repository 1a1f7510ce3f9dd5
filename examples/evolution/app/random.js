// @ts-check

/**
 * Random integers from 0 to 2³² − 1, always the same for a seed: mulberry32 of Tommy Ettinger.
 *
 * @param {number} seed an integer
 * @returns {() => number}
 */
export function integers(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return (bits ^ (bits >>> 14)) >>> 0
  }
}
