// @ts-check
/**
 * Installs and tests what has a package of its own, in packages/ and examples/: `npm run test:examples [-- NAME …]`, all of them unless
 * some are named.
 *
 * For each folder there whose package.json has a test script: `npm ci`, the build, if it has one, the types of its tsconfig.json, lint,
 * whose rules know types as soon as it is installed, and `npm test`. A line each; what failed shows what it has printed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of each step, in milliseconds: the longest, an example's tests, take half a minute. */
const TIMEOUT = 600_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const named = process.argv.slice(2)
// Packages first: examples use them.
const found = ['packages', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ name, folder: join(folder, name) })))
  .filter(({ folder }) => scriptsOf(folder).test !== undefined)
const unknown = named.find((name) => !found.some((each) => each.name === name))
if (unknown !== undefined) {
  throw new RangeError(`expected one of ${found.map(({ name }) => name).join(', ')}, got "${unknown}"`)
}

const chosen = found.filter(({ name }) => named.length === 0 || named.includes(name))
const failed = chosen.filter(({ folder }) => !passes(folder))
if (failed.length > 0) process.exitCode = 1

/** @param {string} folder @returns {{ test?: string, build?: string }} */
function scriptsOf(folder) {
  const file = join(root, folder, 'package.json')
  if (!existsSync(file)) return {}
  const read = /** @type {(text: string) => { scripts?: { test?: string, build?: string } }} */ (JSON.parse)
  return read(readFileSync(file, 'utf8')).scripts ?? {}
}

/** @param {string} folder */
function passes(folder) {
  const node = process.execPath
  /** @type {[what: string, command: string, ...options: string[]]} */
  const build = ['npm run build', 'npm', 'run', 'build', '--prefix', folder]
  /** @type {[what: string, command: string, ...options: string[]][]} */
  const steps = [
    ['npm ci', 'npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund'],
    ...(scriptsOf(folder).build === undefined ? [] : [build]),
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
    console.log(`${folder}: ${what} failed\n\n${stdout}${stderr}${error === undefined ? '' : String(error)}`)
    return false
  }
  console.log(`${folder}: passed in ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return true
}
