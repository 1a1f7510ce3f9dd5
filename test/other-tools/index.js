// @ts-check
/**
 * Compares what deltaprop reads and writes with what the tools themselves answer:
 *
 *     npm run test:interop
 *     npm run test:interop -- tfjs fann    these alone
 *     npm run test:interop -- --write      all of them, and RESULTS.md
 *
 * It installs package.json beside it; of Debian it needs the packages of versions.js. A tool that is not there is an
 * error: nothing is skipped. A line for each file that was written or read; the largest difference from the tool's own
 * answer, relative to the largest output.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { bounds, document, line } from './table.js'
import { versions } from './versions.js'

/**
 * One comparison.
 *
 * @typedef {object} Comparison
 * @property {string} format
 * @property {'in' | 'out'} direction
 * @property {string} tool whose answer it is
 * @property {string} what is written or read: an activation, or what else is special
 * @property {'f32' | 'f64'} precision
 * @property {number | string} difference or why there is none
 * @property {{ most: number, reason: string }} [bound] where it is not that of the precision
 */

const here = fileURLToPath(new URL('.', import.meta.url))
const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: here,
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)

const tools = ['onnxruntime', 'onnx', 'pytorch', 'sklearn', 'keras', 'tfjs', 'code', 'avr']
tools.push('brain', 'synaptic', 'convnetjs', 'fann')
const options = process.argv.slice(2)
const named = options.filter((name) => name !== '--write')
const isWritten = options.includes('--write')
const unknown = named.find((name) => !tools.includes(name))
if (unknown !== undefined) throw new RangeError(`expected one of ${tools.join(', ')}, got "${unknown}"`)
if (isWritten && named.length > 0) throw new RangeError('--write: expected no names, as it is of all tools')

const folder = mkdtempSync(join(tmpdir(), 'deltaprop-tools-'))
/** @type {Comparison[]} */
const comparisons = []
try {
  for (const name of named.length > 0 ? named : tools) {
    const module = /** @type {{ compare: (folder: string) => AsyncIterable<Comparison> }} */ (
      await import(`./${name}.js`)
    )
    for await (const comparison of module.compare(folder)) {
      comparisons.push(comparison)
      console.log(line(comparison))
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

const failures = comparisons.filter((comparison) => !bounds(comparison).isWithin).length
if (failures > 0) {
  console.error(`${failures} of them beyond the bound`)
  process.exitCode = 1
}
if (isWritten) {
  const machine = `${availableParallelism()} cores of ${cpus()[0].model.trim()}`
  const file = join(here, 'RESULTS.md')
  const text = document(comparisons, { machine, versions: versions() })
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }))
}
