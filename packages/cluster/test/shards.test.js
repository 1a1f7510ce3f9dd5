/** Synchronous training on a cluster: the bits of the same number of shards on one machine, whatever happens. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fits, trained } from './trainings.js'
import {
  bounded,
  file,
  kill,
  lostAfter,
  open,
  Server,
  startWorkers,
  temporaryFolder,
  until,
  watched,
} from './support.js'

describe('a fit with shards', () => {
  for (const count of [1, 2, 5]) {
    it(`${count} workers: the bits of this machine`, async (t) => {
      const server = await Server.start(t)
      startWorkers(t, server.url, count)
      const on = await open(t, server.url)
      for (const name of Object.keys(fits)) {
        assert.equal(await bounded(trained(name, { on }), 60), await trained(name, {}), name)
      }
    })
  }

  it('workers are killed in the middle of steps', async (t) => {
    const server = await Server.start(t)
    const workers = startWorkers(t, server.url, 3)
    const on = await open(t, server.url)
    let steps = 0
    const run = trained('adam', { on, epochs: 6, onBatch: () => (steps += 1) })
    await until(() => steps >= 3)
    await kill(workers[0].child)
    await until(() => steps >= 8)
    await kill(workers[1].child)
    assert.equal(await bounded(run, 60), await trained('adam', { epochs: 6 }))
  })

  it('the server is killed, and started again', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const on = await open(t, server.url)
    let steps = 0
    const run = trained('adam', { on, epochs: 6, onBatch: () => (steps += 1) })
    await until(() => steps >= 5)
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, 500))
    await server.start()
    await assert.doesNotReject(bounded(run, 90))
    assert.equal(await run, await trained('adam', { epochs: 6 }))
  })

  it('the coordinator is killed, and goes on from its checkpoint', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const path = join(temporaryFolder(t), 'net.checkpoint')
    const first = coordinator(t, server.url, path)
    const epochs = counter(first)
    await until(() => epochs() >= 2)
    await kill(first)
    const second = coordinator(t, server.url, path)
    const again = counter(second)
    const [hash] = /** @type {unknown[]} */ (await bounded(finished(second), 60))
    assert.equal(hash, await trained('adam', { epochs: 8 }))
    assert.ok(again() < 8, `${again()} epochs were trained again`)
  })

  it('of a network larger than a message', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const warnings = /** @type {string[]} */ ([])
    const on = await open(t, server.url, { warn: (text) => warnings.push(text) })
    assert.equal(await bounded(trained('large', { on }), 60), await trained('large', {}))
    assert.deepEqual(warnings, [])
  })

  it('says where it does not pay', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 1)
    const warnings = /** @type {string[]} */ ([])
    await bounded(
      trained('sgd', { on: await open(t, server.url, { warn: (text) => warnings.push(text) }) }),
      60,
    )
    assert.match(warnings[0], /^a step of 64 samples for \d+ parameters is faster on one machine/)
  })

  it('ends with its signal, and leaves nothing on the server', async (t) => {
    const server = await Server.start(t)
    const on = await open(t, server.url)
    const controller = new AbortController()
    const run = trained('adam', { on, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 300)
    await assert.rejects(bounded(run, 20), { message: 'enough' })
    await bounded(on.close(), 20)
    assert.deepEqual(await server.streams(), [
      'KV_deltaprop_runs',
      'OBJ_deltaprop_data',
      'deltaprop_given_up',
      'deltaprop_jobs',
    ])
  })
})

/** @param {import('./support.js').Context} t @param {string} url @param {string} path of the checkpoint */
function coordinator(t, url, path) {
  return watched(t, fork(file('./trainer.js'), [url, path, String(lostAfter)]))
}

/** @param {import('node:child_process').ChildProcess} child @returns {() => number} how many epochs it has said */
function counter(child) {
  let epochs = 0
  child.on('message', (said) => (epochs += said === 'epoch' ? 1 : 0))
  return () => epochs
}

/** @param {import('node:child_process').ChildProcess} child */
async function finished(child) {
  for (;;) {
    const said = /** @type {unknown[]} */ (await once(child, 'message'))
    if (said[0] !== 'epoch') return said
  }
}
