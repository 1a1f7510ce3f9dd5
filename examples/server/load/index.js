// @ts-check
/**
 * How many predictions a second does the server make on one core, and how long do answers take?
 *
 *     npm run train && npm run load -- [--quick] [--no-merge] [--profile] [PART OF A NAME]
 *
 * The server is a process on the first core, this one on the second, where there is taskset. Each kind of request is first compared
 * with predict, then sent by 64 connections as fast as answers come, then at 5,000 predictions a second, evenly spread; medians of
 * three rounds. The server's own seconds of its core are what it took of it: on a machine that is shared, the rest went to others.
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

/** Predictions a second: half of what the server is to reach. */
const OFFERED = 5000
/** Rounds of all kinds, whose medians are shown. */
const ROUNDS = 3

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    'no-merge': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
})
const [warmMs, fullMs, halfMs] = options.quick ? [100, 300, 300] : [500, 2000, 3000]

const net = Network.fromBytes(readFileSync('model.safetensors'))
// The load is one client, which may have all that there is.
const alone = ['--client-share', '1']
const server = await startServer(options['no-merge'] ? [...alone, '--no-merge'] : alone, {
  pinned: canPin,
  node: options.profile ? ['--cpu-prof'] : [],
})
if (canPin) execFileSync('taskset', ['-cp', '1', String(process.pid)], { stdio: 'ignore' })
console.log(
  `${String(net)}, ${CONNECTIONS} connections; ${canPin ? 'server on core 0, load on core 1' : 'no cores of their own'}\n`,
)

const chosen = kinds().filter(({ name }) => name.includes(positionals[0] ?? ''))
/** What each round has measured of each kind. */
const measured = chosen.map(() => /** @type {number[][]} */ ([]))
for (const { requests } of chosen) await compare(requests)
for (let round = 0; round < ROUNDS; ++round) {
  for (const [k, kind] of chosen.entries()) measured[k].push(await measure(kind))
}
const columns = ['request', 'bytes', 'requests/s', 'predictions/s', 'per CPU s', 'p50 ms', 'p99 ms']
columns.push(`p50 ms at ${OFFERED}/s`, 'p99 ms', 'p99 sent late by, ms')
printRow(columns)
printRow(columns.map((_, i) => (i === 0 ? '---' : '---:')))
for (const [k, { name, requests }] of chosen.entries()) {
  const size = requests.reduce((sum, { bytes }) => sum + bytes.length, 0) / requests.length
  const medians = measured[k][0].map((_, i) => median(measured[k].map((round) => round[i])))
  printRow([name, integer(size), ...medians.map((value, i) => (i < 3 ? integer(value) : value.toFixed(1)))])
}
const code = await server.stop()
if (code !== 0) throw new Error(`expected exit code 0, got ${code}`)

/** @param {import('./requests.js').Kind} kind @returns {Promise<number[]>} a row, from requests/s on */
async function measure({ samples, requests }) {
  const bytes = requests.map((request) => request.bytes)
  await offerAll(server.port, bytes, warmMs)
  const before = await server.metrics()
  const full = await offerAll(server.port, bytes, fullMs)
  const after = await server.metrics()
  const cpu = after.cpu_seconds_total - before.cpu_seconds_total
  const half = await offerAtRate(server.port, bytes, halfMs, OFFERED / samples)
  const answers = full.latencies.length
  const rates = [answers / full.seconds, (answers * samples) / full.seconds, (answers * samples) / cpu]
  const latencies = [full, half].flatMap((result) => [0.5, 0.99].map((q) => quantile(result.latencies, q)))
  return [...rates, ...latencies, half.lag]
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
function integer(number) {
  return Math.round(number).toLocaleString('en')
}

/** @param {number[]} numbers an odd number of them */
function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[(numbers.length - 1) / 2]
}
