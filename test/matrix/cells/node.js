// @ts-check
/** Node in several versions, and the ways that a program there can import the package. */
import { MARK, run } from '../kit.js'

/** @typedef {import('../report.js').Cell} Cell */

/** The first step is measured before the suite is there. */
const ESM = `
const start = performance.now()
const { Network, sgd } = await import('deltaprop')
new Network([2, 3, 1]).train([1, 2], [1], sgd())
const firstStepMs = performance.now() - start
const { check } = await import('./suite.js')
console.log('${MARK}' + JSON.stringify({ ...(await check()), firstStepMs }))
`

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  const folder = await kit.project('node', { files: { 'esm.js': ESM } })
  yield {
    name: 'Node',
    version: process.versions.node,
    how: 'import',
    threads: 'shared',
    outcome: await run(process.execPath, ['esm.js'], { cwd: folder }),
  }
}
