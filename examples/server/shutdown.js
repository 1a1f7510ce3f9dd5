// @ts-check
import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends a server so that nobody who has sent a request goes without an answer:
 *
 *     begin           no new connections; each answer says that it is its connection's last
 *     after lingerMs  connections that have no request are closed
 *     after limitMs   all are
 *
 * Fastify and Node would close what is idle at once, together with requests that are on their way on those connections.
 */
export class Shutdown {
  /** Whether it has begun. */
  isOn = false
  #app
  #connections

  /**
   * @param {import('fastify').FastifyInstance} app
   * @param {import('./connections.js').Connections} connections
   */
  constructor(app, connections) {
    this.#app = app
    this.#connections = connections
  }

  /**
   * @param {number} lingerMs milliseconds that clients have to send a next request, which is answered
   * @param {number} limitMs milliseconds in all, which only a client that does not send or read on makes it last
   */
  async run(lingerMs, limitMs) {
    this.isOn = true
    const closed = new Promise((resolve) => {
      // That of http's server closes idle connections, too.
      Server.prototype.close.call(this.#app.server, resolve)
    })
    await this.#within(closed, lingerMs)
    this.#connections.close('idle')
    await this.#within(closed, limitMs - lingerMs)
    this.#connections.close('all')
    await closed
    await this.#app.close()
  }

  /**
   * @param {Promise<unknown>} closed
   * @param {number} ms
   */
  async #within(closed, ms) {
    const waiting = new AbortController()
    const time = sleep(ms, undefined, { signal: waiting.signal }).catch(() => undefined)
    await Promise.race([closed, time])
    waiting.abort()
  }
}
