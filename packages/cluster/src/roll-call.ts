/** Who is there: workers and coordinators answer a ping with what they are doing. */
import { NoRespondersError, type NatsConnection } from '@nats-io/nats-core'
import type { CoordinatorState } from './run-books.js'
import { WORKS_WITH, type Names } from './names.js'
import type { WorkerState } from './worker.js'

/** How long answers are waited for, in milliseconds; a worker that computes has turns for them every few milliseconds. */
const HEAR_MS = 500
/** More would be too many to show, and to wait for. */
const MAX_ANSWERS = 20_000

export type Answer = WorkerState | CoordinatorState

/** All that answer within half a second. */
export async function hear(nc: NatsConnection, names: Names): Promise<Answer[]> {
  const answers: Answer[] = []
  try {
    const how = { strategy: 'timer', maxWait: HEAR_MS, maxMessages: MAX_ANSWERS } as const
    for await (const reply of await nc.requestMany(names.ping, undefined, how)) {
      const answer = read(reply.data)
      if (answer !== undefined) answers.push(answer)
    }
  } catch (error) {
    if (!(error instanceof NoRespondersError)) throw error
  }
  return answers
}

function read(bytes: Uint8Array): Answer | undefined {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null) return undefined
  const said = json as Readonly<Record<string, unknown>>
  const texts =
    said.role === 'worker' ? ['id', 'host', 'version'] : ['owner', 'host', 'version', 'run', 'kind']
  const numbers =
    said.role === 'worker' ? ['done', 'failed', 'busy'] : ['jobs', 'done', 'failed', 'since', 'before']
  if (said.role !== 'worker' && said.role !== 'coordinator') return undefined
  const isWhole =
    texts.every((name) => typeof said[name] === 'string' && said[name].length <= 200) &&
    numbers.every((name) => Number.isFinite(said[name]))
  if (!isWhole || (said.run !== undefined && typeof said.run !== 'string')) return undefined
  // What others say of themselves is shown in terminals, without what those would obey.
  const entries = Object.entries(said).map(([name, value]) => [
    name,
    typeof value === 'string' ? clean(value, 200) : value,
  ])
  return Object.fromEntries(entries) as Answer
}

/** A sentence for who waits for workers; empty where there are some. */
export function describeWorkers(answers: readonly Answer[]): string {
  const workers = answers.filter(({ role }) => role === 'worker')
  if (workers.some(({ version }) => version === WORKS_WITH)) return ''
  if (workers.length === 0) return 'no worker answers; this starts one: deltaprop-cluster worker'
  const others = Array.from(new Set(workers.map(({ version }) => clean(version)))).sort()
  const count = workers.length === 1 ? '1 worker answers' : `${workers.length} workers answer`
  return `${count}, of version ${others.join(' and ')}; only those of version ${WORKS_WITH} may do these jobs`
}

/** What others say, without what a terminal would obey; of themselves, as much as there is room for. */
export function clean(text: string, most = 40): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·').slice(0, most)
}
