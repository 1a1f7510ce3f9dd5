/** Streams that a coordinator reads from their beginning to its own end. */
import {
  DeliverPolicy,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import type { Names } from './names.js'
import { placeOf } from './names.js'
import { isMissing, persistently } from './patience.js'
import { onReconnect } from './reconnects.js'

/** What a coordinator has of a server. */
export interface Server {
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
}

/** Reads a stream from its beginning on; where the server was away meanwhile, from where it was. */
export async function follow(
  { nc, js }: Server,
  stream: string,
  filter: string,
  signal: AbortSignal,
  take: (message: JsMsg) => Promise<void>,
): Promise<void> {
  let messages: ConsumerMessages | undefined
  let next = 1
  const stop = (): void => messages?.stop()
  const isOver = (): boolean => signal.aborted
  const unheard = onReconnect(nc, stop)
  signal.addEventListener('abort', stop)
  try {
    while (!isOver()) {
      messages = await persistently(signal, async () => {
        const start = { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: next }
        const consumer = await js.consumers.get(stream, { filter_subjects: filter, ...start })
        return consumer.consume({ max_messages: 100 })
      })
      if (isOver()) return
      for await (const message of messages) {
        await take(message)
        if (isOver()) return
        next = message.seq + 1
      }
    }
  } finally {
    unheard()
    signal.removeEventListener('abort', stop)
    messages?.stop()
  }
}

/**
 * Follows the jobs of a run that the server has given to as many workers as may be.
 *
 * @param giveUp takes the index of one, as long as it is on the server
 */
export async function followGivenUp(
  server: Server,
  names: Names,
  run: string,
  signal: AbortSignal,
  giveUp: (index: number) => Promise<void>,
): Promise<void> {
  await follow(server, names.givenUp, names.advisories, signal, async ({ data }) => {
    const sequence = sequenceOf(data)
    if (sequence === undefined) return
    const job = await persistently(signal, () =>
      server.jsm.streams.getMessage(names.jobs, { seq: sequence }).catch((error: unknown) => {
        if (isMissing(error)) return null
        throw error
      }),
    )
    const place = job === null ? undefined : placeOf(job.subject)
    if (place?.run === run) await giveUp(place.index)
  })
}

/** The jobs of a run that have a message in a stream. */
export async function storedJobs({ jsm }: Server, stream: string, filter: string): Promise<Set<number>> {
  const { state } = await jsm.streams.info(stream, { subjects_filter: filter })
  return new Set(Object.keys(state.subjects ?? {}).map((subject) => placeOf(subject)?.index ?? NaN))
}

/** Takes a job off the server that it gives to nobody. */
export async function removeJob(
  { jsm }: Server,
  names: Names,
  run: string,
  index: number,
  signal: AbortSignal,
): Promise<void> {
  await persistently(signal, async () => {
    try {
      const job = await jsm.streams.getMessage(names.jobs, { last_by_subj: names.job(run, index) })
      if (job !== null) await jsm.streams.deleteMessage(names.jobs, job.seq)
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  })
}

/** The place in the stream of the job that an advisory is about. */
function sequenceOf(advisory: Uint8Array): number | undefined {
  try {
    const { stream_seq: sequence } = JSON.parse(new TextDecoder().decode(advisory)) as {
      readonly stream_seq?: unknown
    }
    return typeof sequence === 'number' ? sequence : undefined
  } catch {
    return undefined
  }
}
