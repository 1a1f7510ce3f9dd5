// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from './client.js'

/** Connections that requests are sent on. */
export const CONNECTIONS = 64

/**
 * @typedef {object} Result
 * @property {number} seconds that it took
 * @property {Float64Array} latencies milliseconds of each answer, in order of size
 * @property {number} lag milliseconds that 99 % of the requests were sent late at most, for want of a turn or of a connection
 */

/**
 * Full load: each connection sends its next request as soon as it has an answer.
 *
 * @param {number} port
 * @param {readonly Buffer[]} requests
 * @param {number} ms
 * @returns {Promise<Result>}
 */
export async function offerAll(port, requests, ms) {
  const clients = await openAll(port)
  const latencies = /** @type {number[]} */ ([])
  const start = performance.now()
  await Promise.all(
    clients.map(async (client, c) => {
      for (let i = c, now = start; now < start + ms; ++i) {
        await ask(client, requests[i % requests.length])
        const then = performance.now()
        latencies.push(then - now)
        now = then
      }
    }),
  )
  const seconds = (performance.now() - start) / 1000
  for (const client of clients) client.close()
  return { seconds, latencies: Float64Array.from(latencies).sort(), lag: 0 }
}

/**
 * A fixed number of requests a second, whatever the answers take: each is due at its time, which its latency counts from, also when
 * it is sent late.
 *
 * @param {number} port
 * @param {readonly Buffer[]} requests
 * @param {number} ms
 * @param {number} rate requests a second
 * @returns {Promise<Result>}
 */
export async function offerAtRate(port, requests, ms, rate) {
  const clients = await openAll(port)
  const free = [...clients]
  const count = Math.round((rate * ms) / 1000)
  const latencies = new Float64Array(count)
  const lags = new Float64Array(count)
  const answers = /** @type {Promise<void>[]} */ ([])
  const start = performance.now()
  for (let i = 0; i < count;) {
    const now = performance.now()
    for (; i < count && start + (i * 1000) / rate <= now && free.length > 0; ++i) {
      const client = /** @type {Client} */ (free.pop())
      const due = start + (i * 1000) / rate
      const n = i
      lags[n] = performance.now() - due
      answers.push(
        ask(client, requests[n % requests.length]).then(() => {
          latencies[n] = performance.now() - due
          free.push(client)
        }),
      )
    }
    await sleep(1)
  }
  await Promise.all(answers)
  const seconds = (performance.now() - start) / 1000
  for (const client of clients) client.close()
  return { seconds, latencies: latencies.sort(), lag: quantile(lags.sort(), 0.99) }
}

/**
 * @param {Float64Array} sorted
 * @param {number} share
 */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** @param {number} port */
function openAll(port) {
  return Promise.all(Array.from({ length: CONNECTIONS }, () => Client.open(port)))
}

/**
 * @param {Client} client
 * @param {Buffer} request
 */
async function ask(client, request) {
  const { status, body } = await client.ask(request)
  if (status !== 200) throw new Error(`expected status 200, got ${status}: ${body.toString()}`)
}
