/**
 * A server that is killed, and has lost some of what it had when it is there again, as after a power failure or on a disk of
 * its own that went with it: what is lost is noticed, and done again.
 */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { selections } from './selections.js'
import { bounded, ending, file, hashOf, kill, open, Server, startWorkers, until, watched } from './support.js'
import { trained } from './trainings.js'

/** What is lost: the streams whose names have this, or all of them, as if they had never been made. */
const losses = [
  ['results', /_results_/],
  ['jobs', /_jobs$/],
  ['runs', /^KV_/],
  ['data', /^OBJ_/],
  ['parameters', /_parameters_/],
  ['everything', /./],
]

/** @param {Server} server @param {RegExp} lost */
function lose({ folder }, lost) {
  const streams = join(folder, 'jetstream', '$G', 'streams')
  const names = readdirSync(streams).filter((name) => lost.test(name))
  for (const name of names) {
    rmSync(join(streams, name, ...(lost.source === '.' ? [] : ['msgs'])), { recursive: true })
  }
  return names.length
}

/** @param {import('./support.js').Context} t */
async function start(t) {
  const server = await Server.start(t)
  const on = await open(t, server.url)
  return { server, on, workers: startWorkers(t, server.url, 2) }
}

/** @param {Server} server @param {RegExp} lost */
async function killed(server, lost) {
  await server.kill()
  assert.ok(lose(server, lost) >= 1)
  await server.start()
}

// Most of it is waiting.
describe('a server that has lost', { concurrency: 4 }, () => {
  for (const [what, lost] of /** @type {[string, RegExp][]} */ (losses)) {
    it(`${what}, of a fit`, async (t) => {
      const { server, on } = await start(t)
      let steps = 0
      const run = trained('adam', { on, epochs: 6, onBatch: () => (steps += 1) })
      await until(() => steps >= 5)
      await killed(server, lost)
      assert.equal(await bounded(run, 40), await trained('adam', { epochs: 6 }))
    })

    // Searches have none.
    if (what === 'parameters') continue
    // Two at once, which share a connection and what they restore.
    it(`${what}, of two searches`, async (t) => {
      const { server, on, workers } = await start(t)
      const results = Promise.all([selections.grid({ on }, 300), selections.random({ on }, 300)])
      await until(() => workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0) >= 6)
      await killed(server, lost)
      const expected = [await selections.grid({}, 300), await selections.random({}, 300)]
      assert.deepEqual((await bounded(results, 40)).map(hashOf), expected.map(hashOf))
    })
  }

  it('everything, twice, the second time before it is all there again', async (t) => {
    const { server, on, workers } = await start(t)
    const result = selections.grid({ on }, 300)
    await until(() => workers.some(({ state }) => (state?.done ?? 0) >= 2))
    await killed(server, /./)
    for (let tries = 0; (await server.streams()).length === 0; ++tries) assert.ok(tries < 1000)
    await killed(server, /./)
    assert.equal(hashOf(await bounded(result, 40)), hashOf(await selections.grid({}, 300)))
  })

  it('everything, with the coordinator that another one waits for', async (t) => {
    const server = await Server.start(t)
    const [worker] = startWorkers(t, server.url, 1)
    const first = watched(t, fork(file('./coordinator.js'), [server.url, 'grid', '300', '1']))
    await until(() => (worker.state?.done ?? 0) >= 1)
    const warnings = /** @type {string[]} */ ([])
    const on = await open(t, server.url, { warn: (text) => warnings.push(text) })
    const second = selections.grid({ on }, 300)
    await until(() => warnings.some((text) => text.startsWith('another coordinator has this run')))
    await kill(first)
    await killed(server, /./)
    assert.equal(hashOf(await bounded(second, 40)), hashOf(await selections.grid({}, 300)))
  })

  it('the results of a run that somebody deletes, with no connection lost', async (t) => {
    const { server, on, workers } = await start(t)
    const result = selections.grid({ on }, 300)
    await until(() => workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0) >= 6)
    const nc = await connect({ servers: server.url })
    ending(t, () => nc.close())
    const stream = (await server.streams()).find((name) => name.includes('_results_'))
    await (await jetstreamManager(nc)).streams.delete(String(stream))
    assert.equal(hashOf(await bounded(result, 60)), hashOf(await selections.grid({}, 300)))
  })
})
