// @ts-check
// The form of all errors: { "error": "what: expected …, got …" }.
import { STATUS_CODES } from 'node:http'

/** What is wrong with a request: its message is the answer, with Fastify's property for the status. */
export class RequestError extends Error {
  statusCode

  /**
   * @param {number} statusCode
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(statusCode, message, options) {
    super(message, options)
    this.statusCode = statusCode
  }
}

/** There is no room for a request: see gate.js. */
export function busy() {
  return new RequestError(503, 'the server is busy; try again')
}

/**
 * Answers what never becomes a request, past Fastify, and ends the connection.
 *
 * @param {import('node:stream').Duplex} socket
 * @param {RequestError} error
 */
export function refuse(socket, { statusCode, message }) {
  const body = JSON.stringify({ error: message })
  const head = [
    `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  // The operating system has it before destroy comes.
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}

/**
 * What came of a client, as far as an error shows it.
 *
 * @param {string | undefined} text
 */
export function shown(text = 'none') {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
