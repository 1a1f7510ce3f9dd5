// @ts-check
/** Pictures of their own ground, in light and dark. */

/** The palette, by class: light, dark. */
const colours = {
  ground: ['#ffffff', '#0d1117'],
  text: ['#1f2328', '#e6edf3'],
  muted: ['#59636e', '#9198a1'],
  grid: ['#e4e8ec', '#272e37'],
  exact: ['#2563eb', '#5b8ff9'],
  relaxed: ['#0891b2', '#22b8cf'],
  threads: ['#1e3a8a', '#a5c3ff'],
  baseline: ['#8a94a0', '#7d8590'],
  dotProducts: ['#c3cad2', '#484f58'],
  peers: ['#ea8a1a', '#e8912d'],
}

/** @type {(theme: 0 | 1) => string} */
const themed = (theme) =>
  Object.entries(colours)
    .map(
      ([name, { [theme]: colour }]) => `.${name}{fill:${colour}}line.${name},path.${name}{stroke:${colour}}`,
    )
    .join('') + `.small{stroke:${colours.ground[theme]}}`

/** Small words have a rim in the colour of the ground, for what lies behind them. */
const STYLE = [
  "text{font:12px -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}",
  themed(0),
  `@media(prefers-color-scheme:dark){${themed(1)}}`,
  '.title{font-size:16px;font-weight:600}.strong{font-weight:600}',
  '.small{font-size:11px;stroke-width:3;paint-order:stroke}',
  'path{fill:none!important;stroke-width:2}.dashed{stroke-dasharray:4 4;stroke-width:1.5}',
].join('')

/**
 * An element; attributes that are numbers are rounded to a tenth.
 *
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 * @param {readonly string[]} children
 */
export function element(name, attributes, ...children) {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? Math.round(10 * value) / 10 : value}"`)
    .join('')
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>${children.join('')}</${name}>`
}

/**
 * @param {number} x
 * @param {number} y of the base line
 * @param {string} words
 * @param {Readonly<Record<string, string | number>>} [attributes] class is `text` unless given
 * @param {string} [aside] muted, after the words
 */
export function label(x, y, words, attributes, aside = '') {
  const more = aside === '' ? [] : [element('tspan', { dx: 6, class: 'muted' }, escape(aside))]
  return element('text', { x, y, class: 'text', ...attributes }, escape(words), ...more)
}

/** @param {string} words */
function escape(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} className a colour, with which it is drawn
 */
export function line(x1, y1, x2, y2, className) {
  return element('line', { x1, y1, x2, y2, class: className })
}

/**
 * A whole picture.
 *
 * @param {number} width
 * @param {number} height
 * @param {string} title for those who cannot see it
 * @param {readonly string[]} children
 */
export function picture(width, height, title, children) {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
  }
  const ground = element('rect', { width, height, rx: 8, class: 'ground' })
  return `${element('svg', attributes, element('title', {}, title), element('style', {}, STYLE), ground, ...children)}\n`
}
