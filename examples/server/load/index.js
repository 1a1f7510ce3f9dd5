// @ts-check
/**
 * How many predictions a second does the server make on one core, and how long do answers take?
 *
 *     npm run train && npm run load -- [--quick] [--no-merge] [--profile]
 *
 * The server is a process on the first core, this one on the second, where there is taskset. Each kind of request is first compared
 * with predict, then sent by 64 connections as fast as answers come, then at 5,000 predictions a second, evenly spread. The
 * server's own seconds of its core are what it took of it: on a machine that is shared, the rest went to others.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Network } from 'deltaprop'
import { toJSON } from '../answer.js'
import { Client } from './client.js'
import { CONNECTIONS, offerAll, offerAtRate, quantile } from './offer.js'
import { kinds } from './requests.js'
import { canPin, startServer } from './server.js'

const OFFERED = 5000

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'no-merge': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
})
const [warmMs, fullMs, halfMs] = options.quick ? [100, 300, 300] : [1000, 5000, 5000]

const net = Network.fromBytes(readFileSync('model.safetensors'))
const server = await startServer(options['no-merge'] ? ['--no-merge'] : [], {
  pinned: canPin,
  node: options.profile ? ['--cpu-prof'] : [],
})
if (canPin) execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' })
console.log(
  `${String(net)}, ${CONNECTIONS} connections; ${canPin ? 'server on core 0, load on core 1' : 'no cores of their own'}\n`,
)

const columns = ['request', 'bytes', 'requests/s', 'predictions/s', 'per CPU s', 'p50 ms', 'p99 ms']
columns.push(`p50 ms at ${OFFERED}/s`, 'p99 ms', 'sent late by, ms')
printRow(columns)
printRow(columns.map((_, i) => (i === 0 ? '---' : '---:')))
for (const kind of kinds()) printRow(await measure(kind))
const code = await server.stop()
if (code !== 0) throw new Error(`expected exit code 0, got ${code}`)

/** @param {import('./requests.js').Kind} kind */
async function measure({ name, samples, requests }) {
  await compare(requests)
  const bytes = requests.map((request) => request.bytes)
  await offerAll(server.port, bytes, warmMs)
  const before = await server.metrics()
  const full = await offerAll(server.port, bytes, fullMs)
  const after = await server.metrics()
  const cpu = after.cpu_seconds_total - before.cpu_seconds_total
  const half = await offerAtRate(server.port, bytes, halfMs, OFFERED / samples)
  const answers = full.latencies.length
  const size = bytes.reduce((sum, { length }) => sum + length, 0) / bytes.length
  return [
    name,
    ...[size, answers / full.seconds, (answers * samples) / full.seconds, (answers * samples) / cpu].map(
      round,
    ),
    ...[full, half].flatMap(({ latencies }) => [quantile(latencies, 0.5), quantile(latencies, 0.99)]).map(ms),
    ms(half.lag),
  ]
}

/** @param {import('./requests.js').Kind['requests']} requests */
async function compare(requests) {
  const client = await Client.open(server.port)
  for (const { bytes, x } of requests) {
    const { body } = await client.ask(bytes)
    const expected = toJSON(net.predict(x), net.outputs)
    if (body.toString() !== expected) throw new Error(`expected ${expected}, got ${body.toString()}`)
  }
  client.close()
}

/** @param {readonly string[]} cells */
function printRow(cells) {
  console.log(`| ${cells.join(' | ')} |`)
}

/** @param {number} number */
function round(number) {
  return Math.round(number).toLocaleString('en')
}

/** @param {number} time milliseconds */
function ms(time) {
  return time.toFixed(1)
}
