// @ts-check
/**
 * How much faster is training with more threads?
 *
 *     npm run -s bench:build && node bench/threads.js [--quick]
 *
 * f32, exact arithmetic, from one thread to as many as there are cores, in turns. A run is one long `fit`, the start of its workers
 * included; all of them give the same bits.
 */
import { Network, sgd } from 'deltaprop'
import { availableParallelism } from 'node:os'
import { largestDifference } from './contenders.js'
import { isMain, isolated } from './isolate.js'
import { isQuick, ratesOf, takeTurns } from './measure.js'
import { printTable } from './report/table.js'
import { threadsTable } from './report/tables.js'
import { findWorkload, flopsPerSample, makeData, workloads } from './workloads.js'

/**
 * @typedef {object} ThreadsRow
 * @property {string} name of the workload
 * @property {readonly import('./measure.js').Statistics[]} rates samples/s with 1, 2, … threads
 */

const threadCount = availableParallelism()

/** Operations of a run at least: about a second of one thread. */
const RUN_FLOPS = isQuick ? 2e9 : 2e10

/** @returns {Promise<ThreadsRow[]>} nothing where there is one thread only */
export async function measureThreads() {
  if (threadCount === 1) {
    console.log('\nThreads: skipped, one core only')
    return []
  }
  /** @type {ThreadsRow[]} */
  const rows = []
  for (const name of ['nielsen', 'mnist', 'deep', 'wide']) {
    rows.push(await isolated(import.meta.url, measureSpeedUp, { name }))
  }
  printTable('Threads, samples/s', threadsTable(rows))
  return rows
}

/**
 * @param {{ name: string }} options
 * @returns {Promise<ThreadsRow>}
 */
export async function measureSpeedUp({ name }) {
  const workload = findWorkload(workloads, name)
  const { sizes, batch, samples, options } = workload
  const data = makeData(workload)
  const epochs = Math.ceil(RUN_FLOPS / samples / flopsPerSample(sizes))
  const training = { epochs, batchSize: batch, optimizer: sgd({ learningRate: 0.01 }) }
  const contenders = Array.from({ length: threadCount }, (_, i) => {
    const net = new Network(sizes, options)
    return { name: `${i + 1} threads`, net, run: () => net.fit(data, { ...training, threads: i + 1 }) }
  })
  for (const { run } of contenders) await run()
  const [one, ...more] = contenders.map(({ net }) => net.predict(data.x))
  for (const [i, outputs] of more.entries()) {
    if (largestDifference(outputs, one) !== 0) throw new Error(`${name}: ${i + 2} threads gave other bits`)
  }
  const milliseconds = await takeTurns(contenders, { rounds: isQuick ? 1 : 9, roundMs: 1, warmup: false })
  return { name, rates: milliseconds.map((ms) => ratesOf(ms, epochs * samples)) }
}

if (isMain(import.meta.url)) await measureThreads()
