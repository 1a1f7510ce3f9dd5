// @ts-check
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { toJSON } from '../answer.js'
import { attack, HONEST } from './attackers.js'
import { binaryRequest, net, samples, start } from './support.js'

it(
  'answers who is honest, in bounded memory, while 1,200 others attack in 43 ways',
  { timeout: 300_000 },
  async () => {
    const server = await start('--idle-timeout', '1000', '--request-timeout', '2000')
    const x = samples(1)
    const answer = toJSON(net.predict(x), net.outputs)
    const before = await server.metrics()
    const outcome = await attack(server.port, {
      attackers: 1200,
      ms: 4000,
      request: binaryRequest(x),
      answer,
    })
    const { opened, asked, answered, wrong, resident } = outcome
    assert.deepEqual(wrong, [])
    assert.ok(opened >= 1200 && asked >= HONEST, JSON.stringify(outcome))
    assert.equal(answered, asked)
    assert.ok(resident - before.resident_memory_bytes < 256 * 2 ** 20, `${resident} bytes`)
    // Nothing of it is left.
    let after = await server.metrics()
    while (after.requests_in_flight > 0) after = await server.metrics()
    assert.equal(after.bytes_in_flight, 0)
    assert.equal(await server.stop(), 0)
  },
)
