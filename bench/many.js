// @ts-check
/**
 * 100,000 networks 2-3-2-2 alive, each trained a step: how long it takes to make one, and how many bytes it takes. In
 * Node, and in Chromium and Firefox where Debian has installed them. `npm run -s build && node --expose-gc bench/many.js`
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printTable } from './report/table.js'

const NETWORKS = 100_000
const IDLE_MS = 10_000

/** @typedef {{ make: number, train: number, predict: number }} Times microseconds a network */
/** @typedef {(networks: number) => Times} Measure */

/**
 * Runs in Node and in pages, as text: it knows nothing but what it is given.
 *
 * @param {Pick<typeof import('../dist/index.js'), 'Network' | 'sgd'>} deltaprop
 * @param {unknown[]} kept
 * @returns {Measure}
 */
function measureOf({ Network, sgd }, kept) {
  const optimizer = sgd({ learningRate: 0.1 })
  const create = (/** @type {number} */ seed) => new Network([2, 3, 2, 2], { activation: 'sigmoid', seed })
  const networks = /** @type {import('../dist/index.js').Network[]} */ (kept)
  create(0).train([0, 1], [1, 0], optimizer)
  return (count) => {
    const start = performance.now()
    for (let seed = 0; seed < count; ++seed) networks.push(create(seed))
    const made = performance.now()
    for (const net of networks) net.train([0, 1], [1, 0], optimizer)
    const trained = performance.now()
    for (const net of networks) net.predict([0, 1])
    const predicted = performance.now()
    const each = (/** @type {number} */ ms) => (1000 * ms) / count
    return { make: each(made - start), train: each(trained - made), predict: each(predicted - trained) }
  }
}

const PAGE = `<!doctype html><meta charset="utf-8"><script type="module">
import * as deltaprop from '/dist/index.js'
const tell = (what) => fetch('/', { method: 'POST', body: JSON.stringify(what) })
globalThis.kept = []
const measure = (${measureOf.toString()})(deltaprop, kept)
measure(1000)
kept.length = 0
// What a browser does after its start is done.
await new Promise((resolve) => setTimeout(resolve, ${IDLE_MS}))
await tell({})
await tell(measure(${NETWORKS}))
</script>`

/** Resident bytes of a process and all that it has started. @param {number} pid @returns {number} */
function residentOf(pid) {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return 4096 * pages + children.reduce((sum, child) => sum + residentOf(child), 0)
}

async function inNode() {
  /** @type {unknown[]} */
  const kept = []
  const measure = measureOf(await import('../dist/index.js'), kept)
  globalThis.gc?.()
  const before = process.memoryUsage()
  const times = measure(NETWORKS)
  globalThis.gc?.()
  const after = process.memoryUsage()
  const heap = after.heapUsed + after.external - before.heapUsed - before.external
  return { times, resident: after.rss - before.rss, heap, kept }
}

/** @param {string} executable @param {(profile: string) => string[]} options */
async function inBrowser(executable, options) {
  /** @type {(told: unknown) => void} */
  let hear = () => undefined
  const told = () => /** @type {Promise<unknown>} */ (new Promise((resolve) => (hear = resolve)))
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let text = ''
      request.setEncoding('utf8').on('data', (/** @type {string} */ part) => (text += part))
      request.on('end', () => {
        response.end()
        hear(JSON.parse(text))
      })
    } else if (request.url?.startsWith('/dist/')) {
      response.setHeader('content-type', 'text/javascript')
      response.end(readFileSync(new URL(`..${request.url}`, import.meta.url)))
    } else response.end(PAGE)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const profile = mkdtempSync(join(tmpdir(), 'deltaprop-many-'))
  const ready = told()
  const browser = spawn(executable, [...options(profile), `http://127.0.0.1:${port}/`], { stdio: 'ignore' })
  const { pid = 0 } = browser
  await ready
  const measured = told()
  const before = residentOf(pid)
  const times = /** @type {Times} */ (await measured)
  // Browsers collect garbage when they have nothing to do.
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS))
  const resident = residentOf(pid) - before
  const exit = new Promise((resolve) => browser.once('exit', resolve))
  browser.kill('SIGKILL')
  await exit
  // Processes that it has started may still write.
  await new Promise((resolve) => setTimeout(resolve, 500))
  server.close()
  server.closeAllConnections()
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  return { times, resident, heap: NaN }
}

/** @param {string} where @param {{ times: Times, resident: number, heap: number }} found */
function rowOf(where, { times, resident, heap }) {
  return {
    where,
    'made, µs': times.make.toFixed(1),
    'a step, µs': times.train.toFixed(1),
    'predict, µs': times.predict.toFixed(2),
    'resident, bytes': (resident / NETWORKS).toFixed(0),
    'heap, bytes': Number.isNaN(heap) ? '' : (heap / NETWORKS).toFixed(0),
  }
}

const rows = [rowOf(`Node ${process.versions.node}`, await inNode())]
const chromium = '/usr/bin/chromium'
if (existsSync(chromium)) {
  const options = (/** @type {string} */ profile) => [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${profile}`,
  ]
  rows.push(rowOf('Chromium', await inBrowser(chromium, options)))
}
const firefox = '/usr/bin/firefox-esr'
if (existsSync(firefox)) {
  rows.push(
    rowOf(
      'Firefox',
      await inBrowser(firefox, (profile) => ['--headless', '--no-remote', '--profile', profile]),
    ),
  )
}
printTable(`${NETWORKS.toLocaleString('en')} networks 2-3-2-2, each`, rows)
