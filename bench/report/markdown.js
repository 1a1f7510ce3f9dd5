// @ts-check
/** Results as a page of Markdown. */
import { describeEnvironment } from './results.js'
import { toMarkdown } from './table.js'
import {
  curveTable,
  curveTitle,
  inferenceTable,
  sizesTable,
  startupTable,
  threadsTable,
  trainingTable,
} from './tables.js'

/** @param {import('./results.js').Results} results */
export function toPage(results) {
  const { train, predict, curves, threads, startup } = results
  const sections = [
    `# ${describeEnvironment(results)}`,
    'Medians ± half the quartile range. The contenders take turns, and so does a kernel of independent multiply-adds: the peak.',
    '## Training',
    '`fit` with plain SGD, shuffling included. “baseline engine” is deltaprop in plain TypeScript, “dot products” a trainer written by hand, `bench/dot-products.js`.',
    toMarkdown(trainingTable(train), 3),
    '## Inference',
    toMarkdown(inferenceTable(predict), 3),
    ...curves.flatMap((curve) => [`## ${curveTitle(curve)}`, toMarkdown(curveTable(curve))]),
    ...(threads.length === 0 ? [] : ['## Threads', toMarkdown(threadsTable(threads))]),
    '## From the import to the first trained batch',
    toMarkdown(startupTable(startup)),
    '## Size',
    toMarkdown(sizesTable(startup)),
  ]
  return sections.map((section) => `${section.trimEnd()}\n`).join('\n')
}
