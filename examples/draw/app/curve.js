// @ts-check
const SVG = 'http://www.w3.org/2000/svg'
const LEFT = 40
const BOTTOM = 20
const TOP = 8

/**
 * Draws losses epoch by epoch, on a logarithmic scale.
 *
 * @param {SVGElement} svg whose size on the page is the drawing's
 * @param {readonly number[]} losses above 0
 * @param {readonly number[]} marks epochs after which something was taught
 */
export function drawCurve(svg, losses, marks) {
  const { clientWidth: width, clientHeight: height } = svg
  svg.replaceChildren()
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  if (losses.length === 0) return
  const logs = losses.map((loss) => Math.log10(Math.max(loss, 1e-6)))
  const most = Math.max(...logs)
  const least = Math.min(...logs, most - 0.5)
  const last = Math.max(losses.length, 2)
  /** @param {number} epoch from 1 */
  const x = (epoch) => LEFT + ((epoch - 1) / (last - 1)) * (width - LEFT - 4)
  /** @param {number} log */
  const y = (log) => TOP + ((most - log) / (most - least)) * (height - TOP - BOTTOM)

  for (const log of [most, (most + least) / 2, least]) {
    svg.append(node('line', { class: 'grid', x1: LEFT, x2: width, y1: y(log), y2: y(log) }))
    const label = (10 ** log).toPrecision(2)
    svg.append(node('text', { x: LEFT - 6, y: y(log) + 4, 'text-anchor': 'end' }, label))
  }
  svg.append(node('text', { x: LEFT, y: height - 4 }, '1'))
  svg.append(node('text', { x: width - 4, y: height - 4, 'text-anchor': 'end' }, `epoch ${losses.length}`))
  for (const epoch of marks) {
    svg.append(node('line', { class: 'lesson', x1: x(epoch), x2: x(epoch), y1: TOP, y2: height - BOTTOM }))
  }
  const points = logs.map((log, i) => `${x(i + 1).toFixed(1)},${y(log).toFixed(1)}`)
  svg.append(node('polyline', { class: 'loss', points: points.join(' ') }))
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
