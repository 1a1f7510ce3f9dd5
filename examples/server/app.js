// @ts-check
import fastify from 'fastify'
import { checkFinite, toBinary, toJSON } from './answer.js'
import { announcedBytes, readBody } from './body.js'
import { clientOf, proxyCheck } from './clients.js'
import { Connections } from './connections.js'
import { busy, refuse, RequestError, shown } from './errors.js'
import { Gate } from './gate.js'
import { checkHead, typeOf } from './head.js'
import { readBinary, readJSON } from './input.js'
import { LIMITS } from './limits.js'
import { Metrics } from './metrics.js'
import { Predictor } from './predictor.js'
import { Shutdown } from './shutdown.js'

/**
 * @typedef {import('deltaprop').Network} Network
 * @typedef {import('fastify').FastifyError} FastifyError
 * @typedef {import('node:net').Socket} Socket
 */

const JSON_TYPE = 'application/json'
const BINARY_TYPE = 'application/octet-stream'

/**
 * A server of a network's predictions, not listening yet.
 *
 * @param {Network} net
 * @param {Partial<import('./limits.js').Limits>} [given] LIMITS unless given
 * @param {{ merges?: boolean, proxies?: readonly string[] }} [options] whether requests share calls of predict, true unless given;
 *   addresses of proxies whose X-Forwarded-For is believed
 */
export function createApp(net, given = {}, { merges = true, proxies = [] } = {}) {
  const limits = { ...LIMITS, ...given }
  const isProxy = proxyCheck(proxies)
  const app = fastify({
    requestTimeout: limits.requestTimeout,
    connectionTimeout: limits.idleTimeout,
    http: {
      // Node does not look at a requestTimeout that is below the headersTimeout, 60 s unless set.
      headersTimeout: limits.requestTimeout,
      connectionsCheckingInterval: Math.min(1000, limits.requestTimeout),
      // Node's own answer has no body: see head.js.
      requireHostHeader: false,
    },
    trustProxy: proxies.length > 0 && isProxy,
    // Shutdown answers what still comes, and closes idle connections itself.
    return503OnClosing: false,
    forceCloseConnections: false,
    clientErrorHandler: (error, socket) => connections.fail(error, /** @type {Socket} */ (socket)),
    frameworkErrors: (_, { raw }, /** @type {import('fastify').FastifyReply} */ reply) => {
      void reply.code(400).send({ error: `URL: expected percent codes of UTF-8, got ${shown(raw.url)}` })
    },
  })
  const { server } = app
  const connections = new Connections(server, limits, isProxy)
  const predictor = new Predictor(net, merges)
  const gate = new Gate(limits)
  const bodyLimit = Math.min(limits.bodyLimit, gate.mostBytes)
  const metrics = new Metrics(server, predictor, gate)
  const shutdown = new Shutdown(app, connections)

  // That it may continue, a client is told when there is room for its body; what else it expects, checkHead knows.
  for (const event of ['checkContinue', 'checkExpectation']) {
    server.on(event, (request, response) => server.emit('request', request, response))
  }
  server.on('connect', ({ url }, socket) => refuse(socket, notFound('CONNECT', url)))

  // Bodies are read by who knows whether there is room for them.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_, body, done) => done(null, body))

  app.addHook('onRequest', ({ raw }, _, done) => {
    // Of a connection that has asked for too much, in the part of it that was read already.
    if (raw.socket.destroyed) return
    checkHead(raw)
    done()
  })

  app.addHook('onSend', (_, reply, payload, done) => {
    if (shutdown.isOn) reply.header('Connection', 'close')
    done(null, payload)
  })

  app.post('/predict', async (request, reply) => {
    const { raw, headers } = request
    const visit = gate.enter(clientOf(request.ip), announcedBytes(raw, bodyLimit))
    if (visit === undefined) throw busy()
    reply.raw.once('close', () => visit.leave())
    const read = readerOf(headers['content-type'])
    if (headers.expect !== undefined) reply.raw.writeContinue()
    const body = await readBody(raw, bodyLimit, visit)
    const outputs = await predict(predictor, read(body, net.inputs))
    checkFinite(outputs, net.outputs)
    const isBinary = headers.accept?.includes(BINARY_TYPE) === true
    const answer = isBinary ? toBinary(outputs) : toJSON(outputs, net.outputs)
    visit.hold(answer.length)
    return reply.type(isBinary ? BINARY_TYPE : JSON_TYPE).send(answer)
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

  app.setNotFoundHandler(({ method, url }) => {
    throw notFound(method, url)
  })

  app.setErrorHandler((/** @type {FastifyError} */ error, { raw }, reply) => {
    const { statusCode = 500, message } = error
    if (statusCode >= 500 && statusCode !== 503) console.error(error)
    if (statusCode === 503) reply.header('Retry-After', '1')
    // What is left of the request would be read in vain; but who is to try again may do so here.
    else if (!raw.complete) reply.header('Connection', 'close')
    return reply.code(statusCode).send({ error: statusCode === 500 ? 'internal error' : message })
  })

  return { app, metrics, shutdown }
}

/**
 * @param {Predictor} predictor
 * @param {import('deltaprop').Samples} x
 * @throws RequestError
 */
async function predict(predictor, x) {
  try {
    return await predictor.predict(x)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new RequestError(400, error.message, { cause: error })
    }
    throw error
  }
}

/**
 * What reads bodies of a type.
 *
 * @param {string | undefined} type
 */
function readerOf(type) {
  switch (typeOf(type)) {
    case JSON_TYPE:
      return readJSON
    case BINARY_TYPE:
      return readBinary
    default:
      throw new RequestError(415, `Content-Type: expected ${JSON_TYPE} or ${BINARY_TYPE}, got ${shown(type)}`)
  }
}

/**
 * @param {string} method
 * @param {string} [url]
 */
function notFound(method, url) {
  return new RequestError(
    404,
    `expected POST /predict, GET /health or GET /metrics, got ${method} ${shown(url)}`,
  )
}
