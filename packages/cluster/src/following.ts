import {
  DeliverPolicy,
  type ConsumerMessages,
  type JetStreamClient,
  type JetStreamManager,
  type JsMsg,
} from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/nats-core'
import { persistently } from './patience.js'
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
