// @ts-check
// The other thread: trains the network that it is given, and listens while it does.
import { parentPort, workerData } from 'node:worker_threads'
import { adam, Network } from 'deltaprop'

/** @typedef {import('./messages.js').Report} Report */

if (parentPort === null) throw new Error('worker.js: expected to be a worker, see trainer.js')
const port = parentPort
/** @type {unknown} */
const given = workerData
const job = /** @type {import('./messages.js').Job} */ (given)
const { epochs, batchSize, learningRate } = job.plan

const abort = new AbortController()
/** Kept while training is paused. @type {Promise<void> | undefined} */
let pause
let resume = () => {}

port.on('message', (/** @type {import('./messages.js').Command} */ command) => {
  if (command === 'pause') pause ??= new Promise((resolve) => (resume = resolve))
  else resume()
  if (command === 'cancel') abort.abort()
})

const net = Network.fromBytes(job.network)
try {
  await net.fit(job.data, {
    epochs,
    batchSize,
    optimizer: adam({ learningRate }),
    validation: job.validation,
    signal: abort.signal,
    onEpoch: async ({ epoch, loss, validation }) => {
      tell({ type: 'epoch', epoch, loss, accuracy: validation?.accuracy ?? NaN })
      if (pause === undefined) return
      tell({ type: 'paused' })
      await pause
      pause = undefined
    },
  })
} catch (error) {
  // Cancelled, the network is that of the last finished epoch; other errors reach the main thread as they are.
  if (!abort.signal.aborted) throw error
}
const network = net.toBytes()
tell({ type: 'done', network, cancelled: abort.signal.aborted }, [network.buffer])
port.close()

/**
 * @param {Report} report
 * @param {ArrayBuffer[]} [moved] buffers that are given away, not copied
 */
function tell(report, moved = []) {
  port.postMessage(report, moved)
}
