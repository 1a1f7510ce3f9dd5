import {
  DeliverPolicy,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { isMissing, mayPass, persistently, sleep } from './patience.js'
import { onReconnect } from './reconnects.js'

/** What a coordinator has of a server. */
export interface Server {
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
}

/** Before a stream is read anew, in milliseconds. */
const PAUSE_MS = 50

/**
 * Reads a stream from its beginning on; where the server was away meanwhile, anew from its beginning, as it may have lost
 * messages, whose numbers it gives to others then.
 *
 * @param restore called before it is read anew: makes the stream if it is not there any more
 * @param take takes each message, some of them twice
 */
export async function follow(
  { nc, js }: Server,
  stream: string,
  filter: string,
  signal: AbortSignal,
  restore: () => Promise<void>,
  take: (message: JsMsg) => Promise<void>,
): Promise<void> {
  let messages: ConsumerMessages | undefined
  const stop = (): void => messages?.stop()
  const isOver = (): boolean => signal.aborted
  const unheard = onReconnect(nc, stop)
  signal.addEventListener('abort', stop)
  try {
    while (!isOver()) {
      if (messages !== undefined) {
        await sleep(PAUSE_MS, signal)
        await restore()
      }
      messages = await persistently(signal, async () => {
        const consumer = await js.consumers.get(stream, {
          filter_subjects: filter,
          deliver_policy: DeliverPolicy.All,
        })
        return consumer.consume({ max_messages: 100 })
      })
      if (isOver()) return
      for await (const message of untilTheServerGoes(messages)) {
        await take(message)
        if (isOver()) return
      }
    }
  } finally {
    unheard()
    signal.removeEventListener('abort', stop)
    messages?.stop()
  }
}

async function* untilTheServerGoes(messages: ConsumerMessages): AsyncGenerator<JsMsg, void> {
  try {
    yield* messages
  } catch (error) {
    if (!isMissing(error) && !mayPass(error)) throw error
  }
}
