// @ts-check
/** The frame of a small chart: titles, axes, a grid. */
import { label, line } from '../../scripts/svg.js'

/** Where things are in a panel. */
export const PANEL = { width: 420, height: 256, left: 62, right: 400, top: 54, bottom: 214 }

/** @typedef {{ at: number, label: string }} Tick a place in pixels and what is there */

/**
 * @param {{ title: string, subtitle: string, axis: string, x: readonly Tick[], y: readonly Tick[] }} words
 * @returns {string[]}
 */
export function frame({ title, subtitle, axis, x, y }) {
  const centred = { class: 'muted', 'text-anchor': 'middle' }
  return [
    label(20, 16, title, { class: 'text strong' }),
    label(20, 32, subtitle, { class: 'muted' }),
    ...y.flatMap(({ at, label: words }) => [
      line(PANEL.left, at, PANEL.right, at, 'grid'),
      label(PANEL.left - 8, at + 4, words, { class: 'muted', 'text-anchor': 'end' }),
    ]),
    ...x.map(({ at, label: words }) => label(at, PANEL.bottom + 16, words, centred)),
    label((PANEL.left + PANEL.right) / 2, PANEL.bottom + 33, axis, centred),
  ]
}

/**
 * The place of a value between two that lie at the ends of an axis.
 *
 * @param {number} first
 * @param {number} last
 * @param {readonly [start: number, end: number]} pixels
 * @returns {(value: number) => number}
 */
export function scale(first, last, [start, end]) {
  return (value) => start + ((value - first) / (last - first)) * (end - start)
}

/**
 * A line from point to point, for a path.
 * @param {readonly (readonly [x: number, y: number])[]} points
 */
export function polyline(points) {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join('')
}
