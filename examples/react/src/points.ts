/** Points of two kinds on a plane. */
export interface Points {
  /** points × 2, about -1 to 1 */
  readonly x: Float32Array
  /** one for each point, 0 or 1 */
  readonly y: Float32Array
}

export const shapes = ['spirals', 'moons', 'rings'] as const
export type Shape = (typeof shapes)[number]

/**
 * Points about two curves.
 *
 * @param count even: half of them of each kind
 * @param noise how far they are off, in the mean
 */
export function makePoints(shape: Shape, count: number, noise: number, seed: number): Points {
  const random = mulberry32(seed)
  const x = new Float32Array(2 * count)
  const y = new Float32Array(count)
  for (let i = 0; i < count; ++i) {
    const kind = i % 2
    const [along, across] = place(shape, kind, random())
    x[2 * i] = along + noise * normal(random)
    x[2 * i + 1] = across + noise * normal(random)
    y[i] = kind
  }
  return { x, y }
}

/** Where a curve is, t from 0 to 1 being its length. */
function place(shape: Shape, kind: number, t: number): [number, number] {
  switch (shape) {
    case 'spirals': {
      // Evenly along the arm, which grows with its radius.
      const radius = 0.1 + 0.8 * Math.sqrt(t)
      const angle = 3 * Math.PI * Math.sqrt(t) + kind * Math.PI
      return [radius * Math.cos(angle), radius * Math.sin(angle)]
    }
    case 'moons': {
      const angle = Math.PI * t
      return kind === 0
        ? [0.55 * Math.cos(angle) - 0.28, 0.16 - 0.55 * Math.sin(angle)]
        : [0.28 - 0.55 * Math.cos(angle), 0.55 * Math.sin(angle) - 0.16]
    }
    case 'rings': {
      const radius = kind === 0 ? 0.3 : 0.75
      return [radius * Math.cos(2 * Math.PI * t), radius * Math.sin(2 * Math.PI * t)]
    }
  }
}

/** A number of the standard normal distribution, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Random numbers from 0 to 1, 1 excluded, by T. Ettinger's generator. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}
