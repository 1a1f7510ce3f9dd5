// @ts-check
// Clients that mean no good, one kind each, and the honest ones that must not notice.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { Client } from '../load/client.js'
import { parse } from './exchange.js'

/** @typedef {import('node:net').Socket} Socket */

/** Honest clients. */
export const HONEST = 8

/** Bytes of a megabyte, which is what a body may have. */
const MB = 2 ** 20
const JSON_TYPE = 'Content-Type: application/json\r\n'
const BINARY_TYPE = 'Content-Type: application/octet-stream\r\n'

/**
 * @param {string} headers
 * @param {string | Buffer} [body]
 */
function post(headers, body = '') {
  return Buffer.concat([
    Buffer.from(`POST /predict HTTP/1.1\r\nHost: a\r\n${headers}\r\n`),
    Buffer.from(body),
  ])
}

/** A whole request in JSON. @param {string} body */
function json(body) {
  return post(`${JSON_TYPE}Content-Length: ${body.length}\r\n`, body)
}

/**
 * A whole request in binary.
 *
 * @param {Buffer} body
 * @param {string} [headers]
 */
function binary(body, headers = '') {
  return post(`${BINARY_TYPE}${headers}Content-Length: ${body.length}\r\n`, body)
}

/** @param {string} target */
function get(target) {
  return `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
}

/** Sends all of it. @param {string | Uint8Array} bytes @returns {(socket: Socket) => void} */
function sends(bytes) {
  return (socket) => void socket.write(bytes)
}

/**
 * Sends a part, and the rest byte by byte.
 *
 * @param {string | Uint8Array} begin
 * @param {string} rest
 * @param {number} ms from byte to byte
 * @returns {(socket: Socket) => void}
 */
function drips(begin, rest, ms) {
  return (socket) => {
    let i = 0
    socket.write(begin)
    const timer = setInterval(() => void socket.write(rest[i++ % rest.length]), ms)
    socket.once('close', () => clearInterval(timer))
  }
}

/**
 * Sends all of it, and does not read what comes.
 *
 * @param {string | Uint8Array} bytes
 * @returns {(socket: Socket) => void}
 */
function isDeafTo(bytes) {
  return (socket) => {
    socket.pause()
    socket.write(bytes)
  }
}

/**
 * Sends it, and is gone.
 *
 * @param {string | Uint8Array} bytes
 * @param {number} ms later
 * @returns {(socket: Socket) => void}
 */
function leaves(bytes, ms) {
  return (socket) => {
    socket.write(bytes)
    setTimeout(() => socket.destroy(), ms)
  }
}

/** One sample of zeros, and as many as a body has room for. */
const one = Buffer.alloc(784 * 4)
const many = Buffer.alloc(MB - (MB % one.length))
const large = Buffer.from(Float32Array.from({ length: 784 }, () => 1e38).buffer)
const bytewise = '1\r\n0\r\n'.repeat(100_000)

/** What each kind does with a connection that is open. @type {Record<string, (socket: Socket) => void>} */
export const kinds = {
  'announces a megabyte and sends nothing': sends(post(`${JSON_TYPE}Content-Length: ${MB}\r\n`)),
  'announces a terabyte': sends(post(`${BINARY_TYPE}Content-Length: 1000000000000\r\n`)),
  'sends half of a body': sends(binary(many).subarray(0, MB / 2)),
  'sends a body byte by byte': drips(post(`${JSON_TYPE}Content-Length: ${MB}\r\n`), ' ', 100),
  'sends a head byte by byte': drips('GET / HTTP/1.1\r\n', 'Host: a\r\n', 100),
  'sends a body in chunks of a byte': sends(post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, bytewise)),
  'sends chunks that do not end': drips(
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`),
    `1000\r\n${' '.repeat(4096)}\r\n`,
    50,
  ),
  'says nothing': () => undefined,
  'keeps its connection': sends(get('/health')),
  'reads no answers': isDeafTo(Buffer.concat(Array.from({ length: 8 }, () => binary(many)))),
  'reads no metrics': isDeafTo(get('/metrics').repeat(16)),
  'asks 3,000 times at once': isDeafTo(get('/metrics').repeat(3000)),
  'asks ten times at once': sends(get('/health').repeat(10)),
  'is told to continue, and does not': sends(
    post(`${JSON_TYPE}Expect: 100-continue\r\nContent-Length: ${MB}\r\n`),
  ),
  'expects something': sends(post(`${JSON_TYPE}Expect: more\r\nContent-Length: 2\r\n`, '{}')),
  'is longer than it says': sends(post(`${JSON_TYPE}Content-Length: 1\r\n`, '{"x":[]}')),
  'says two lengths': sends(post('Content-Length: 1\r\nContent-Length: 2\r\n', '{}')),
  'says a length and chunks': sends(post('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n', '{}')),
  'packs its body': sends(binary(gzipSync(many), 'Content-Encoding: gzip\r\n')),
  'speaks TLS': sends(Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3])),
  'speaks HTTP/1.0': sends('GET /health HTTP/1.0\r\n\r\n'),
  'speaks HTTP/2': sends('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  'has no host': sends('GET / HTTP/1.1\r\n\r\n'),
  'has a long URL': sends(get(`/${'a'.repeat(15_000)}`)),
  'has a longer URL': sends(get(`/${'a'.repeat(100_000)}`)),
  'has headers without end': sends(`GET / HTTP/1.1\r\n${'A: a\r\n'.repeat(20_000)}`),
  'has half of a percent code': sends(get('/%')),
  'has a percent code of nothing': sends(get('/%ff%fe')),
  'wants another protocol': sends(
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  ),
  'wants a tunnel': sends('CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'),
  'has another method': sends('BREW / HTTP/1.1\r\nHost: a\r\n\r\n'),
  'asks for options': sends('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'),
  'has odd bytes': sends(binary(one.subarray(1))),
  'has no numbers': sends(binary(Buffer.alloc(one.length, 255))),
  'has numbers too large': sends(binary(large)),
  'has numbers that JSON has not': sends(json(`{"x":[${Array(784).fill('1e999').join()}]}`)),
  'nests arrays': sends(json(`{"x":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)),
  'nests objects': sends(json(`${'{"x":'.repeat(170_000)}1${'}'.repeat(170_000)}`)),
  'has small objects': sends(json(`{"x":[${'{},'.repeat(340_000)}0]}`)),
  'has a prototype': sends(json('{"__proto__":{"x":[[1]]},"constructor":{"prototype":{"x":1}}}')),
  'has another type': sends(post('Content-Type: text/csv\r\nContent-Length: 3\r\n', '1,2')),
  'leaves in its body': leaves(binary(one).subarray(0, 1000), 20),
  'leaves before its answer': leaves(binary(many), 20),
}

/** What the attack came to. */
export class Outcome {
  /** Connections that were opened. */
  opened = 0
  /** Answers that attackers have had, by status. @type {Partial<Record<string, number>>} */
  answers = {}
  /** Answers that are not in the form of all errors. @type {string[]} */
  wrong = []
  /** Requests of honest clients, and those answered as predict does. */
  asked = 0
  answered = 0
  /** The most bytes that the server had. */
  resident = 0
}

/**
 * Keeps so many attackers of all kinds busy, from two addresses, while honest clients of others ask; each attacker whose connection
 * ends has another.
 *
 * @param {number} port
 * @param {object} options
 * @param {number} options.attackers
 * @param {number} options.ms
 * @param {Buffer} options.request that honest clients send
 * @param {string} options.answer that they are to get
 * @returns {Promise<Outcome>}
 */
export async function attack(port, { attackers, ms, request, answer }) {
  const outcome = new Outcome()
  const isOn = { value: true }
  const loops = Array.from({ length: attackers }, (_, i) => keepAttacking(port, i, ms, isOn, outcome))
  const honest = Array.from({ length: HONEST }, (_, i) =>
    keepAsking(port, `127.0.0.${2 + i}`, { request, answer }, isOn, outcome),
  )
  const watching = watch(port, isOn, outcome)
  await sleep(ms)
  isOn.value = false
  await Promise.all([...honest, watching, ...loops])
  return outcome
}

/**
 * @param {number} port
 * @param {number} i of all attackers
 * @param {number} ms that it comes within the first half of
 * @param {{ value: boolean }} isOn
 * @param {Outcome} outcome
 */
async function keepAttacking(port, i, ms, isOn, outcome) {
  const names = Object.keys(kinds)
  const name = names[i % names.length]
  const localAddress = `127.0.1.${1 + (i % 2)}`
  await sleep((ms / 2) * ((i * 0.618) % 1))
  while (isOn.value) {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    /** @type {Buffer[]} */
    const chunks = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => undefined)
    socket.once('connect', () => {
      outcome.opened += 1
      kinds[name](socket)
    })
    const ended = setInterval(() => isOn.value || socket.destroy(), 100)
    await new Promise((resolve) => socket.once('close', resolve))
    clearInterval(ended)
    for (const { status, headers, body } of parse(Buffer.concat(chunks))) {
      outcome.answers[status] = (outcome.answers[status] ?? 0) + 1
      if (status >= 400 && !isError(headers, body)) outcome.wrong.push(`${name}: ${status} ${body}`)
    }
    // Two cores are shared by the server and all of these.
    await sleep(1000)
  }
}

/**
 * @param {Record<string, string>} headers
 * @param {string} body
 */
function isError(headers, body) {
  return headers['content-type'] === 'application/json; charset=utf-8' && /^\{"error":"[^]+"\}$/.test(body)
}

/**
 * @param {number} port
 * @param {string} address
 * @param {{ request: Buffer, answer: string }} expected
 * @param {{ value: boolean }} isOn
 * @param {Outcome} outcome
 */
async function keepAsking(port, address, { request, answer }, isOn, outcome) {
  let client = await Client.open(port, address)
  for (let i = 1; isOn.value; ++i) {
    outcome.asked += 1
    const { status, body } = await client.ask(request)
    if (status === 200 && body.toString() === answer) outcome.answered += 1
    // Those who come anew are to be let in, too.
    if (i % 20 > 0) continue
    client.close()
    client = await Client.open(port, address)
  }
  client.close()
}

/**
 * @param {number} port
 * @param {{ value: boolean }} isOn
 * @param {Outcome} outcome
 */
async function watch(port, isOn, outcome) {
  const client = await Client.open(port, '127.0.2.1')
  while (isOn.value) {
    const { body } = await client.ask(Buffer.from(get('/metrics')))
    const [, bytes] = /resident_memory_bytes (\d+)/.exec(body.toString()) ?? []
    outcome.resident = Math.max(outcome.resident, Number(bytes))
    await sleep(50)
  }
  client.close()
}
