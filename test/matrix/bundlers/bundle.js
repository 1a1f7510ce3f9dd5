// @ts-check
/** What bundlers are asked to do, and what is looked for in their bundles. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { lastLines, run } from '../kit.js'
import { ISOLATED, serve } from '../serve.js'
import { page } from './apps.js'

/**
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {Pick<Cell, 'outcome' | 'bundleBytes'>} Made
 * @typedef {(url: string) => Promise<Cell['outcome']>} Visit what a page tells in Chromium
 *
 * @typedef {readonly [program: string, ...args: string[]]} Command a program that a package of the project brings
 *
 * @typedef {object} BundlerCell
 * @property {string} how
 * @property {Cell['threads']} threads
 * @property {(folder: string, visit: Visit) => Promise<Made>} make in a project where the bundler is installed
 *
 * @typedef {object} Bundler
 * @property {string} name
 * @property {readonly [keyof typeof import('../versions.js').versions, ...(keyof typeof import('../versions.js').versions)[]]} packages itself first
 * @property {Readonly<Record<string, string>>} files of its project
 * @property {readonly BundlerCell[]} cells
 *
 * @typedef {object} Way a way to bundle
 * @property {(app: string, out: string) => Command} command that bundles the app of this folder into that one
 * @property {import('./apps.js').App} [app] that is run, 'suite' unless it is said
 * @property {'module' | 'classic' | 'node'} runs as what main.js runs
 * @property {boolean} [isMeasured] its size, and whether it leaves out what is not used
 */

/**
 * A bundle that is made, looked at, and run.
 *
 * @param {string} name of its folder
 * @param {Way} way
 * @returns {BundlerCell['make']}
 */
export function bundleAndRun(name, { command, app = 'suite', runs, isMeasured = false }) {
  return async (folder, visit) => {
    /** @type {string[]} */
    const problems = []
    /** @param {string} each */
    const outOf = (each) => join(folder, each, 'dist', name)
    try {
      for (const each of isMeasured ? [app, 'trains', 'data', 'unused'] : [app]) {
        problems.push(...(await bundle(folder, command(each, outOf(each)))))
      }
    } catch (error) {
      return { outcome: { failed: saidBy(error) } }
    }
    const out = outOf(app)
    const outcome = runs === 'node' ? await runInNode(folder, out) : await visitBundle(out, runs, visit)
    if (!isMeasured) return { outcome: withProblems(outcome, problems) }
    const trains = codeIn(outOf('trains'))
    problems.push(...shaking(trains, { data: codeIn(outOf('data')), unused: codeIn(outOf('unused')) }))
    return { outcome: withProblems(outcome, problems), bundleBytes: gzipped(trains) }
  }
}

/**
 * Has an app bundled.
 *
 * @param {string} folder of the project
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string[]>} what it warned of
 */
export async function bundle(folder, [program, ...args], env) {
  const { stdout, stderr } = await promisify(execFile)(join(folder, 'node_modules/.bin', program), args, {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: 300_000,
    maxBuffer: 2 ** 24,
  })
  return warningsIn(stdout, stderr)
}

/**
 * What a bundler warns of: all that it says on the standard error, where only Rollup also tells what it does; and warnings elsewhere.
 *
 * @param {string} stdout
 * @param {string} stderr
 */
export function warningsIn(stdout, stderr) {
  const said = stderr.split('\n').filter((line) => !/^\s*$|^\S+ → .*\.\.\.$|^created .* in /.test(line))
  const lines = stdout.split('\n').filter((line) => /⚠|warn/i.test(line))
  return [...said, ...lines].map((line) => `the bundler said: ${line.trim()}`)
}

/** webpack and Next tell on the standard output why they fail. @param {unknown} error */
export function saidBy(error) {
  const { stdout = '' } = /** @type {{ stdout?: string }} */ (error)
  return `${stdout.split('\n').slice(-20).join('\n')}${lastLines(error)}`
}

/** @param {Cell['outcome']} outcome @param {readonly string[]} problems @returns {Cell['outcome']} */
export function withProblems(outcome, problems) {
  if (!('report' in outcome)) return outcome
  const { report } = outcome
  return { report: { ...report, failures: [...report.failures, ...problems] } }
}

/**
 * What is wrong with bundles that should have no core.
 *
 * @param {readonly string[]} trains the code of an app that needs it, to see that it would be found
 * @param {Readonly<Record<string, readonly string[]>>} others
 */
export function shaking(trains, others) {
  return [
    ...(holdsCore(trains) ? [] : ['trains: expected a bundle in which the core is found']),
    ...Object.entries(others).flatMap(([app, code]) =>
      holdsCore(code)
        ? [`${app}: expected a bundle without the core, got ${gzipped(code)} bytes with it`]
        : [],
    ),
  ]
}

/** The core is a long text in base64, and what compiles it. @param {readonly string[]} code */
function holdsCore(code) {
  return code.some((text) => /[A-Za-z0-9+/]{1000}/.test(text) || text.includes('WebAssembly'))
}

/** @param {readonly string[]} code of files that are served one by one */
export function gzipped(code) {
  return code.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0)
}

/** The scripts below a folder. @param {string} folder */
function codeIn(folder) {
  const files = /** @type {string[]} */ (readdirSync(folder, { recursive: true }))
  return files
    .filter((file) => /\.[cm]?js$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
}

/** @param {string} folder @param {string} out */
function runInNode(folder, out) {
  const [main] = readdirSync(out).filter((file) => file.startsWith('main.'))
  return run(process.execPath, ['run.js', join(out, main)], { cwd: folder })
}

/** In a page that may share memory. @param {string} out @param {'module' | 'classic'} kind @param {Visit} visit */
async function visitBundle(out, kind, visit) {
  // Vite writes a page of its own.
  if (!readdirSync(out).includes('index.html')) writeFileSync(join(out, 'index.html'), page(kind))
  const { url, close } = await serve(out, { headers: ISOLATED })
  try {
    return await visit(url)
  } finally {
    await close()
  }
}
