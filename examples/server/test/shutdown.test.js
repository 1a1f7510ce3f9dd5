// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toJSON } from '../answer.js'
import { Client } from '../load/client.js'
import { binaryRequest, listen, net, samples, start } from './support.js'

/** Requests and their answers, which differ. */
const requests = Array.from({ length: 16 }, (_, i) => {
  const x = samples(1 + (i % 3), i)
  return { bytes: binaryRequest(x), answer: toJSON(net.predict(x), net.outputs) }
})

/** What became of all requests. */
class Count {
  answered = 0
  /** Answers that are not what predict says. */
  wrong = 0
  /** Connections that nobody took, before anything was sent. */
  refused = 0
  /** Connections that the operating system took, and gave back with the request unread. */
  unread = 0
  /** Requests on connections that had answered before. */
  lost = 0
}

const GET_HEALTH = Buffer.from('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')

/**
 * Sends one request after another on a connection until the server says that it is the last.
 *
 * @param {Client} client
 * @param {number} first request
 * @param {Count} count
 */
async function keepAsking(client, first, count) {
  for (let i = first; client.isOpen; ++i) {
    const { bytes, answer } = requests[i % requests.length]
    try {
      const { status, body } = await client.ask(bytes)
      if (status === 200 && body.toString() === answer) count.answered += 1
      else count.wrong += 1
    } catch {
      count.lost += 1
    }
  }
}

/**
 * Sends each request on a connection of its own until there is none to be had.
 *
 * @param {number} port
 * @param {number} first request
 * @param {Count} count
 */
async function keepComing(port, first, count) {
  for (let i = first; ; ++i) {
    /** @type {Client} */
    let client
    try {
      client = await Client.open(port)
    } catch {
      count.refused += 1
      return
    }
    const { bytes, answer } = requests[i % requests.length]
    try {
      const { status, body } = await client.ask(bytes)
      if (status === 200 && body.toString() === answer) count.answered += 1
      else count.wrong += 1
    } catch {
      count.unread += 1
    }
    client.close()
  }
}

/** A promise that is kept when the server has said what it does. @param {Awaited<ReturnType<typeof start>>} server */
async function told({ lines }) {
  while (lines.length < 2) await new Promise((resolve) => setImmediate(resolve))
}

describe('SIGTERM', { timeout: 300_000 }, () => {
  it('under load: every request that has arrived is answered, and the counts of both sides agree', async () => {
    const server = await start('--linger', '2000')
    const count = new Count()
    const slow = await Promise.all([0, 1].map(() => Client.open(server.port)))
    const idle = await Client.open(server.port)
    const silent = await Client.open(server.port)
    const half = requests[0].bytes.length / 2
    const slowAnswers = slow.map((client) => client.ask(requests[0].bytes.subarray(0, half)))
    assert.equal((await idle.ask(requests[1].bytes)).status, 200)

    const loops = await Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        const client = await Client.open(server.port)
        return { ends: keepAsking(client, i, count) }
      }),
    )
    for (let i = 0; i < 4; ++i) loops.push({ ends: keepComing(server.port, i, count) })
    while (count.answered < 2000) await new Promise((resolve) => setImmediate(resolve))

    const stopped = server.stop()
    await told(server)
    for (const client of slow) client.write(requests[0].bytes.subarray(half))
    for (const { status, body } of await Promise.all(slowAnswers)) {
      assert.deepEqual([status, body.toString()], [200, requests[0].answer])
    }
    await Promise.all(loops.map(({ ends }) => ends))
    assert.equal(await stopped, 0)

    const { answered, wrong, refused, lost, unread } = count
    assert.deepEqual({ wrong, lost, refused }, { wrong: 0, lost: 0, refused: 4 })
    const all = answered + slow.length + 1
    assert.equal(server.lines.at(-1), `Answered ${all} of ${all} requests`)
    // Each of the four loops has at most the one connection that was waiting when the server stopped listening.
    assert.ok(unread <= 4, `${unread} connections`)
    assert.deepEqual([idle.isOpen, silent.isOpen], [false, false])
  })

  it('is told to who asks for health, on connections that are there', async () => {
    const server = await start()
    const client = await Client.open(server.port)
    assert.equal((await client.ask(GET_HEALTH)).status, 200)
    const stopped = server.stop()
    await told(server)
    const { status, body } = await client.ask(GET_HEALTH)
    assert.equal(status, 503)
    assert.match(body.toString(), /"status":"shutting down"/)
    assert.equal(client.isOpen, false)
    await assert.rejects(Client.open(server.port), { code: 'ECONNREFUSED' })
    assert.equal(await stopped, 0)
  })

  it('does not wait for a request that does not arrive', async () => {
    const server = await start('--request-timeout', '500', '--linger', '100')
    const client = await Client.open(server.port)
    const answer = client.ask(requests[0].bytes.subarray(0, 500))
    while ((await server.metrics()).requests_in_flight === 0);
    assert.equal(await server.stop(), 0)
    assert.equal((await answer).status, 408)
    assert.match(server.lines.at(-1) ?? '', /^Answered (\d+) of (?!\1)\d+ requests$/)
  })

  it('cuts off at the limit what does not end', async () => {
    const { port, metrics, shutdown } = await listen()
    const client = await Client.open(port)
    const answer = assert.rejects(client.ask(requests[0].bytes.subarray(0, 500)), /the connection ended/)
    while (metrics.received === 0) await new Promise((resolve) => setImmediate(resolve))
    await shutdown.run(10, 50)
    await answer
  })
})
