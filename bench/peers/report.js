// @ts-check
/** The answers: tables in the terminal, a page, and a file of numbers. */
import { existsSync, readFileSync } from 'node:fs'
import { formatRate, formatRatio } from '../measure.js'
import { describeEnvironment, folder, save, toJSON } from '../report/results.js'
import { printTable, toMarkdown } from '../report/table.js'
import { describe, describeBatch } from '../workloads.js'
import { contenders } from './contenders.js'

/** @typedef {import('./contender.js').Workload} Workload */

/**
 * Of one contender on one workload.
 * @typedef {object} Row
 * @property {string} workload its name
 * @property {string} library
 * @property {string} formulation
 * @property {import('../measure.js').Statistics} rate samples/s
 * @property {number} ratio how many times as fast deltaprop is, exact, in the same turns
 * @property {readonly string[]} notes what it does otherwise
 */

/** @typedef {Pick<Row, 'workload' | 'library' | 'formulation'> & { reason: string }} Missing */

/**
 * Of one workload.
 * @typedef {object} Answer
 * @property {Workload} workload
 * @property {readonly Row[]} rows
 * @property {readonly Missing[]} missing
 */

/** @param {Answer} answer */
export function printAnswer(answer) {
  printTable(titleOf(answer.workload), tableOf(answer), 2)
}

/**
 * @param {import('../report/results.js').Environment} environment
 * @param {readonly Answer[]} training
 * @param {readonly Answer[]} inference
 */
export function saveAnswers(environment, training, inference) {
  const libraries = [...new Set(contenders.map(({ library }) => library))]
  const versions = Object.fromEntries(libraries.map((library) => [library, versionOf(library)]))
  const results = {
    ...environment,
    versions,
    rows: training.flatMap(({ rows }) => rows.filter(isPeer)),
    inference: inference.flatMap(({ rows }) => rows.filter(isPeer)),
    deltaprop: {
      rows: training.flatMap(({ rows }) => rows.filter((row) => !isPeer(row))),
      inference: inference.flatMap(({ rows }) => rows.filter((row) => !isPeer(row))),
    },
    missing: [...training, ...inference].flatMap(({ missing }) => missing),
  }
  save('peers.json', toJSON(results))
  save('peers.md', toPage(describeEnvironment(environment), versions, training, inference))
  console.log(`\npeers.json and peers.md are in ${folder.pathname}`)
}

/** @param {Row} row */
function isPeer({ library }) {
  return library !== 'deltaprop'
}

/** @param {Workload} workload */
function titleOf({ sizes, options, batch, samples }) {
  const network = describe({ sizes, options })
  if (batch !== undefined) return `${network}, batch ${describeBatch({ batch, samples })}`
  return `${network}, ${samples === 1 ? '1 sample' : `${samples.toLocaleString('en')} samples`} a call`
}

/** @param {Answer} answer */
function tableOf({ rows, missing }) {
  return [
    ...rows.map(({ library, formulation, rate, ratio, notes }) => ({
      library,
      formulation,
      'samples/s': formatRate(rate),
      'deltaprop / this': formatRatio(ratio),
      '': notes.join(', '),
    })),
    ...missing.map(({ library, formulation, reason }) => ({
      library,
      formulation,
      'samples/s': 'not measured',
      'deltaprop / this': '',
      '': reason,
    })),
  ]
}

/**
 * @param {string} title
 * @param {Readonly<Record<string, string>>} versions
 * @param {readonly Answer[]} training
 * @param {readonly Answer[]} inference
 */
function toPage(title, versions, training, inference) {
  const tables = (/** @type {readonly Answer[]} */ answers) =>
    answers.flatMap((answer) => [`### ${titleOf(answer.workload)}`, toMarkdown(tableOf(answer), 2)])
  const sections = [
    `# Other libraries. ${title}`,
    Object.entries(versions)
      .map(([library, version]) => `${library} ${version}`)
      .join(' · '),
    'Samples in a second, f32, one thread; medians ± half the quartile range. All contenders of a table take turns, each in a process of its own, in which it has shown first that it computes what deltaprop computes. Ratios are those of exact arithmetic; relaxed SIMD is on, and jax-js uses it.',
    '## Training',
    'Plain SGD. “grad” is automatic differentiation, “by hand” the gradients written out, “model” `model.fit`, deltaprop `fit`.',
    ...tables(training),
    '## Inference',
    'From an array of JavaScript to an array of JavaScript.',
    ...tables(inference),
  ]
  return sections.map((section) => `${section.trimEnd()}\n`).join('\n')
}

/** @param {string} library */
function versionOf(library) {
  const folder = library === 'deltaprop' ? '../../' : `node_modules/${library}/`
  const file = new URL(`${folder}package.json`, import.meta.url)
  if (!existsSync(file)) return 'not installed'
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  return /** @type {{ version: string }} */ (manifest).version
}
