// @ts-check
/**
 * One sample a call: what is checked, and what is timed. Both give the library, and deltaprop, samples of the same
 * kind.
 */
import { Network, sgd } from '../../dist/index.js'
import { makeData } from '../workloads.js'
import { CHECK_LEARNING_RATE, checkOutputs, checkTrained, LEARNING_RATE, taskOf } from './library.js'
import { plainRows, rows } from './libraries/rows.js'

/** @typedef {import('./library.js').Job} Job */
/** @typedef {import('./library.js').Model} Model */
/** @typedef {import('./library.js').Prepared} Prepared */
/** @typedef {import('./library.js').Sample} Sample */

/** Samples that take turns; a power of two. */
const KEPT = 8

/**
 * @param {Job} job
 * @returns {{ x: readonly Sample[], y: readonly (readonly number[])[] }}
 */
function samplesOf({ workload: { sizes, call }, options }) {
  const { x, y } = makeData({ sizes, samples: KEPT, options })
  const inputs = call === 'floats' ? rows(x, sizes[0]).map((row) => row.slice()) : plainRows(x, sizes[0])
  return { x: inputs, y: plainRows(y, sizes[sizes.length - 1]) }
}

/**
 * @param {Job} job
 * @returns {Promise<Prepared>}
 */
export async function prepareCalls(job) {
  const { library, argument, workload, options, learningRate } = job
  const { name, sizes, call } = workload
  const samples = samplesOf(job)
  await check(job, samples)

  const model = await library.open(
    taskOf(job, new Network(sizes, options), learningRate ?? LEARNING_RATE),
    argument,
  )
  const notes = call === 'into' && model.predictInto === undefined ? ['its ordinary call'] : []
  return { samples: 1, run: runOf(name, call, model, samples, sizes[sizes.length - 1]), notes }
}

/**
 * @param {Job} job
 * @param {ReturnType<typeof samplesOf>} samples
 */
async function check(job, { x, y }) {
  const { library, argument, workload, options, learningRate = CHECK_LEARNING_RATE } = job
  const { name, kind, sizes, call } = workload
  const net = new Network(sizes, options)
  const model = await library.open(taskOf(job, net, learningRate), argument)
  const expected = () => x.flatMap((row) => Array.from(net.predict(row)))
  const actual = async () => {
    const outputs = []
    for (const row of x)
      outputs.push(...Array.from(await outputsOf(model, call, row, sizes[sizes.length - 1])))
    return outputs
  }
  const before = expected()
  checkOutputs(name, await actual(), before)
  if (kind !== 'trainOne') return

  const optimizer = sgd({ learningRate })
  for (const [s, row] of x.entries()) {
    net.train(row, y[s], optimizer)
    await model.trainOne?.(/** @type {readonly number[]} */ (row), y[s])
  }
  checkTrained(name, await actual(), expected(), before)
}

/**
 * @param {Model} model
 * @param {import('./workloads.js').Call | undefined} call
 * @param {Sample} row
 * @param {number} outputs
 * @throws Error if it does not write them where it should
 */
async function outputsOf({ predictOne, predictInto }, call, row, outputs) {
  if (call !== 'into' || predictInto === undefined) return (await predictOne?.(row)) ?? []
  const out = new Float32Array(outputs).fill(NaN)
  predictInto(row, out)
  if (out.includes(NaN)) throw new Error('predict(x, out) is not in this build')
  return out
}

/**
 * So many calls; of predictions the sum of the first outputs, so that nothing is computed in vain.
 * @param {string} name
 * @param {import('./workloads.js').Call | undefined} call
 * @param {Model} model
 * @param {ReturnType<typeof samplesOf>} samples
 * @param {number} outputs
 * @returns {Prepared['run']}
 */
function runOf(name, call, { predictOne, predictInto, trainOne }, { x, y }, outputs) {
  if (call === 'train') {
    if (trainOne === undefined) throw new Error(`${name}: expected a library that trains one sample a call`)
    const plain = /** @type {readonly (readonly number[])[]} */ (x)
    return trainOne(plain[0], y[0]) instanceof Promise
      ? async (calls) => {
          for (let c = 0; c < calls; ++c) await trainOne(plain[c % KEPT], y[c % KEPT])
        }
      : (calls) => {
          for (let c = 0; c < calls; ++c) trainOne(plain[c % KEPT], y[c % KEPT])
        }
  }
  if (call === 'into' && predictInto !== undefined) {
    const out = new Float32Array(outputs)
    return (calls) => {
      let sum = 0
      for (let c = 0; c < calls; ++c) {
        predictInto(x[c % KEPT], out)
        sum += out[0]
      }
      return sum
    }
  }
  if (predictOne === undefined) throw new Error(`${name}: expected a library that predicts one sample a call`)
  if (predictOne(x[0]) instanceof Promise) {
    return async (calls) => {
      let sum = 0
      for (let c = 0; c < calls; ++c) sum += (await predictOne(x[c % KEPT]))[0]
      return sum
    }
  }
  const predictNow = /** @type {(x: Sample) => import('./library.js').Outputs} */ (predictOne)
  return (calls) => {
    let sum = 0
    for (let c = 0; c < calls; ++c) sum += predictNow(x[c % KEPT])[0]
    return sum
  }
}
