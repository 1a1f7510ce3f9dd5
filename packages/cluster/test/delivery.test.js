/** What a server may do to messages, and jobs to workers: nothing counts twice, nothing is waited for in vain. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { headers } from '@nats-io/nats-core'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Objm } from '@nats-io/obj'
import { connect } from '@nats-io/transport-node'
import { crossValidate, gridSearch } from 'deltaprop/selection'
import { cluster } from '../dist/index.js'
import { describeWorkers } from '../dist/roll-call.js'
import { Names, WORKS_WITH } from '../dist/names.js'
import { setUp } from '../dist/streams.js'
import { selections } from './selections.js'
import { trained } from './trainings.js'
import {
  bounded,
  ending,
  file,
  hashOf,
  lostAfter,
  open,
  Server,
  startWorkers,
  temporaryFolder,
  until,
  watched,
} from './support.js'

const names = new Names('deltaprop')
const poison = file('./poison.js')
const givenUp = `given up after 4 tries: each time its worker died, or was silent for ${lostAfter} s`

const x = Array.from({ length: 60 }, (_, i) => [(i % 10) / 10, Math.floor(i / 10) / 6])
const y = x.map(([a, b]) => [a > b ? 1 : 0])
const network = { hidden: [3], activation: /** @type {const} */ ({ hidden: 'tanh', output: 'sigmoid' }) }

/** One candidate of four is the poison. @param {object} where */
const grid = (where) =>
  gridSearch(
    { x, y },
    {
      space: { epochs: [5, 13, 7, 9] },
      build: ({ epochs }) => ({ network, fit: { epochs } }),
      seed: 1,
      validation: 0.5,
      ...where,
    },
  )

/** @param {import('./support.js').Context} t @param {string} url */
async function client(t, url) {
  const nc = await connect({ servers: url })
  ending(t, () => nc.close())
  return { nc, js: jetstream(nc), jsm: await jetstreamManager(nc) }
}

/**
 * Publishes each message of some subjects again, after a while.
 *
 * @param {Awaited<ReturnType<typeof client>>} client @param {string} subjects @param {number} ms
 * @returns {() => number} how many copies there are
 */
function echo({ nc, js }, subjects, ms) {
  let copies = 0
  const copy = headers()
  copy.set('copy', 'yes')
  nc.subscribe(subjects, {
    callback: (_, { subject, data, headers: given }) => {
      if (given?.get('copy') === 'yes') return
      setTimeout(() => {
        const sent = js.publish(subject, data, { headers: copy })
        sent.then(() => (copies += 1)).catch(() => undefined)
      }, ms)
    },
  })
  return () => copies
}

describe('delivery', () => {
  it('jobs come twice, at once and late', async (t) => {
    const server = await Server.start(t)
    const raw = await client(t, server.url)
    const on = await open(t, server.url)
    const copies = [echo(raw, names.allJobs, 0), echo(raw, names.allJobs, 150)]
    const workers = startWorkers(t, server.url, 2)
    assert.equal(hashOf(await bounded(selections.grid({ on }), 60)), hashOf(await selections.grid({})))
    assert.ok(copies[0]() >= 24 && copies[1]() > 0, 'there were copies')
    await until(() => workers.reduce((sum, { state }) => sum + (state?.done ?? 0), 0) === 24)
    const left = async () => (await raw.jsm.streams.info(names.jobs)).state.messages
    await bounded(untilNone(left), 20)
    assert.equal(await bounded(trained('adam', { on }), 60), await trained('adam', {}))
  })

  it('results come twice, at once and late', async (t) => {
    const server = await Server.start(t)
    const raw = await client(t, server.url)
    const on = await open(t, server.url)
    const results = `${names.name}.result.>`
    const copies = [echo(raw, results, 0), echo(raw, results, 100)]
    startWorkers(t, server.url, 2)
    assert.equal(hashOf(await bounded(selections.grid({ on }), 60)), hashOf(await selections.grid({})))
    assert.ok(copies[0]() > 0, 'there were copies')
    assert.equal(await bounded(trained('adam', { on }), 60), await trained('adam', {}))
  })
})

describe('a job that kills each worker', () => {
  it('is named, and the other results are as they would be', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 5, { imported: poison })
    const { trials } = await bounded(grid({ on: await open(t, server.url) }), 90)
    const expected = await grid({})
    assert.deepEqual(
      trials.map(({ error }) => error),
      [undefined, givenUp, undefined, undefined],
    )
    const others = (/** @type {typeof trials} */ all) => all.filter(({ choice }) => choice.epochs !== 13)
    assert.equal(hashOf(others(trials)), hashOf(others(expected.trials)))
  })

  it('ends a cross-validation, which names the fold', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 9, { imported: poison })
    const on = await open(t, server.url)
    const run = crossValidate({ x, y }, { network, fit: { epochs: 13 }, folds: 2, seed: 1, on })
    await assert.rejects(bounded(run, 60), { message: `crossValidate: fold 0: ${givenUp}` })
  })

  it('ends a fit with shards', async (t) => {
    const server = await Server.start(t)
    startWorkers(t, server.url, 5, { imported: poison })
    const run = trained('adam', { on: await open(t, server.url) })
    await assert.rejects(bounded(run, 60), {
      message: /shard 0 was given up after 4 tries: each time its worker died/,
    })
  })

  it('does not end deltaprop-cluster worker', async (t) => {
    const server = await Server.start(t)
    const env = { ...process.env, NODE_OPTIONS: `--import=${poison}` }
    const args = [file('../dist/cli.js'), 'worker', '--parallel', '2', '--servers', server.url]
    const command = watched(t, spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }))
    let said = ''
    command.stderr.on('data', (text) => (said += String(text)))
    const { trials } = await bounded(grid({ on: await open(t, server.url) }), 90)
    assert.deepEqual(
      trials.flatMap(({ error }) => error ?? []),
      [givenUp],
    )
    const line = 'deltaprop-cluster: a worker died (SIGKILL); another one takes its place\n'
    assert.ok(said.split(line).length - 1 >= 4 && said.replaceAll(line, '') === '', said)
  })
})

describe('data on the server', () => {
  /** What may happen to them. @type {Record<string, (raw: Awaited<ReturnType<typeof client>>) => Promise<unknown>>} */
  const losses = {
    deleted: async ({ nc }) => {
      const store = await new Objm(nc).open(names.data)
      for (const { name } of await store.list()) await store.delete(name)
    },
    'lost in part': ({ jsm }) => jsm.streams.purge(`OBJ_${names.data}`, { filter: `$O.${names.data}.C.>` }),
    'replaced by others': async ({ nc }) => {
      const store = await new Objm(nc).open(names.data)
      for (const { name, size } of await store.list()) await store.putBlob({ name }, new Uint8Array(size))
    },
  }
  for (const [what, lose] of Object.entries(losses)) {
    it(`${what}: are sent again`, async (t) => {
      const server = await Server.start(t)
      const raw = await client(t, server.url)
      const on = await open(t, server.url)
      const result = selections.random({ on })
      await bounded(
        untilNone(async () => Number((await waiting(raw)) < 10)),
        20,
      )
      await lose(raw)
      startWorkers(t, server.url, 1)
      assert.equal(hashOf(await bounded(result, 30)), hashOf(await selections.random({})))
    })
  }

  it('corrupt in a way that only their hash shows: each job says so', async (t) => {
    const server = await Server.start(t)
    const raw = await client(t, server.url)
    const on = await open(t, server.url)
    const result = grid({ on })
    await bounded(
      untilNone(async () => Number((await waiting(raw)) < 4)),
      20,
    )
    const stream = `OBJ_${names.data}`
    const { state } = await raw.jsm.streams.info(stream, { subjects_filter: `$O.${names.data}.C.>` })
    const [subject] = Object.keys(state.subjects ?? {})
    const chunk = await raw.jsm.streams.getMessage(stream, { last_by_subj: subject })
    await raw.jsm.streams.deleteMessage(stream, chunk?.seq ?? 0)
    await raw.js.publish(subject, new Uint8Array(chunk?.data.length ?? 0))
    startWorkers(t, server.url, 1)
    const { trials } = await bounded(result, 30)
    for (const { error } of trials)
      assert.match(String(error), /^data: expected those with the hash [0-9a-f]{64}, got others$/)
  })
})

describe('a coordinator', () => {
  it('that is closed leaves its run to the next one, on a connection that stays open, too', async (t) => {
    const server = await Server.start(t)
    const { nc } = await client(t, server.url)
    const [worker] = startWorkers(t, server.url, 1)
    const options = { connection: nc, lostAfter, warn: () => undefined }
    const first = await cluster(options)
    const result = selections.grid({ on: first }, 300)
    const ended = assert.rejects(bounded(result, 20), { message: 'the cluster has been closed' })
    await until(() => (worker.state?.done ?? 0) >= 3)
    await bounded(first.close(), 20)
    await ended
    assert.equal(nc.isClosed(), false)
    await assert.rejects(selections.grid({ on: first }), { message: 'the cluster has been closed' })
    const second = await cluster(options)
    assert.equal(
      hashOf(await bounded(selections.grid({ on: second }, 300), 60)),
      hashOf(await selections.grid({}, 300)),
    )
    await second.close()
    await until(() => worker.state?.done === 24)
  })

  it('that is closed as soon as it has begun ends at once, whatever it has begun', async (t) => {
    const server = await Server.start(t)
    const message = 'the cluster has been closed'
    for (const ms of [0, 1, 3, 8, 20]) {
      const on = await open(t, server.url)
      const runs = [selections.grid({ on }, 300), trained('adam', { on, epochs: 1000 })]
      const ended = Promise.all(runs.map((run) => assert.rejects(bounded(run, 20), new RegExp(message))))
      await new Promise((resolve) => setTimeout(resolve, ms))
      await bounded(on.close(), 20)
      await ended
    }
  })

  it('sets a cluster up beside others that do', async (t) => {
    const server = await Server.start(t)
    const clients = await Promise.all(Array.from({ length: 4 }, () => client(t, server.url)))
    const limits = { lostAfter, tries: 4, queue: 100 }
    for (let i = 0; i < 40; ++i) {
      await Promise.all(clients.map(({ nc, jsm }) => setUp(nc, jsm, new Names(`cluster${i}`), limits)))
    }
    assert.equal((await server.streams()).length, 40 * 4)
  })

  it('says what it waits for', async (t) => {
    const path = join(temporaryFolder(t), 'server.conf')
    writeFileSync(path, 'jetstream { max_file_store: 100KB }')
    const server = await Server.start(t, '-c', path)
    const warnings = /** @type {string[]} */ ([])
    const on = await open(t, server.url, { warn: (text) => warnings.push(text) })
    const controller = new AbortController()
    const many = { x: new Float32Array(100_000), y: new Float32Array(100_000) }
    const run = gridSearch(many, {
      ...{ inputs: 1, space: { epochs: [1] }, build: ({ epochs }) => ({ network, fit: { epochs } }) },
      ...{ seed: 1, on, signal: controller.signal },
    })
    run.catch(() => undefined)
    await until(() => warnings.some((text) => text.startsWith('waiting for the server: ')), 30)
    controller.abort(new Error('enough'))
    await assert.rejects(bounded(run, 20), { message: 'enough' })
    t.diagnostic(warnings.join('; '))
  })
})

describe('workers of another version', () => {
  it('are said to be there', async (t) => {
    const server = await Server.start(t)
    const { nc } = await client(t, server.url)
    const state = { role: 'worker', id: 'a', host: 'b', version: '0.0.1-1', done: 0, failed: 0, busy: 0 }
    nc.subscribe(names.ping, { callback: (_, message) => void message.respond(JSON.stringify(state)) })
    const warnings = /** @type {string[]} */ ([])
    const on = await open(t, server.url, { warn: (text) => warnings.push(text) })
    const controller = new AbortController()
    const run = selections.random({ on, signal: controller.signal })
    await until(() => warnings.length > 0)
    assert.deepEqual(warnings, [
      `1 worker answers, of version 0.0.1-1; only those of version ${WORKS_WITH} may do these jobs`,
    ])
    controller.abort(new Error('enough'))
    await assert.rejects(bounded(run, 20), { message: 'enough' })
  })

  it('and so is nobody', () => {
    const worker = {
      role: /** @type {const} */ ('worker'),
      id: '',
      host: '',
      run: undefined,
      done: 0,
      failed: 0,
      busy: 0,
    }
    const of = (/** @type {string[]} */ ...versions) =>
      describeWorkers(versions.map((version) => ({ ...worker, version })))
    assert.equal(of(), 'no worker answers; this starts one: deltaprop-cluster worker')
    assert.equal(
      of('0.2.0-1', '0.1.0-9', '0.2.0-1'),
      `3 workers answer, of version 0.1.0-9 and 0.2.0-1; only those of version ${WORKS_WITH} may do these jobs`,
    )
    assert.equal(of('0.2.0-1', WORKS_WITH), '')
  })
})

/** Jobs on the server. @param {Awaited<ReturnType<typeof client>>} raw @returns {Promise<number>} */
async function waiting({ jsm }) {
  const info = await jsm.streams.info(names.jobs).catch(() => undefined)
  return info?.state.messages ?? 0
}

/** @param {() => Promise<number>} count */
async function untilNone(count) {
  while ((await count()) > 0) await new Promise((resolve) => setTimeout(resolve, 20))
}
