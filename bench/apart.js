// @ts-check
/** Threads that each train a network of their own, beside one another: see threads.js. */
import { Network } from 'deltaprop'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { findWorkload, makeData, workloads } from './workloads.js'

/**
 * @typedef {object} Task
 * @property {string} name of a workload
 * @property {number} samples of an epoch
 * @property {import('deltaprop').FitOptions} options
 */

/**
 * @typedef {object} Trained
 * @property {number[]} seconds of each epoch
 * @property {Float32Array | Float64Array} outputs for the samples
 */

/**
 * Resolves when all threads have their samples.
 *
 * @param {number} count of threads
 * @param {Task} task
 * @returns {Promise<{ fit: () => Promise<Trained[]>, end: () => Promise<unknown> }>} a fit of a new network in every thread, begun at once
 */
export async function startApart(count, task) {
  const url = fileURLToPath(import.meta.url)
  const workers = Array.from({ length: count }, () => new Worker(url, { workerData: task }))
  /** @type {(worker: Worker) => Promise<any>} */
  const reply = (worker) =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
  await Promise.all(workers.map(reply))
  return {
    fit: () => {
      const replies = workers.map(reply)
      for (const worker of workers) worker.postMessage('fit')
      return Promise.all(replies)
    },
    end: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}

if (parentPort !== null) {
  const port = parentPort
  /** @type {unknown} */
  const given = workerData
  const { name, samples, options } = /** @type {Task} */ (given)
  const workload = findWorkload(workloads, name)
  const data = makeData({ ...workload, samples })
  port.on('message', () => {
    const net = new Network(workload.sizes, workload.options)
    void net.fit(data, options).then(({ epochs }) => {
      port.postMessage({ seconds: epochs.map(({ seconds }) => seconds), outputs: net.predict(data.x) })
    })
  })
  port.postMessage('ready')
}
