// @ts-check
/** A NATS server for one machine: JetStream, a port for programs, one for pages, and a user for each. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'

/** What is said where there is no server to start. */
export const MISSING = `nats-server: expected it to be installed.
  Debian, Ubuntu:  apt-get install nats-server
  macOS:           brew install nats-server
  or a binary of   https://github.com/nats-io/nats-server/releases`

/** What JetStream is asked for begins with this. */
const API = '$JS.API'

/**
 * What a worker does on a server, and nothing else: it makes no stream, publishes no job, and reads no inbox but its own.
 * The cluster has the name that it has unless it is given one, deltaprop.
 */
const worker = {
  publish: [
    `${API}.INFO`,
    // which streams there are, the next job, a sign of life, the end of a job
    ...['deltaprop_jobs', 'KV_deltaprop_runs', 'OBJ_deltaprop_data'].map(
      (name) => `${API}.STREAM.INFO.${name}`,
    ),
    `${API}.CONSUMER.INFO.deltaprop_jobs.*`,
    `${API}.CONSUMER.MSG.NEXT.deltaprop_jobs.*`,
    '$JS.ACK.deltaprop_jobs.>',
    // how a run is divided, its data
    `${API}.DIRECT.GET.KV_deltaprop_runs.>`,
    `${API}.STREAM.MSG.GET.KV_deltaprop_runs`,
    `${API}.DIRECT.GET.OBJ_deltaprop_data.>`,
    `${API}.STREAM.MSG.GET.OBJ_deltaprop_data`,
    `${API}.CONSUMER.CREATE.OBJ_deltaprop_data.>`,
    `${API}.CONSUMER.DELETE.OBJ_deltaprop_data.*`,
    '$JS.FC.>',
    // the parameters of a fit whose shards are summed here
    `${API}.DIRECT.GET.*.deltaprop.parameters.>`,
    // results, data that are missed, and who is there
    'deltaprop.result.>',
    'deltaprop.need.*',
    'deltaprop.ping',
  ],
  subscribe: ['deltaprop.ping', 'deltaprop.stop.*', '_INBOX_page.>'],
}

/**
 * @typedef {object} Login
 * @property {string} servers
 * @property {string} user
 * @property {string} password
 */

/**
 * Starts a server on this machine, which nobody else reaches.
 *
 * @param {string} folder of its own
 * @param {readonly string[]} origins of pages that may connect: a browser says whose page it is
 * @returns {Promise<{ coordinator: Login, page: Login, end: () => Promise<void> }>} logins that are made anew each time
 * @throws {Error} where there is no nats-server
 */
export async function startNats(folder, origins) {
  const [port, webPort] = [await freePort(), await freePort()]
  const coordinator = { servers: `nats://127.0.0.1:${port}`, user: 'coordinator', password: secret() }
  const page = { servers: `ws://127.0.0.1:${webPort}`, user: 'page', password: secret() }
  const config = {
    listen: `127.0.0.1:${port}`,
    jetstream: { store_dir: join(folder, 'jetstream') },
    websocket: { listen: `127.0.0.1:${webPort}`, no_tls: true, allowed_origins: origins },
    authorization: {
      users: [
        { user: coordinator.user, password: coordinator.password },
        {
          user: page.user,
          password: page.password,
          // A worker answers a ping wherever that says.
          permissions: { ...worker, allow_responses: true },
        },
      ],
    },
  }
  const file = join(folder, 'nats.conf')
  // Its configuration may be JSON. The passwords are for this user alone.
  await writeFile(file, JSON.stringify(config, undefined, 2), { mode: 0o600 })
  const server = spawn('nats-server', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const kill = () => server.kill()
  const exited = new Promise((resolve) => server.once('close', resolve))
  // However this process ends, its server does not stay.
  process.once('exit', kill)
  await ready(server)
  return {
    coordinator,
    page,
    end: async () => {
      process.off('exit', kill)
      kill()
      await exited
    },
  }
}

/** Until it listens. @param {import('node:child_process').ChildProcessByStdio<null, null, import('node:stream').Readable>} server */
async function ready(server) {
  let said = ''
  await new Promise((resolve, reject) => {
    server.stderr.on('data', (text) => {
      said += String(text)
      if (said.includes('Server is ready')) resolve(undefined)
    })
    server.once('exit', () => reject(new Error(`nats-server: expected it to start, got\n${said}`)))
    server.once('error', (error) => {
      reject('code' in error && error.code === 'ENOENT' ? new Error(MISSING, { cause: error }) : error)
    })
  })
}

const secret = () => randomBytes(16).toString('hex')

/** @returns {Promise<number>} a port that nobody listens at */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  await new Promise((resolve) => server.close(resolve))
  return port
}
