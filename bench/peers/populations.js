// @ts-check
/** One sample for each of many networks, network by network or all in one call: what is checked, and what is timed. */
import { Network } from '../../dist/index.js'
import { makeData } from '../workloads.js'
import { checkOutputs, LEARNING_RATE, taskOf } from './library.js'
import { plainRows } from './libraries/rows.js'

/** @typedef {import('./library.js').Job} Job */
/** @typedef {import('./library.js').Prepared} Prepared */
/** @typedef {import('./library.js').Outputs} Outputs */

/**
 * @param {Job} job
 * @returns {Promise<Prepared>}
 */
export async function preparePopulation(job) {
  const { library, argument, workload, options } = job
  const { name, sizes, networks = 1 } = workload
  const { x } = makeData({ sizes, samples: networks, options })
  const samples = plainRows(x, sizes[0])

  const tasks = []
  const expected = []
  for (const [i, row] of samples.entries()) {
    const net = new Network(sizes, { ...options, seed: i })
    tasks.push(taskOf(job, net, LEARNING_RATE))
    expected.push(...net.predict(row))
    net.dispose()
  }

  if (argument === 'predictAll') {
    const predictAll = library.openAll?.(tasks)
    const out = new Float32Array(expected.length).fill(NaN)
    predictAll?.(x, out)
    checkOutputs(name, out, expected)
    const run = (/** @type {number} */ times) => {
      let sum = 0
      for (let time = 0; time < times; ++time) {
        predictAll?.(x, out)
        for (const value of out) sum += value
      }
      return sum
    }
    return { samples: networks, run }
  }

  /** @type {((x: readonly number[]) => Outputs)[]} */
  const predictions = []
  for (const task of tasks) {
    const { predictOne } = await library.open(task, argument)
    if (predictOne === undefined)
      throw new Error(`${name}: expected a library that predicts one sample a call`)
    predictions.push(/** @type {(x: readonly number[]) => Outputs} */ (predictOne))
  }
  checkOutputs(
    name,
    samples.flatMap((row, i) => Array.from(predictions[i](row))),
    expected,
  )
  const run = (/** @type {number} */ times) => {
    let sum = 0
    for (let time = 0; time < times; ++time) {
      for (let i = 0; i < networks; ++i) {
        const outputs = predictions[i](samples[i])
        for (let j = 0; j < outputs.length; ++j) sum += outputs[j]
      }
    }
    return sum
  }
  return { samples: networks, run }
}
