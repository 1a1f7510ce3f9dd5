/**
 * A server that is killed, and has lost some of what it had when it is there again, as after a power failure or on a disk of
 * its own that went with it: what is lost is noticed, and done again.
 */
import assert from 'node:assert/strict'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { cluster } from '../dist/index.js'
import { selections } from './selections.js'
import { bounded, ending, hashOf, Server, startWorkers, until } from './support.js'
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
  const on = await cluster({ servers: server.url, lostAfter: 1, warn: () => undefined })
  ending(t, () => on.close())
  return { server, on, workers: startWorkers(t, server.url, 2) }
}

/** @param {Server} server @param {RegExp} lost @param {number} least */
async function killed(server, lost, least = 1) {
  await server.kill()
  assert.ok(lose(server, lost) >= least)
  await server.start()
}

// Most of it is waiting.
describe('a server that has lost', { concurrency: 4 }, () => {
  for (const [what, lost] of /** @type {[string, RegExp][]} */ (losses)) {
    it(`${what} of a search`, async (t) => {
      const { server, on, workers } = await start(t)
      const result = selections.grid({ on }, 300)
      await until(() => workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0) >= 6)
      await killed(server, lost, what === 'parameters' ? 0 : 1)
      assert.equal(hashOf(await bounded(result, 40)), hashOf(await selections.grid({}, 300)))
    })

    it(`${what} of a fit`, async (t) => {
      const { server, on } = await start(t)
      let steps = 0
      const run = trained('adam', { on, epochs: 6, onBatch: () => (steps += 1) })
      await until(() => steps >= 5)
      await killed(server, lost)
      assert.equal(await bounded(run, 40), await trained('adam', { epochs: 6 }))
    })
  }
})
