/** Servers and workers of a measurement, which end with it. */
import { availableParallelism, cpus } from 'node:os'
import { cluster } from '../dist/index.js'
import { Server, startWorkers, until } from '../test/support.js'

/** What the figures were measured on. */
export const machine = `Node ${process.versions.node}, ${cpus()[0].model.trim()}, ${availableParallelism()} cores`

/** @type {(() => unknown)[]} */
const ends = []
const context = { after: (/** @type {() => unknown} */ end) => void ends.push(end) }

/** @param {() => Promise<void>} run */
export async function measured(run) {
  try {
    await run()
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/**
 * A cluster of so many workers, which have all begun.
 *
 * @param {number} workers
 * @param {import('../dist/index.js').ClusterOptions} [options]
 */
export async function started(workers, options = {}) {
  const server = await Server.start(context)
  const all = startWorkers(context, server.url, workers)
  const on = await cluster({ servers: server.url, warn: () => undefined, ...options })
  ends.push(() => on.close())
  return { server, workers: all, on, until }
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** @param {() => Promise<unknown>} what @returns {Promise<number>} milliseconds */
export async function timed(what) {
  const start = performance.now()
  await what()
  return performance.now() - start
}
