// @ts-check
/** Samples trained per second, a bar for each contender and workload. */
import { formatCount, formatRatio, trimZeros } from '../measure.js'
import { describe, describeBatch, workloads } from '../workloads.js'
import { describeEnvironment } from './results.js'
import { element, label, line, picture } from '../../scripts/svg.js'

/** @typedef {import('../contenders.js').ContenderName | 'threads' | 'peers'} BarName */

/**
 * @typedef {object} Bar
 * @property {BarName} name
 * @property {number} rate samples/s
 * @property {string} note beside the rate
 */

const WIDTH = 860
const LEFT = 204
const RIGHT = 724
const TOP = 118
const BAR = 10
const BAR_GAP = 3
const GROUP_GAP = 15

/**
 * @param {import('./results.js').Results} results
 * @param {ReadonlyMap<string, { library: string, rate: number }>} peers the best, by workload
 */
export function speedChart(results, peers) {
  const groups = workloads.flatMap((workload) => {
    const row = results.train.find(({ name, precision }) => name === workload.name && precision === 'f32')
    const threads = results.threads.find(({ name }) => name === workload.name)?.rates.at(-1)
    return row === undefined ? [] : [{ workload, bars: barsOf(row, threads, peers.get(workload.name)) }]
  })
  const rates = groups.flatMap(({ bars }) => bars.map(({ rate }) => rate))
  const first = Math.floor(Math.log10(Math.min(...rates)))
  const last = Math.ceil(Math.log10(Math.max(...rates)))
  const x = (/** @type {number} */ rate) =>
    LEFT + ((Math.log10(rate) - first) / (last - first)) * (RIGHT - LEFT)

  /** @type {string[]} */
  const drawn = []
  let y = TOP
  for (const { workload, bars } of groups) {
    const [sizes, activation] = describe(workload).split(' ')
    const middle = y + (bars.length * (BAR + BAR_GAP) - BAR_GAP) / 2
    drawn.push(
      label(LEFT - 14, middle - 2, sizes, { class: 'text strong', 'text-anchor': 'end' }),
      label(LEFT - 14, middle + 13, `${activation}, batch ${describeBatch(workload)}`, {
        class: 'muted',
        'text-anchor': 'end',
      }),
    )
    for (const { name, rate, note } of bars) {
      drawn.push(
        element('rect', { x: LEFT, y, width: x(rate) - LEFT, height: BAR, rx: 2, class: name }),
        label(x(rate) + 6, y + BAR - 1, formatCount(rate), { class: 'text small' }, note),
      )
      y += BAR + BAR_GAP
    }
    y += GROUP_GAP
  }
  const bottom = y - GROUP_GAP + 4
  const decades = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
  const grid = decades.flatMap((rate) => [
    line(x(rate), TOP - 8, x(rate), bottom, 'grid'),
    label(x(rate), TOP - 14, trimZeros(formatCount(rate)), { class: 'muted', 'text-anchor': 'middle' }),
  ])
  const title = 'Samples trained per second'
  const heading = [
    label(20, 32, title, { class: 'text title' }),
    label(
      20,
      51,
      'f32, plain SGD; logarithmic; beside the bars: how many times the dot products; other libraries in a run of their own',
      {
        class: 'muted',
      },
    ),
    ...legend(
      groups.flatMap(({ bars }) => bars),
      results.cores,
    ),
  ]
  const footer = label(20, bottom + 28, describeEnvironment(results), { class: 'muted small' })
  return picture(WIDTH, bottom + 42, title, [...heading, ...grid, ...drawn, footer])
}

/** @type {readonly BarName[]} */
const names = ['exact', 'relaxed', 'threads', 'baseline', 'dotProducts', 'peers']

/**
 * @param {import('../train.js').SpeedRow} row
 * @param {import('../measure.js').Statistics | undefined} threads samples/s with all of them
 * @param {{ library: string, rate: number } | undefined} peer
 * @returns {Bar[]}
 */
function barsOf({ rates: { exact, relaxed, baseline, dotProducts } }, threads, peer) {
  const rates = { exact, relaxed, threads, baseline, dotProducts, peers: peer && { median: peer.rate } }
  return names.flatMap((name) => {
    const rate = rates[name]?.median
    if (rate === undefined) return []
    const isOurs = name === 'exact' || name === 'relaxed' || name === 'threads'
    const times = isOurs && dotProducts ? `${formatRatio(rate / dotProducts.median)} ×` : ''
    return [{ name, rate, note: name === 'peers' ? (peer?.library ?? '') : times }]
  })
}

/**
 * A square and a title for each kind of bar that is drawn.
 *
 * @param {readonly Bar[]} bars
 * @param {number} cores
 */
function legend(bars, cores) {
  const drawn = new Set(bars.map(({ name }) => name))
  const titles = {
    exact: 'deltaprop',
    relaxed: 'relaxed arithmetic',
    threads: `${cores} threads`,
    baseline: 'its baseline engine',
    dotProducts: 'dot products by hand',
    peers: 'best other library',
  }
  let x = 20
  return names.flatMap((name) => {
    if (!drawn.has(name)) return []
    const at = x
    x += 38 + 6.2 * titles[name].length
    return [
      element('rect', { x: at, y: 65, width: 11, height: 11, rx: 2, class: name }),
      label(at + 17, 75, titles[name]),
    ]
  })
}
