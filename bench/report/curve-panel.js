// @ts-check
/** The times of one curve, on logarithmic axes but that of depth. */
import { formatCount, formatSeconds, trimZeros } from '../measure.js'
import { frame, PANEL, polyline, scale } from './panel.js'
import { element, line } from '../../scripts/svg.js'
import { flatness } from './tables.js'

/** Of each curve: what its times are of, what varies, and which of its values are written. */
const axes = {
  batch: {
    title: 'Time for a sample, by batch',
    axis: 'batch, 784-128-10',
    ticks: [1, 4, 16, 64, 256, 1024, 4096],
  },
  width: {
    title: 'Time for a parameter and sample, by width',
    axis: 'n of n-n-n-10, batch 64',
    ticks: [8, 32, 128, 512, 2048],
  },
  depth: {
    title: 'Time for a parameter and sample, by depth',
    axis: 'hidden layers of 128, batch 64',
    ticks: [1, 4, 8, 12, 16],
  },
  parameters: {
    title: 'Time for a parameter and sample, by parameters',
    axis: 'parameters of n-n-10, batch 64',
    ticks: [1e4, 1e5, 1e6, 1e7],
  },
}

/** @param {import('../curves.js').Curve} curve */
export function curvePanel(curve) {
  const { name, points, peak } = curve
  const { title, axis, ticks } = axes[name]
  const limits = points.map(({ seconds, flops }) => (seconds.median * flops) / peak.median)
  const times = [...points.map(({ seconds }) => seconds.median), ...limits]
  const grid = roundNumbers(Math.min(...times), Math.max(...times))

  const scaled = name === 'depth' ? (/** @type {number} */ at) => at : Math.log
  const ends = [points[0].at, points[points.length - 1].at].map(scaled)
  const place = scale(ends[0], ends[1], [PANEL.left, PANEL.right])
  const x = (/** @type {number} */ at) => place(scaled(at))
  const height = scale(Math.log(grid[0]), Math.log(grid[grid.length - 1]), [PANEL.bottom, PANEL.top])
  const y = (/** @type {number} */ seconds) => height(Math.log(seconds))

  return [
    ...frame({
      title,
      subtitle: flatness(curve),
      axis,
      x: ticks.map((at) => ({ at: x(at), label: at < 1e4 ? String(at) : trimZeros(formatCount(at)) })),
      y: grid.map((seconds) => ({ at: y(seconds), label: trimZeros(formatSeconds(seconds)) })),
    }),
    element('path', { d: polyline(points.map(({ at }, i) => [x(at), y(limits[i])])), class: 'muted dashed' }),
    element('path', {
      d: polyline(points.map(({ at, seconds }) => [x(at), y(seconds.median)])),
      class: 'exact',
    }),
    ...points.flatMap(({ at, seconds: { median, spread } }) => {
      const half = (median * Math.min(spread, 90)) / 100
      return [
        line(x(at), y(median + half), x(at), y(median - half), 'exact'),
        element('circle', { cx: x(at), cy: y(median), r: 3, class: 'exact' }),
      ]
    }),
  ]
}

/**
 * 1, 2, 5 times the powers of ten, from one that is at most the least value to one that is at least the greatest.
 * @param {number} least
 * @param {number} greatest
 */
function roundNumbers(least, greatest) {
  const decades = Array.from({ length: 16 }, (_, i) => 10 ** (i - 12))
  const all = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade])
  const first = all.filter((value) => value <= least).length - 1
  const last = all.findIndex((value) => value >= greatest)
  return all.slice(first, last + 1)
}
