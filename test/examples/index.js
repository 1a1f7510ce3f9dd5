// @ts-check
/**
 * Installs and tests the examples that have packages of their own: `npm run test:examples [-- NAME …]`, all of them unless some are
 * named.
 *
 * For each folder of examples/ whose package.json has a test script: what it has of packages/ is installed and built; then `npm ci`, the
 * types of its tsconfig.json, lint, whose rules know types as soon as it is installed, and `npm test`. A line each, with what was NOT
 * TESTED for want of something; what failed shows what it has printed.
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
  return manifest(name)?.scripts?.test !== undefined
}

/** The folders of packages/ that it depends on. @param {string} name of a folder of examples/ */
function packagesOf(name) {
  const given = Object.values(manifest(name)?.dependencies ?? {})
  return given.flatMap((where) => /^file:\.\.\/\.\.\/(packages\/.+)$/.exec(where)?.[1] ?? [])
}

/** Its package.json. @param {string} name of a folder of examples/ */
function manifest(name) {
  const file = join(root, 'examples', name, 'package.json')
  if (!existsSync(file)) return undefined
  /** @typedef {{ scripts?: { test?: string }, dependencies?: Record<string, string> }} Manifest */
  const read = /** @type {(text: string) => Manifest} */ (JSON.parse)
  return read(readFileSync(file, 'utf8'))
}

/** @param {string} name */
function passes(name) {
  const folder = join('examples', name)
  const node = process.execPath
  /** @type {[what: string, command: string, ...options: string[]][]} */
  const steps = [
    .../** @type {typeof steps} */ (
      packagesOf(name).flatMap((folder) => [
        [`npm ci in ${folder}`, 'npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund'],
        [`npm run build in ${folder}`, 'npm', 'run', 'build', '--prefix', folder],
      ])
    ),
    ['npm ci', 'npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund'],
    ['types', node, join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', folder],
    ['lint', node, join('node_modules', 'eslint', 'bin', 'eslint.js'), '--max-warnings', '0', folder],
    ['npm test', 'npm', 'test', '--prefix', folder],
  ]
  const start = performance.now()
  let untested = ''
  for (const [what, command, ...options] of steps) {
    const { status, stdout, stderr, error } = spawnSync(command, options, {
      cwd: root,
      encoding: 'utf8',
      timeout: TIMEOUT,
      // npm is a script there.
      shell: process.platform === 'win32' && command === 'npm',
    })
    untested += (stdout.match(/NOT TESTED: .*/g) ?? []).map((line) => `; ${line}`).join('')
    if (status === 0) continue
    console.log(
      `examples/${name}: ${what} failed\n\n${stdout}${stderr}${error === undefined ? '' : String(error)}`,
    )
    return false
  }
  console.log(`examples/${name}: passed in ${((performance.now() - start) / 1000).toFixed(1)} s${untested}`)
  return true
}
