// @ts-check
/** Node in several versions, and the ways that a program there can have the package. */
import { cellsOf, IMPORT, installRuntime, REQUIRE, runAndStart, runSingleFile } from '../runtimes.js'
import { versions } from '../versions.js'

/**
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {import('../runtimes.js').Runtime} Runtime
 */

const files = {
  'import.js': IMPORT,
  'require.cjs': REQUIRE,
  'worker.js': `
import { Worker } from 'node:worker_threads'
new Worker(new URL('./import.js', import.meta.url), { argv: process.argv.slice(2) })
`,
  // A context has by itself what the language has, and WebAssembly. Of what it is given here the package uses performance, TextDecoder
  // and TextEncoder, and process, by which it finds the worker threads; the suite uses crypto, and console to print.
  'vm.js': `
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createContext, SourceTextModule } from 'node:vm'

const context = createContext({ console, crypto, performance, process, TextDecoder, TextEncoder })
const modules = new Map()
function load(path) {
  if (!modules.has(path)) {
    const text = readFileSync(path, 'utf8')
    const options = { context, identifier: path, importModuleDynamically: (name, from) => evaluate(link(name, from)) }
    modules.set(path, new SourceTextModule(text, options))
  }
  return modules.get(path)
}
const link = (name, from) => load(createRequire(from.identifier).resolve(name))
async function evaluate(module) {
  await module.link(link)
  await module.evaluate()
  return module
}
await evaluate(load(fileURLToPath(new URL('./import.js', import.meta.url))))
`,
}

/** @param {import('../kit.js').Kit} kit */
const ways = (kit) => [
  { how: 'import', run: start('import.js') },
  { how: 'require', run: start('require.cjs') },
  { how: 'import in a worker thread', run: start('worker.js') },
  { how: 'import in a vm context', run: start('--experimental-vm-modules', '--no-warnings', 'vm.js') },
  { how: 'one ES module', run: (/** @type {Runtime} */ runtime) => runSingleFile(kit, runtime, 'esm') },
  { how: 'one CommonJS module', run: (/** @type {Runtime} */ runtime) => runSingleFile(kit, runtime, 'cjs') },
]

/** @param {readonly string[]} args */
const start =
  (...args) =>
  (/** @type {Runtime} */ runtime) =>
    runAndStart(runtime, args)

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  const folder = await kit.project('node', { files })
  yield* cellsOf('Node', '', { path: process.execPath, version: process.versions.node, folder }, ways(kit))
  for (const name of /** @type {const} */ (['node-22', 'node-24', 'node-26'])) {
    const found = await installRuntime(kit, name, 'bin/node', 'installArchSpecificPackage.js', files)
    yield* cellsOf('Node', versions[name].replace(/.*@/, ''), found, ways(kit))
  }
}
