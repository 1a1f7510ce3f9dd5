/** Servers and workers as processes of a test, each of which ends with it. */
import { fork, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { cluster } from '../dist/index.js'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** @typedef {Pick<import('node:test').TestContext, 'after'>} Context of a test, which ends what it has started */

/** @type {WeakMap<Context, (() => unknown)[]>} */
const endings = new WeakMap()

/** Ends something when the test does: what was begun last, first. @param {Context} t @param {() => unknown} end */
export function ending(t, end) {
  const known = endings.get(t)
  const all = known ?? []
  all.push(end)
  if (known !== undefined) return
  endings.set(t, all)
  t.after(async () => {
    for (const each of all.reverse()) await each()
  })
}

/** @template {ChildProcess} Child @param {Context} t @param {Child} child */
export function watched(t, child) {
  ending(t, () => kill(child))
  return child
}

/** @param {ChildProcess} child @param {NodeJS.Signals} signal */
export async function kill(child, signal = 'SIGKILL') {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** @param {string} name of a file beside this one, or in dist/ */
export const file = (name) => fileURLToPath(new URL(name, import.meta.url))

/** @returns {Promise<number>} a port that nobody listens at */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}

/** @param {Context} t @returns {string} a folder that goes with the test */
export function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-cluster-'))
  ending(t, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A NATS server with JetStream, whose data outlive it. */
export class Server {
  /** @param {Context} t @param {readonly string[]} options @returns {Promise<Server>} */
  static async start(t, ...options) {
    const server = new Server(t, await freePort(), options)
    await server.start()
    return server
  }

  /** @param {Context} t @param {number} port @param {readonly string[]} options */
  constructor(t, port, options) {
    this.t = t
    this.port = port
    this.url = `nats://127.0.0.1:${port}`
    this.folder = temporaryFolder(t)
    this.options = options
    /** @type {ChildProcess | undefined} */
    this.child = undefined
  }

  async start() {
    const options = ['-js', '-sd', this.folder, '-a', '127.0.0.1', '-p', String(this.port), ...this.options]
    const child = watched(this.t, spawn('nats-server', options, { stdio: ['ignore', 'ignore', 'pipe'] }))
    let said = ''
    const { stderr } = child
    await new Promise((resolve, reject) => {
      stderr.on('data', (text) => {
        said += String(text)
        if (said.includes('Server is ready')) resolve(undefined)
      })
      child.on('error', reject)
      child.on('exit', () => reject(new Error(`nats-server ended: ${said}`)))
    })
    this.child = child
  }

  /** @returns {Promise<string[]>} the names of all streams */
  async streams() {
    const nc = await connect({ servers: this.url })
    const names = []
    for await (const name of (await jetstreamManager(nc)).streams.names()) names.push(name)
    await nc.close()
    return names.sort()
  }

  /** @param {NodeJS.Signals} [signal] */
  async kill(signal) {
    if (this.child !== undefined) await kill(this.child, signal)
  }
}

/**
 * Workers, each a process.
 *
 * @param {Context} t @param {string} url @param {number} count
 * @param {{ connection?: object, name?: string, imported?: string, shards?: Record<string, string> }} [more] imported: a module
 *   that the process runs first
 */
export function startWorkers(t, url, count, { connection = {}, name = 'deltaprop', imported, shards } = {}) {
  return Array.from({ length: count }, () => {
    const execArgv = imported === undefined ? [] : ['--import', imported]
    const child = watched(
      t,
      fork(file('../dist/worker-process.js'), { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
    )
    /** @type {string[]} */
    const errors = []
    /** @type {import('../dist/worker.js').WorkerState | undefined} */
    let state
    child.on('message', (/** @type {import('../dist/worker-process.js').Report} */ report) => {
      if ('error' in report) errors.push(report.error)
      else state = report.state
    })
    child.send({ connection: { servers: url, ...connection }, name, files: tmpdir(), shards })
    return {
      child,
      errors,
      get state() {
        return state
      },
    }
  })
}

/**
 * A cluster that says nothing, and closes with the test.
 *
 * @param {Context} t @param {string} servers @param {import('../dist/index.js').ClusterOptions} [more]
 */
export async function open(t, servers, more) {
  const on = await cluster({ servers, lostAfter, warn: () => undefined, ...more })
  ending(t, () => on.close())
  return on
}

/** Seconds of silence after which a worker is lost. */
export const lostAfter = 1

/** What a result says, apart from times, as a hash. @param {unknown} result */
export function hashOf(result) {
  const text = JSON.stringify(result, (name, value) => {
    if (name === 'seconds') return 0
    if (ArrayBuffer.isView(value)) return Array.from(/** @type {Uint32Array} */ (value))
    return typeof value === 'number' && !Number.isFinite(value)
      ? String(value)
      : /** @type {unknown} */ (value)
  })
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** How much longer than its bound a test may take, since machines are slow and busy: bounds end what hangs. */
const SLOW = 4

/** Settles like the promise, or rejects after so many seconds of a quiet machine: no test hangs. @template T @param {Promise<T>} promise @param {number} seconds @returns {Promise<T>} */
export function bounded(promise, seconds) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    const most = SLOW * seconds
    timer = setTimeout(() => reject(new Error(`expected it to end within ${most} s`)), 1000 * most)
  })
  return Promise.race([promise, /** @type {Promise<never>} */ (late)]).finally(() => clearTimeout(timer))
}

/** @param {() => boolean} condition @param {number} seconds of a quiet machine */
export async function until(condition, seconds = 20) {
  const most = SLOW * seconds
  const end = Date.now() + 1000 * most
  while (!condition()) {
    if (Date.now() > end) throw new Error(`expected this within ${most} s: ${String(condition)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
