/** Samples that stay with the workers that have them: the bits of the same shards on one machine, whatever happens. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { checkpointFile, Network, sharded } from 'deltaprop'
import { shardOption } from '../dist/read-shards.js'
import { work } from '../dist/worker.js'
import {
  bounded,
  ending,
  file,
  kill,
  open,
  Server,
  startWorkers,
  temporaryFolder,
  until,
  watched,
} from './support.js'

/** @typedef {{ x: number[][], y: number[], weights?: number[] }} Samples */

/** @param {number} from @param {number} count @returns {Samples} */
const samples = (from, count) => {
  const x = Array.from({ length: count }, (_, i) => [
    (((from + i) * 37) % 100) / 50 - 1,
    (((from + i) * 61) % 97) / 48 - 1,
  ])
  return { x, y: x.map(([a, b]) => Number(a > b) + Number(a > 2 * b)) }
}
const north = samples(0, 90)
const south = samples(90, 41)
const here = samples(131, 20)

/** @type {Record<string, { network: import('deltaprop').ShortOptions, fit: import('deltaprop').FitOptions }>} */
const fits = {
  f32: { network: {}, fit: {} },
  f64: { network: { precision: 'f64' }, fit: { l2: 0.01 } },
  counted: {
    network: {},
    fit: { dropout: 0.2, labelSmoothing: 0.1, classWeights: [1, 2, 3], validation: here, accumulate: 2 },
  },
}

/**
 * The hash of a network that is trained so.
 *
 * @param {readonly (Samples | import('deltaprop').ShardElsewhere)[]} shards
 * @param {import('deltaprop').FitOptions} [more]
 */
async function trained(shards, more = {}, { network, fit } = fits.f32) {
  const net = new Network([2, 16, 3], {
    activation: { hidden: 'tanh', output: 'softmax' },
    seed: 1,
    ...network,
  })
  const { epochs } = await net.fit(sharded(shards), { epochs: 2, batchSize: 32, ...fit, ...more })
  const losses = Float64Array.from(epochs, ({ loss }) => loss)
  return createHash('sha256').update(net.toBytes()).update(losses).digest('hex').slice(0, 16)
}

/** @param {import('./support.js').Context} t @param {Samples} data @returns {string} the path of a module that has them */
function moduleOf(t, data) {
  const path = join(temporaryFolder(t), 'samples.mjs')
  writeFileSync(path, `export default () => (${JSON.stringify(data)})\n`)
  return path
}

/** @param {import('./support.js').Context} t @param {Server} server @param {string} name @param {Samples} data @param {number} [count] */
function holders(t, { url }, name, data, count = 1) {
  return startWorkers(t, url, count, { name, shards: { rows: moduleOf(t, data) } })
}

/** A cluster for each. @param {import('./support.js').Context} t */
async function start(t) {
  const server = await Server.start(t)
  const workers = [holders(t, server, 'north', north), holders(t, server, 'south', south)]
  const [one, other] = await Promise.all(['north', 'south'].map((name) => open(t, server.url, { name })))
  return { server, workers, one, other, shards: [one.shard('rows'), here, other.shard('rows')] }
}
const local = [north, here, south]

/** Streams of runs. @param {Server} server */
const leftOf = async (server) =>
  (await server.streams()).filter((name) => /_results_|_parameters_/.test(name))

/**
 * How many messages have a number in them, as f32, f64 or text, while something runs; and whether there were none at all.
 *
 * @param {import('./support.js').Context} t @param {Server} server @param {number} number @param {() => Promise<unknown>} run
 * @returns {Promise<[number, boolean]>}
 */
async function messagesWith(t, server, number, run) {
  const nc = await connect({ servers: server.url })
  ending(t, () => nc.close())
  const forms = [Float32Array.of(number), Float64Array.of(number)].map(({ buffer }) => Buffer.from(buffer))
  forms.push(Buffer.from(String(number).slice(0, 12)))
  let [messages, found] = [0, 0]
  nc.subscribe('>', {
    callback: (_, { data }) => {
      messages += 1
      if (forms.some((form) => Buffer.from(data).includes(form))) found += 1
    },
  })
  await nc.flush()
  await bounded(run(), 60)
  await nc.flush()
  return [found, messages === 0]
}

describe('samples that workers have', () => {
  it('the bits of this machine', async (t) => {
    const { one, shards } = await start(t)
    for (const [name, options] of Object.entries(fits)) {
      assert.equal(await bounded(trained(shards, {}, options), 60), await trained(local, {}, options), name)
    }
    // Some of them, in another order; and one only.
    assert.equal(await bounded(trained([south, one.shard('rows')]), 60), await trained([south, north]))
    assert.equal(await bounded(trained([one.shard('rows')]), 60), await trained([north]))
  })

  it('leave them as sums alone, and leave nothing on the server', async (t) => {
    const { server, one, other, shards } = await start(t)
    const [leaks, none] = await messagesWith(t, server, north.x[7][0], () => trained(shards))
    assert.deepEqual([leaks, none], [0, false])
    await Promise.all([one, other].map((on) => bounded(on.close(), 20)))
    assert.deepEqual(await leftOf(server), [])
    // It would have been seen: where samples go to workers, they are in messages.
    startWorkers(t, server.url, 1)
    const on = await open(t, server.url)
    const sent = () =>
      new Network([2, 4, 3], { seed: 1, activation: { output: 'softmax' } }).fit(north, { shards: 2, on })
    const [seen] = await messagesWith(t, server, north.x[7][0], sent)
    assert.ok(seen > 0)
  })

  it('workers are killed in the middle of steps, and others have the same samples', async (t) => {
    const { server, workers, shards } = await start(t)
    let steps = 0
    const run = trained(shards, { epochs: 6, onBatch: () => (steps += 1) })
    await until(() => steps >= 3)
    await kill(workers[0][0].child)
    holders(t, server, 'north', north, 2)
    await until(() => steps >= 8)
    await kill(workers[1][0].child)
    holders(t, server, 'south', south)
    assert.equal(await bounded(run, 60), await trained(local, { epochs: 6 }))
  })

  it('the server is killed, and started again', async (t) => {
    const { server, shards } = await start(t)
    let steps = 0
    const run = trained(shards, { epochs: 6, onBatch: () => (steps += 1) })
    await until(() => steps >= 5)
    await server.kill()
    await server.start()
    assert.equal(await bounded(run, 90), await trained(local, { epochs: 6 }))
  })

  it('a fit goes on from its checkpoint, which knows the samples', async (t) => {
    const { server, workers, shards } = await start(t)
    const path = join(temporaryFolder(t), 'net.checkpoint')
    const checkpoint = checkpointFile({ path, resume: true })
    await bounded(trained(shards, { epochs: 2, checkpoint }), 60)
    const whole = await trained(local, { epochs: 5 })
    assert.equal(await bounded(trained(shards, { epochs: 5, checkpoint }), 60), whole)
    await kill(workers[1][0].child)
    holders(t, server, 'south', samples(1000, 41))
    await assert.rejects(
      bounded(trained(shards, { epochs: 6, checkpoint }), 60),
      /^RangeError: checkpoint\.data\[2\]: expected the samples that it was trained on, got others/,
    )
  })

  it('a worker with other samples, or without them, ends the fit', async (t) => {
    const { server, workers, one, shards } = await start(t)
    let steps = 0
    const run = trained(shards, { epochs: 500, onBatch: () => (steps += 1) })
    await until(() => steps >= 3)
    await kill(workers[0][0].child)
    holders(t, server, 'north', samples(1, 90))
    await assert.rejects(
      bounded(run, 60),
      /fit: shard rows: expected the samples that the fit began with, got others in epoch/,
    )
    await assert.rejects(bounded(trained([one.shard('others')]), 60), {
      message: 'shard others: expected a worker that has it, got one with rows',
    })
    startWorkers(t, server.url, 1, { name: 'nothing' })
    const nothing = await open(t, server.url, { name: 'nothing' })
    await assert.rejects(bounded(trained([nothing.shard('rows')]), 60), {
      message: 'shard rows: expected a worker that has it, got one without --shard',
    })
    const wide = { x: [[1, 2, 3]], y: [0] }
    startWorkers(t, server.url, 1, { name: 'wide', shards: { rows: moduleOf(t, wide) } })
    const wider = await open(t, server.url, { name: 'wide' })
    await assert.rejects(bounded(trained([wider.shard('rows')]), 60), {
      message: 'shard rows: x[0]: expected 2 values (inputs), got 3',
    })
  })

  it('is waited for, and ends with its signal or its cluster', async (t) => {
    const server = await Server.start(t)
    const warnings = /** @type {string[]} */ ([])
    const on = await open(t, server.url, { warn: (text) => warnings.push(text) })
    const controller = new AbortController()
    const run = trained([on.shard('rows')], { signal: controller.signal })
    await until(() => warnings.length > 0, 30)
    assert.match(warnings[0], /^no worker answers/)
    controller.abort(new Error('enough'))
    await assert.rejects(bounded(run, 20), { message: 'enough' })
    const second = trained([on.shard('rows')])
    const ended = assert.rejects(bounded(second, 20), {
      message: /the cluster has been closed|the fit has ended/,
    })
    await bounded(on.close(), 20)
    await ended
    assert.deepEqual(await leftOf(server), [])
  })

  it('in a program: work', async (t) => {
    const server = await Server.start(t)
    const nc = await connect({ servers: server.url })
    const working = work(nc, { name: 'north', shards: { rows: north } })
    ending(t, async () => {
      await nc.close()
      await working
    })
    const on = await open(t, server.url, { name: 'north' })
    assert.equal(await bounded(trained([on.shard('rows'), south]), 60), await trained([north, south]))
  })

  it('leave no jobs, and nothing that was given up', async (t) => {
    const { server, shards } = await start(t)
    await bounded(trained(shards), 60)
    const nc = await connect({ servers: server.url })
    ending(t, () => nc.close())
    const jsm = await jetstreamManager(nc)
    for (const name of ['north_jobs', 'south_jobs', 'north_given_up', 'south_given_up']) {
      assert.equal((await jsm.streams.info(name)).state.messages, 0, name)
    }
  })
})

describe('--shard', () => {
  it('of the command', async (t) => {
    const server = await Server.start(t)
    const options = ['worker', '--parallel', '1', '--name', 'north', '--servers', server.url]
    const child = watched(
      t,
      spawn(process.execPath, [file('../dist/cli.js'), ...options, '--shard', `rows=${moduleOf(t, north)}`], {
        stdio: 'ignore',
      }),
    )
    const on = await open(t, server.url, { name: 'north' })
    assert.equal(await bounded(trained([on.shard('rows')]), 60), await trained([north]))
    assert.equal(child.exitCode, null)
  })

  it('what is wrong with it is said at once', async (t) => {
    const server = await Server.start(t)
    const folder = temporaryFolder(t)
    let modules = 0
    /** @param {string} text */
    const module = (text) => {
      const path = join(folder, `${++modules}.mjs`)
      writeFileSync(path, text)
      return path
    }
    for (const [shard, message] of /** @type {[string, RegExp][]} */ ([
      ['rows', /expected a name and a file, as in patients=patients\.js, got "rows"/],
      ['a b=c', /name: expected 1 to 32 letters, digits, - and _, got "a b"/],
      ['rows=nowhere.mjs', /shard rows: Cannot find module/],
      [
        `rows=${module('export const x = 1\n')}`,
        /shard rows: expected a default export of samples \{ x, y \}/,
      ],
      [`rows=${module('export default () => { throw new Error("no disk") }\n')}`, /shard rows: no disk/],
    ])) {
      const child = watched(
        t,
        spawn(process.execPath, [
          file('../dist/cli.js'),
          'worker',
          '--parallel',
          '1',
          '--servers',
          server.url,
          '--shard',
          shard,
        ]),
      )
      let said = ''
      child.stderr.on('data', (text) => (said += String(text)))
      await bounded(once(child, 'close'), 20)
      assert.match(said, message)
      assert.notEqual(child.exitCode, 0)
    }
    assert.deepEqual(shardOption('a=b=c', shardOption('d=e')), { d: 'e', a: 'b=c' })
    assert.throws(() => shardOption('a=c', { a: 'b' }), { message: 'expected one file for shard a, got two' })
  })

  for (const [what, text] of [
    [
      'has begun what does not end',
      'setInterval(() => undefined, 1000)\nexport default { x: [[0, 0]], y: [0] }\n',
    ],
    [
      'is never ready',
      'setInterval(() => undefined, 1000)\nexport default () => new Promise(() => undefined)\n',
    ],
  ]) {
    it(`ends with its command, although a module ${what}`, async (t) => {
      const server = await Server.start(t)
      const path = join(temporaryFolder(t), 'module.mjs')
      writeFileSync(path, `${text}console.log('read')\n`)
      for (const signal of /** @type {const} */ (['SIGINT', 'SIGKILL'])) {
        const options = ['worker', '--parallel', '1', '--servers', server.url, '--shard', `rows=${path}`]
        const child = watched(t, spawn(process.execPath, [file('../dist/cli.js'), ...options]))
        let said = ''
        child.stdout.on('data', (text) => (said += String(text)))
        await until(() => said.includes('read'))
        // The worker has the same stdout, which is closed when both have ended.
        const closed = once(child.stdout, 'close')
        child.kill(signal)
        await bounded(closed, 20)
      }
    })
  }
})
