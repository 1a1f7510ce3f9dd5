/** The same results on one machine, on any number of workers, and whatever happens to them. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { before, describe, it } from 'node:test'
import { selections } from './selections.js'
import {
  bounded,
  file,
  hashOf,
  kill,
  lostAfter,
  open,
  Server,
  startWorkers,
  until,
  watched,
} from './support.js'

/** @type {Record<string, string>} */
const here = {}
before(async () => {
  for (const [name, run] of Object.entries(selections)) here[name] = hashOf(await run({}))
})

describe('workers', () => {
  for (const count of [1, 2, 5]) {
    it(`${count} of them: the bits of this machine`, async (t) => {
      const server = await Server.start(t)
      const workers = startWorkers(t, server.url, count)
      const on = await open(t, server.url)
      for (const [name, run] of Object.entries(selections)) {
        assert.equal(hashOf(await bounded(run({ on }), 60)), here[name], name)
      }
      const done = () => workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0)
      await until(() => done() === 6 * 4 + 10 + 6)
    })
  }

  it('two runs at once, of two coordinators', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 2)
    const both = await Promise.all([open(t, server.url), open(t, server.url)])
    const results = await bounded(
      Promise.all([selections.grid({ on: both[0] }), selections.random({ on: both[1] })]),
      60,
    )
    assert.deepEqual(results.map(hashOf), [here.grid, here.random])
  })

  it('that come and go', async (t) => {
    const server = await Server.start(t)
    const on = await open(t, server.url)
    const result = selections.grid({ on }, 200)
    const expected = selections.grid({}, 200)
    for (let i = 0; i < 6; ++i) {
      const [{ child }] = startWorkers(t, server.url, 1)
      await new Promise((resolve) => setTimeout(resolve, 400))
      if (i < 5) await kill(child, i % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
    }
    assert.equal(hashOf(await bounded(result, 60)), hashOf(await expected))
  })
})

describe('what goes wrong', () => {
  it('workers are killed in the middle of their jobs', async (t) => {
    const server = await Server.start(t)
    const workers = startWorkers(t, server.url, 3)
    const on = await open(t, server.url)
    const result = selections.random({ on }, 400)
    for (const worker of workers.slice(0, 2)) {
      await until(() => worker.state?.run !== undefined)
      await kill(worker.child)
    }
    assert.equal(hashOf(await bounded(result, 60)), hashOf(await selections.random({}, 400)))
  })

  it('the server is killed, and started again', async (t) => {
    const server = await Server.start(t)
    const workers = startWorkers(t, server.url, 2)
    const on = await open(t, server.url)
    const result = selections.grid({ on }, 300)
    await until(() => workers.some(({ state }) => (state?.done ?? 0) >= 3))
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, 700))
    await server.start()
    assert.equal(hashOf(await bounded(result, 90)), hashOf(await selections.grid({}, 300)))
  })

  it('the coordinator is killed, and another one goes on where it was', async (t) => {
    const server = await Server.start(t)
    const workers = startWorkers(t, server.url, 2)
    const first = coordinator(t, server.url, 'grid', 300)
    await until(() => workers.some(({ state }) => (state?.done ?? 0) >= 4))
    await kill(first.child)
    const doneBefore = workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0)
    assert.ok(doneBefore < 24, `${doneBefore}`)
    const second = coordinator(t, server.url, 'grid', 300)
    assert.equal(await bounded(second.hash, 60), hashOf(await selections.grid({}, 300)))
    const done = workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0)
    assert.equal(done, 24)
  })

  it('two coordinators of the same run: one waits, and takes over', async (t) => {
    const server = await Server.start(t)
    const workers = startWorkers(t, server.url, 1)
    const first = coordinator(t, server.url, 'grid', 400)
    await until(() => (workers[0].state?.done ?? 0) >= 1)
    const second = coordinator(t, server.url, 'grid', 400)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await kill(first.child)
    assert.equal(await bounded(second.hash, 60), hashOf(await selections.grid({}, 400)))
  })

  it('a worker is slow: its job is done by another, its late answer dropped', async (t) => {
    const server = await Server.start(t)
    const slow = startWorkers(t, server.url, 1, { imported: file('./slow.js') })
    const on = await open(t, server.url)
    const result = selections.model({ on })
    await until(() => slow[0].state?.run !== undefined)
    startWorkers(t, server.url, 1)
    assert.equal(hashOf(await bounded(result, 60)), here.model)
  })
})

/** A coordinator in a process of its own. @param {import('./support.js').Context} t @param {string} url @param {string} name @param {number} epochs */
function coordinator(t, url, name, epochs) {
  const child = watched(t, fork(file('./coordinator.js'), [url, name, String(epochs), String(lostAfter)]))
  const hash = once(child, 'message').then((said) => String(/** @type {unknown[]} */ (said)[0]))
  return { child, hash }
}
