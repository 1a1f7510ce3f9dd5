// @ts-check
/**
 * Installs and tests what has a package of its own, in packages/ and examples/: `npm run test:examples [-- NAME …]`, all of them unless
 * some are named.
 *
 * For each folder there whose package.json has a test script: what it has of packages/ is installed and built, and so is itself; then the
 * types of its tsconfig.json, and `npm test`. A line each, with what was NOT TESTED for want of something; what failed shows what it has
 * printed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of each step, in milliseconds: it ends what hangs, and is far from what a slow and busy machine takes. */
const TIMEOUT = 1_800_000

/** @typedef {{ scripts?: { test?: string, build?: string }, dependencies?: Record<string, string> }} Manifest */
/** @typedef {[what: string, command: string, ...options: string[]]} Step */

const root = fileURLToPath(new URL('../..', import.meta.url))
const named = process.argv.slice(2)
// Packages first: examples use them.
const found = ['packages', 'examples']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ name, folder: `${folder}/${name}` })))
  .filter(({ folder }) => manifest(folder).scripts?.test !== undefined)
const unknown = named.find((name) => !found.some((each) => each.name === name))
if (unknown !== undefined) {
  throw new RangeError(`expected one of ${found.map(({ name }) => name).join(', ')}, got "${unknown}"`)
}

const chosen = found.filter(({ name }) => named.length === 0 || named.includes(name))
const failed = chosen.filter(({ folder }) => !passes(folder))
if (failed.length > 0) process.exitCode = 1

/** Its package.json. @param {string} folder @returns {Manifest} */
function manifest(folder) {
  const file = join(root, folder, 'package.json')
  if (!existsSync(file)) return {}
  return /** @type {(text: string) => Manifest} */ (JSON.parse)(readFileSync(file, 'utf8'))
}

/** The folders of packages/ that it depends on. @param {string} folder */
function packagesOf(folder) {
  const given = Object.values(manifest(folder).dependencies ?? {})
  return given.flatMap((where) => /^file:\.\.\/\.\.\/(packages\/.+)$/.exec(where)?.[1] ?? [])
}

/** @param {string} folder @returns {Step[]} */
function installing(folder) {
  /** @type {Step} */
  const install = [`npm ci in ${folder}`, 'npm', 'ci', '--prefix', folder, '--no-audit', '--no-fund']
  /** @type {Step} */
  const build = [`npm run build in ${folder}`, 'npm', 'run', 'build', '--prefix', folder]
  return folder.startsWith('packages/') ? [install, build] : [install]
}

/** @param {string} folder */
function passes(folder) {
  const node = process.execPath
  /** @type {Step[]} */
  const steps = [
    ...packagesOf(folder).flatMap(installing),
    ...installing(folder),
    ['types', node, join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', folder],
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
    console.log(`${folder}: ${what} failed\n\n${stdout}${stderr}${error === undefined ? '' : String(error)}`)
    return false
  }
  console.log(`${folder}: passed in ${((performance.now() - start) / 1000).toFixed(1)} s${untested}`)
  return true
}
