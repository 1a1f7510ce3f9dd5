// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, toRequest } from '../load/client.js'
import { binaryRequest, listen, samples, start } from './support.js'

const busy = { error: 'the server is busy; try again' }

/**
 * Waits until something holds; the test's time limit ends it.
 *
 * @param {() => boolean | Promise<boolean>} holds
 */
async function until(holds) {
  while (!(await holds())) await sleep(5)
}

/** @param {import('../load/client.js').Answer} answer */
function read({ status, body }) {
  return /** @type {unknown[]} */ ([status, JSON.parse(body.toString())])
}

describe('a server that is full', { timeout: 30_000 }, () => {
  const request = binaryRequest(samples(1))
  const [begin, rest] = [request.subarray(0, 1000), request.subarray(1000)]

  it('answers 503 to requests beyond the number, until others have left', async () => {
    const { port, metrics } = await listen({ maxRequests: 3 })
    const clients = await Promise.all([1, 2, 3, 4].map(() => Client.open(port)))
    const answers = clients.slice(0, 3).map((client) => client.ask(begin))
    await until(() => metrics.received === 3)
    assert.deepEqual(read(await clients[3].ask(request)), [503, busy])
    // A 503 leaves its connection as it is, the body that nobody reads included.
    assert.deepEqual(read(await clients[3].ask(request)), [503, busy])
    clients[0].write(rest)
    assert.equal((await answers[0]).status, 200)
    assert.equal((await clients[3].ask(request)).status, 200)
    for (const client of clients.slice(1, 3)) client.write(rest)
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200)
    for (const client of clients) client.close()
  })

  it('answers 503 to bytes beyond the number, and says when to come again', async () => {
    const { port, url, metrics } = await listen({ maxBytes: 4000 })
    const client = await Client.open(port)
    const answer = client.ask(begin)
    await until(() => metrics.received === 1)
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ x: Array.from({ length: 784 }, () => 0) }),
    })
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.deepEqual(await response.json(), busy)
    assert.equal((await fetch(`${url}/health`)).status, 200)
    client.write(rest)
    assert.equal((await answer).status, 200)
    client.close()
  })

  it('forgets requests whose clients have gone', async () => {
    const { port, metrics } = await listen({ maxRequests: 1 })
    const gone = await Client.open(port)
    const lost = assert.rejects(gone.ask(begin), /the connection ended/)
    await until(() => metrics.received === 1)
    gone.close()
    await lost
    await until(() => metrics.cut === 1)
    const client = await Client.open(port)
    assert.equal((await client.ask(request)).status, 200)
    client.close()
  })

  it('answers 408 to requests that do not arrive, and forgets them', async () => {
    const { port, metrics } = await listen({ maxRequests: 1, requestTimeout: 300 })
    const slow = await Client.open(port)
    assert.equal((await slow.ask(begin)).status, 408)
    await until(() => metrics.cut === 1)
    const client = await Client.open(port)
    assert.equal((await client.ask(request)).status, 200)
    client.close()
  })
})

describe('overload', { timeout: 60_000 }, () => {
  it('takes no more memory than what is let in: 8 of 300 bodies of 1 MB', async () => {
    const server = await start()
    const body = Buffer.alloc(2 ** 20 - (2 ** 20 % (784 * 4)))
    const request = toRequest('application/octet-stream', body)
    const [begin, rest] = [request.subarray(0, -1000), request.subarray(-1000)]
    const before = await server.metrics()
    const clients = await Promise.all(Array.from({ length: 300 }, () => Client.open(server.port)))
    const answers = clients.map((client) => client.ask(begin))
    /** @type {number[]} */
    const inside = []
    let refused = 0
    for (const [i, answer] of answers.entries()) {
      inside.push(i)
      void answer.then(({ status }) => {
        if (status !== 503) return
        refused += 1
        inside.splice(inside.indexOf(i), 1)
      })
    }
    await until(() => refused === 292)
    const full = await server.metrics()
    assert.deepEqual([full.requests_in_flight, full.bytes_in_flight], [8, 8 * body.length])
    for (const i of inside) clients[i].write(rest)
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 200).length, 8)
    const after = await server.metrics()
    assert.deepEqual([after.requests_in_flight, after.bytes_in_flight], [0, 0])
    // All 300 bodies would be 280 MB at least.
    for (const { resident_memory_bytes: resident } of [full, after]) {
      assert.ok(resident - before.resident_memory_bytes < 128 * 2 ** 20, `${resident} bytes`)
    }
    for (const client of clients) client.close()
    assert.equal(await server.stop(), 0)
  })
})
