// @ts-check
/**
 * The tables of pages that compare deltaprop with other libraries. Their heads say what they are; of their rows pages
 * choose which there are, by the first cell; the others are of bench/results/peers.json, which `npm run bench:peers`
 * writes.
 */
import { readFileSync } from 'node:fs'
import { formatCount, formatRatio, formatSeconds } from '../bench/measure.js'
import { PLAIN } from '../bench/peers/contenders.js'
import { callNames, groups, titleOf } from '../bench/peers/workloads.js'
import { describe, describeBatch } from '../bench/workloads.js'

/** @typedef {import('../bench/peers/report.js').Row} Row */
/** @typedef {import('../bench/peers/workloads.js').Group['key']} Key */
/** @typedef {import('../bench/peers/workloads.js').Workload} Workload */

/**
 * Of a group there is nothing unless it has been measured.
 * @typedef {{ [key in Key]?: readonly Row[] }} Rows
 */

/**
 * @typedef {object} PeerResults
 * @property {string} date
 * @property {string} runtime
 * @property {string} version
 * @property {string} cpu
 * @property {number} cores
 * @property {Rows} rowsOfPeers
 * @property {Rows} rowsOfDeltaprop
 */

/**
 * @typedef {object} Table
 * @property {readonly string[]} head
 * @property {ReadonlyMap<string, () => readonly string[]>} rows the cells of all but the first column, by the first
 */

const NONE = 'not measured'

/** What others are called by those who use them. */
const names = new Map([
  ['@jax-js/jax', 'jax-js'],
  ['@tensorflow/tfjs', 'TensorFlow.js'],
])

/** @returns {PeerResults} what is kept */
export function peerResults() {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(new URL('../bench/results/peers.json', import.meta.url), 'utf8'))
  return peerResultsOf(parsed)
}

/**
 * @param {unknown} parsed peers.json
 * @returns {PeerResults}
 */
export function peerResultsOf(parsed) {
  const results = /** @type {Omit<PeerResults, 'rowsOfPeers'> & Rows & { deltaprop: Rows }} */ (parsed)
  return { ...results, rowsOfPeers: results, rowsOfDeltaprop: results.deltaprop }
}

/**
 * A page with what has been measured, in its tables and where it says with what.
 *
 * @param {string} page
 * @param {PeerResults} results
 * @throws Error for a row that no table has
 */
export function withPeers(page, results) {
  const tables = tablesOf(results)
  const { runtime, version, cpu, cores, date } = results
  const machine = `${runtime} ${version}, ${cpu.replace(/\((R|TM)\)/g, '')}, ${cores} cores, ${date.slice(0, 10)}`
  return page
    .replace(/\bNode [^;\n]+(?=; all of it in)/g, machine)
    .replace(/^\|.*\|\n\|[ :|-]+\|\n(?:\|.*\|\n)+/gm, (text) => {
      const [head, , ...rows] = text.trimEnd().split('\n').map(cellsOf)
      const table = tables.find((known) => known.head.join('|') === head.join('|'))
      return table === undefined
        ? text
        : aligned(
            head,
            rows.map(([first]) => [first, ...cellsIn(table, first)]),
          )
    })
}

/**
 * @param {Table} table
 * @param {string} first
 */
function cellsIn({ head, rows }, first) {
  const cells = rows.get(first)
  if (cells === undefined)
    throw new Error(`| ${head[0]} |: expected ${[...rows.keys()].join(' | ')}, got ${first}`)
  return cells()
}

/**
 * @param {PeerResults} results
 * @returns {Table[]}
 */
function tablesOf({ rowsOfPeers, rowsOfDeltaprop }) {
  /** @type {(key: Key, workload: Workload) => readonly Row[]} */
  const peersOf = (key, { name }) => (rowsOfPeers[key] ?? []).filter(({ workload }) => workload === name)
  /** @type {(key: Key, workload: Workload) => readonly Row[]} */
  const oursOf = (key, { name }) => (rowsOfDeltaprop[key] ?? []).filter(({ workload }) => workload === name)
  /** @type {(key: Key) => readonly Workload[]} */
  const workloadsOf = (key) => groups.find((group) => group.key === key)?.workloads ?? []

  /** @type {(key: Key, first: string, labelOf: (workload: Workload) => string) => Table} */
  const rates = (key, first, labelOf) => ({
    head: [first, 'deltaprop', 'fastest of the others', 'deltaprop / it'],
    rows: new Map(
      workloadsOf(key).map((workload) => [
        labelOf(workload),
        () => [
          oursOf(key, workload)
            .filter(({ formulation }) => formulation === 'exact')
            .map(rateOf)[0] ?? NONE,
          ...fastest(peersOf(key, workload), rateOf),
        ],
      ]),
    ),
  })

  /** @type {Table} */
  const calls = {
    head: ['one sample a call', 'deltaprop', PLAIN, 'ratio', 'fastest library', 'ratio'],
    rows: new Map(
      workloadsOf('calls').map((workload) => [
        `${describe(workload)}, ${callNames[workload.call ?? 'array']}`,
        () => {
          const peers = peersOf('calls', workload)
          const plain = peers.filter(({ library }) => library === PLAIN)
          const libraries = peers.filter(({ library }) => library !== PLAIN)
          return [
            oursOf('calls', workload).map(timeOf)[0] ?? NONE,
            plain.map(timeOf)[0] ?? NONE,
            plain.map(ratioOf)[0] ?? '',
            ...fastest(libraries, timeOf),
          ]
        },
      ]),
    ),
  }

  const populations = workloadsOf('populations').map((workload) => {
    const rows = [...oursOf('populations', workload), ...peersOf('populations', workload)]
    const labels = ['deltaprop, predict', 'deltaprop, predictAll', PLAIN, 'brain.js', 'synaptic']
    return {
      head: [titleOf(workload), 'a sample', 'deltaprop / this'],
      rows: new Map(
        labels.map((label) => {
          const row = rows.find(({ library, formulation }) =>
            [library, `${library}, ${formulation}`].includes(label),
          )
          return [label, () => (row === undefined ? [NONE, ''] : [timeOf(row), ratioOf(row)])]
        }),
      ),
    }
  })

  return [
    calls,
    ...populations,
    rates('rows', 'network, batch', ({ batch = 1, samples, ...network }) => {
      return `${describe(network)}, ${describeBatch({ batch, samples })}`
    }),
    rates('inference', 'network, samples a call', ({ samples, ...network }) => {
      return `${describe(network)}, ${samples.toLocaleString('en')}`
    }),
  ]
}

/**
 * Who is the fastest, how fast, and the ratio.
 * @param {readonly Row[]} rows
 * @param {(row: Row) => string} speedOf
 */
function fastest(rows, speedOf) {
  if (rows.length === 0) return [NONE, '']
  const row = rows.reduce((best, other) => (other.rate.median > best.rate.median ? other : best))
  return [`${names.get(row.library) ?? row.library}, ${speedOf(row)}`, ratioOf(row)]
}

/** @param {Row} row */
function rateOf({ rate }) {
  return formatCount(rate.median)
}

/** @param {Row} row */
function timeOf({ rate }) {
  return formatSeconds(1 / rate.median)
}

/** @param {Pick<Row, 'ratio'> | { ratio: null }} row null where there was nothing to compare with */
function ratioOf({ ratio }) {
  return ratio === null ? '' : formatRatio(ratio)
}

/** @param {string} line of a table */
function cellsOf(line) {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim())
}

/**
 * A table as the formatter has it.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function aligned(head, rows) {
  const widths = head.map((_, c) => Math.max(...[head, ...rows].map((row) => row[c].length)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rows]
    .map((row) => `| ${row.map((cell, c) => cell.padEnd(widths[c])).join(' | ')} |\n`)
    .join('')
}
