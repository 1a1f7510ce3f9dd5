/** Draws losses by epoch as curves in the terminal. */
import asciichart, { type PlotConfig } from 'asciichart'
import { short } from '../format-numbers.js'
import { colors, width } from '../terminal.js'
import { extent, isLogarithmic, type Series } from './axes.js'

const HEIGHT = 9

/** Columns for the numbers on the left, and for those including the axis. */
const LABEL = 9
const AXIS = LABEL + 2

/** asciichart's symbols, except its mark for the line at 0, which has no meaning on a logarithmic scale. */
const SYMBOLS: PlotConfig['symbols'] = ['┤', '┤', '╶', '╴', '─', '╰', '╭', '╮', '╯', '│']

const COLOURS = [asciichart.cyan, asciichart.yellow]

/**
 * Draws curves; if there are several, each is followed by its name.
 *
 * @param series one or two, each of at least two numbers, which are not all the same
 */
export function drawCurves(series: readonly Series[]): string {
  const names = series.length > 1 ? series.map(({ name }) => name) : []
  const room = names.length > 0 ? 1 + Math.max(...names.map((name) => name.length)) : 0
  const points = Math.min(width, 80) - AXIS - room
  const isLog = isLogarithmic(series)
  const curves = series.map(({ values }) => resample(isLog ? values.map(Math.log) : values, points))
  const [min, max] = extent(series)
  const scale: PlotConfig = {
    height: HEIGHT,
    symbols: SYMBOLS,
    min: isLog ? Math.log(min) : min,
    max: isLog ? Math.log(max) : max,
    format: (value) => short(isLog ? Math.exp(value) : value).padStart(LABEL),
  }
  const chart = asciichart
    .plot(curves, { ...scale, colors: colors.isColorSupported ? COLOURS : [] })
    .split('\n')
  const ends = apart(curves.map((curve) => endOf(asciichart.plot(curve, scale))))
  const lines = chart.map((line, row) => {
    const i = ends.indexOf(row)
    return names.length > 0 && i >= 0 ? `${line} ${inColour(i, names[i])}` : line.replace(/ +$/, '')
  })
  const epochs = String(series[0].values.length)
  return [...lines, `${' '.repeat(AXIS)}1${epochs.padStart(points - 1)}`].join('\n')
}

/** The line in which a curve ends. */
function endOf(chart: string): number {
  const lengths = chart.split('\n').map((line) => line.trimEnd().length)
  return lengths.indexOf(Math.max(...lengths))
}

/** Two distinct lines: if both are the same, the second moves to an adjacent one. */
function apart(rows: readonly number[]): readonly number[] {
  const [first, second] = rows
  return first === second ? [first, first < HEIGHT ? first + 1 : first - 1] : rows
}

function inColour(series: number, text: string): string {
  return series === 0 ? colors.cyan(text) : colors.yellow(text)
}

/** Resamples a curve at equal distances, by linear interpolation. */
function resample(values: readonly number[], points: number): number[] {
  return Array.from({ length: points }, (_, i) => {
    const at = (i / (points - 1)) * (values.length - 1)
    const before = Math.min(Math.floor(at), values.length - 2)
    return values[before] + (at - before) * (values[before + 1] - values[before])
  })
}
