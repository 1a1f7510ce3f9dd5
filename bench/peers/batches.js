// @ts-check
/** Training by batches, and inference with many samples: what is checked, and what is timed. */
import { Network, sgd } from '../../dist/index.js'
import { flopsPerSample, makeData } from '../workloads.js'
import { CHECK_LEARNING_RATE, checkOutputs, checkTrained, LEARNING_RATE, taskOf } from './library.js'

/** @typedef {import('./library.js').Job} Job */
/** @typedef {import('./library.js').Prepared} Prepared */

/** An epoch ends after so many batches, or, sample by sample, after so many operations. */
const EPOCH = { batches: 1024, flops: 3e8 }

/**
 * The outputs are the same before and after a few updates; or the times mean nothing.
 * @param {Job} job
 */
async function check(job) {
  const { library, argument, workload, options, batch, learningRate = CHECK_LEARNING_RATE } = job
  const { name, kind, sizes } = workload
  const data = makeData({ sizes, samples: Math.max(8, 3 * batch), options })
  const net = new Network(sizes, options)
  const { train, predict } = await library.open(taskOf(job, net, learningRate, data), argument)
  const before = net.predict(data.x)
  checkOutputs(name, (await predict?.(data.x)) ?? [], before)
  if (kind !== 'train') return

  await net.fit(data, { epochs: 1, batchSize: batch, shuffle: false, optimizer: sgd({ learningRate }) })
  await train?.(1)
  checkTrained(name, (await predict?.(data.x)) ?? [], net.predict(data.x), before)
}

/**
 * @param {Job} job
 * @returns {Promise<Prepared>}
 */
export async function prepareTraining(job) {
  await check(job)
  const { library, argument, workload, options, batch, learningRate = LEARNING_RATE } = job
  const { sizes } = workload
  const affordable = batch === 1 ? Math.ceil(EPOCH.flops / flopsPerSample(sizes)) : Infinity
  const samples = Math.min(workload.samples, EPOCH.batches * batch, affordable)
  const net = new Network(sizes, options)
  const task = taskOf(job, net, learningRate, makeData({ sizes, samples, options }))
  const { train } = await library.open(task, argument)
  return { samples, run: (epochs) => train?.(epochs) }
}

/**
 * @param {Job} job
 * @returns {Promise<Prepared>}
 */
export async function prepareInference(job) {
  await check(job)
  const { library, argument, workload, options } = job
  const { x } = makeData(workload)
  const task = taskOf(job, new Network(workload.sizes, options), LEARNING_RATE)
  const { predict } = await library.open(task, argument)
  const run = async (/** @type {number} */ calls) => {
    for (let call = 0; call < calls; ++call) {
      const outputs = predict?.(x)
      if (outputs instanceof Promise) await outputs
    }
  }
  return { samples: workload.samples, run }
}
