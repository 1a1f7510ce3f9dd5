/** Numbers by epoch, of which there are several in one chart. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/** Whether a logarithmic scale shows more: all above 0, and the largest at least five times the least. */
export function isLogarithmic(series: readonly Series[]): boolean {
  const [least, most] = extent(series)
  return least > 0 && most >= 5 * least
}

/** The least and the largest number of all. */
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
