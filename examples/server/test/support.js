// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { Network } from 'deltaprop'
import { createApp } from '../app.js'
import { toRequest } from '../load/client.js'
import { startServer } from '../load/server.js'

export const INPUTS = 784

/** A network as the load test's, its weights by chance. */
export const net = new Network([INPUTS, 128, 10], {
  activation: { hidden: 'relu', output: 'softmax' },
  seed: 1,
})

/**
 * Samples that differ from those of other numbers.
 *
 * @param {number} count
 * @param {number} number
 */
export function samples(count, number = 0) {
  return Float32Array.from({ length: count * INPUTS }, (_, i) => Math.fround(Math.sin(i + 1000 * number)))
}

/** @param {Float32Array} x */
export function rows(x) {
  return Array.from({ length: x.length / INPUTS }, (_, i) =>
    Array.from(x.subarray(i * INPUTS, (i + 1) * INPUTS)),
  )
}

/** A request with samples in binary. @param {Float32Array} x */
export function binaryRequest(x) {
  return toRequest('application/octet-stream', Buffer.from(x.buffer))
}

/**
 * The network as a file, which is gone after the tests.
 *
 * @returns {string} its path
 */
function modelFile() {
  const folder = mkdtempSync(join(tmpdir(), 'deltaprop-server-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'model.safetensors')
  writeFileSync(file, net.toBytes())
  return file
}

/**
 * A server in a process of its own, which does not outlive a test that fails.
 *
 * @param {...string} options
 */
export async function start(...options) {
  const server = await startServer(['--model', modelFile(), ...options])
  after(() => server.child.kill('SIGKILL'))
  return server
}

/**
 * A server in this process, which ends with the tests.
 *
 * @param {Partial<import('../limits.js').Limits>} [limits]
 * @param {Network} [network]
 * @param {readonly string[]} [proxies]
 */
export async function listen(limits, network = net, proxies = []) {
  const { app, metrics, shutdown } = createApp(network, limits, { proxies })
  await app.listen({ port: 0, host: '127.0.0.1' })
  after(() => (shutdown.isOn ? undefined : shutdown.run(0, 0)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (app.server.address())
  return { port, metrics, shutdown, url: `http://127.0.0.1:${port}` }
}
