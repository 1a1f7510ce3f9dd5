/** The command: what it says, and that it leaves no process behind. */
import assert from 'node:assert/strict'
import { fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { jetstream } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { Objm } from '@nats-io/obj'
import { connect } from '@nats-io/transport-node'
import pc from 'picocolors'
import { cluster } from '../dist/index.js'
import { WORKS_WITH } from '../dist/names.js'
import { duration, metricsText, statusText } from '../dist/status-text.js'
import { selections } from './selections.js'
import {
  bounded,
  ending,
  file,
  freePort,
  hashOf,
  kill,
  Server,
  temporaryFolder,
  until,
  watched,
} from './support.js'

/**
 * @param {import('./support.js').Context} t
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env beside the tests' own
 */
function start(t, args, env = {}) {
  const child = watched(
    t,
    spawn(process.execPath, [file('../dist/cli.js'), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  const said = { child, out: '', err: '', closed: once(child, 'close') }
  child.stdout.on('data', (text) => (said.out += String(text)))
  child.stderr.on('data', (text) => (said.err += String(text)))
  return said
}

/** The same for a shell. @param {string[]} args */
function commandLine(...args) {
  return [process.execPath, file('../dist/cli.js'), ...args].map((word) => `'${word}'`).join(' ')
}

/** @param {import('./support.js').Context} t @param {string[]} args */
async function run(t, ...args) {
  const said = start(t, args)
  await bounded(said.closed, 20)
  return { code: said.child.exitCode, out: said.out, err: said.err }
}

/** @param {import('./support.js').Context} t @param {Server} server @param {number} count */
async function workers(t, server, count) {
  const said = start(t, ['worker', '--parallel', String(count), '--servers', server.url])
  await bounded(untilWorkers(t, server, count), 30)
  return { said, ...said, children: childrenOf(said.child.pid) }
}

/** @param {import('./support.js').Context} t @param {Server} server @param {number} count */
async function untilWorkers(t, server, count) {
  for (;;) {
    const { out } = await run(t, 'status', '--json', '--servers', server.url)
    const status = parsed(out)
    if (status.workers.length === count) return
  }
}

/** @param {string} text */
function parsed(text) {
  /** @type {unknown} */
  const json = JSON.parse(text)
  return /** @type {import('../dist/status.js').Status} */ (json)
}

/** @param {number | undefined} pid @returns {number[]} */
function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
}

/** @param {number} pid */
function isThere(pid) {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Fits that take longer than the test. @param {import('./support.js').Context} t @param {Server} server */
async function longRun(t, server) {
  const on = await cluster({ servers: server.url, lostAfter: 1, warn: () => undefined })
  const controller = new AbortController()
  const result = selections.grid({ on, signal: controller.signal }, 100_000)
  result.catch(() => undefined)
  ending(t, async () => {
    controller.abort(new Error('enough'))
    await result.catch(() => undefined)
    await on.close()
  })
}

const skip = process.platform === 'linux' ? false : 'processes are read from /proc'

describe('deltaprop-cluster', () => {
  it('without a command says what there is; --help and --version', async (t) => {
    const { code, err } = await run(t)
    assert.equal(code, 2)
    const help = await run(t, '--help')
    assert.deepEqual(help, { code: 0, out: err, err: '' })
    assert.match(help.out, /^Usage: deltaprop-cluster .*\n\n[^]*worker[^]*status[^]*metrics[^]*Examples:/)
    for (const name of ['worker', 'status', 'metrics']) {
      const { out } = await run(t, name, '--help')
      assert.ok(
        out.split('\n').every((line) => line.length <= 80),
        out,
      )
    }
    const { out } = await run(t, '--version')
    assert.match(out, new RegExp(`^\\d+\\.\\d+\\.\\d+, works with ${WORKS_WITH.replaceAll('.', '\\.')}\n$`))
  })

  it('ends quietly where nobody reads on', async (t) => {
    const said = start(t, ['--help'])
    said.child.stdout.destroy()
    await bounded(said.closed, 20)
    assert.deepEqual([said.child.exitCode, said.err], [0, ''])
  })

  it('says what it expected', async (t) => {
    const port = 'Expected an integer from 1 to 65535.'
    for (const [args, err] of /** @type {[string[], string][]} */ ([
      [['nope'], "unknown command 'nope'"],
      [['worker', '--nope'], "unknown option '--nope'\n(Did you mean --name?)"],
      [['worker', '--parallel', '0'], `option '--parallel <count>' argument '0' is invalid. ${port}`],
      [['metrics', '--port', '99999'], `option '--port <number>' argument '99999' is invalid. ${port}`],
      [['metrics', '--port', 'x'], `option '--port <number>' argument 'x' is invalid. ${port}`],
    ]))
      assert.deepEqual(await run(t, ...args), { code: 2, out: '', err: `deltaprop-cluster: ${err}\n` })
    const name = 'deltaprop-cluster: name: expected 1 to 32 letters, digits, - and _, got "a b"\n'
    assert.deepEqual(await run(t, 'worker', '--name', 'a b'), { code: 1, out: '', err: name })
  })
})

describe('deltaprop-cluster worker', { skip }, () => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    it(`ends with ${signal}, in the middle of jobs, and leaves no process`, async (t) => {
      const server = await Server.start(t)
      const { child, closed, children, said } = await workers(t, server, 2)
      assert.equal(children.length, 2)
      await longRun(t, server)
      await new Promise((resolve) => setTimeout(resolve, 500))
      child.kill(signal)
      await bounded(closed, 10)
      assert.equal(child.exitCode, 0)
      assert.deepEqual(children.filter(isThere), [])
      assert.equal(said.err, '')
    })
  }

  it('that is killed takes its processes along', async (t) => {
    const server = await Server.start(t)
    const { child, children } = await workers(t, server, 2)
    await longRun(t, server)
    await new Promise((resolve) => setTimeout(resolve, 500))
    await kill(child)
    await until(() => !children.some(isThere), 10)
  })

  it('replaces a process that has died', async (t) => {
    const server = await Server.start(t)
    const { child, closed, children, said } = await workers(t, server, 2)
    process.kill(children[0], 'SIGKILL')
    await until(() => childrenOf(child.pid).filter((pid) => !children.includes(pid)).length === 1)
    const on = await cluster({ servers: server.url, lostAfter: 1 })
    ending(t, () => on.close())
    assert.equal(hashOf(await bounded(selections.random({ on }), 60)), hashOf(await selections.random({})))
    child.kill('SIGINT')
    await bounded(closed, 10)
    assert.equal(said.err, 'deltaprop-cluster: a worker died (SIGKILL); another one takes its place\n')
    const address = `2 workers of cluster deltaprop at ${server.url}, version ${WORKS_WITH}; Ctrl-C ends`
    assert.equal(said.out, `${address}\n0 of 2 busy, 10 jobs done, 0 failed, 1 died\n`)
  })
})

describe('deltaprop-cluster worker in a shell of npm', { skip }, () => {
  it('ends as it does by a signal, though the shell keeps that', async (t) => {
    const server = await Server.start(t)
    const command = commandLine('worker', '--parallel', '2', '--servers', server.url)
    const shell = watched(
      t,
      // As npx starts it, in a shell that does not become the command.
      spawn('sh', ['-c', `${command}; true`], {
        env: { ...process.env, npm_lifecycle_event: 'npx', npm_lifecycle_script: "'deltaprop-cluster'" },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
    let out = ''
    shell.stdout.on('data', (text) => (out += String(text)))
    await bounded(untilWorkers(t, server, 2), 30)
    const [worker] = childrenOf(shell.pid)
    ending(t, () => {
      try {
        process.kill(worker, 'SIGKILL')
      } catch {
        // It has ended.
      }
    })
    shell.kill('SIGTERM')
    // When the command has ended, as it has its standard output, too.
    await bounded(once(shell, 'close'), 10)
    assert.match(out, /^0 of 2 busy, 0 jobs done, 0 failed$/m)
  })
})

describe('deltaprop-cluster status', () => {
  it('of nothing', async (t) => {
    const server = await Server.start(t)
    const { code, out } = await run(t, 'status', '--servers', server.url)
    assert.equal(code, 0)
    assert.deepEqual(out.split('\n').slice(1), [
      '',
      'workers  0',
      'jobs     0 running, 0 waiting',
      'runs     none',
      '',
      'no worker answers; this starts one: deltaprop-cluster worker',
      '',
    ])
    const { out: json } = await run(t, 'status', '--json', '--servers', server.url)
    const status = parsed(json)
    assert.deepEqual([status.workers, status.runs, status.waiting, status.abandoned], [[], [], 0, []])
  })

  it('has no colours in the log of a build, however they are forced there', async (t) => {
    const server = await Server.start(t)
    const said = start(t, ['status', '--servers', server.url], { CI: 'true', FORCE_COLOR: '1', NO_COLOR: '' })
    await bounded(said.closed, 20)
    assert.match(said.out, /^workers {2}0$/m)
    assert.ok(!said.out.includes('\x1b'), said.out)
  })

  it('has colours in a terminal, but where NO_COLOR is set', { skip }, async (t) => {
    const server = await Server.start(t)
    const shown = async (/** @type {string} */ noColor) => {
      const command = commandLine('status', '--servers', server.url)
      const child = watched(
        t,
        spawn('script', ['-qec', command, '/dev/null'], {
          env: { ...process.env, NO_COLOR: noColor, TERM: 'xterm-256color' },
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      )
      let out = ''
      child.stdout.on('data', (text) => (out += String(text)))
      await bounded(once(child, 'close'), 20)
      return out
    }
    assert.ok((await shown('')).includes('\x1b[1mworkers  \x1b[22m0'))
    assert.match(await shown('1'), /^workers {2}0\r$/m)
  })

  it('of a run, and --watch until it is interrupted', { skip }, async (t) => {
    const server = await Server.start(t)
    await workers(t, server, 2)
    await longRun(t, server)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const watch = start(t, ['status', '--watch', '--servers', server.url])
    await until(() => watch.out.split('cluster deltaprop at').length > 2)
    watch.child.kill('SIGINT')
    await bounded(watch.closed, 10)
    assert.deepEqual([watch.child.exitCode, watch.err], [0, ''])
    assert.match(
      watch.out,
      /workers {2}2 {3}2 busy, 0 idle\njobs {5}2 running, \d+ waiting\n\nrun {6}[0-9a-f]{8}, fits, coordinated at /,
    )
    assert.match(watch.out, /\d+ of 24 done, 2 running, \d+ failed/)
    const { out } = await run(t, 'status', '--json', '--servers', server.url)
    const { runs, running } = parsed(out)
    assert.deepEqual([runs.length, runs[0].jobs, runs[0].running, running], [1, 24, 2, 2])
  })
})

/** What others say of themselves, at its worst. @type {import('../dist/status.js').Status} */
const hostile = {
  name: 'a',
  server: { address: '127.0.0.1:4222', version: '2.9.10' },
  workers: ['a"b\\c\n\u001b[31m', 'x'.repeat(200)].map((host) => ({
    ...{ role: /** @type {const} */ ('worker'), id: '', host, version: '9\u202e', run: '0123456789abcdef' },
    ...{ done: 1234567, failed: 0, busy: 1e6 },
  })),
  runs: [
    {
      ...{
        role: 'coordinator',
        owner: '',
        host: '\u0007here',
        version: WORKS_WITH,
        run: '0123456789abcdef',
        kind: 'f\r',
      },
      ...{
        jobs: 10_000,
        done: 9999,
        failed: 3,
        since: 0,
        before: 0,
        running: 2,
        rate: 0.5,
        left: 86_400 * 3,
      },
    },
  ],
  waiting: 1,
  running: 2,
  abandoned: ['f\n', 'shards', '', 'fits', 'files', 'fits'].map((kind, i) => ({
    ...{ run: `${i}23456789abcdef0`, kind, results: 1_000_000 },
  })),
}

const plain = new Proxy(/** @type {Parameters<typeof statusText>[1]} */ ({}), { get: () => String })

describe('deltaprop-cluster forget', { skip }, () => {
  it('takes what dead programs have left off the server, and nothing else', async (t) => {
    const server = await Server.start(t)
    await longRun(t, server)
    const search = watched(t, fork(file('./coordinator.js'), [server.url, 'random', '100000', '1']))
    const fit = watched(t, fork(file('./trainer.js'), [server.url, join(temporaryFolder(t), 'net'), '1']))
    const status = async () => parsed((await run(t, 'status', '--json', '--servers', server.url)).out)
    for (let tries = 0; (await status()).runs.length < 3; ++tries) assert.ok(tries < 40)
    for (const child of [search, fit]) await kill(child)
    // A job of another version, of a run that has ended.
    const nc = await connect({ servers: server.url })
    ending(t, () => nc.close())
    await jetstream(nc).publish(`deltaprop.job.0_0_1-1.${'0123456789abcdef'.repeat(2)}.7`, 'job')
    const { runs, abandoned } = await status()
    assert.deepEqual([runs.length, abandoned.map(({ kind }) => kind).sort()], [1, ['fits', 'shards']])
    const said = await run(t, 'status', '--servers', server.url)
    assert.match(said.out, /[0-9a-f]{8}, a fit: its program has died\n/)
    assert.match(said.out, /[0-9a-f]{8}, fits, 0 results: its program has died, and may go on\n/)

    const forget = (/** @type {string[]} */ ...args) => run(t, 'forget', ...args, '--servers', server.url)
    const alive = runs[0].run.slice(0, 8)
    const refused = await forget(alive)
    assert.match(
      refused.err,
      new RegExp(`^deltaprop-cluster: runs: expected one .* got ${alive}, which .+ coordinates\n$`),
    )
    assert.equal(refused.code, 1)
    const first = abandoned[0].run.slice(0, 8)
    assert.match((await forget(first)).out, /^taken off the server: 1 run, \d+ jobs?, 1 set of data\n$/)
    assert.match((await forget()).out, /^taken off the server: 1 run, \d+ jobs, 1 set of data\n$/)
    assert.equal((await forget()).out, 'there is nothing that nobody needs\n')
    const after = await status()
    assert.deepEqual([after.abandoned, after.runs[0].run, after.waiting], [[], runs[0].run, 24])
    assert.deepEqual(await server.streams(), [
      'KV_deltaprop_runs',
      'OBJ_deltaprop_data',
      'deltaprop_given_up',
      'deltaprop_jobs',
      `deltaprop_results_${runs[0].run}`,
    ])
    const data = (await (await new Objm(nc).open('deltaprop_data')).list()).filter(({ deleted }) => !deleted)
    assert.equal(data.length, 1)
    const entry = await (await new Kvm(nc).open('deltaprop_runs')).get(`manifest.${runs[0].run}`)
    assert.equal(entry?.operation, 'PUT')
  })
})

describe('the text of a status', () => {
  it('has no line of more than 80 columns, and nothing that a terminal obeys', () => {
    const text = statusText(hostile, plain, 80)
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
    assert.match(text, /^x{23}…  01234567  1 234 567       0  11 d 13 h  9· \(not /m)
    assert.match(
      text,
      / 99 %\n {9}9 999 of 10 000 done, 2 running, 3 failed {3}30\.0 jobs\/min, 3 d 0 h left\n/,
    )
  })

  it('takes no column for a colour, and ends each that it begins', () => {
    const clipped = statusText(hostile, pc.createColors(true), 40).split('\n')
    assert.ok(clipped.some((line) => line.includes('\x1b') && line.endsWith('…')))
    for (const line of clipped) {
      assert.ok(stripVTControlCharacters(line).length <= 40, line)
      const colours = line.match(/\x1b\[\d+m/g) ?? []
      assert.equal(colours.length % 2, 0, JSON.stringify(line))
    }
  })

  it('names some of the runs that are left', () => {
    const [, left] = statusText(hostile, plain, 80).split('\nleft     ')
    assert.deepEqual(left.split('\n').slice(0, 7), [
      '02345678, f·, 1 000 000 results: its program has died, and may go on',
      '         12345678, a fit: its program has died',
      '         22345678, jobs, 1 000 000 results: its program has died, and may go on',
      '         32345678, fits, 1 000 000 results: its program has died, and may go on',
      '         42345678, files, 1 000 000 results: its program has died, and may go on',
      '         and 1 more',
      '         deltaprop-cluster forget takes them off the server',
    ])
  })

  it('says times as people do', () => {
    assert.deepEqual([0, 99, 100, 5999, 7800, 360_000].map(duration), [
      '0 s',
      '99 s',
      '2 min',
      '1 h 40 min',
      '2 h 10 min',
      '4 d 4 h',
    ])
  })
})

describe('deltaprop-cluster metrics', () => {
  /** Lines of the text format of Prometheus. */
  const line =
    /^(# HELP [a-z_]+ [^\n\\]+|# TYPE [a-z_]+ (gauge|counter)|[a-z_]+\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\} (\d+(\.\d+)?(e[+-]\d+)?))$/

  it('escapes what others say', () => {
    const text = metricsText(hostile)
    for (const each of text.trimEnd().split('\n')) assert.match(each, line)
    assert.match(text, /worker="a\\"b\\\\c··\[31m"/)
  })

  it('are served until it is interrupted', async (t) => {
    const server = await Server.start(t)
    const port = String(await freePort())
    const said = start(t, ['metrics', '--port', port, '--servers', server.url])
    await until(() => said.out.includes('Ctrl-C'))
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4')
    const text = await answer.text()
    for (const each of text.trimEnd().split('\n')) assert.match(each, line)
    assert.ok(text.includes('deltaprop_cluster_workers{cluster="deltaprop",state="idle"} 0\n'))
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404)
    said.child.kill('SIGTERM')
    await bounded(said.closed, 10)
    assert.deepEqual([said.child.exitCode, said.err], [0, ''])
  })

  it('end where somebody else listens', async (t) => {
    const server = await Server.start(t)
    const other = createServer().listen(0, '127.0.0.1')
    ending(t, () => other.close())
    await once(other, 'listening')
    const { port } = /** @type {import('node:net').AddressInfo} */ (other.address())
    const { code, err } = await run(t, 'metrics', '--port', String(port), '--servers', server.url)
    assert.deepEqual(
      [code, err],
      [1, `deltaprop-cluster: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`],
    )
  })
})
