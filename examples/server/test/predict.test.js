// @ts-check
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Network } from 'deltaprop'
import { Predictor } from '../predictor.js'
import { exchange } from './exchange.js'
import { INPUTS, listen, net, rows, samples } from './support.js'

const { port, url } = await listen({ bodyLimit: 500_000 })

/**
 * @param {string | Uint8Array<ArrayBuffer> | undefined} body
 * @param {Record<string, string>} headers
 * @param {string} [server]
 */
function post(body, headers, server = url) {
  return fetch(`${server}/predict`, { method: 'POST', headers, body: body ?? null })
}

const json = { 'Content-Type': 'application/json' }
const binary = { 'Content-Type': 'application/octet-stream' }

/** @param {number} length @returns {unknown[]} */
const zeros = (length) => Array.from({ length }, () => 0)

/** What the answer for samples has to be. @param {Float32Array} x @param {Network} [network] */
function expected(x, network = net) {
  const outputs = Array.from(network.predict(x))
  const columns = network.outputs
  const probabilities = Array.from({ length: outputs.length / columns }, (_, i) =>
    outputs.slice(i * columns, (i + 1) * columns),
  )
  return { classes: probabilities.map((row) => row.indexOf(Math.max(...row))), probabilities }
}

describe('POST /predict', () => {
  for (const count of [1, 2, 7]) {
    const x = samples(count)

    it(`answers ${count} in JSON as predict does, to the last decimal`, async () => {
      const response = await post(JSON.stringify({ x: rows(x) }), json)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
      assert.deepEqual(await response.json(), expected(x))
    })

    it(`answers ${count} in JSON without rows`, async () => {
      const response = await post(JSON.stringify({ x: Array.from(x) }), json)
      assert.deepEqual(await response.json(), expected(x))
    })

    it(`answers ${count} in binary`, async () => {
      const response = await post(new Uint8Array(x.buffer), binary)
      assert.equal(response.status, 200)
      assert.deepEqual(await response.json(), expected(x))
    })

    it(`answers ${count} with binary where it is accepted, to the bit`, async () => {
      const response = await post(new Uint8Array(x.buffer), { ...binary, Accept: 'application/octet-stream' })
      assert.equal(response.headers.get('content-type'), 'application/octet-stream')
      assert.deepEqual(new Float32Array(await response.arrayBuffer()), net.predict(x))
    })
  }

  it('answers with the decimals of f64', async () => {
    const wide = new Network([INPUTS, 3], { precision: 'f64', activation: 'tanh', seed: 2 })
    const server = await listen({}, wide)
    const response = await post(JSON.stringify({ x: rows(samples(2)) }), json, server.url)
    assert.deepEqual(await response.json(), expected(samples(2), wide))
  })

  /** @type {[what: string, status: number, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer> | undefined, error: string | RegExp][]} */
  const wrong = [
    ['a short row', 400, json, '{"x":[[1,2]]}', 'x[0]: expected 784 values (inputs), got 2'],
    [
      'a number that is too many',
      400,
      json,
      JSON.stringify({ x: zeros(785) }),
      'x: expected a multiple of 784 values (inputs), got 785',
    ],
    [
      'null among numbers',
      400,
      json,
      JSON.stringify({ x: [zeros(784), [...zeros(783), null]] }),
      'x[1][783]: expected a number, got null; a missing value: leave its sample out, or put a number in its place',
    ],
    [
      'a number beyond f32',
      400,
      json,
      JSON.stringify({ x: [[1e300, ...zeros(783)]] }),
      'x[0][0]: expected a number within the range of f32, got 1e+300',
    ],
    ['no samples', 400, json, '{"x":[]}', 'x: expected at least 1 sample, got 0'],
    ['a text', 400, json, '{"x":"seven"}', 'x: expected an array of numbers or of rows, got "seven"'],
    ['no x', 400, json, '{"y":[]}', 'body: expected an object { "x": samples }'],
    ['no object', 400, json, 'null', 'body: expected an object { "x": samples }'],
    ['half of JSON', 400, json, '{"x":[[', /^\{"error":"body: expected JSON, got SyntaxError: /],
    ['no body', 400, json, undefined, 'body: expected samples, got nothing'],
    [
      'deep nesting',
      400,
      json,
      `{"x":${'['.repeat(90_000)}${']'.repeat(90_000)}}`,
      'body: expected rows of 784 numbers, got too many brackets',
    ],
    [
      'deep nesting of objects',
      400,
      json,
      `{"x":${'{"x":'.repeat(30_000)}1${'}'.repeat(30_001)}`,
      'body: expected rows of 784 numbers, got too many brackets',
    ],
    ['some nesting', 400, json, `{"x":${'['.repeat(60)}${']'.repeat(60)}}`, /^\{"error":"x\[0\]: expected/],
    [
      'a number that JSON has not',
      400,
      json,
      JSON.stringify({ x: zeros(784) }).replace('0', '1e999'),
      /^\{"error":"x\[0\](\[0\])?: expected/,
    ],
    ['__proto__', 400, json, '{"__proto__":{"x":[[1]]}}', 'body: expected an object { "x": samples }'],
    [
      "a length that is no array's",
      400,
      json,
      '{"x":{"length":1000000000,"0":1}}',
      /^\{"error":"x: expected an array/,
    ],
    ['no UTF-8', 400, json, new Uint8Array([0xff, 0xfe]), /^\{"error":"body: expected JSON/],
    ['3 bytes', 400, binary, new Uint8Array(3), 'body: expected a multiple of 4 bytes (float32), got 3'],
    ['3 floats', 400, binary, new Uint8Array(12), 'x: expected a multiple of 784 values (inputs), got 3'],
    [
      'NaN',
      400,
      binary,
      Buffer.from(Float32Array.from({ length: INPUTS }, (_, i) => (i === 5 ? NaN : 0)).buffer),
      'x[0][5]: expected a finite number, got NaN',
    ],
    ['too much', 413, binary, new Uint8Array(500_004), 'body: expected at most 500000 bytes'],
    [
      'another type',
      415,
      { 'Content-Type': 'text/csv' },
      '1,2',
      'Content-Type: expected application/json or application/octet-stream, got text/csv',
    ],
  ]
  for (const [what, status, headers, body, error] of wrong) {
    it(`answers ${what} with ${status}`, async () => {
      const response = await post(body, headers)
      assert.equal(response.status, status)
      const answer = await response.text()
      if (typeof error === 'string') assert.equal(answer, JSON.stringify({ error }))
      else assert.match(answer, error)
    })
  }

  it('takes the last of two keys, as JSON.parse does', async () => {
    const x = samples(1)
    const response = await post(`{"x":[[1]],"x":${JSON.stringify(rows(x))}}`, json)
    assert.deepEqual(await response.json(), expected(x))
  })

  it('reads a body by its type, not by what the parameters of its type name', async () => {
    const x = samples(1)
    const type = 'application/json; like=application/octet-stream'
    const response = await post(JSON.stringify({ x: rows(x) }), { 'Content-Type': type })
    assert.deepEqual(await response.json(), expected(x))
  })

  it('reads a body in chunks of a byte each', async () => {
    const x = Float32Array.from({ length: INPUTS }, (_, i) => i % 10)
    const body = JSON.stringify({ x: rows(x) })
    const chunks = Array.from(body, (byte) => `1\r\n${byte}\r\n`).join('')
    const head = 'POST /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json'
    const [answer] = await exchange(port, `${head}\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    assert.deepEqual(JSON.parse(answer.body), expected(x))
  })

  it('tells who expects it that it may continue, and answers', async () => {
    const body = JSON.stringify({ x: rows(samples(1)) })
    const head = 'POST /predict HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json'
    const answers = await exchange(
      port,
      `${head}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [100, 200],
    )
  })

  for (const accept of ['application/json', 'application/octet-stream']) {
    it(`answers 422 to outputs that are not finite, for ${accept}, and names the sample`, async () => {
      const wide = new Network([2, 1], { activation: 'linear', seed: 1 })
      wide.layers[0].weights.set([10, 10])
      const server = await listen({}, wide)
      const x = [
        [1, 2],
        [3, 4],
        [1e38, 1e38],
        [5, 6],
      ]
      for (const [
        body,
        headers,
      ] of /** @type {[string | Uint8Array<ArrayBuffer>, Record<string, string>][]} */ ([
        [JSON.stringify({ x }), json],
        [JSON.stringify({ x: x.flat() }), json],
        [new Uint8Array(Float32Array.from(x.flat()).buffer), binary],
      ])) {
        const response = await post(body, { ...headers, Accept: accept }, server.url)
        assert.equal(response.status, 422)
        assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8')
        assert.deepEqual(await response.json(), {
          error: 'x[2]: expected a sample whose outputs are finite, got Infinity',
        })
      }
    })
  }

  it('answers other paths with 404', async () => {
    const response = await fetch(`${url}/predictions`)
    assert.equal(response.status, 404)
    assert.deepEqual(await response.json(), {
      error: 'expected POST /predict, GET /health or GET /metrics, got GET /predictions',
    })
  })
})

it('GET /health says that it is ready, and for what', async () => {
  const response = await fetch(`${url}/health`)
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), {
    status: 'ready',
    network: String(net),
    inputs: INPUTS,
    outputs: 10,
  })
})

describe('Predictor', () => {
  it('predicts what arrives in one turn in one call, with the bits of each alone', async () => {
    const predictor = new Predictor(net)
    const sizes = [1, 3, 1, 8, 2]
    const answers = await Promise.all(sizes.map((size, i) => predictor.predict(rows(samples(size, i)))))
    assert.deepEqual([predictor.calls, predictor.samples], [1, 15])
    for (const [i, size] of sizes.entries()) assert.deepEqual(answers[i], net.predict(samples(size, i)))
  })

  it('gives an error to who has sent it, with its own indices, and answers to the others', async () => {
    const predictor = new Predictor(net)
    const spoilt = rows(samples(2, 1))
    spoilt[1][7] = NaN
    const [first, second, third] = await Promise.allSettled([
      predictor.predict(rows(samples(2, 0))),
      predictor.predict(spoilt),
      predictor.predict(samples(1, 2)), // not in rows
    ])
    assert.deepEqual(first, { status: 'fulfilled', value: net.predict(samples(2, 0)) })
    assert.deepEqual(second, {
      status: 'rejected',
      reason: new RangeError('x[1][7]: expected a finite number, got NaN'),
    })
    assert.deepEqual(third, { status: 'fulfilled', value: net.predict(samples(1, 2)) })
  })

  it('predicts each alone where it shall', async () => {
    const predictor = new Predictor(net, false)
    await Promise.all([predictor.predict(rows(samples(1))), predictor.predict(rows(samples(2)))])
    assert.deepEqual([predictor.calls, predictor.samples], [2, 3])
  })
})
