// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { clientOf } from '../clients.js'
import { Client, toRequest } from '../load/client.js'
import { exchange } from './exchange.js'
import { binaryRequest, listen, net, samples, start } from './support.js'

/** Another client's address. (macOS has it by `ifconfig lo0 alias 127.0.0.2`.) */
const OTHER = '127.0.0.2'

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

describe('a server that is full', { timeout: 300_000 }, () => {
  const request = binaryRequest(samples(1))
  const [begin, rest] = [request.subarray(0, 1000), request.subarray(1000)]

  it('answers 503 to requests beyond the number, until others have left', async () => {
    const { port, metrics } = await listen({ maxRequests: 3, clientShare: 1 })
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
    const { port, url, metrics } = await listen({ maxBytes: 4000, clientShare: 1 })
    const client = await Client.open(port)
    const answer = client.ask(begin)
    await until(() => metrics.received === 1)
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array(784 * 4),
    })
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('retry-after'), '1')
    assert.deepEqual(await response.json(), busy)
    // One whose length is not told is let in, until it is too long.
    const chunked = await Client.open(port)
    const head = request.toString('latin1', 0, request.indexOf('\r\n\r\n'))
    const chunks = head.replace(/Content-Length: \d+/, 'Transfer-Encoding: chunked')
    const body = `c40\r\n${'\0'.repeat(784 * 4)}\r\n0\r\n\r\n`
    assert.deepEqual(read(await chunked.ask(Buffer.from(`${chunks}\r\n\r\n${body}`))), [503, busy])
    assert.equal((await fetch(`${url}/health`)).status, 200)
    client.write(rest)
    assert.equal((await answer).status, 200)
    assert.equal((await chunked.ask(Buffer.from(`${chunks}\r\n\r\n${body}`))).status, 200)
    for (const each of [client, chunked]) each.close()
  })

  it('counts what has arrived, not what is announced', async () => {
    const { port, metrics } = await listen()
    const announced = Buffer.from(
      'POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n',
    )
    const clients = await Promise.all(Array.from({ length: 32 }, () => Client.open(port)))
    const lost = clients.map((client) => assert.rejects(client.ask(announced)))
    await until(() => metrics.received === 32)
    const client = await Client.open(port)
    assert.equal((await client.ask(request)).status, 200)
    for (const each of [...clients, client]) each.close()
    await Promise.all(lost)
  })

  it('leaves to others what a client has no share in: requests', async () => {
    const { port, metrics } = await listen({ maxRequests: 8 })
    const greedy = await Promise.all([1, 2, 3].map(() => Client.open(port)))
    const answers = greedy.slice(0, 2).map((client) => client.ask(begin))
    await until(() => metrics.received === 2)
    assert.deepEqual(read(await greedy[2].ask(request)), [503, busy])
    const other = await Client.open(port, OTHER)
    assert.equal((await other.ask(request)).status, 200)
    for (const client of greedy) client.write(rest)
    for (const answer of await Promise.all(answers)) assert.equal(answer.status, 200)
    for (const client of [...greedy, other]) client.close()
  })

  it('leaves to others what a client has no share in: connections', async () => {
    const { port } = await listen({ maxConnections: 8 })
    const greedy = await Promise.all([1, 2].map(() => Client.open(port)))
    for (const client of greedy) assert.equal((await client.ask(request)).status, 200)
    const [refused] = await exchange(port, '')
    assert.deepEqual([refused.status, JSON.parse(refused.body)], [503, busy])
    const other = await Client.open(port, OTHER)
    assert.equal((await other.ask(request)).status, 200)
    for (const client of [...greedy, other]) client.close()
  })

  it('knows the clients of a proxy that it believes', async () => {
    const { port, metrics } = await listen({ maxRequests: 4, maxConnections: 4 }, net, ['127.0.0.0/30'])
    const proxy = await Promise.all([1, 2, 3].map(() => Client.open(port)))
    /** @param {Buffer} bytes @param {string} client */
    const forwarded = (bytes, client) =>
      Buffer.from(
        bytes.toString('latin1').replace('Host: ', `X-Forwarded-For: ${client}\r\nHost: `),
        'latin1',
      )
    const first = proxy[0].ask(forwarded(begin, '2001:db8::1'))
    await until(() => metrics.received === 1)
    assert.deepEqual(read(await proxy[1].ask(forwarded(request, '1.2.3.4, 2001:db8::2'))), [503, busy])
    assert.equal((await proxy[2].ask(forwarded(request, '2001:db8:0:1::1'))).status, 200)
    proxy[0].write(rest)
    assert.equal((await first).status, 200)
    for (const client of proxy) client.close()
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
    const late = { error: 'request: expected all of it within 300 ms, got a part' }
    assert.deepEqual(read(await slow.ask(begin)), [408, late])
    await until(() => metrics.cut === 1)
    const client = await Client.open(port)
    assert.equal((await client.ask(request)).status, 200)
    client.close()
  })
})

describe('clientOf', () => {
  for (const [address, client] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::', '2001:db8:1:2'],
    ['fe80::1:2:3:4', 'fe80:0:0:0'],
    ['no address', 'no address'],
  ]) {
    it(`${address} is of ${client}`, () => assert.equal(clientOf(address), client))
  }
})

describe('overload', { timeout: 300_000 }, () => {
  it('takes no more memory than what is let in: at most 8 of 300 bodies of 1 MB', async () => {
    const server = await start('--client-share', '1', '--idle-timeout', '60000', '--request-timeout', '60000')
    const body = Buffer.alloc(2 ** 20 - (2 ** 20 % (784 * 4)))
    const request = toRequest('application/octet-stream', body)
    const [begin, rest] = [request.subarray(0, -1000), request.subarray(-1000)]
    const before = await server.metrics()
    const clients = await Promise.all(Array.from({ length: 300 }, () => Client.open(server.port)))
    const inside = new Set(clients)
    const answers = clients.map(async (client) => {
      const { status } = await client.ask(begin)
      if (status === 503) inside.delete(client)
      return status
    })
    /** @type {Record<string, number>} */
    let full = before
    await until(async () => {
      full = await server.metrics()
      return inside.size <= 8 && full.bytes_in_flight === inside.size * (body.length - 1000)
    })
    assert.ok(inside.size > 0)
    for (const client of inside) client.write(rest)
    const statuses = await Promise.all(answers)
    assert.equal(statuses.filter((status) => status === 200).length, inside.size)
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
