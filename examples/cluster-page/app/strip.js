// @ts-check

/** @typedef {import('./lender.js').Job} Job */

const SVG = 'http://www.w3.org/2000/svg'
const LEFT = 36
const BOTTOM = 1
const TOP = 10
/** Places for bars: jobs, and the one that runs. */
const PLACES = 49
/** The part of a place that is left free. */
const GAP = 0.3

/**
 * Draws a bar for each job, as high as it was long.
 *
 * @param {SVGElement} svg whose size on the page is the drawing's
 * @param {readonly Job[]} jobs the last one on the right
 * @returns {(seconds: number) => void} draws the bar of the job that runs; 0: there is none
 */
export function drawStrip(svg, jobs) {
  const { clientWidth: width, clientHeight: height } = svg
  const longest = Math.max(...jobs.map(({ seconds }) => seconds))
  const most = jobs.length === 0 ? 1 : roundUp(Math.max(0.1, longest))
  const place = (width - LEFT) / PLACES
  /** @param {number} seconds */
  const y = (seconds) => height - BOTTOM - (Math.min(seconds, most) / most) * (height - BOTTOM - TOP)
  svg.replaceChildren()
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  for (const seconds of [0, most / 2, most]) {
    svg.append(node('line', { class: 'grid', x1: LEFT, x2: width, y1: y(seconds), y2: y(seconds) }))
    if (seconds === 0) continue
    svg.append(node('text', { x: LEFT - 8, y: y(seconds) + 4, 'text-anchor': 'end' }, String(seconds)))
  }

  /** @param {number} at @param {string} name */
  const bar = (at, name) => {
    const size = { x: LEFT + (at + GAP / 2) * place, width: place * (1 - GAP), rx: Math.min(2, place / 4) }
    return node('rect', { class: name, ...size })
  }
  /** @param {Element} rect @param {number} seconds */
  const raise = (rect, seconds) => {
    // A short one is seen, too.
    const top = Math.min(y(seconds), height - BOTTOM - 2)
    rect.setAttribute('y', String(top))
    rect.setAttribute('height', String(height - BOTTOM - top))
  }
  for (const [i, { seconds, outcome }] of jobs.entries()) {
    const rect = bar(PLACES - 1 - jobs.length + i, outcome)
    raise(rect, seconds)
    rect.append(node('title', {}, `${seconds.toFixed(2)} s, ${WORDS[outcome]}`))
    svg.append(rect)
  }
  const running = bar(PLACES - 1, 'running')
  svg.append(running)
  svg.ariaLabel = describe(jobs)
  return (seconds) => {
    running.toggleAttribute('hidden', seconds === 0)
    raise(running, seconds)
  }
}

/** @type {Record<Job['outcome'], string>} */
const WORDS = { done: 'done', failed: 'failed', left: 'left to others' }

/** @param {readonly Job[]} jobs */
function describe(jobs) {
  const last = jobs.at(-1)
  if (last === undefined) return 'No job yet'
  return `Jobs: the last one took ${last.seconds.toFixed(2)} seconds, ${WORDS[last.outcome]}`
}

/** The next of 1, 2, 4, 6, 10 times a power of ten: its half is short, too. @param {number} seconds */
function roundUp(seconds) {
  const power = 10 ** Math.floor(Math.log10(seconds))
  const digit = [1, 2, 4, 6, 10].find((each) => each * power >= seconds) ?? 10
  return Number((digit * power).toPrecision(1))
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
