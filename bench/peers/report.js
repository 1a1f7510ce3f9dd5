// @ts-check
/** The answers: tables in the terminal, a page, and a file of numbers. */
import { existsSync, readFileSync } from 'node:fs'
import { formatCount, formatRate, formatRatio, formatSeconds, formatSpread } from '../measure.js'
import { describeEnvironment, nameOf, save, toJSON } from '../report/results.js'
import { printTable, toMarkdown } from '../report/table.js'
import { contenders, PLAIN } from './contenders.js'
import { callNames, titleOf } from './workloads.js'

/** @typedef {import('./workloads.js').Group} Group */
/** @typedef {import('./workloads.js').Workload} Workload */

/**
 * Of one contender on one workload.
 * @typedef {object} Row
 * @property {string} workload its name
 * @property {string} library
 * @property {string} formulation
 * @property {import('../measure.js').Statistics} rate samples/s
 * @property {number} ratio how many times as fast deltaprop is, exact, in the same turns; NaN if it is not measured
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

/** @typedef {{ group: Group, answers: readonly Answer[] }} Answered */

/**
 * Of the workloads that share a table.
 * @param {readonly Answer[]} answers at least one
 */
export function printAnswers(answers) {
  printTable(titleOf(answers[0].workload), tableOf(answers), labelsOf(answers))
}

/**
 * What pages tell of is in peers.json: Node 20, the oldest that runs deltaprop. Others have files with their names.
 * @param {import('../report/results.js').Environment} environment
 */
export function fileNameOf(environment) {
  const name = nameOf(environment)
  return name === 'node-20' ? 'peers' : `peers-${name}`
}

/**
 * @param {import('../report/results.js').Environment} environment
 * @param {readonly Answered[]} answered
 * @param {URL} to the folder
 */
export function saveAnswers(environment, answered, to) {
  const libraries = [...new Set(contenders.map(({ library }) => library))].filter(
    (library) => library !== PLAIN,
  )
  const versions = Object.fromEntries(libraries.map((library) => [library, versionOf(library)]))
  const rows = (/** @type {(row: Row) => boolean} */ isWanted) =>
    Object.fromEntries(
      answered.map(({ group, answers }) => [
        group.key,
        answers.flatMap((answer) => answer.rows.filter(isWanted)),
      ]),
    )
  const results = {
    ...environment,
    versions,
    ...rows(isPeer),
    deltaprop: rows((row) => !isPeer(row)),
    missing: answered.flatMap(({ answers }) => answers.flatMap(({ missing }) => missing)),
  }
  const name = fileNameOf(environment)
  save(`${name}.json`, toJSON(results), to)
  save(`${name}.md`, toPage(describeEnvironment(environment), versions, answered), to)
  console.log(`\n${name}.json and ${name}.md are in ${to.pathname}`)
}

/** @param {Row} row */
function isPeer({ library }) {
  return library !== 'deltaprop'
}

/** @param {readonly Answer[]} answers */
function labelsOf([{ workload }]) {
  return workload.call === undefined ? 2 : 3
}

/**
 * @param {readonly Answer[]} answers
 * @returns {import('../report/table.js').TableRow[]}
 */
function tableOf(answers) {
  return answers.flatMap(({ workload: { kind, call }, rows, missing }) => {
    /** @param {number} i */
    const names = (i, { library, formulation } = [...rows, ...missing][i]) =>
      call === undefined
        ? { library, formulation }
        : { call: i === 0 ? callNames[call] : '', library, formulation }
    return [
      ...rows.map(({ rate, ratio, notes }, i) => ({
        ...names(i),
        ...speed(kind, rate),
        'deltaprop / this': Number.isFinite(ratio) ? formatRatio(ratio) : '',
        '': notes.join(', '),
      })),
      ...missing.map(({ reason }, i) => ({
        ...names(rows.length + i),
        [kind === 'train' || kind === 'infer' ? 'samples/s' : 'a sample']: 'not measured',
        '': reason,
      })),
    ]
  })
}

/**
 * Of single calls, what each takes; of others, how many there are in a second.
 * @param {import('./workloads.js').Kind} kind
 * @param {import('../measure.js').Statistics} rate
 */
function speed(kind, rate) {
  if (kind === 'train' || kind === 'infer') return { 'samples/s': formatRate(rate) }
  return {
    'a sample': `${formatSeconds(1 / rate.median)} ${formatSpread(rate.spread)}`.trimEnd(),
    'samples/s': formatCount(rate.median),
  }
}

/**
 * @param {string} title
 * @param {Readonly<Record<string, string>>} versions
 * @param {readonly Answered[]} answered
 */
function toPage(title, versions, answered) {
  const sections = [
    `# Other libraries. ${title}`,
    Object.entries(versions)
      .map(([library, version]) => `${library} ${version}`)
      .join(' · '),
    [
      'f32 and one thread, if nothing else is said; medians ± half the quartile range. All contenders of a table take',
      'turns, each in a process of its own, in which it has shown first that it computes what deltaprop computes.',
      '“deltaprop / this” is how many times as fast deltaprop is, with exact arithmetic, in the same turns; relaxed',
      'SIMD is on, and jax-js uses it. “plain JavaScript” is no library but a page of loops,',
      '`bench/peers/libraries/plain.js`.',
    ].join(' '),
    ...answered.flatMap(({ group, answers }) => [
      `## ${group.title}`,
      group.about,
      ...byTitle(answers).flatMap((shared) => [
        `### ${titleOf(shared[0].workload)}`,
        toMarkdown(tableOf(shared), labelsOf(shared)),
      ]),
    ]),
  ]
  return sections.map((section) => `${section.trimEnd()}\n`).join('\n')
}

/**
 * Those that share a table together.
 * @param {readonly Answer[]} answers
 * @returns {Answer[][]}
 */
function byTitle(answers) {
  const titles = [...new Set(answers.map(({ workload }) => titleOf(workload)))]
  return titles.map((title) => answers.filter(({ workload }) => titleOf(workload) === title))
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
