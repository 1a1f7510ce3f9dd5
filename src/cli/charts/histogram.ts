/** Draws the distribution of numbers as bars in the terminal. */
import { short } from '../format-numbers.js'
import { colors } from '../terminal.js'

const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const HEIGHT = 4

/** Counts the values in equal intervals from the smallest to the largest. */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
): { least: number; most: number; counts: number[] } {
  let [least, most] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; ++i) {
    least = Math.min(least, values[i])
    most = Math.max(most, values[i])
  }
  const counts = new Array<number>(bins).fill(0)
  const scale = most > least ? bins / (most - least) : 0
  for (let i = 0; i < values.length; ++i) {
    counts[Math.min(bins - 1, Math.floor((values[i] - least) * scale))] += 1
  }
  return { least, most, counts }
}

/**
 * Draws a histogram several lines high, above an axis from the smallest to the largest value; more values get more
 * intervals.
 */
export function drawHistogram(values: ArrayLike<number>, columns: number): string {
  const wanted = Math.max(8, Math.ceil(2 * Math.sqrt(values.length)))
  const barColumns = Math.max(1, Math.floor(columns / wanted))
  const { least, most, counts } = histogram(values, Math.floor(columns / barColumns))
  const highest = Math.max(...counts)
  const eighths = counts.map((count) =>
    count === 0 ? 0 : Math.max(1, Math.round((8 * HEIGHT * count) / highest)),
  )
  const lines = Array.from({ length: HEIGHT }, (_, line) => {
    const below = 8 * (HEIGHT - 1 - line)
    const blocks = eighths.map((height) => BLOCKS[Math.min(8, Math.max(0, height - below))])
    return colors.cyan(
      blocks
        .map((block) => block.repeat(barColumns))
        .join('')
        .trimEnd(),
    )
  })
  const length = counts.length * barColumns
  const [left, right] = [short(least), short(most)]
  return [...lines, colors.dim('─'.repeat(length)), left + right.padStart(length - left.length)].join('\n')
}
