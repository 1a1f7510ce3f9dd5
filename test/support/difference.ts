import { expect } from 'vitest'

/** The largest difference of numbers from those of another tool, relative to the largest of these. */
export function difference(own: ArrayLike<number>, other: ArrayLike<number>): number {
  expect(own).toHaveLength(other.length)
  const largest = Math.max(...Array.from(other, Math.abs))
  return Math.max(...Array.from(other, (value, i) => Math.abs(value - own[i]))) / largest
}
