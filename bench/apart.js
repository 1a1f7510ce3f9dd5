// @ts-check
/** Threads that each train a network of their own, beside one another: see threads.js. */
import { Network } from 'deltaprop'
import { parentPort, Worker } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { findWorkload, makeData, workloads } from './workloads.js'

/**
 * @typedef {object} Task
 * @property {string} name of a workload
 * @property {number} samples of an epoch
 * @property {import('deltaprop').FitOptions} options
 */

/**
 * @param {number} count of threads
 * @returns {{ fit: (task: Task) => Promise<number[]>, end: () => Promise<unknown> }} a fit in every one of them, all at once; seconds of
 *   their epochs
 */
export function startApart(count) {
  const workers = Array.from({ length: count }, () => new Worker(fileURLToPath(import.meta.url)))
  /** @type {(worker: Worker, task: Task) => Promise<number[]>} */
  const fit = (worker, task) =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage(task)
    })
  return {
    fit: async (task) => (await Promise.all(workers.map((worker) => fit(worker, task)))).flat(),
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}

/** @param {Task} task */
async function train({ name, samples, options }) {
  const workload = findWorkload(workloads, name)
  const net = new Network(workload.sizes, workload.options)
  const { epochs } = await net.fit(makeData({ ...workload, samples }), options)
  return epochs.map(({ seconds }) => seconds)
}

parentPort?.on('message', (/** @type {Task} */ task) => {
  void train(task).then((seconds) => parentPort?.postMessage(seconds))
})
