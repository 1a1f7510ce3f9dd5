/**
 * One worker in a process of its own, started by supervisor.ts, which tells it what to connect to: a job that ends its
 * process ends no other job, and passwords are in no list of processes.
 */
import { hostname } from 'node:os'
import { checkJetStream, openConnection, type ConnectionOptions } from './connection.js'
import { fitsKind } from './fit-kind.js'
import { predictKind } from './predict-kind.js'
import { shardsKind } from './shard-kind.js'
import { messageOf } from './thrown.js'
import { readShards } from './read-shards.js'
import { work, type WorkerState } from './worker.js'

/** What the supervisor sends. */
export interface Orders {
  readonly connection: ConnectionOptions
  readonly name: string
  /** whose files it may predict; none unless given */
  readonly files?: string | undefined
  /** of its own shards, the module that has the samples; none unless given */
  readonly shards?: Readonly<Record<string, string>> | undefined
}

/** What it is told. */
export type Report = { readonly state: WorkerState } | { readonly error: string }

/** Between two reports of what it is doing, in milliseconds. */
const REPORT_MS = 100

const ended = new AbortController()
const end = (): void => ended.abort(new Error('the worker ends'))
const untilEnded = new Promise<never>((_, reject) => {
  ended.signal.addEventListener('abort', () => reject(ended.signal.reason as Error))
})
untilEnded.catch(() => undefined)
process.on('message', (orders: Orders | 'end') => {
  if (orders === 'end') end()
  else void run(orders)
})
// Its parent has died, however that happened.
process.on('disconnect', end)
// Of the terminal: the supervisor gets them, too, and says when it is over.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', end)

async function run({ connection, name, files, shards = {} }: Orders): Promise<void> {
  const say = (report: Report): Promise<void> =>
    new Promise((resolve) => {
      if (process.connected) process.send?.(report, () => resolve())
      else resolve()
    })
  let [last, timer]: [WorkerState | undefined, NodeJS.Timeout | undefined] = [undefined, undefined]
  // Jobs may be shorter than the message that one has ended.
  const onChange = (state: WorkerState): void => {
    last = state
    timer ??= setTimeout(() => {
      timer = undefined
      if (last !== undefined) void say({ state: last })
    }, REPORT_MS)
  }
  try {
    // A module may take its time, or never be ready.
    const held = await Promise.race([readShards(shards), untilEnded])
    const nc = await openConnection(connection, `deltaprop-cluster worker of ${name}`)
    try {
      await checkJetStream(nc)
      const host = `${hostname()}:${process.pid}`
      const kinds = [fitsKind, shardsKind, predictKind(files)]
      const state = await work(nc, { name, host, shards: held, kinds, signal: ended.signal, onChange })
      clearTimeout(timer)
      await say({ state })
    } finally {
      // An open connection would keep the process.
      await nc.close().catch(() => undefined)
    }
    process.exitCode = 0
  } catch (error) {
    await say({ error: messageOf(error) })
    process.exitCode = 1
  }
  // Whatever the modules of its shards have begun, timers, connections, would keep the process.
  process.exit()
}
