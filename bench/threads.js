// @ts-check
/**
 * How much faster is training with more threads?
 *
 *     npm run -s bench:build && node bench/threads.js [--quick]
 *
 * f32, exact arithmetic, from one thread to as many as there are cores, in turns; all of them give the same bits. Timed are epochs,
 * not the start of the workers before the first, some 100 ms. What the machine allows is shown by as many threads as there are cores
 * that each train a network of their own: they share nothing and wait for nobody.
 */
import { Network, sgd } from 'deltaprop'
import { availableParallelism } from 'node:os'
import { startApart } from './apart.js'
import { largestDifference } from './contenders.js'
import { isMain, isolated } from './isolate.js'
import { isQuick, ratesOf } from './measure.js'
import { printTable } from './report/table.js'
import { threadsTable } from './report/tables.js'
import { findWorkload, flopsPerSample, makeData, workloads } from './workloads.js'

/**
 * @typedef {object} ThreadsRow
 * @property {string} name of the workload
 * @property {readonly import('./measure.js').Statistics[]} rates samples/s with 1, 2, … threads
 * @property {import('./measure.js').Statistics} apart samples/s of all cores, each with a network of its own
 */

const threadCount = availableParallelism()

/** Operations of an epoch at least: about a quarter of a second of one thread. */
const EPOCH_FLOPS = isQuick ? 1e9 : 5e9
const EPOCHS = isQuick ? 1 : 4
const ROUNDS = isQuick ? 1 : 8

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
  const { sizes, batch, options } = workload
  const samples = Math.ceil(EPOCH_FLOPS / flopsPerSample(sizes) / batch) * batch
  const data = makeData({ ...workload, samples })
  const training = { epochs: EPOCHS, batchSize: batch, optimizer: sgd({ learningRate: 0.01 }) }
  const nets = Array.from({ length: threadCount }, () => new Network(sizes, options))
  const apart = await startApart(threadCount, { name, samples, options: training })
  const contenders = [
    ...nets.map((net, i) => async () => {
      const { epochs } = await net.fit(data, { ...training, ...(i > 0 && { threads: i + 1 }) })
      return epochs.map(({ seconds }) => seconds)
    }),
    async () => (await apart.fit()).flatMap(({ seconds }) => seconds),
  ]
  for (const fit of contenders.slice(0, threadCount)) await fit()
  const alone = await apart.fit()
  const [one, ...others] = [...nets.map((net) => net.predict(data.x)), ...alone.map(({ outputs }) => outputs)]
  if (others.some((outputs) => largestDifference(outputs, one) !== 0)) {
    throw new Error(`${name}: some threads gave other bits than one`)
  }
  /** @type {number[][]} */
  const seconds = contenders.map(() => [])
  for (let round = 0; round < ROUNDS; ++round) {
    for (const [i, fit] of contenders.entries()) seconds[i].push(...(await fit()))
  }
  await apart.end()
  const rates = seconds.map((epochs, i) =>
    ratesOf(
      epochs.map((epoch) => 1000 * epoch),
      i < threadCount ? samples : threadCount * samples,
    ),
  )
  return { name, rates: rates.slice(0, threadCount), apart: rates[threadCount] }
}

if (isMain(import.meta.url)) await measureThreads()
