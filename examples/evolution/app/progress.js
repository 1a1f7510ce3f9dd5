// @ts-check

/** @typedef {import('./evolution.js').Report} Report */

const SVG = 'http://www.w3.org/2000/svg'
const LEFT = 30
const RIGHT = 6
const BOTTOM = 22
const TOP = 10

/**
 * How far the best and the median car of each generation came.
 *
 * @param {SVGElement} svg whose size on the page is the drawing's
 * @param {readonly Report[]} reports
 */
export function drawProgress(svg, reports) {
  const { clientWidth: width, clientHeight: height } = svg
  svg.replaceChildren()
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  const most = Math.max(1, ...reports.map(({ best }) => best))
  const last = Math.max(reports.length, 10)
  /** @param {number} generation */
  const x = (generation) => LEFT + ((generation - 1) / (last - 1)) * (width - LEFT - RIGHT)
  /** @param {number} laps */
  const y = (laps) => height - BOTTOM - (laps / most) * (height - BOTTOM - TOP)

  for (let laps = 0; laps <= most; laps += 0.5) {
    svg.append(node('line', { class: 'grid', x1: LEFT, x2: width, y1: y(laps), y2: y(laps) }))
    svg.append(node('text', { x: LEFT - 8, y: y(laps) + 4, 'text-anchor': 'end' }, String(laps)))
  }
  svg.append(node('text', { x: LEFT, y: height - 4 }, '1'))
  svg.append(node('text', { x: width - RIGHT, y: height - 4, 'text-anchor': 'end' }, `generation ${last}`))
  for (const name of /** @type {const} */ (['median', 'best'])) {
    const points = reports.map((report, i) => `${x(i + 1).toFixed(1)},${y(report[name]).toFixed(1)}`)
    svg.append(node('polyline', { class: name, points: points.join(' ') }))
  }
  const now = reports.at(-1)
  svg.ariaLabel =
    now === undefined
      ? 'Nothing yet'
      : `Laps: ${now.best.toFixed(2)} the best, ${now.median.toFixed(2)} the median`
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} text
 */
function node(name, attributes, text = '') {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  element.textContent = text
  return element
}
