// @ts-check
/** What the cells of runtimes with a command line share: their binaries, programs that print a report, how long they take to start. */
import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { firstStep } from './first-step.js'
import { lastLines, MARK, Missing, run } from './kit.js'

/**
 * @typedef {import('./report.js').Cell} Cell
 * @typedef {typeof import('./versions.js').versions} Versions
 *
 * @typedef {object} Runtime
 * @property {string} path of its binary
 * @property {string} version as it tells it
 * @property {string} folder of the project that it is installed in, with the package and the suite
 * @property {NodeJS.ProcessEnv} [env]
 *
 * @typedef {object} Way in which the package is had there
 * @property {string} how
 * @property {Cell['threads']} [threads] shared, unless it is said
 * @property {(runtime: Runtime) => Promise<Cell['outcome']>} run
 */

const execute = promisify(execFile)

const STARTS = 5

/** The argument with which a program ends after the first step. */
const START = 'start'

/**
 * The way to the first step, and then the suite.
 *
 * @param {string} load an expression for what the package exports
 * @param {string} suite an expression for what suite.js exports
 */
const program = (load, suite) => `
${firstStep(load)}
const report = process.argv[2] === '${START}' ? {} : await ${suite}.check()
console.log('${MARK}' + JSON.stringify({ ...report, firstStepMs }))
`

/** An ES module that imports the package. */
export const IMPORT = program(`await import('deltaprop')`, `(await import('./suite.js'))`)

/** A CommonJS module that requires it. */
export const REQUIRE = `(async () => {${program(`require('deltaprop')`, `require('./suite.js')`)}})()`

/**
 * A runtime that npm installs: an install script puts its binary in place, and is run here if npm has not been allowed to.
 *
 * @param {import('./kit.js').Kit} kit
 * @param {keyof Versions} name
 * @param {string} file of the package: its binary
 * @param {string} script of the package
 * @param {Readonly<Record<string, string>>} files of the project
 * @returns {Promise<Runtime | Missing>}
 */
export async function installRuntime(kit, name, file, script, files) {
  try {
    const folder = await kit.project(name, { packages: [name], files })
    const cwd = join(folder, 'node_modules', name)
    const path = join(cwd, file)
    const installed = () => execute(process.execPath, [script], { cwd }).then(() => versionOf(path))
    return { path, folder, version: await versionOf(path).catch(installed) }
  } catch (error) {
    return error instanceof Missing ? error : new Missing(`${name} does not run: ${lastLines(error)}`)
  }
}

/** @param {string} path */
async function versionOf(path) {
  const { stdout } = await execute(path, ['--version'])
  const [version] = /\d+[.-]\d+[.-]\d+/.exec(stdout) ?? []
  if (version === undefined) throw new Error(`expected a version, got ${stdout}`)
  return version
}

/**
 * The report of a program's suite; its firstStepMs is the median of some starts, each a process of its own, after the suite has
 * brought all files into memory.
 *
 * @param {Runtime} runtime
 * @param {readonly string[]} args
 * @param {{ cwd?: string, start?: readonly string[] }} [options] start: the program whose start is measured, if it is not the suite's
 * @returns {Promise<Cell['outcome']>}
 */
export async function runAndStart({ path, folder, env = {} }, args, { cwd = folder, start = args } = {}) {
  const outcome = await run(path, args, { cwd, env })
  if (!('report' in outcome)) return outcome
  /** @type {number[]} */
  const times = []
  for (let i = 0; i < STARTS; ++i) {
    const started = await run(path, [...start, START], { cwd, env })
    if (!('report' in started)) return started
    times.push(started.report.firstStepMs ?? NaN)
  }
  times.sort((a, b) => a - b)
  return { report: { ...outcome.report, firstStepMs: times[Math.floor(STARTS / 2)] } }
}

/**
 * A folder in which there is nothing but the suite and the package as one minified file, app.mjs or app.cjs, and start.mjs or
 * start.cjs, which measures how long that takes from being imported to the first step.
 *
 * @param {import('./kit.js').Kit} kit
 * @param {string} project a folder in which the package and the suite are
 * @param {'esm' | 'cjs'} format
 */
export async function singleFile(kit, project, format) {
  const folder = join(kit.folder, `${format} of ${project.slice(kit.folder.length + 1)}`)
  const extension = format === 'esm' ? 'mjs' : 'cjs'
  mkdirSync(folder)
  const outfile = join(folder, `app.${extension}`)
  await build({
    absWorkingDir: project,
    stdin: { contents: APP, resolveDir: project },
    outfile,
    bundle: true,
    minify: true,
    format,
    platform: 'node',
  })
  const load = format === 'esm' ? `await import('./app.mjs')` : `require('./app.cjs')`
  writeFileSync(
    join(folder, `start.${extension}`),
    `
const start = performance.now()
const { firstStep } = ${load}
firstStep()
console.log('${MARK}' + JSON.stringify({ firstStepMs: performance.now() - start }))
`,
  )
  return {
    folder,
    app: `app.${extension}`,
    start: `start.${extension}`,
  }
}

const APP = `
import { Network, sgd } from 'deltaprop'
import { check } from './suite.js'
export const firstStep = () => new Network([2, 3, 1]).train([1, 2], [1], sgd())
if (process.argv[2] !== '${START}') {
  check().then((report) => console.log('${MARK}' + JSON.stringify(report)))
}
`

/**
 * The suite and the package as one file.
 *
 * @param {import('./kit.js').Kit} kit
 * @param {Runtime} runtime
 * @param {'esm' | 'cjs'} format
 * @param {readonly string[]} [flags] of the runtime, before the file
 * @returns {Promise<Cell['outcome']>}
 */
export async function runSingleFile(kit, runtime, format, flags = []) {
  const { folder, app, start } = await singleFile(kit, runtime.folder, format)
  return runAndStart(runtime, [...flags, app], { cwd: folder, start: [...flags, start] })
}

/**
 * One cell for each way, or the same absence of all.
 *
 * @param {string} name of the runtime
 * @param {string} version where it cannot be had
 * @param {Runtime | Missing} found
 * @param {readonly Way[]} ways
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cellsOf(name, version, found, ways) {
  for (const { how, threads = 'shared', run } of ways) {
    yield found instanceof Missing
      ? { name, version, how, threads, outcome: { missing: found.message } }
      : { name, version: found.version, how, threads, outcome: await run(found) }
  }
}
