// @ts-check
/** The page's server and the NATS server that it connects to. */
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverOf } from '../page/serve.js'
import { bundle } from './build.js'
import { startNats } from './nats.js'

const app = join(dirname(fileURLToPath(import.meta.url)), 'app')

/**
 * Starts both, with all that they write in a folder that goes with them.
 *
 * @param {number} [port] of the page; any that is free unless given
 * @throws {Error} where there is no nats-server, or the port is taken
 */
export async function start(port = 0) {
  const folder = await mkdtemp(join(tmpdir(), 'deltaprop-page-'))
  /** @type {(() => unknown)[]} */
  const ends = [() => rm(folder, { recursive: true, force: true, maxRetries: 3 })]
  const end = async () => {
    for (const each of ends.splice(0).reverse()) await each()
  }
  try {
    await bundle(join(folder, 'lender.js'))
    const folders = [
      { at: '/lender.js', folder: join(folder, 'lender.js') },
      { at: '/where.json', folder: join(folder, 'where.json') },
      { at: '/', folder: app },
    ]
    const server = serverOf(folders, {
      // The port of NATS is not known yet. A worker is what trains; one of a blob is what trains for long.
      'connect-src': "'self' ws://127.0.0.1:*",
      'worker-src': "'self' blob:",
    })
    server.listen(port, '127.0.0.1')
    ends.push(() => {
      server.close()
      server.closeAllConnections()
    })
    await once(server, 'listening')
    const address = /** @type {import('node:net').AddressInfo} */ (server.address())
    const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${address.port}`)
    const { coordinator, page, end: endNats } = await startNats(folder, origins)
    ends.push(endNats)
    // The password of a page is no secret: whoever has the page has it. It may do what a worker does.
    await writeFile(join(folder, 'where.json'), JSON.stringify(page))
    return { url: `${origins[0]}/`, coordinator, page, end }
  } catch (error) {
    await end()
    throw error
  }
}
