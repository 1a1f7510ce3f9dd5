#!/usr/bin/env node
/** The command deltaprop-cluster: workers of this machine, and what all are doing. */
import { createServer, type Server } from 'node:http'
import { availableParallelism } from 'node:os'
import { readFileSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { NatsConnection } from '@nats-io/nats-core'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import pc from 'picocolors'
import { forgetAbandoned } from './abandoned.js'
import { checkJetStream, DEFAULT_SERVER, openConnection, type ConnectionOptions } from './connection.js'
import { Names, WORKS_WITH } from './names.js'
import { watchShell } from './npm-shell.generated.js'
import { sleep } from './patience.js'
import { clean } from './roll-call.js'
import { addPredict } from './predict-command.js'
import { forgottenText, metricsText, statusText } from './status-text.js'
import { shardOption } from './read-shards.js'
import { statusOf } from './status.js'
import { supervise, type Workers } from './supervisor.js'
import { messageOf } from './thrown.js'

interface Shared {
  readonly servers: string
  readonly user?: string
  readonly password?: string
  readonly token?: string
  readonly creds?: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly name: string
}

interface WorkerOptions {
  readonly parallel: number | 'auto'
  readonly files?: string
  readonly shard?: Readonly<Record<string, string>>
}

/** Whether lines can be redrawn. (A pipe has no `isTTY` at all, whatever its type says.) */
const isTerminal = isatty(process.stdout.fd) && process.env.TERM !== 'dumb'
/** In terminals only, and not if NO_COLOR is set; guesses based on CI or FORCE_COLOR are not used. */
const colors = pc.createColors(isTerminal && (process.env.NO_COLOR ?? '') === '')
/** Available for a line; some terminals do not know theirs. */
const columns = (): number => (isTerminal ? process.stdout.columns || 80 : Infinity)
/** Between two looks, in milliseconds. */
const WATCH_MS = 1000

const program = new Command('deltaprop-cluster')
  .description('Searches and cross-validation of deltaprop on many machines, over NATS JetStream.')
  .version(versionText(), '-V, --version', 'show the version')
  .helpOption('-h, --help', 'show this, or the help of a command')
  .helpCommand(false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'deltaprop-cluster: ')) })
  .addHelpText(
    'after',
    `
Examples:
  nats-server -js                       a server, on this machine
  deltaprop-cluster worker              workers, one for each core
  deltaprop-cluster status --watch      what they are doing`,
  )

shared(program.command('worker'))
  .description('do the jobs of a cluster, until interrupted')
  .addOption(
    new Option(
      '--parallel <count>',
      'workers, each a process with one fit at a time; auto: one for each core',
    )
      .argParser((text) => (text === 'auto' ? text : integer(text)))
      .default('auto'),
  )
  .addOption(new Option('--files <folder>', 'whose files predict may read; none unless given'))
  .addOption(
    new Option(
      '--shard <name=file>',
      'samples that stay here: a module that exports them; repeatable',
    ).argParser(shard),
  )
  .action(async (options: Shared & WorkerOptions) => {
    const count = options.parallel === 'auto' ? availableParallelism() : options.parallel
    const { files, shard: shards } = options
    const orders = { connection: connectionOf(options), name: new Names(options.name).name, files, shards }
    const what = count === 1 ? '1 worker' : `${count} workers`
    console.log(
      `${what} of cluster ${options.name} at ${options.servers}, version ${WORKS_WITH}; Ctrl-C ends`,
    )
    const { signal, end } = interrupted()
    const line = new Line()
    await supervise(count, orders, signal, (workers, text) => line.show(workersText(workers), text)).finally(
      () => {
        line.end()
        end()
      },
    )
  })

shared(program.command('status'))
  .description('show workers, jobs and runs')
  .option('--watch', 'again every second, until interrupted')
  .option('--json', 'as JSON')
  .action(async (options: Shared & { readonly watch?: true; readonly json?: true }) => {
    const { signal, end } = interrupted()
    const nc = await openConnection(connectionOf(options), `deltaprop-cluster status of ${options.name}`)
    try {
      await checkJetStream(nc)
      do {
        const status = await statusOf(nc, new Names(options.name))
        const text = options.json === true ? JSON.stringify(status) : statusText(status, colors, columns())
        if (options.watch === true && isTerminal && options.json !== true)
          process.stdout.write('\u001b[H\u001b[J')
        console.log(text)
        if (options.watch === true) await sleep(WATCH_MS, signal)
      } while (options.watch === true && !signal.aborted)
    } finally {
      end()
      await nc.close()
    }
  })

shared(program.command('forget'))
  .description('take what dead programs have left off the server')
  .argument('[runs...]', 'their first digits; all that nobody coordinates unless given')
  .action(async (runs: string[], options: Shared) => {
    const nc = await openConnection(connectionOf(options), `deltaprop-cluster forget of ${options.name}`)
    try {
      await checkJetStream(nc)
      console.log(forgottenText(await forgetAbandoned(nc, new Names(options.name), runs)))
    } finally {
      await nc.close()
    }
  })

shared(program.command('metrics'))
  .description('serve them to Prometheus, at /metrics, until interrupted')
  .addOption(new Option('--port <number>', 'to listen at').argParser(integer).default(9464))
  .addOption(new Option('--host <address>', 'to listen at').default('127.0.0.1'))
  .action(async (options: Shared & { readonly port: number; readonly host: string }) => {
    const { signal, end } = interrupted()
    const names = new Names(options.name)
    const nc = await openConnection(connectionOf(options), `deltaprop-cluster metrics of ${options.name}`)
    try {
      await checkJetStream(nc)
      const server = await metricsServer(nc, names, options)
      console.log(`http://${options.host}:${options.port}/metrics; Ctrl-C ends`)
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      server.close()
    } finally {
      end()
      await nc.close()
    }
  })

addPredict<Shared>(shared(program.command('predict')), {
  connectionOf,
  interrupted,
  newLine: () => new Line(),
})

function shard(text: string, before?: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  try {
    return shardOption(text, before)
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error))
  }
}

/** @returns a server that listens */
async function metricsServer(
  nc: NatsConnection,
  names: Names,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end('metrics are at /metrics\n')
      return
    }
    statusOf(nc, names).then(
      (status) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metricsText(status)),
      (error: unknown) => response.writeHead(503).end(`${messageOf(error)}\n`),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

/** What all commands need to find a cluster; users and passwords may be in variables, where no list of processes has them. */
function shared(command: Command): Command {
  const option = (flags: string, text: string, variable?: string): Option => {
    const made = new Option(flags, text)
    return variable === undefined ? made : made.env(variable)
  }
  return command
    .addOption(
      option('--servers <addresses>', 'with commas between them', 'NATS_URL').default(DEFAULT_SERVER),
    )
    .addOption(option('--name <name>', 'of the cluster; several may share a server').default('deltaprop'))
    .addOption(option('--user <name>', 'of the server', 'NATS_USER'))
    .addOption(option('--password <text>', 'of the user', 'NATS_PASSWORD'))
    .addOption(option('--token <text>', 'instead of a user', 'NATS_TOKEN'))
    .addOption(option('--creds <file>', 'credentials of a user', 'NATS_CREDS'))
    .addOption(
      option('--tls-ca <file>', 'the authority that the certificate of the server is checked by', 'NATS_CA'),
    )
    .addOption(option('--tls-cert <file>', 'a certificate, if the server asks for one', 'NATS_CERT'))
    .addOption(option('--tls-key <file>', 'its key', 'NATS_KEY'))
}

function connectionOf({
  servers,
  user,
  password,
  token,
  creds,
  tlsCa,
  tlsCert,
  tlsKey,
}: Shared): ConnectionOptions {
  const tls = {
    ...(tlsCa && { ca: tlsCa }),
    ...(tlsCert && { cert: tlsCert }),
    ...(tlsKey && { key: tlsKey }),
  }
  return {
    servers,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(creds !== undefined && { credentials: creds }),
    ...(Object.keys(tls).length > 0 && { tls }),
  }
}

function integer(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value
  throw new InvalidArgumentError('Expected an integer from 1 to 65535.')
}

/** A signal that aborts when somebody interrupts the command. */
function interrupted(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController()
  const abort = (): void => controller.abort(new Error('interrupted'))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.on(name, abort)
  const endWatch = watchShell('deltaprop-cluster', abort)
  const end = (): void => {
    endWatch()
    for (const name of signals) process.off(name, abort)
  }
  return { signal: controller.signal, end }
}

function workersText({ running, busy, done, failed, died }: Workers): string {
  const lost = died === 0 ? '' : `, ${died} died`
  return `${busy} of ${running} busy, ${done} jobs done, ${failed} failed${lost}`
}

/** A line that changes, in a terminal; elsewhere only what should be read is printed. */
class Line {
  #shown = ''
  show(line: string, text?: string): void {
    if (text !== undefined) console.error(`${isTerminal ? '\r\u001b[K' : ''}deltaprop-cluster: ${text}`)
    this.#shown = line
    if (isTerminal) process.stdout.write(`\r\u001b[K${line}`)
  }
  end(): void {
    if (this.#shown !== '') console.log(isTerminal ? '' : this.#shown)
  }
}

function versionText(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return `${version}, works with ${WORKS_WITH}`
}

// A reader that has seen enough, such as head.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else {
    process.stderr.write(`deltaprop-cluster: ${clean(messageOf(error), Infinity)}\n`)
    process.exitCode = 1
  }
}
