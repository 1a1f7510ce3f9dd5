// @ts-check
import { connect } from 'node:net'

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Buffer} body
 */

/** An answer's head ends with it. */
const BLANK = '\r\n\r\n'

/**
 * One connection to a server, for one request at a time: no more than it takes to send bytes that are ready and to read answers of
 * known length, so that the client takes little of a machine whose server is measured.
 */
export class Client {
  /** Whether another request may be sent. */
  isOpen = true
  #socket
  /** @type {Buffer | undefined} */
  #read
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */
  #asked

  /** @param {import('node:net').Socket} socket that is connected */
  constructor(socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', this.#receive)
    socket.on('error', this.#fail)
    socket.on('close', () => this.#fail(new Error('the connection ended before the answer did')))
  }

  /**
   * @param {number} port of this machine
   * @param {string} [localAddress] one of this machine's, which the server takes the client for
   * @returns {Promise<Client>}
   * @throws Error that Node gives, its code ECONNREFUSED if nobody listens
   */
  static open(port, localAddress = '127.0.0.1') {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Client(socket))
      })
    })
  }

  /**
   * @param {Uint8Array} request head and body
   * @returns {Promise<Answer>}
   * @throws Error if the connection ends before the answer does
   */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject }
      this.#socket.write(request)
    })
  }

  /** @param {Uint8Array} rest of a request that ask has sent the beginning of */
  write(rest) {
    this.#socket.write(rest)
  }

  close() {
    this.isOpen = false
    this.#socket.destroy()
  }

  /** @param {Buffer} bytes */
  #receive = (bytes) => {
    const read = this.#read === undefined ? bytes : Buffer.concat([this.#read, bytes])
    const answer = parse(read)
    this.#read = answer === undefined ? read : undefined
    if (answer === undefined) return
    if (answer.isLast) this.isOpen = false
    const asked = this.#asked
    this.#asked = undefined
    asked?.resolve(answer)
  }

  /** @param {Error} error */
  #fail = (error) => {
    this.isOpen = false
    this.#asked?.reject(error)
    this.#asked = undefined
  }
}

/**
 * A request for predictions, ready to be sent.
 *
 * @param {string} type of the body
 * @param {Uint8Array} body
 */
export function toRequest(type, body) {
  const head = `POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}${BLANK}`
  return Buffer.concat([Buffer.from(head), body])
}

/**
 * @param {Buffer} bytes
 * @returns {Answer & { isLast: boolean } | undefined} undefined unless all of it is there
 */
function parse(bytes) {
  const end = bytes.indexOf(BLANK)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const start = end + BLANK.length
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
  if (bytes.length < start + length) return undefined
  return {
    status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)),
    body: bytes.subarray(start, start + length),
    isLast: /^connection: close/im.test(head),
  }
}
