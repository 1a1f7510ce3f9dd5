// @ts-check
/**
 * What a tab does for a cluster, in a worker of the page: the page stays free, and nothing here is slowed down when the
 * tab is in the background, as the timers of pages are.
 */
import { errors, wsconnect } from '@nats-io/nats-core'
import { work } from 'deltaprop-cluster/worker'
import { look } from './look.js'

/** @typedef {import('@nats-io/nats-core').NatsConnection} NatsConnection */

/**
 * A job that this tab has had.
 *
 * @typedef {object} Job
 * @property {number} seconds
 * @property {'done' | 'failed' | 'left'} outcome left: paused in the middle, or another worker was first
 */

/**
 * What the page is told whenever it changes.
 *
 * @typedef {object} State
 * @property {'connecting' | 'here' | 'away' | 'refused'} connection
 * @property {string} why it is away, or refused
 * @property {boolean} isLending
 * @property {boolean} isWorking at a job
 * @property {number} done jobs whose results this tab was the first to have
 * @property {number} failed of those
 * @property {number} busy seconds
 * @property {readonly Job[]} jobs the last ones
 * @property {import('./look.js').Sight | undefined} sight of the cluster; undefined while nobody has looked
 */

/** What the page asks for. @typedef {'lend' | 'pause' | 'look'} Order */

/** Jobs that are remembered. */
const JOBS = 48
/** Before the server is asked again, in milliseconds. */
const PATIENCE_MS = 1500

/** @type {State} */
let state = {
  ...{ connection: 'connecting', why: '', isLending: true, isWorking: false, sight: undefined },
  ...{ done: 0, failed: 0, busy: 0, jobs: [] },
}
/** @type {NatsConnection | undefined} */
let server
let stop = new AbortController()
/** Called when the page wants to lend again. @type {() => void} */
let lend = () => undefined

addEventListener('message', (/** @type {MessageEvent<Order>} */ { data: order }) => {
  if (order === 'look') void see()
  else if (order === 'lend') goOn()
  else pause()
})

for (;;) {
  try {
    server = await connect()
    change({ connection: 'here', why: '' })
    await serve(server)
    change({ connection: 'away', why: 'The server is gone.', sight: undefined })
  } catch (error) {
    const connection = error instanceof errors.AuthorizationError ? 'refused' : 'away'
    change({
      connection,
      why: connection === 'away' ? 'No server answers.' : 'The server does not know this page.',
    })
  }
  await sleep(PATIENCE_MS)
}

function goOn() {
  change({ isLending: true })
  lend()
}

/** The job that it has goes to another worker at once. */
function pause() {
  change({ isLending: false })
  stop.abort(new Error('paused'))
}

/** As the page's server says: a server that is started anew may be elsewhere, and have another password. */
async function connect() {
  const response = await fetch('./where.json')
  /** @type {unknown} */
  const json = await response.json()
  const where = /** @type {{ servers: string, user: string, password: string }} */ (json)
  return wsconnect({
    servers: where.servers,
    user: where.user,
    pass: where.password,
    name: 'a tab',
    // This user may read no other.
    inboxPrefix: '_INBOX_page',
    maxReconnectAttempts: 4,
    reconnectTimeWait: 500,
  })
}

/** Works whenever it may, until the connection is closed. @param {NatsConnection} nc */
async function serve(nc) {
  void watch(nc)
  const closed = nc.closed()
  while (!nc.isClosed()) {
    if (state.isLending) await workOnce(nc)
    else await Promise.race([closed, new Promise((resolve) => (lend = () => resolve(undefined)))])
  }
}

/** Works until it is paused, or the connection is closed. @param {NatsConnection} nc */
async function workOnce(nc) {
  stop = new AbortController()
  let last = { done: 0, failed: 0, busy: 0 }
  try {
    await work(nc, {
      host: `a tab of ${location.host}`,
      signal: stop.signal,
      onChange: ({ run, done, failed, busy }) => {
        if (run !== undefined) return change({ isWorking: true })
        const gained = { done: done - last.done, failed: failed - last.failed, busy: busy - last.busy }
        last = { done, failed, busy }
        /** @type {Job['outcome']} */
        const outcome = gained.failed > 0 ? 'failed' : gained.done > 0 ? 'done' : 'left'
        change({
          isWorking: false,
          why: '',
          done: state.done + gained.done,
          failed: state.failed + gained.failed,
          busy: state.busy + gained.busy,
          jobs: [...state.jobs, { seconds: gained.busy, outcome }].slice(-JOBS),
        })
      },
    })
  } catch (error) {
    change({ why: `It ended: ${error instanceof Error ? error.message : String(error)}` })
    await sleep(PATIENCE_MS)
  }
}

/** Tells when the server is gone, and when it is back. @param {NatsConnection} nc */
async function watch(nc) {
  for await (const status of nc.status()) {
    if (status.type === 'error') change({ why: `The server refuses: ${status.error.message}` })
    else if (status.type === 'disconnect')
      change({ connection: 'away', why: 'The server is gone.', sight: undefined })
    else if (status.type === 'reconnect') change({ connection: 'here', why: '' })
  }
}

async function see() {
  if (server === undefined || state.connection !== 'here') return
  // The connection may be lost meanwhile, which is told elsewhere, too.
  const sight = await look(server).catch(() => undefined)
  change({ sight })
}

/** @param {Partial<State>} changes */
function change(changes) {
  state = { ...state, ...changes }
  postMessage(state)
}

/** @param {number} ms */
function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
