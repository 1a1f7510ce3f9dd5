/**
 * One worker in a process of its own, started by supervisor.ts, which tells it what to connect to: a job that ends its
 * process ends no other job, and passwords are in no list of processes.
 */
import { hostname } from 'node:os'
import { checkJetStream, openConnection, type ConnectionOptions } from './connection.js'
import { work, type WorkerState } from './worker.js'

/** What the supervisor sends. */
export interface Orders {
  readonly connection: ConnectionOptions
  readonly name: string
}

/** What it is told. */
export type Report = { readonly state: WorkerState } | { readonly error: string }

const ended = new AbortController()
const end = (): void => ended.abort(new Error('the worker ends'))
process.on('message', (orders: Orders | 'end') => {
  if (orders === 'end') end()
  else void run(orders)
})
// Its parent has died, however that happened.
process.on('disconnect', end)
// Of the terminal: the supervisor gets them, too, and says when it is over.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', end)

async function run({ connection, name }: Orders): Promise<void> {
  const say = (report: Report): void => {
    if (process.connected) process.send?.(report)
  }
  try {
    const nc = await openConnection(connection, `deltaprop-cluster worker of ${name}`)
    try {
      await checkJetStream(nc)
      const host = `${hostname()}:${process.pid}`
      const state = await work(nc, { name, host, signal: ended.signal, onChange: (state) => say({ state }) })
      say({ state })
    } finally {
      // An open connection would keep the process.
      await nc.close().catch(() => undefined)
    }
    process.exitCode = 0
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) })
    process.exitCode = 1
  }
  if (process.connected) process.disconnect()
}
