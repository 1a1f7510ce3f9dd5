// @ts-check
import { connect } from 'node:net'

/**
 * One of a server's answers, as it was written.
 *
 * @typedef {object} RawAnswer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/**
 * Sends bytes as they are, correct HTTP or not.
 *
 * @param {number} port
 * @param {string | Uint8Array} bytes
 * @returns {Promise<RawAnswer[]>} what came until the server ended the connection
 */
export function exchange(port, bytes) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    /** @type {Buffer[]} */
    const chunks = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(parse(Buffer.concat(chunks))))
  })
}

/**
 * @param {Buffer} bytes of answers, the last of which may have been cut off
 * @returns {RawAnswer[]} those that are whole
 */
export function parse(bytes) {
  const answers = []
  for (let text = bytes.toString('latin1'); ;) {
    const end = text.indexOf('\r\n\r\n')
    if (end < 0) return answers
    const [first, ...lines] = text.slice(0, end).split('\r\n')
    /** @type {Record<string, string>} */
    const headers = {}
    for (const line of lines) {
      const [name, value] = line.split(/: (.*)/)
      headers[name.toLowerCase()] = value
    }
    const status = Number(first.split(' ')[1])
    const next = end + 4 + (status === 100 ? 0 : Number(headers['content-length']))
    if (next > text.length) return answers
    answers.push({ status, headers, body: Buffer.from(text.slice(end + 4, next), 'latin1').toString() })
    text = text.slice(next)
  }
}
