// @ts-check
/**
 * Does the package import, train, predict, save and load wherever it can be embedded, with the same bits? Packs it, installs it into
 * projects of its own, and runs the suite in every runtime, bundle and browser of cells/ that this machine can have.
 *
 *     npm run test:matrix
 *     npm run test:matrix -- node browsers      these groups alone; RESULTS.md is left as it is
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { judge } from './judge.js'
import { Kit } from './kit.js'
import { printCell, table } from './table.js'

/** @typedef {import('./report.js').Cell} Cell */

const groups = ['node', 'bundlers']

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !groups.includes(name))
if (unknown !== undefined) {
  throw new RangeError(`test:matrix: expected some of ${groups.join(', ')}, got ${unknown}`)
}

/** @param {string} file @returns {unknown} */
const readJson = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
const expected = {
  weights: /** @type {Record<string, string>} */ (readJson('../fixtures/golden.json')),
  .../** @type {{ predictions: string }} */ (readJson('../fixtures/predictions.json')),
}

const kit = await Kit.create()
/** @type {{ cell: Cell, problems: string[] | undefined }[]} */
const results = []
try {
  for (const group of asked.length > 0 ? asked : groups) {
    /** @type {unknown} */
    const module = await import(`./cells/${group}.js`)
    const { cells } = /** @type {{ cells: (kit: Kit) => AsyncIterable<Cell> }} */ (module)
    for await (const cell of cells(kit)) {
      const problems = 'missing' in cell.outcome ? undefined : judge(cell, expected)
      results.push({ cell, problems })
      printCell(cell, problems)
    }
  }
} finally {
  kit.remove()
}

const failed = results.filter(({ problems }) => problems !== undefined && problems.length > 0).length
const missing = results.filter(({ problems }) => problems === undefined).length
console.log(
  `\n${results.length - failed - missing} passed, ${failed} failed, ${missing} could not be had here and are not counted`,
)
if (asked.length === 0) writeFileSync(new URL('RESULTS.md', import.meta.url), table(results))
if (failed > 0) process.exitCode = 1
