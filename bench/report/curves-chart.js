// @ts-check
/** How the time of training grows, in small charts. */
import { curvePanel } from './curve-panel.js'
import { PANEL } from './panel.js'
import { describeEnvironment } from './results.js'
import { element, label, line, picture } from '../../scripts/svg.js'
import { threadsPanel } from './threads-panel.js'

const WIDTH = 860
const TOP = 102
const GAP = 10

/** @param {import('./results.js').Results} results */
export function curvesChart(results) {
  const panels = results.curves.map(curvePanel)
  if (results.threads.length > 0) panels.push(threadsPanel(results.threads))
  const placed = panels.map((panel, i) => {
    const x = (i % 2) * (PANEL.width + GAP)
    const y = TOP + Math.floor(i / 2) * (PANEL.height + GAP)
    return element('g', { transform: `translate(${x} ${y})` }, ...panel)
  })
  const bottom = TOP + Math.ceil(panels.length / 2) * (PANEL.height + GAP)

  const title = 'What a sample costs'
  return picture(WIDTH, bottom + 32, title, [
    label(20, 32, title, { class: 'text title' }),
    label(20, 51, 'training, f32, exact arithmetic, plain SGD, one thread unless said; logarithmic', {
      class: 'muted',
    }),
    line(20, 71, 44, 71, 'exact'),
    label(51, 75, 'measured: median, quartiles'),
    element('path', { d: 'M240,71H264', class: 'muted dashed' }),
    label(271, 75, 'at the speed of multiply-adds that wait for nothing, measured beside it'),
    ...placed,
    label(20, bottom + 18, describeEnvironment(results), { class: 'muted small' }),
  ])
}
