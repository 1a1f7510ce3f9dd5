// @ts-check
/** How many times faster training is with more threads. */
import { describe, findWorkload, workloads } from '../workloads.js'
import { frame, PANEL, polyline, scale } from './panel.js'
import { element, label } from '../../scripts/svg.js'

/** Room for the names at the ends of the lines. */
const RIGHT = PANEL.right - 110

/** Between the names, so that they do not overlap. */
const NAME_HEIGHT = 14

/** @param {readonly import('../threads.js').ThreadsRow[]} rows */
export function threadsPanel(rows) {
  const most = rows[0].rates.length
  const x = scale(1, most, [PANEL.left, RIGHT])
  const y = scale(0, most, [PANEL.bottom, PANEL.top])
  const counts = Array.from({ length: most }, (_, i) => i + 1)
  const lines = rows
    .map(({ name, rates }) => ({
      name: describe(findWorkload(workloads, name)),
      times: rates.map(({ median }) => median / rates[0].median),
    }))
    .sort((a, b) => b.times[most - 1] - a.times[most - 1])

  let free = -Infinity
  const names = lines.map(({ name, times }) => {
    free = Math.max(free + NAME_HEIGHT, y(times[most - 1]) + 4)
    return label(RIGHT + 8, free, name.split(' ')[0], { class: 'text small' })
  })
  const ideal = polyline(counts.map((count) => [x(count), y(count)]))
  return [
    ...frame({
      title: 'Speed-up by threads',
      subtitle: 'samples in a second, times those of one thread',
      axis: 'threads',
      x: counts.map((count) => ({ at: x(count), label: String(count) })),
      y: [0, ...counts].map((times) => ({ at: y(times), label: `${times} ×` })),
    }),
    element('path', { d: ideal, class: 'muted dashed' }),
    ...lines.map(({ times }) =>
      element('path', { d: polyline(times.map((value, i) => [x(i + 1), y(value)])), class: 'exact' }),
    ),
    ...names,
  ]
}
