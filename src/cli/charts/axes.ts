/** What the charts of losses show, and their axes. */

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

/** At most about `most` ticks from the smallest to the largest value, spaced by 1, 2 or 5 times a power of ten. */
export function linearTicks(least: number, largest: number, most: number): number[] {
  const rough = (largest - least) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(least / step - 1e-9)
  const count = Math.floor(largest / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Powers of ten from the smallest to the largest value, with 2 and 5 times each if there are few. */
export function logarithmicTicks(least: number, largest: number): number[] {
  const decades = Math.log10(largest / least)
  const factors = decades > 4 ? [1] : decades > 2 ? [1, 3] : [1, 2, 5]
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(largest); ++power) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(6))
      if (tick >= least && tick <= largest) ticks.push(tick)
    }
  }
  return ticks
}
