import type { NatsConnection } from '@nats-io/nats-core'

/** Room for the headers of a message. */
const HEADER_BYTES = 1024

/** The largest message that the server takes, without its headers. */
export function maxMessageBytes(nc: NatsConnection): number {
  return (nc.info?.max_payload ?? 2 ** 20) - HEADER_BYTES
}
