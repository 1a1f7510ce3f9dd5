// @ts-check
/**
 * Installs and tests the examples that have packages of their own: `npm run test:examples [-- NAME …]`, all of them unless some are
 * named.
 *
 * For each folder of examples/ whose package.json has a test script: `npm ci`, the types of its tsconfig.json, lint, whose rules know
 * types as soon as it is installed, and `npm test`. A line each; what failed shows what it has printed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of each step, in milliseconds: the longest, an example's tests, take half a minute. */
const TIMEOUT = 600_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const named = process.argv.slice(2)
const found = readdirSync(join(root, 'examples')).filter(hasTests)
const unknown = named.find((name) => !found.includes(name))
if (unknown !== undefined) throw new RangeError(`expected one of ${found.join(', ')}, got "${unknown}"`)

const failed = (named.length > 0 ? named : found).filter((name) => !passes(name))
if (failed.length > 0) process.exitCode = 1

/** @param {string} name of a folder of examples/ */
function hasTests(name) {
  const file = join(root, 'examples', name, 'package.json')
  if (!existsSync(file)) return false
  const read = /** @type {(text: string) => { scripts?: { test?: string } }} */ (JSON.parse)
  return read(readFileSync(file, 'utf8')).scripts?.test !== undefined
}

/** @param {string} name */
function passes(name) {
  const folder = join('examples', name)
  const node = process.execPath
  /** @type {[what: string, command: string, ...options: string[]][]} */
  const steps = [
    ['npm ci', 'npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund'],
    ['types', node, join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', folder],
    ['lint', node, join('node_modules', 'eslint', 'bin', 'eslint.js'), '--max-warnings', '0', folder],
    ['npm test', 'npm', 'test', '--prefix', folder],
  ]
  const start = performance.now()
  for (const [what, command, ...options] of steps) {
    const { status, stdout, stderr, error } = spawnSync(command, options, {
      cwd: root,
      encoding: 'utf8',
      timeout: TIMEOUT,
      // npm is a script there.
      shell: process.platform === 'win32' && command === 'npm',
    })
    if (status === 0) continue
    console.log(
      `examples/${name}: ${what} failed\n\n${stdout}${stderr}${error === undefined ? '' : String(error)}`,
    )
    return false
  }
  console.log(`examples/${name}: passed in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return true
}
