// @ts-check
import { Worker } from 'node:worker_threads'
import { Network } from 'deltaprop'

/**
 * @typedef {import('./messages.js').Command} Command
 * @typedef {import('./messages.js').Data} Data
 * @typedef {import('./messages.js').Job} Job
 * @typedef {import('./messages.js').Plan} Plan
 * @typedef {import('./messages.js').Progress} Progress
 * @typedef {import('./messages.js').Report} Report
 */

/**
 * @typedef {object} Outcome
 * @property {Network} net after the last epoch that was trained to its end; its report is missing if training was cancelled while
 *   that epoch was validated
 * @property {boolean} cancelled before all epochs were done
 */

/** A training that goes on in a worker, while this thread does what it likes. */
export class Trainer {
  /**
   * What comes of it.
   *
   * @type {Promise<Outcome>}
   * @throws Error that the worker threw
   */
  outcome
  #worker
  /** Called when the worker stands still, or has ended. @type {(() => void)[]} */
  #pausing = []
  #isOver = false

  /**
   * @param {Network} net stays as it is; the worker trains a copy
   * @param {Data} data
   * @param {Data} validation
   * @param {Plan} plan
   * @param {(progress: Progress) => void} onEpoch called on this thread, which does not keep the worker
   */
  constructor(net, data, validation, plan, onEpoch) {
    /** @type {Job} */
    const job = { network: net.toBytes(), data, validation, plan }
    this.#worker = new Worker(new URL('worker.js', import.meta.url), { workerData: job })
    this.outcome = new Promise((resolve, reject) => {
      this.#worker.on('message', (/** @type {Report} */ report) => {
        if (report.type === 'epoch') onEpoch(report)
        else this.#standsStill()
        if (report.type !== 'done') return
        resolve({ net: Network.fromBytes(report.network), cancelled: report.cancelled })
      })
      this.#worker.on('error', reject)
      this.#worker.on('exit', (code) => {
        this.#isOver = true
        this.#standsStill()
        reject(new Error(`worker: expected a network, got exit code ${code}`))
      })
    })
  }

  /** Training waits after the epoch that it is in. @returns {Promise<void>} kept when it does, or is over */
  pause() {
    if (this.#isOver) return Promise.resolve()
    return new Promise((resolve) => {
      this.#pausing.push(resolve)
      this.#tell('pause')
    })
  }

  resume() {
    this.#tell('resume')
  }

  /** Ends training now; an epoch that is not trained to its end is undone. */
  cancel() {
    this.#tell('cancel')
  }

  /** @param {Command} command */
  #tell(command) {
    this.#worker.postMessage(command)
  }

  #standsStill() {
    for (const resolve of this.#pausing.splice(0)) resolve()
  }
}
