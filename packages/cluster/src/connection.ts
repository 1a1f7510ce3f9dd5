/** Connections of processes: to servers by address, with or without TLS and a user. */
import { readFileSync } from 'node:fs'
import { jetstreamManager } from '@nats-io/jetstream'
import { ConnectionError, credsAuthenticator, type NatsConnection } from '@nats-io/nats-core'
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node'
import { isWithoutJetStream } from './patience.js'
import { messageOf } from './thrown.js'

/** Where a server is, and who asks. */
export interface ConnectionOptions {
  /** addresses of one server, or of several that belong together; nats://127.0.0.1:4222 unless given */
  readonly servers?: string | readonly string[]
  readonly user?: string
  readonly password?: string
  readonly token?: string
  /** a file with the credentials of a user, as nsc makes it */
  readonly credentials?: string
  /** files in PEM: the authority that the server's certificate is checked by; a certificate and its key, if it asks for one */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
}

export const DEFAULT_SERVER = 'nats://127.0.0.1:4222'

/** For the first answer, in milliseconds. */
const TIMEOUT_MS = 10_000

/**
 * @param name by which the server lists this connection
 * @throws Error that says where nobody answers, or what the server refuses
 */
export async function openConnection(options: ConnectionOptions, name: string): Promise<NatsConnection> {
  const { servers = DEFAULT_SERVER, user, password, token, credentials, tls } = options
  const list = typeof servers === 'string' ? servers.split(',') : [...servers]
  const given: NodeConnectionOptions = {
    servers: list,
    name,
    timeout: TIMEOUT_MS,
    // A server that is restarted is waited for, however long that takes.
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { pass: password }),
    ...(token !== undefined && { token }),
    ...(credentials !== undefined && { authenticator: credsAuthenticator(readFileSync(credentials)) }),
    ...(tls !== undefined && {
      tls: {
        ...(tls.ca !== undefined && { caFile: tls.ca }),
        ...(tls.cert !== undefined && { certFile: tls.cert }),
        ...(tls.key !== undefined && { keyFile: tls.key }),
      },
    }),
  }
  try {
    return await connect(given)
  } catch (cause) {
    const where = list.join(', ')
    const isAbsent = cause instanceof ConnectionError || (cause as { code?: unknown }).code === 'ECONNREFUSED'
    const why = messageOf(cause)
    throw new Error(
      isAbsent
        ? `servers: expected a NATS server at ${where}, got no answer (${why}); this starts one: nats-server -js`
        : `servers: expected to be let in at ${where}, got: ${why}`,
      { cause },
    )
  }
}

/** @throws Error where a server has no JetStream: waiting would not help */
export async function checkJetStream(nc: NatsConnection): Promise<void> {
  try {
    await jetstreamManager(nc)
  } catch (error) {
    if (!isWithoutJetStream(error)) throw error
    throw new Error(`servers: expected JetStream at ${nc.getServer()}, which this starts: nats-server -js`, {
      cause: error,
    })
  }
}
