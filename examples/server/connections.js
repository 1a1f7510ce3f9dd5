// @ts-check
import { clientOf } from './clients.js'
import { busy, refuse, RequestError } from './errors.js'

/**
 * @typedef {import('node:net').Socket} Socket
 * @typedef {import('node:http').ServerResponse} Response
 */

/** A connection that is open. */
class Connection {
  /** Answers that it is to get, or gets. @type {Set<Response>} */
  answers = new Set()
  /** When the last answer ended, or the first one of those was asked for; milliseconds. */
  since = 0
  /** Whether anything was ever asked for. */
  hasAsked = false
  client

  /** @param {string} client */
  constructor(client) {
    this.client = client
  }

  /** Whether there is one answer to come, to a request that has not arrived in full. */
  get isMidRequest() {
    const [answer] = this.answers
    return this.answers.size === 1 && !answer.headersSent && !answer.req.complete
  }
}

/**
 * The connections that are open, and what they are owed. A client has a share of them only; none asks for more answers at a time than
 * it may, and none keeps an answer waiting for long. What is no request is told so, in the form of all errors.
 */
export class Connections {
  /** @type {Map<Socket, Connection>} */
  #open = new Map()
  /** Of each client. @type {Map<string, number>} */
  #counts = new Map()
  #limits
  #isProxy

  /**
   * @param {import('node:http').Server} server
   * @param {import('./limits.js').Limits} limits
   * @param {(address: string) => boolean} isProxy whose connections are those of many clients
   */
  constructor(server, limits, isProxy) {
    this.#limits = limits
    this.#isProxy = isProxy
    server.maxConnections = limits.maxConnections
    server.on('connection', this.#opened)
    server.on('timeout', this.#idle)
    server.prependListener('request', this.#asked)
    const checks = setInterval(this.#check, Math.min(1000, limits.requestTimeout)).unref()
    server.once('close', () => clearInterval(checks))
  }

  /**
   * What Node's parser and its timers say of a connection.
   *
   * @param {Error & { code?: string, reason?: string }} error
   * @param {Socket} socket
   */
  fail = (error, socket) => {
    const connection = this.#open.get(socket)
    if (connection === undefined || !socket.writable) socket.destroy()
    else if (connection.answers.size === 0 || connection.isMidRequest) refuse(socket, this.#explain(error))
    // What was asked for before is answered still, and nothing after it.
    else {
      const { answers } = connection
      const end = () => Array.from(answers).some(({ req }) => req.complete) || socket.destroySoon()
      for (const answer of answers) answer.once('close', end)
    }
  }

  /** Closes connections: those that are owed no answer, or all of them. @param {'idle' | 'all'} which */
  close(which) {
    for (const [socket, { answers }] of this.#open) {
      if (which === 'all') socket.destroy()
      else if (answers.size === 0) socket.destroySoon()
    }
  }

  /** @param {Socket} socket */
  #opened = (socket) => {
    const { remoteAddress = '' } = socket
    const client = clientOf(remoteAddress)
    const count = (this.#counts.get(client) ?? 0) + 1
    const { maxConnections, clientShare } = this.#limits
    if (count > maxConnections * clientShare && !this.#isProxy(remoteAddress)) {
      refuse(socket, busy())
      return
    }
    this.#counts.set(client, count)
    this.#open.set(socket, new Connection(client))
    socket.once('close', () => this.#closed(socket, client))
  }

  /**
   * @param {Socket} socket
   * @param {string} client
   */
  #closed = (socket, client) => {
    this.#open.delete(socket)
    const count = (this.#counts.get(client) ?? 0) - 1
    if (count > 0) this.#counts.set(client, count)
    else this.#counts.delete(client)
  }

  /** @type {(request: import('node:http').IncomingMessage, response: Response) => void} */
  #asked = ({ socket }, response) => {
    const connection = this.#open.get(socket)
    if (connection === undefined) return
    const { answers } = connection
    connection.hasAsked = true
    if (answers.size === 0) connection.since = performance.now()
    answers.add(response)
    if (answers.size > this.#limits.maxPipelined) socket.destroy()
    response.once('close', () => {
      answers.delete(response)
      connection.since = performance.now()
    })
  }

  /** Nothing came of it for the idleTimeout, nor was anything taken. @param {Socket} socket */
  #idle = (socket) => {
    const { bytesRead } = socket
    const { idleTimeout } = this.#limits
    // What came while this process had no time to look is read before that.
    setImmediate(() => {
      if (socket.bytesRead > bytesRead) return
      const connection = this.#open.get(socket)
      const isMidHead = connection?.hasAsked === false && bytesRead > 0
      if (isMidHead || connection?.isMidRequest)
        refuse(socket, late(`its next byte within ${idleTimeout} ms, got none`))
      else socket.destroy()
    })
  }

  /** Ends connections that take their answers byte by byte. */
  #check = () => {
    const oldest = performance.now() - 2 * this.#limits.requestTimeout
    for (const [socket, { answers, since }] of this.#open) {
      if (answers.size > 0 && since < oldest) socket.destroy()
    }
  }

  /** @param {{ code?: string, reason?: string }} error */
  #explain({ code = '', reason = code }) {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
      return late(`all of it within ${this.#limits.requestTimeout} ms, got a part`)
    if (code === 'HPE_HEADER_OVERFLOW')
      return new RequestError(431, 'request: expected a head of at most 16 KB')
    if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
      return new RequestError(413, 'body: expected chunks with extensions of at most 16 KB')
    }
    return new RequestError(400, `request: expected HTTP, got something else (${reason})`)
  }
}

/** A request that does not come in time. @param {string} what was expected and what came */
function late(what) {
  return new RequestError(408, `request: expected ${what}`)
}
