// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exchange } from './exchange.js'
import { listen } from './support.js'

const { port } = await listen({ idleTimeout: 400, requestTimeout: 800 })

const CLOSE = 'Connection: close\r\n'
const JSON_TYPE = 'Content-Type: application/json\r\n'

/**
 * @param {string} line
 * @param {string} [headers]
 * @param {string} [body]
 */
function head(line, headers = CLOSE, body = '') {
  return `${line} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`
}

/** @param {string} headers @param {string} body */
function post(headers, body) {
  return head('POST /predict', JSON_TYPE + headers, body)
}

/** Requests after which the connection ends, the status of the only answer to each, and what it says. @type {[what: string, request: string, status: number, error: string | RegExp][]} */
const wrong = [
  ['no HTTP', 'hello\r\n\r\n', 400, /^request: expected HTTP/],
  ['bytes of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, /^request: expected HTTP/],
  ['a method that there is not', head('PURGEALL /'), 400, /^request: expected HTTP/],
  ['a header without a colon', head('GET /', 'nothing\r\n'), 400, /^request: expected HTTP/],
  ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), 400, /^request: expected HTTP/],
  [
    'a length and chunks',
    post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '{}'),
    400,
    /^request: expected HTTP/,
  ],
  ['a negative length', post('Content-Length: -1\r\n', '{}'), 400, /^request: expected HTTP/],
  [
    'a chunk without a length',
    post('Transfer-Encoding: chunked\r\n', 'zz\r\n'),
    400,
    /^request: expected HTTP/,
  ],
  [
    'bodies in codings',
    post(`${CLOSE}Transfer-Encoding: gzip, chunked\r\n`, '2\r\n{}\r\n0\r\n\r\n'),
    415,
    'Transfer-Encoding: expected chunked or none, got gzip, chunked',
  ],
  [
    'packed bodies',
    post(`${CLOSE}Content-Encoding: gzip\r\nContent-Length: 2\r\n`, '{}'),
    415,
    'Content-Encoding: expected none, got gzip',
  ],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'Host: expected a header, got none'],
  [
    'headers that do not end',
    head('GET /', `A: ${'a'.repeat(20_000)}\r\n`),
    431,
    'request: expected a head of at most 16 KB',
  ],
  [
    'a URL that does not end',
    head(`GET /${'a'.repeat(20_000)}`),
    431,
    /^request: expected a head of at most/,
  ],
  ['a long URL', head(`GET /${'a'.repeat(10_000)}`), 404, /^expected POST .*, got GET \/a{1,100}…$/],
  ['half of a percent code', head('GET /%'), 400, 'URL: expected percent codes of UTF-8, got /%'],
  ['a percent code of no UTF-8', head('GET /%ff'), 400, 'URL: expected percent codes of UTF-8, got /%ff'],
  ['a query of nonsense', head('GET /?%&=%ff&&'), 404, /^expected POST/],
  ['another method', head('DELETE /predict'), 404, /got DELETE \/predict$/],
  ['OPTIONS', head('OPTIONS *'), 404, /got OPTIONS \*$/],
  ['GET with a body', head('GET /predict', `${CLOSE}Content-Length: 2\r\n`, '{}'), 404, /got GET \/predict$/],
  ['CONNECT', head('CONNECT a:1', ''), 404, /got CONNECT a:1$/],
  [
    'an expectation',
    post(`${CLOSE}Expect: a miracle\r\nContent-Length: 2\r\n`, '{}'),
    417,
    'Expect: expected 100-continue, got a miracle',
  ],
  [
    'too much, announced',
    post('Content-Length: 99999999999\r\n', '{}'),
    413,
    'body: expected at most 1048576 bytes',
  ],
  [
    'too much, announced to whom it may continue',
    post('Expect: 100-continue\r\nContent-Length: 99999999999\r\n', ''),
    413,
    'body: expected at most 1048576 bytes',
  ],
  [
    'too much in chunks',
    post('Transfer-Encoding: chunked\r\n', `100001\r\n${' '.repeat(0x100001)}\r\n0\r\n\r\n`),
    413,
    'body: expected at most 1048576 bytes',
  ],
  [
    'a body that stops',
    post('Content-Length: 20\r\n', '{"x":'),
    408,
    'request: expected its next byte within 400 ms, got none',
  ],
  [
    'a head that stops',
    'GET / HTTP/1.1\r\nHo',
    408,
    'request: expected its next byte within 400 ms, got none',
  ],
  [
    'another type that names one of ours',
    post(`${CLOSE}Content-Length: 2\r\n`, '{}').replace('json', 'xml; a=application/json'),
    415,
    /^Content-Type: expected application\/json or application\/octet-stream, got application\/xml; a=/,
  ],
  [
    'no type',
    head('POST /predict', `${CLOSE}Content-Length: 2\r\n`, '{}'),
    415,
    'Content-Type: expected application/json or application/octet-stream, got none',
  ],
  [
    'no body, HTTP/1.0',
    `POST /predict HTTP/1.0\r\n${JSON_TYPE}\r\n`,
    400,
    'body: expected samples, got nothing',
  ],
]

/** @type {(text: string) => { error: string }} */
const toObject = JSON.parse

describe('what is not a request for predictions', { timeout: 300_000 }, () => {
  for (const [what, request, status, error] of wrong) {
    it(`${what}: ${status}, in the form of all errors`, async () => {
      const [answer, ...others] = await exchange(port, Buffer.from(request, 'latin1'))
      assert.deepEqual(others, [])
      assert.equal(answer.status, status, answer.body)
      assert.equal(answer.headers.connection, 'close')
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
      const value = toObject(answer.body)
      assert.deepEqual(Object.keys(value), ['error'])
      if (typeof error === 'string') assert.equal(value.error, error)
      else assert.match(value.error, error)
    })
  }
})

describe('what is no HTTP, behind requests', { timeout: 300_000 }, () => {
  const one = head('GET /health', '')
  for (const [what, rest] of [
    ['nonsense', 'nonsense\r\n\r\n'],
    ['a body that is none', post('Transfer-Encoding: chunked\r\n', 'zz\r\n')],
  ]) {
    it(`${what}: each of them is answered before the end`, async () => {
      const answers = await exchange(port, Buffer.from(one.repeat(5) + rest))
      assert.deepEqual(
        answers.slice(0, 5).map(({ status }) => status),
        Array(5).fill(200),
      )
    })
  }
})
