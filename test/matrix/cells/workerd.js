// @ts-check
/**
 * Cloudflare's runtime, which compiles no WebAssembly at run time: the core is a module of the configuration, given to setCore of both
 * entries that have one. Its clock stands still while a program runs, so that there is no first step to measure.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { cellsOf, installRuntime } from '../runtimes.js'
import { versions } from '../versions.js'

/**
 * @typedef {import('node:stream').Readable} Readable
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {import('../report.js').Report} Report
 * @typedef {import('../runtimes.js').Runtime} Runtime
 */

/** What runs there: without the core networks say what to do, and the baseline engine trains; with it the suite runs. */
const APP = `
import { Network, setCore, sgd } from 'deltaprop'
import { baseline } from 'deltaprop/baseline'
import { setCore as setPredictionCore } from 'deltaprop/inference'
import core from './core.wasm'
import { check } from './suite.js'

const expected = 'WebAssembly: compiling is forbidden here; give the module to setCore'

function withoutCore() {
  new Network([2, 3, 1], { engine: baseline }).train([1, 2], [1], sgd())
  try {
    return ['without setCore: expected an error, got a network with the engine ' + new Network([1, 1]).engine]
  } catch ({ message }) {
    return message.startsWith(expected) ? [] : ['without setCore: expected ' + expected + ', got ' + message]
  }
}

export default {
  async fetch() {
    const failures = withoutCore()
    setCore(core)
    setPredictionCore(core)
    const report = await check()
    return Response.json({ ...report, failures: [...failures, ...report.failures] })
  },
}
`

/** @param {string} compatibilityDate */
const config = (compatibilityDate) => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "app", worker = .app)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")]
);
const app :Workerd.Worker = (
  compatibilityDate = "${compatibilityDate}",
  modules = [
    (name = "app.js", esModule = embed "app.js"),
    (name = "core.wasm", wasm = embed "node_modules/deltaprop/dist/core.wasm")
  ]
);
`

/** Those of the package's version; and from before there was a MessageChannel, and before Node's modules were there unasked. */
const dates = ['2026-11-17', '2025-01-01']

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  const found = await installRuntime(kit, 'workerd', 'bin/workerd', 'install.js', { 'app-source.js': APP })
  const ways = dates.map((date) => ({
    how: `setCore, compatibility date ${date}`,
    threads: /** @type {const} */ ('none'),
    run: (/** @type {Runtime} */ runtime) => runBundled(runtime, date),
  }))
  yield* cellsOf('workerd', versions.workerd, found, ways)
}

/** @param {Runtime} runtime @param {string} date @returns {Promise<Cell['outcome']>} */
async function runBundled({ path, folder }, date) {
  const outfile = join(folder, 'app.js')
  await build({
    absWorkingDir: folder,
    entryPoints: ['app-source.js'],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    external: ['./core.wasm'],
  })
  writeFileSync(join(folder, 'config.capnp'), config(date))
  return serve(path, folder)
}

/**
 * Starts the server of config.capnp, asks it for the report, and ends it.
 *
 * @param {string} path @param {string} cwd
 * @returns {Promise<Cell['outcome']>}
 */
async function serve(path, cwd) {
  const server = spawn(path, ['serve', '--control-fd=3', 'config.capnp'], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = once(server, 'exit')
  let said = ''
  server.stderr?.on('data', (text) => (said += String(text)))
  try {
    const control = createInterface({ input: /** @type {Readable} */ (server.stdio[3]) })
    const ended = exited.then(() => Promise.reject(new Error('it ended')))
    /** @type {unknown} */
    const listening = await Promise.race([once(control, 'line'), ended])
    const [line] = /** @type {[string]} */ (listening)
    /** @type {unknown} */
    const event = JSON.parse(line)
    const { port } = /** @type {{ port: number }} */ (event)
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(120_000) })
    const text = await response.text()
    if (!response.ok) return { failed: `${response.status} ${text}\n${said}` }
    /** @type {unknown} */
    const report = JSON.parse(text)
    return { report: /** @type {Report} */ (report) }
  } catch (error) {
    return { failed: `${String(error)}\n${said}` }
  } finally {
    server.kill('SIGKILL')
    await exited
  }
}
