// @ts-check
/**
 * Tables and charts of the results that are kept: a page for each runtime, and the charts of the newest.
 *
 *     node bench/report/report.js
 */
import { isMain } from '../isolate.js'
import { curvesChart } from './curves-chart.js'
import { toPage } from './markdown.js'
import { bestPeers } from './peers.js'
import { folder, loadResults, nameOf, save } from './results.js'
import { speedChart } from './speed-chart.js'

export function report() {
  const all = loadResults()
  for (const results of all) save(`${nameOf(results)}.md`, toPage(results))
  const [newest] = all
  save('chart.svg', speedChart(newest, bestPeers()))
  save('curves.svg', curvesChart(newest))
  console.log(`\n${all.map(nameOf).join(', ')}, chart.svg and curves.svg are in ${folder.pathname}`)
}

if (isMain(import.meta.url)) report()
