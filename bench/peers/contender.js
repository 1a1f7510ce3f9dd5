// @ts-check
/**
 * One library in one formulation on one workload, in a process of its own: shows first that it computes what deltaprop computes,
 * then is timed, turn by turn, as index.js asks for it.
 */
import { Network, sgd } from '../../dist/index.js'
import { flopsPerSample, makeData } from '../workloads.js'

/**
 * Of training, or without a batch of inference.
 * @typedef {Pick<import('../workloads.js').Workload, 'name' | 'sizes' | 'samples' | 'options'> & { batch?: number }} Workload
 */

/**
 * @typedef {object} Layer
 * @property {number} inputs
 * @property {number} units
 * @property {'sigmoid' | 'relu' | 'softmax'} activation
 * @property {Float32Array} weights units × inputs, by row
 * @property {Float32Array} biases
 */

/**
 * What a library is to make a network of.
 * @typedef {object} Task
 * @property {readonly number[]} sizes
 * @property {import('../../dist/index.js').ShortOptions} options
 * @property {readonly Layer[]} layers with the weights to begin with
 * @property {number} batch samples per update
 * @property {number} learningRate
 * @property {{ x: Float32Array, y: Float32Array } | undefined} data to train on, batch by batch in this order; none for inference
 */

/**
 * @typedef {object} Model
 * @property {(epochs: number) => unknown} [train] awaited
 * @property {(x: Float32Array) => Float32Array | Promise<Float32Array>} predict
 */

/** @typedef {(task: Task, argument: string) => Model | Promise<Model>} Open */

/**
 * What a library does in place of what it cannot do.
 * @typedef {object} Substitution
 * @property {number} [batch]
 * @property {import('../../dist/index.js').ShortOptions} [options]
 * @property {number} [learningRate]
 * @property {readonly string[]} notes what is different
 */

/** @typedef {(workload: Workload) => Substitution} Substitute */

/** @typedef {{ open: Open, substitute?: Substitute }} Library */

/** @typedef {{ adapter: string, argument: string, workload: Workload, turnMs: number, warmUpTurns: number }} Job */

const LEARNING_RATE = 0.01

/** In the check, where a few updates are to show in the outputs. */
const CHECK_LEARNING_RATE = 0.1

/** An epoch ends after so many batches, or, sample by sample, after so many operations. */
const EPOCH = { batches: 1024, flops: 3e8 }

/** @type {unknown} */
const job = JSON.parse(process.argv[2])
const { adapter, argument, workload, turnMs, warmUpTurns } = /** @type {Job} */ (job)
/** @type {unknown} */
const library = await import(`./libraries/${adapter}.js`)
const { open, substitute } = /** @type {Library} */ (library)
const substitution = substitute?.(workload)
const { name, sizes } = workload
const { batch, options } = { batch: 1, ...workload, ...substitution }
const isTraining = workload.batch !== undefined

/**
 * A model of the library, like a network.
 * @param {Network} net
 * @param {number} learningRate
 * @param {Task['data']} [data]
 */
async function openLike(net, learningRate, data) {
  const layers = net.layers.map(({ inputs, units, activation, weights, biases }) => ({
    inputs,
    units,
    activation: /** @type {Layer['activation']} */ (activation),
    weights: Float32Array.from(weights),
    biases: Float32Array.from(biases),
  }))
  return open({ sizes, options, layers, batch, learningRate, data }, argument)
}

/** The outputs are the same before and after a few updates; or the times mean nothing. */
async function check() {
  const learningRate = substitution?.learningRate ?? CHECK_LEARNING_RATE
  const data = makeData({ sizes, samples: Math.max(8, 3 * batch), options })
  const net = new Network(sizes, options)
  const { train, predict } = await openLike(net, learningRate, data)
  const before = net.predict(data.x)
  const apart = distance(await predict(data.x), before)
  if (!(apart < 1e-5)) throw new Error(`${name}: the outputs differ by ${apart}`)
  if (!isTraining) return

  await net.fit(data, { epochs: 1, batchSize: batch, shuffle: false, optimizer: sgd({ learningRate }) })
  await train?.(1)
  const after = net.predict(data.x)
  const [wrong, moved] = [distance(await predict(data.x), after), distance(before, after)]
  if (!(wrong < 1e-5 && wrong < moved / 100)) {
    throw new Error(`${name}: after training, which moves the outputs by ${moved}, they differ by ${wrong}`)
  }
}

/**
 * The greatest difference; NaN if there is one.
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
function distance(a, b) {
  if (a.length !== b.length) throw new Error(`${name}: expected ${b.length} outputs, got ${a.length}`)
  return Math.max(...Array.from(b, (value, i) => Math.abs(a[i] - value)))
}

/**
 * What is timed: runs of so many epochs or calls, and the samples of one.
 * @returns {Promise<{ samples: number, run: (times: number) => Promise<void> }>}
 */
async function prepare() {
  const net = new Network(sizes, options)
  const learningRate = substitution?.learningRate ?? LEARNING_RATE
  if (isTraining) {
    const affordable = batch === 1 ? Math.ceil(EPOCH.flops / flopsPerSample(sizes)) : Infinity
    const samples = Math.min(workload.samples, EPOCH.batches * batch, affordable)
    const { train } = await openLike(net, learningRate, makeData({ sizes, samples, options }))
    const run = async (/** @type {number} */ epochs) => {
      await train?.(epochs)
    }
    return { samples, run }
  }
  const { x } = makeData(workload)
  const { predict } = await openLike(net, learningRate)
  const run = async (/** @type {number} */ calls) => {
    for (let call = 0; call < calls; ++call) {
      const outputs = predict(x)
      if (outputs instanceof Promise) await outputs
    }
  }
  return { samples: workload.samples, run }
}

/**
 * How often to do what takes turnMs: found in runs that get longer, and then are repeated as long as they get faster, for compilers
 * take their time.
 * @param {(times: number) => Promise<number>} time
 */
async function warmUp(time) {
  let times = 1
  let ms = await time(times)
  let best = ms / times
  for (let idle = 0, spent = ms; idle < 8 && spent < warmUpTurns * turnMs; spent += ms) {
    times = Math.ceil(times * Math.min(8, Math.max(1, turnMs / ms)))
    ms = await time(times)
    idle = ms / times < 0.95 * best ? 0 : idle + 1
    best = Math.min(best, ms / times)
  }
  return Math.max(1, Math.round((times * turnMs) / ms))
}

await check()
const { samples, run } = await prepare()
const time = async (/** @type {number} */ times) => {
  const start = performance.now()
  await run(times)
  return performance.now() - start
}
const times = await warmUp(time)
process.on('message', () => {
  void time(times).then((milliseconds) => process.send?.({ milliseconds }))
})
process.send?.({ samples: times * samples, notes: substitution?.notes ?? [] })
