// @ts-check
/**
 * Does the package import, train, predict, save and load wherever it can be embedded, with the same bits? Packs it, installs it into
 * projects of its own, and runs the suite in every runtime, bundle and browser of cells/ that this machine can have.
 *
 *     npm run test:matrix
 *     npm run test:matrix -- node browsers      these groups alone; RESULTS.md is left as it is
 *     npm run test:matrix -- --except browsers  all groups but these
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { format } from 'prettier'
import { judge } from './judge.js'
import { Kit } from './kit.js'
import { document, line } from './table.js'

/** @typedef {import('./report.js').Cell} Cell */

const groups = ['node', 'bun', 'deno', 'workerd', 'processors', 'bundlers', 'browsers']

// What is said to a user counts, not what the log of a build is told, in colours if they are forced there.
delete process.env.CI
delete process.env.FORCE_COLOR

const args = process.argv.slice(2)
const named = args.filter((name) => name !== '--except')
const unknown = named.find((name) => !groups.includes(name))
if (unknown !== undefined) {
  throw new RangeError(`test:matrix: expected some of ${groups.join(', ')}, got ${unknown}`)
}

const asked = args[0] === '--except' ? groups.filter((name) => !named.includes(name)) : named

/** @param {string} file @returns {unknown} */
const readJson = (file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
const expected = {
  weights: /** @type {Record<string, string>} */ (readJson('../fixtures/golden.json')),
  baseline: /** @type {Record<string, string>} */ (readJson('../fixtures/golden-baseline.json')),
  predictions: /** @type {{ wasm: string, baseline: string }} */ (readJson('../fixtures/predictions.json')),
  models: /** @type {Record<string, Record<string, string>>} */ (readJson('../fixtures/converted.json')),
}

const kit = await Kit.create()
/** @type {import('./table.js').Result[]} */
const results = []
for (const group of asked.length > 0 ? asked : groups) {
  /** @type {unknown} */
  const module = await import(`./cells/${group}.js`)
  const { cells } = /** @type {{ cells: (kit: Kit) => AsyncIterable<Cell> }} */ (module)
  for await (const cell of cells(kit)) {
    const problems =
      'missing' in cell.outcome
        ? undefined
        : judge(cell, expected).map((problem) => problem.replaceAll(kit.folder, ''))
    results.push({ cell, problems })
    console.log(line({ cell, problems }))
  }
}

const failed = results.filter(({ problems }) => problems !== undefined && problems.length > 0).length
const missing = results.filter(({ problems }) => problems === undefined).length
console.log(
  `\n${results.length - failed - missing} passed, ${failed} failed, ${missing} could not be had here and are not counted`,
)
if (asked.length === 0) {
  const when = {
    machine: `${availableParallelism()} cores of ${cpus()[0].model.trim()}`,
    date: new Date().toISOString().slice(0, 10),
  }
  const text = await format(document(results, expected, when), { parser: 'markdown' })
  writeFileSync(new URL('RESULTS.md', import.meta.url), text)
}
// Where nothing could be had nothing has been shown.
if (failed > 0 || missing === results.length) process.exitCode = 1
