/** What a cluster is doing: the server's counts, and what workers and coordinators say. */
import { jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { runsOn, withoutCoordinator, type AbandonedRun } from './abandoned.js'
import type { CoordinatorState } from './run-books.js'
import type { Names } from './names.js'
import { unlessMissing } from './patience.js'
import { hear } from './roll-call.js'
import type { WorkerState } from './worker.js'

export interface Status {
  readonly name: string
  readonly server: { readonly address: string; readonly version: string }
  readonly workers: readonly WorkerState[]
  readonly runs: readonly RunStatus[]
  /** jobs on the server that no worker has, and those that workers have */
  readonly waiting: number
  readonly running: number
  /** runs that nobody coordinates */
  readonly abandoned: readonly AbandonedRun[]
}

export interface RunStatus extends CoordinatorState {
  /** jobs that workers have */
  readonly running: number
  /** jobs a second, since this coordinator began */
  readonly rate: number
  /** seconds; undefined while nothing is known */
  readonly left: number | undefined
}

export async function statusOf(nc: NatsConnection, names: Names): Promise<Status> {
  const jsm = await jetstreamManager(nc)
  const there = await runsOn(jsm, nc, names)
  const [answers, consumers] = await Promise.all([
    hear(nc, names),
    unlessMissing([], async () => {
      const found: ConsumerInfo[] = []
      for await (const consumer of jsm.consumers.list(names.jobs)) found.push(consumer)
      return found
    }),
  ])
  const workers = answers.flatMap((answer) => (answer.role === 'worker' ? [answer] : []))
  const coordinators = answers.flatMap((answer) => (answer.role === 'coordinator' ? [answer] : []))
  const total = (count: (consumer: ConsumerInfo) => number): number =>
    consumers.reduce((sum, consumer) => sum + count(consumer), 0)
  return {
    name: names.name,
    server: { address: nc.getServer(), version: nc.info?.version ?? 'unknown' },
    workers: workers.sort((one, other) => (one.host < other.host ? -1 : 1)),
    runs: coordinators.map((state) => runStatus(state, workers)),
    waiting: total(({ num_pending: pending }) => pending),
    running: total(({ num_ack_pending: pending }) => pending),
    abandoned: withoutCoordinator(there, answers),
  }
}

function runStatus(state: CoordinatorState, workers: readonly WorkerState[]): RunStatus {
  const seconds = Math.max(0.001, (Date.now() - state.since) / 1000)
  const rate = Math.max(0, state.done - state.before) / seconds
  const left = rate > 0 ? (state.jobs - state.done) / rate : undefined
  return { ...state, running: workers.filter(({ run }) => run === state.run).length, rate, left }
}
