// @ts-check
/**
 * Compares what deltaprop reads and writes with what the tools themselves answer: `npm run test:interop [-- NAME …]`, all
 * of them unless some are named.
 *
 * It installs package.json beside it; of Debian it needs python3-torch, python3-onnx, python3-sklearn, gcc and gcc-avr. A
 * tool that is not there is an error: nothing is skipped. A line for each file that was written or read; the largest
 * difference from the tool's own answer, relative to the largest output.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * One comparison.
 *
 * @typedef {object} Comparison
 * @property {string} format
 * @property {'in' | 'out'} direction
 * @property {string} what is written or read: an activation, or what else is special
 * @property {'f32' | 'f64'} precision
 * @property {number | string} difference or why the tool has no answer
 */

/** How far answers may be apart. */
const bounds = { f32: 1e-6, f64: 1e-12 }

const here = fileURLToPath(new URL('.', import.meta.url))
const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: here,
  stdio: ['ignore', 'ignore', 'inherit'],
  shell: process.platform === 'win32',
})
if (status !== 0) process.exit(status ?? 1)

const tools = ['onnxruntime', 'pytorch', 'code']
const named = process.argv.slice(2)
const unknown = named.find((name) => !tools.includes(name))
if (unknown !== undefined) throw new RangeError(`expected one of ${tools.join(', ')}, got "${unknown}"`)

const folder = mkdtempSync(join(tmpdir(), 'deltaprop-tools-'))
let failures = 0
try {
  for (const name of named.length > 0 ? named : tools) {
    const module = /** @type {{ compare: (folder: string) => AsyncIterable<Comparison> }} */ (
      await import(`./${name}.js`)
    )
    for await (const comparison of module.compare(folder)) report(comparison)
  }
} finally {
  rmSync(folder, { recursive: true })
}
if (failures > 0) {
  console.error(`${failures} of them beyond the bound`)
  process.exitCode = 1
}

/** @param {Comparison} comparison */
function report({ format, direction, what, precision, difference }) {
  const isFailure = typeof difference === 'number' && !(difference <= bounds[precision])
  if (isFailure) ++failures
  const text = typeof difference === 'number' ? difference.toExponential(1) : difference
  const cells = [format.padEnd(12), direction.padEnd(4), what.padEnd(22), precision.padEnd(4), text]
  console.log(`${cells.join(' ')}${isFailure ? '  beyond the bound' : ''}`)
}
