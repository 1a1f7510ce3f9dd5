/** Numbers by epoch; a chart may show several series. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/**
 * Whether a logarithmic scale shows more: all numbers are above 0, and the largest is at least five times the smallest.
 */
export function isLogarithmic(series: readonly Series[]): boolean {
  const [least, most] = extent(series)
  return least > 0 && most >= 5 * least
}

/** The smallest and the largest number in all series. */
export function extent(series: readonly Series[]): readonly [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity]
  for (const { values } of series) {
    for (const value of values) {
      least = Math.min(least, value)
      most = Math.max(most, value)
    }
  }
  return [least, most]
}
