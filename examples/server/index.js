// @ts-check
// Serves a network's predictions: `npm start -- [--model FILE] [--port PORT] …`.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Network } from 'deltaprop'
import { createApp } from './app.js'
import { LIMITS } from './limits.js'

const help = `usage: npm start -- [options]

Answers POST /predict, GET /health and GET /metrics.

  --model FILE           network, made by \`npm run train\` (model.safetensors)
  --host HOST            address to listen on (127.0.0.1)
  --port PORT            port to listen on, 0 for any (8000)
  --max-requests N       requests that are answered at a time (256)
  --max-bytes N          bytes of their bodies and answers (8388608)
  --max-connections N    connections that are open at a time (2048)
  --client-share SHARE   of these three that one address may have, at most 1 (0.25)
  --trust-proxy LIST     addresses or ranges of proxies, between commas: X-Forwarded-For says who their clients are
  --body-limit N         bytes of one body (1048576)
  --request-timeout MS   for a request to arrive, and for its answer to be taken (10000)
  --idle-timeout MS      for the next byte of either (5000)
  --linger MS            for clients to send one more request, after SIGTERM (1000)
  --no-merge             predicts each request alone
  -h, --help             shows this`

try {
  const options = readOptions()
  if (options.help) console.log(help)
  else await serve(options)
} catch (error) {
  console.error(`server: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' })
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: 'model.safetensors' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8000' },
      'max-requests': text,
      'max-bytes': text,
      'max-connections': text,
      'client-share': text,
      'trust-proxy': text,
      'body-limit': text,
      'request-timeout': text,
      'idle-timeout': text,
      linger: { type: 'string', default: '1000' },
      'no-merge': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  return values
}

/** @param {ReturnType<typeof readOptions>} options */
async function serve(options) {
  const net = Network.fromBytes(readModel(options.model))
  const limits = {
    maxRequests: readCount('max-requests', options['max-requests']),
    maxBytes: readCount('max-bytes', options['max-bytes']),
    maxConnections: readCount('max-connections', options['max-connections']),
    clientShare: readShare(options['client-share']),
    bodyLimit: readCount('body-limit', options['body-limit']),
    requestTimeout: readCount('request-timeout', options['request-timeout']),
    idleTimeout: readCount('idle-timeout', options['idle-timeout']),
  }
  const given = Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
  const port = Number(readCount('port', options.port))
  const linger = Number(readCount('linger', options.linger))
  const { app, metrics, shutdown } = createApp(net, given, {
    merges: !options['no-merge'],
    proxies: options['trust-proxy']?.split(',') ?? [],
  })
  // Node takes one connection a turn: more that wait for theirs than 511 would have to ask again a second later.
  const address = await app.listen({ port, host: options.host, backlog: LIMITS.maxConnections })
  console.log(`${address} answers with ${String(net)}`)

  for (const signal of ['SIGTERM', 'SIGINT']) {
    // Once: a second signal ends the process as if nobody listened.
    process.once(signal, () => {
      console.log(`${signal}: no new connections`)
      void shutdown.run(linger, linger + 10_000).then(() => {
        const { received, answered } = metrics
        console.log(`Answered ${answered} of ${received} requests`)
      })
    })
  }
}

/** @param {string} file */
function readModel(file) {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Error(`model: expected a file, which \`npm run train\` makes, got ${String(error)}`, {
      cause: error,
    })
  }
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function readCount(name, text) {
  if (text === undefined) return undefined
  if (/^\d{1,10}$/.test(text)) return Number(text)
  throw new RangeError(`--${name}: expected an integer >= 0, got ${JSON.stringify(text)}`)
}

/** @param {string | undefined} text */
function readShare(text) {
  if (text === undefined) return undefined
  if (/^(0?\.\d{1,9}|1)$/.test(text) && Number(text) > 0) return Number(text)
  throw new RangeError(`--client-share: expected a number > 0 and <= 1, got ${JSON.stringify(text)}`)
}
