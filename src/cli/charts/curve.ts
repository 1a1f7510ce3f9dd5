/** Losses by epoch as curves in the terminal. */
import asciichart from 'asciichart'
import { short } from '../numbers.js'
import { colors, width } from '../terminal.js'
import { isLogarithmic, type Series } from './series.js'

const HEIGHT = 9

/** Columns of the numbers on the left, and of the axis behind them. */
const LABEL = 9
const AXIS = LABEL + 2

const COLOURS = [asciichart.cyan, asciichart.yellow]

/** @param series at least one, each of at least two numbers */
export function drawCurves(series: readonly Series[]): string {
  const points = Math.min(width, 80) - AXIS
  const isLog = isLogarithmic(series)
  const curves = series.map(({ values }) => resample(isLog ? values.map(Math.log) : values, points))
  const chart = asciichart.plot(curves, {
    height: HEIGHT,
    format: (value) => short(isLog ? Math.exp(value) : value).padStart(LABEL),
    colors: colors.isColorSupported ? COLOURS : [],
  })
  const epochs = String(series[0].values.length)
  const axis = `${' '.repeat(AXIS)}1${epochs.padStart(points - 1)}`
  return `${chart.replace(/ +$/gm, '')}\n${axis}`
}

/** What is which: names in the colours of their curves. */
export function legend(series: readonly Series[]): string {
  const colour = [colors.cyan, colors.yellow]
  return series.map(({ name }, i) => colour[i](name)).join(', ')
}

/** A line through the values, at equal distances. */
function resample(values: readonly number[], points: number): number[] {
  return Array.from({ length: points }, (_, i) => {
    const at = (i / (points - 1)) * (values.length - 1)
    const before = Math.min(Math.floor(at), values.length - 2)
    return values[before] + (at - before) * (values[before + 1] - values[before])
  })
}
