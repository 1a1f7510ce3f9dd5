/** Users with rights, TLS, and what is said where a server does not let somebody in, or is not there. */
import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { Objm } from '@nats-io/obj'
import { connect } from '@nats-io/transport-node'
import { cluster } from '../dist/index.js'
import { Names } from '../dist/names.js'
import { page } from './page.js'
import { selections } from './selections.js'
import { trained } from './trainings.js'
import {
  bounded,
  ending,
  file,
  freePort,
  hashOf,
  kill,
  open,
  Server,
  startWorkers,
  temporaryFolder,
  until,
} from './support.js'

const names = new Names('deltaprop')

/** All that a worker needs, as the page has it. */
const worker = /permissions: \{([^]*?\n {6})\}/.exec(page)?.[1] ?? assert.fail('expected permissions')

/** @param {import('./support.js').Context} t @param {string} text @param {string} [rights] of the user worker */
async function start(t, text = '', rights = worker) {
  const path = join(temporaryFolder(t), 'server.conf')
  const users = `{ user: coordinator, password: c }, { user: worker, password: w, permissions: { ${rights} } }`
  writeFileSync(path, `authorization { users: [${users}] }\n${text}`)
  return Server.start(t, '-c', path)
}

const coordinator = { user: 'coordinator', password: 'c' }
const working = { user: 'worker', password: 'w' }

/**
 * A certificate of an authority that nobody knows.
 *
 * @param {import('./support.js').Context} t @param {string} name of whom it is for
 */
function certificate(t, name) {
  const folder = temporaryFolder(t)
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ]
  const what = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${name}`, '-keyout', key, '-out', cert]
  execFileSync('openssl', [...made, ...what], { stdio: 'ignore' })
  return { key, cert }
}

/** The command's answer. @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<{ code: unknown, out: string, err: string }>} */
function command(args, env = {}) {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file('../dist/cli.js'), ...args],
      { env: { ...process.env, ...env }, timeout: 120_000 },
      (error, out, err) => resolve({ code: error === null ? 0 : error.code, out, err }),
    )
  })
}

describe('a user who may only work', () => {
  it('does fits and shards', async (t) => {
    const server = await start(t)
    startWorkers(t, server.url, 2, { connection: working })
    const on = await open(t, server.url, coordinator)
    assert.equal(hashOf(await bounded(selections.random({ on }), 60)), hashOf(await selections.random({})))
    for (const name of ['adam', 'large'])
      assert.equal(await bounded(trained(name, { on }), 60), await trained(name, {}))
  })

  it('goes on after another worker has died, and asks for data that are lost', async (t) => {
    const server = await start(t)
    const on = await open(t, server.url, coordinator)
    const result = selections.random({ on }, 100)
    const [{ name }] = await bounded(listed(server), 20)
    const nc = await connect({ servers: server.url, user: 'coordinator', pass: 'c' })
    await (await new Objm(nc).open(names.data)).delete(name)
    await nc.close()
    const [first] = startWorkers(t, server.url, 2, { connection: working })
    await until(() => first.state?.run !== undefined)
    await kill(first.child)
    assert.equal(hashOf(await bounded(result, 60)), hashOf(await selections.random({}, 100)))
  })

  it('may do nothing else', async (t) => {
    const server = await start(t)
    const on = await open(t, server.url, coordinator)
    const controller = new AbortController()
    const run = selections.random({ on, signal: controller.signal })
    run.catch(() => undefined)
    await bounded(listed(server), 20)
    const nc = await connect({ servers: server.url, user: 'worker', pass: 'w' })
    ending(t, () => nc.close())
    const [js, jsm] = [jetstream(nc), await jetstreamManager(nc, { checkAPI: false })]
    const id = '0'.repeat(32)
    /** @type {Record<string, () => Promise<unknown>>} */
    const tries = {
      'publish a job': () => js.publish(names.job(id, 0), 'a'),
      'publish parameters': () => js.publish(names.parameters(id, 0), 'a'),
      'write a manifest': async () => (await new Kvm(nc).open(names.runs)).put(names.manifest(id), 'a'),
      'take a lease': async () => (await new Kvm(nc).open(names.runs)).put(names.lease(id), 'a'),
      'write data': async () =>
        (await new Objm(nc).open(names.data)).putBlob({ name: 'a' }, new Uint8Array(1)),
      'delete data': async () => {
        const { name } = (await listed(server))[0]
        return (await new Objm(nc).open(names.data)).delete(name)
      },
      'make a stream': () => jsm.streams.add({ name: 'a', subjects: ['b'] }),
      'purge jobs': () => jsm.streams.purge(names.jobs),
      'delete a job': () => jsm.streams.deleteMessage(names.jobs, 1),
      'delete a stream': () => jsm.streams.delete(names.jobs),
      'delete the consumer': () => jsm.consumers.delete(names.jobs, names.consumer),
      'read another stream': () => jsm.streams.getMessage(names.jobs, { seq: 1 }),
      'list streams': () => jsm.streams.names().next(),
    }
    for (const [what, attempt] of Object.entries(tries))
      await assert.rejects(bounded(attempt(), 10), isRefusal, what)
    nc.publish(names.stop(id))
    await nc.flush()
    controller.abort(new Error('enough'))
    await assert.rejects(bounded(run, 20), { message: 'enough' })
  })

  it('whose rights are too few says which one is missing', async (t) => {
    const missing = '$JS.API.STREAM.MSG.GET.KV_deltaprop_runs'
    const server = await start(t, '', worker.replace(`"${missing}"`, ''))
    const workers = startWorkers(t, server.url, 1, { connection: working })
    const on = await open(t, server.url, coordinator)
    const controller = new AbortController()
    const run = selections.random({ on, signal: controller.signal })
    await until(() => workers[0].errors.length > 0)
    assert.deepEqual(workers[0].errors, [
      `servers: expected a user who may publish to ${missing}, got one who may not`,
    ])
    controller.abort(new Error('enough'))
    await assert.rejects(bounded(run, 20), { message: 'enough' })
  })
})

describe('whom a server does not let in', () => {
  it('is told so', async (t) => {
    const { url } = await start(t)
    const refused = `servers: expected to be let in at ${url}, got: Authorization Violation`
    for (const user of [
      {},
      { ...working, password: 'x' },
      { user: 'nobody', password: 'w' },
      { token: 'x' },
    ]) {
      await assert.rejects(bounded(cluster({ servers: url, ...user }), 20), {
        name: 'Error',
        message: refused,
      })
    }
    for (const args of [['worker', '--parallel', '2'], ['status']]) {
      const { code, err } = await command([...args, '--servers', url], {
        NATS_USER: 'worker',
        NATS_PASSWORD: 'x',
      })
      assert.deepEqual([code, err], [1, `deltaprop-cluster: ${refused}\n`])
    }
  })
})

describe('TLS', () => {
  it('of an authority that is given; with a certificate of the client, if the server asks for one', async (t) => {
    const [own, theirs] = [certificate(t, 'DNS:localhost'), certificate(t, 'DNS:client')]
    const tls = `cert_file: "${own.cert}", key_file: "${own.key}"`
    for (const [more, given] of /** @type {const} */ ([
      ['', { ca: own.cert }],
      [`, ca_file: "${theirs.cert}", verify: true`, { ca: own.cert, cert: theirs.cert, key: theirs.key }],
    ])) {
      const server = await start(t, `tls { ${tls}${more} }`)
      const url = server.url.replace('127.0.0.1', 'localhost')
      startWorkers(t, url, 1, { connection: { ...working, tls: given } })
      const on = await open(t, url, { ...coordinator, tls: given })
      assert.equal(hashOf(await bounded(selections.model({ on }), 60)), hashOf(await selections.model({})))
    }
  })

  it('of an authority that is not known, or of another host, is refused', async (t) => {
    const [own, other, elsewhere] = [
      certificate(t, 'DNS:localhost'),
      certificate(t, 'DNS:localhost'),
      certificate(t, 'DNS:a.example'),
    ]
    const { url } = await start(t, `tls { cert_file: "${own.cert}", key_file: "${own.key}" }`)
    const of = async (/** @type {string} */ address, /** @type {object} */ more) => {
      const failed = await bounded(cluster({ servers: address, ...coordinator, ...more }), 20).then(
        () => undefined,
        String,
      )
      return failed?.replace(address, 'URL')
    }
    const refused = 'Error: servers: expected to be let in at URL, got: '
    assert.equal(await of(url, {}), `${refused}self-signed certificate`)
    assert.equal(await of(url, { tls: { ca: other.cert } }), `${refused}self-signed certificate`)
    const second = await start(t, `tls { cert_file: "${elsewhere.cert}", key_file: "${elsewhere.key}" }`)
    assert.match(
      String(await of(second.url, { tls: { ca: elsewhere.cert } })),
      /got: Hostname\/IP does not match certificate's altnames/,
    )
  })
})

describe('where there is no server', () => {
  it('a command that starts one is named', async () => {
    const url = `nats://127.0.0.1:${await freePort()}`
    const message = `servers: expected a NATS server at ${url}, got no answer (connection refused); this starts one: nats-server -js`
    await assert.rejects(bounded(cluster({ servers: url }), 20), { name: 'Error', message })
    for (const args of [['worker', '--parallel', '2'], ['status'], ['metrics']]) {
      const { code, err } = await command([...args, '--servers', url])
      assert.deepEqual([code, err], [1, `deltaprop-cluster: ${message}\n`])
    }
  })

  it('or it has no JetStream', async (t) => {
    const server = await Server.start(t, '-js=false')
    const message = `servers: expected JetStream at ${server.url.slice(7)}, which this starts: nats-server -js`
    await assert.rejects(bounded(cluster({ servers: server.url }), 20), { name: 'Error', message })
    for (const args of [['worker', '--parallel', '1'], ['status']]) {
      const { code, err } = await command([...args, '--servers', server.url])
      assert.deepEqual([code, err], [1, `deltaprop-cluster: ${message}\n`])
    }
  })
})

/** @param {unknown} error @returns {boolean} whether the server has refused it, not the client */
function isRefusal(error) {
  if (!(error instanceof Error)) return false
  return error.name === 'PermissionViolationError' || isRefusal(error.cause)
}

/** Data on the server, once there are some. @param {Server} server */
async function listed({ url }) {
  const nc = await connect({ servers: url, user: 'coordinator', pass: 'c' })
  try {
    for (;;) {
      const store = await new Objm(nc).open(names.data).catch(() => undefined)
      const found = (await store?.list()) ?? []
      if (found.length > 0) return found
    }
  } finally {
    await nc.close()
  }
}
