// @ts-check
import fastify from 'fastify'
import { toBinary, toJSON } from './answer.js'
import { Gate } from './gate.js'
import { InputError, readBinary, readJSON } from './input.js'
import { Metrics } from './metrics.js'
import { Predictor } from './predictor.js'
import { Shutdown } from './shutdown.js'

/**
 * @typedef {import('deltaprop').Network} Network
 * @typedef {import('fastify').FastifyRequest} Request
 * @typedef {import('fastify').FastifyReply} Reply
 * @typedef {import('fastify').FastifyError} FastifyError
 */

/**
 * @typedef {object} Limits
 * @property {number} bodyLimit bytes of one request's body
 * @property {number} maxRequests that are answered at a time
 * @property {number} maxBytes of their bodies
 * @property {number} maxConnections
 * @property {number} requestTimeout milliseconds that a request may take to arrive
 */

/**
 * 256 requests of one sample wait 20 ms at most where 13,000 of them are answered in a second, and 8 MB of bodies take no more than
 * some 40 MB as JSON that is read.
 *
 * @type {Limits}
 */
export const LIMITS = {
  bodyLimit: 2 ** 20,
  maxRequests: 256,
  maxBytes: 8 * 2 ** 20,
  maxConnections: 2048,
  requestTimeout: 10_000,
}

const JSON_TYPE = 'application/json'
const BINARY_TYPE = 'application/octet-stream'

/**
 * A server of a network's predictions, not listening yet.
 *
 * @param {Network} net
 * @param {Partial<Limits>} [limits] LIMITS unless given
 * @param {boolean} [merges] whether requests share calls of predict; true unless given
 */
export function createApp(net, limits = {}, merges = true) {
  const { bodyLimit, maxRequests, maxBytes, maxConnections, requestTimeout } = { ...LIMITS, ...limits }
  const app = fastify({
    bodyLimit,
    requestTimeout,
    // Inactive that long, also a client that does not read its answer.
    connectionTimeout: 3 * requestTimeout,
    http: { connectionsCheckingInterval: Math.min(1000, requestTimeout) },
    // Shutdown answers what still comes, and closes idle connections itself.
    return503OnClosing: false,
    forceCloseConnections: false,
  })
  app.server.maxConnections = maxConnections
  // Node does not look at a requestTimeout that is below the headersTimeout, 60 s unless set.
  app.server.headersTimeout = requestTimeout
  const predictor = new Predictor(net, merges)
  const gate = new Gate(maxRequests, maxBytes)
  const metrics = new Metrics(predictor, gate)
  const shutdown = new Shutdown(app)

  app.removeAllContentTypeParsers()
  app.addContentTypeParser([JSON_TYPE, BINARY_TYPE], { parseAs: 'buffer' }, (_, body, done) => {
    done(null, body)
  })

  app.addHook('onRequest', ({ raw }, reply, done) => {
    metrics.received += 1
    shutdown.begin(raw.socket)
    reply.raw.once('close', () => {
      shutdown.end(raw.socket)
      metrics.count(reply.raw)
    })
    done()
  })

  app.addHook('onSend', (_, reply, payload, done) => {
    if (shutdown.isOn) reply.header('Connection', 'close')
    done(null, payload)
  })

  /**
   * Before the body is read: a request that there is no room for takes none.
   *
   * @param {Request} request
   * @param {Reply} reply
   * @param {() => void} done
   */
  const admit = (request, reply, done) => {
    const bytes = Math.min(Number(request.headers['content-length'] ?? bodyLimit), bodyLimit)
    if (!gate.enter(bytes)) {
      reply.code(503).header('Retry-After', '1').send({ error: 'the server is busy; try again' })
      return
    }
    reply.raw.once('close', () => gate.leave(bytes))
    done()
  }

  app.post('/predict', { onRequest: admit }, async (request, reply) => {
    const outputs = await answer(predictor, request, net.inputs)
    if (names(request.headers.accept, BINARY_TYPE)) return reply.type(BINARY_TYPE).send(toBinary(outputs))
    return reply.type(JSON_TYPE).send(toJSON(outputs, net.outputs))
  })

  app.get('/health', (_, reply) => {
    const { inputs, outputs } = net
    reply.code(shutdown.isOn ? 503 : 200)
    return reply.send({
      status: shutdown.isOn ? 'shutting down' : 'ready',
      network: String(net),
      inputs,
      outputs,
    })
  })

  app.get('/metrics', (_, reply) => reply.type('text/plain; version=0.0.4').send(String(metrics)))

  app.setNotFoundHandler(({ method, url }, reply) =>
    reply
      .code(404)
      .send({ error: `expected POST /predict, GET /health or GET /metrics, got ${method} ${url}` }),
  )

  app.setErrorHandler((/** @type {FastifyError} */ error, request, reply) => {
    const { statusCode = 500 } = error
    if (statusCode >= 500) console.error(error)
    return reply.code(statusCode).send({ error: explain(error, statusCode, request, bodyLimit) })
  })

  return { app, metrics, shutdown }
}

/**
 * @param {Predictor} predictor
 * @param {Request} request
 * @param {number} inputs of the network
 * @throws InputError
 */
async function answer(predictor, { body, headers }, inputs) {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new InputError('body: expected samples, got nothing')
  const x = names(headers['content-type'], BINARY_TYPE) ? readBinary(body, inputs) : readJSON(body)
  try {
    return await predictor.predict(x)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new InputError(error.message, { cause: error })
    }
    throw error
  }
}

/**
 * @param {FastifyError} error
 * @param {number} status
 * @param {Request} request
 * @param {number} bodyLimit
 */
function explain({ message }, status, { headers }, bodyLimit) {
  if (status >= 500) return 'internal error'
  if (status === 413) return `body: expected at most ${bodyLimit} bytes`
  if (status === 415) {
    return `Content-Type: expected ${JSON_TYPE} or ${BINARY_TYPE}, got ${headers['content-type'] ?? 'none'}`
  }
  return message
}

/**
 * Whether a header names a type of content, with parameters or others beside it or not.
 *
 * @param {string | undefined} header
 * @param {string} type
 */
function names(header, type) {
  return header !== undefined && header.toLowerCase().includes(type)
}
