import type { NatsConnection } from '@nats-io/nats-core'

/** Of each connection, what is to be called when it is there again. */
const listeners = new WeakMap<NatsConnection, Set<() => void>>()

/**
 * Calls back whenever a connection has been lost and is there again: what was asked of the server before, it may have
 * forgotten.
 *
 * @returns a function that ends this
 */
export function onReconnect(nc: NatsConnection, call: () => void): () => void {
  const known = listeners.get(nc)
  const all = known ?? new Set()
  all.add(call)
  if (known === undefined) {
    listeners.set(nc, all)
    void listen(nc, all)
  }
  return () => void all.delete(call)
}

async function listen(nc: NatsConnection, all: ReadonlySet<() => void>): Promise<void> {
  for await (const { type } of nc.status()) {
    if (type === 'reconnect') for (const call of all) call()
  }
}
