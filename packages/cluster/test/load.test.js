/** Many small jobs: all of them are done once, and memory does not grow with their number. */
import assert from 'node:assert/strict'
import { fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { Names } from '../dist/names.js'
import { small } from './small.js'
import { bounded, ending, file, Server, startWorkers, until, watched } from './support.js'

const MB = 2 ** 20
const givenUp = 'given up after 4 tries: each time its worker died, or was silent for 1 s'

/** @typedef {{ done: number, heapUsed: number, rss: number }} Sample */
/** @typedef {{ result: Awaited<ReturnType<typeof small>>, seconds: number }} End */

/** @param {import('./support.js').Context} t @param {Server} server @param {number} trials @param {number} queue */
function coordinator(t, server, trials, queue) {
  /** @type {import('node:child_process').ForkOptions} */
  const options = { execArgv: ['--expose-gc'], serialization: 'advanced' }
  const child = watched(t, fork(file('./load.js'), [server.url, String(trials), String(queue)], options))
  /** @type {Promise<End>} */
  const end = new Promise((resolve) => {
    child.on('message', (/** @type {Sample | End} */ said) => {
      if ('result' in said) resolve(said)
    })
  })
  const sample = async () => {
    child.send('memory')
    /** @type {Sample} */
    const said = await bounded(new Promise((resolve) => child.once('message', resolve)), 10)
    return said
  }
  return { end, sample }
}

/** Memory of the processes of a command, the largest. @param {number | undefined} pid */
function workersRss(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  const of = (/** @type {string} */ child) => {
    const [, kilobytes] = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8')) ?? ['', '0']
    return 1024 * Number(kilobytes)
  }
  return Math.max(...children.map(of))
}

const skip = process.platform === 'linux' ? false : 'the memory of processes is read from /proc'

describe('10,000 jobs', { skip }, () => {
  it('are done by two workers, though one kills them; memory stays', async (t) => {
    const server = await Server.start(t)
    const env = { ...process.env, NODE_OPTIONS: `--import=${file('./poison.js')}` }
    const args = [file('../dist/cli.js'), 'worker', '--parallel', '2', '--servers', server.url]
    const { pid } = watched(t, spawn(process.execPath, args, { env, stdio: 'ignore' }))
    const { end, sample } = coordinator(t, server, 10_000, 10_000)
    /** @type {(Sample & { workers: number })[]} */
    const samples = []
    for (const done of [2000, 9000]) {
      let said = await sample()
      while (said.done < done) {
        await new Promise((resolve) => setTimeout(resolve, 200))
        said = await sample()
      }
      samples.push({ ...said, workers: workersRss(pid) })
    }
    const { result, seconds } = await bounded(end, 90)
    const expected = await small(10_000, {})
    const poisoned = expected.flatMap(({ epochs }, i) => (epochs === 13 ? [i] : []))
    assert.ok(poisoned.length > 0)
    for (const [i, trial] of result.entries()) {
      assert.deepEqual(
        trial,
        poisoned.includes(i) ? { score: NaN, epochs: NaN, error: givenUp } : expected[i],
        `${i}`,
      )
    }
    t.diagnostic(`${Math.round(10_000 / seconds)} jobs/s`)
    t.diagnostic(JSON.stringify(samples))
    const [first, last] = samples
    // A trial with its metrics is about 2 kB; nothing else is kept of it.
    const kept = 2048 * (last.done - first.done)
    assert.ok(last.heapUsed - first.heapUsed < kept + 4 * MB, `${last.heapUsed - first.heapUsed} bytes`)
    assert.ok(last.rss - first.rss < kept + 64 * MB, `${last.rss - first.rss} bytes`)
    assert.ok(last.workers - first.workers < 48 * MB, `${last.workers - first.workers} bytes of a worker`)
  })
})

describe('a queue of 100 jobs', () => {
  it('is never longer, and the others wait at the coordinator', async (t) => {
    const server = await Server.start(t)
    const { end, sample } = coordinator(t, server, 1000, 100)
    const nc = await connect({ servers: server.url })
    ending(t, () => nc.close())
    const jsm = await jetstreamManager(nc)
    const { jobs } = new Names('deltaprop')
    let most = 0
    const timer = setInterval(() => {
      const info = jsm.streams.info(jobs)
      info.then(({ state }) => (most = Math.max(most, state.messages))).catch(() => undefined)
    }, 10)
    ending(t, () => clearInterval(timer))
    await until(() => most === 100)
    const first = await sample()
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const last = await sample()
    assert.ok(last.heapUsed - first.heapUsed < 2 * MB, `${last.heapUsed - first.heapUsed} bytes`)
    startWorkers(t, server.url, 2)
    const { result } = await bounded(end, 60)
    assert.equal(most, 100)
    assert.deepEqual(result, await small(1000, {}))
  })
})
