/** Draws the curves as an SVG picture with its own background, for light and dark mode. */
import { extent, isLogarithmic, linearTicks, logarithmicTicks, type Series } from './axes.js'

const WIDTH = 640
const HEIGHT = 360
const LEFT = 64
const RIGHT = WIDTH - 24
const TOP = 72
const BOTTOM = HEIGHT - 48

/** The width of a legend name in pixels, and the number of characters that fit in the subtitle. */
const LEGEND = 92
const SUBTITLE = 90

/** The palette, by class: light, dark. */
const COLOURS = {
  ground: ['#ffffff', '#0d1117'],
  text: ['#1f2328', '#e6edf3'],
  muted: ['#59636e', '#9198a1'],
  grid: ['#e4e8ec', '#272e37'],
  first: ['#2563eb', '#5b8ff9'],
  second: ['#ea8a1a', '#e8912d'],
} as const

const CURVES = ['first', 'second'] as const

const STYLE = [
  "text{font:12px -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}",
  theme(0),
  `@media(prefers-color-scheme:dark){${theme(1)}}`,
  '.title{font-size:15px;font-weight:600}.end{text-anchor:end}.middle{text-anchor:middle}',
  'path{fill:none!important;stroke-width:2;stroke-linejoin:round}',
].join('')

/**
 * Draws losses by epoch.
 *
 * @param subtitle what was trained
 * @param series one or two, of at least one number each
 */
export function drawSvg(subtitle: string, series: readonly Series[]): string {
  const isLog = isLogarithmic(series)
  const [least, most] = isLog ? extent(series) : widened(extent(series))
  const [low, high] = isLog ? [Math.log(least), Math.log(most)] : [least, most]
  const epochs = Math.max(...series.map(({ values }) => values.length))
  const x = (epoch: number): number => LEFT + ((epoch - 1) / Math.max(1, epochs - 1)) * (RIGHT - LEFT)
  const y = (loss: number): number =>
    BOTTOM - (((isLog ? Math.log(loss) : loss) - low) / (high - low)) * (BOTTOM - TOP)

  const yTicks = isLog ? logarithmicTicks(least, most) : linearTicks(least, most, 6)
  const xTicks = [1, ...linearTicks(1, epochs, 8).filter((tick) => Number.isInteger(tick) && tick > 1)]
  const body = [
    text(20, 26, `Loss by epoch${isLog ? ', logarithmic' : ''}`, 'text title'),
    text(20, 45, subtitle.length > SUBTITLE ? `${subtitle.slice(0, SUBTITLE)}…` : subtitle, 'muted'),
    ...yTicks.flatMap((tick) => [
      `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>`,
      text(LEFT - 8, y(tick) + 4, String(tick), 'muted end'),
    ]),
    ...xTicks.map((tick) => text(x(tick), BOTTOM + 18, String(tick), 'muted middle')),
    text((LEFT + RIGHT) / 2, BOTTOM + 38, 'epoch', 'muted middle'),
    ...series.map(({ values }, i) => curve(values, CURVES[i], x, y)),
    ...legend(series),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escape(`Loss by epoch: ${subtitle}`)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    ...body,
    '</svg>\n',
  ].join('\n')
}

/** A line from epoch to epoch, or a dot if there is only one. */
function curve(
  values: readonly number[],
  colour: string,
  x: (epoch: number) => number,
  y: (loss: number) => number,
): string {
  const points = values.map((value, i) => `${round(x(i + 1))},${round(y(value))}`)
  if (points.length === 1) {
    const [cx, cy] = points[0].split(',')
    return `<circle class="${colour}" cx="${cx}" cy="${cy}" r="4"/>`
  }
  return `<path class="${colour}" d="M${points.join('L')}"/>`
}

/** At the top right, side by side: each name preceded by a short piece of its curve. */
function legend(series: readonly Series[]): string[] {
  return series.flatMap(({ name }, i) => {
    const left = RIGHT - LEGEND * (series.length - i)
    return [`<path class="${CURVES[i]}" d="M${left},22H${left + 20}"/>`, text(left + 28, 26, name, 'text')]
  })
}

/** Adds some room if all values are equal. */
function widened([least, most]: readonly [number, number]): readonly [number, number] {
  if (most > least) return [least, most]
  const room = Math.abs(most) / 10 || 1
  return [least - room, most + room]
}

function text(x: number, y: number, words: string, className: string): string {
  return `<text class="${className}" x="${round(x)}" y="${round(y)}">${escape(words)}</text>`
}

function theme(index: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, colours]) => {
      const stroke = ['grid', ...CURVES].includes(name)
        ? `line.${name},path.${name}{stroke:${colours[index]}}`
        : ''
      return `.${name}{fill:${colours[index]}}${stroke}`
    })
    .join('')
}

function round(number: number): number {
  return Math.round(10 * number) / 10
}

/** Escapes text for XML, and removes control characters, which XML cannot represent. */
function escape(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Cs}]/gu, '·')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
