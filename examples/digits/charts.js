// @ts-check
import asciichart from 'asciichart'
import { colors, width } from './terminal.js'

const HEIGHT = 8
const AXIS = 8

/**
 * Numbers by epoch as a curve on a logarithmic scale.
 *
 * @param {number[]} values at least 2, above 0
 */
export function drawCurve(values) {
  const points = Math.min(width, 80) - AXIS
  const curve = Array.from({ length: points }, (_, i) => {
    const at = (i / (points - 1)) * (values.length - 1)
    const before = Math.min(Math.floor(at), values.length - 2)
    const [from, to] = [values[before], values[before + 1]].map(Math.log)
    return from + (at - before) * (to - from)
  })
  const chart = asciichart.plot(curve, {
    height: HEIGHT,
    format: (logarithm) =>
      Math.exp(logarithm)
        .toPrecision(2)
        .padStart(AXIS - 2),
    colors: colors.isColorSupported ? [asciichart.cyan] : [],
  })
  const axis = `${' '.repeat(AXIS - 1)}1${String(values.length).padStart(points - 1)}`
  return `${chart.replace(/ +$/gm, '')}\n${axis}`
}

/**
 * The confusion matrix: a row for each digit, a column for what it was read as.
 *
 * @param {number[][]} counts 10 × 10
 */
export function drawConfusions(counts) {
  const cell = 2 + Math.max(...counts.flat().map((count) => String(count).length))
  const head = counts.map((_, digit) => String(digit).padStart(cell)).join('')
  const lines = counts.map((row, label) => {
    const cells = row.map((count, digit) => {
      if (count === 0) return colors.dim('·'.padStart(cell))
      return (digit === label ? colors.green : colors.red)(String(count).padStart(cell))
    })
    return `  ${colors.bold(String(label))} │${cells.join('')}`
  })
  return [`    │${colors.bold(head)}`, `  ──┼${'─'.repeat(10 * cell)}`, ...lines].join('\n')
}
