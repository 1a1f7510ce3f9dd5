// @ts-check
/** The networks that are timed: plain SGD, synthetic samples, fixed seed. */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {readonly number[]} sizes
 * @property {number} batch samples per update
 * @property {number} samples of one epoch
 * @property {number} epochs of one run, the unit that is timed
 * @property {import('deltaprop').ShortOptions} options
 */

/**
 * @typedef {object} InferenceWorkload
 * @property {string} name
 * @property {readonly number[]} sizes
 * @property {number} samples of one call
 * @property {number} calls of one run, the unit that is timed
 * @property {import('deltaprop').ShortOptions} options
 */

/** @typedef {'f32' | 'f64'} Precision */

/** @type {import('deltaprop').ShortOptions} */
const sigmoid = { activation: 'sigmoid', loss: 'halfSquared', seed: 1 }

/** @type {import('deltaprop').ShortOptions} */
const relu = { activation: { hidden: 'relu', output: 'softmax' }, loss: 'categoricalCrossEntropy', seed: 1 }

const seed = { sizes: [2, 3, 2, 2], options: sigmoid }
const xor = { sizes: [2, 8, 1], options: sigmoid }
const nielsen = { sizes: [784, 30, 10], options: sigmoid }
const mnist = { sizes: [784, 128, 10], options: sigmoid }
const deep = { sizes: [784, 512, 512, 10], options: relu }
const wide = { sizes: [1024, 1024, 1024, 10], options: relu }

/**
 * Training. `xor-4` has four samples, as XOR has, so that what an epoch costs beside its one batch counts.
 * @type {readonly Workload[]}
 */
export const workloads = [
  { name: 'seed', ...seed, batch: 32, samples: 8192, epochs: 50 },
  { name: 'seed-1', ...seed, batch: 1, samples: 8192, epochs: 10 },
  { name: 'xor', ...xor, batch: 4, samples: 8192, epochs: 20 },
  { name: 'xor-4', ...xor, batch: 4, samples: 4, epochs: 5000 },
  { name: 'nielsen', ...nielsen, batch: 10, samples: 1280, epochs: 5 },
  { name: 'mnist', ...mnist, batch: 32, samples: 1280, epochs: 2 },
  { name: 'deep', ...deep, batch: 128, samples: 512, epochs: 1 },
  { name: 'wide', ...wide, batch: 256, samples: 512, epochs: 1 },
]

/**
 * Inference.
 * @type {readonly InferenceWorkload[]}
 */
export const inferenceWorkloads = [
  { name: 'seed', ...seed, samples: 1, calls: 10_000 },
  { name: 'mnist', ...mnist, samples: 1, calls: 500 },
  { name: 'mnist-1000', ...mnist, samples: 1000, calls: 2 },
  { name: 'deep', ...deep, samples: 1, calls: 50 },
  { name: 'deep-1000', ...deep, samples: 1000, calls: 1 },
]

/**
 * The workload of this name.
 * @template {{ readonly name: string }} T
 * @param {readonly T[]} list
 * @param {string} name
 */
export function findWorkload(list, name) {
  const found = list.find((workload) => workload.name === name)
  if (found === undefined) throw new RangeError(`name: expected that of a workload, got ${name}`)
  return found
}

/**
 * The network as people write it: `784-512-512-10 relu`.
 * @param {Pick<Workload, 'sizes' | 'options'>} workload
 */
export function describe({ sizes, options }) {
  return `${sizes.join('-')} ${options.loss === 'categoricalCrossEntropy' ? 'relu' : 'sigmoid'}`
}

/**
 * Its batch: `32`; `4, 4 an epoch` where an epoch is one batch alone.
 * @param {Pick<Workload, 'batch' | 'samples'>} workload
 */
export function describeBatch({ batch, samples }) {
  return samples === batch ? `${batch}, ${samples} an epoch` : String(batch)
}

/**
 * Multiply-adds of a training step, each counting two: 6 for a weight and sample, but 4 in the first layer, whose inputs have no
 * error.
 * @param {readonly number[]} sizes
 */
export function flopsPerSample(sizes) {
  return 6 * weightCount(sizes) - 2 * sizes[0] * sizes[1]
}

/**
 * Multiply-adds of a prediction, each counting two.
 * @param {readonly number[]} sizes
 */
export function inferenceFlopsPerSample(sizes) {
  return 2 * weightCount(sizes)
}

/** @param {readonly number[]} sizes */
function weightCount(sizes) {
  return sizes.slice(1).reduce((sum, units, l) => sum + units * sizes[l], 0)
}

/**
 * Samples by row that depend on sizes, samples and loss alone. Inputs are from 0 to 1; so are targets, or one of them is 1 and the
 * others 0 where a softmax is to learn them. The same numbers in both precisions.
 * @template {Precision} [P='f32']
 * @param {Pick<Workload, 'sizes' | 'samples' | 'options'>} workload
 * @param {P} [precision] f32 unless given
 * @returns {P extends 'f64' ? { x: Float64Array, y: Float64Array } : { x: Float32Array, y: Float32Array }}
 */
export function makeData({ sizes, samples, options }, precision) {
  const outputs = sizes[sizes.length - 1]
  let state = 1
  // The low bits of a linear congruential generator are no good, and 24 are what both precisions hold.
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 24
  }
  const Floats = precision === 'f64' ? Float64Array : Float32Array
  const x = new Floats(samples * sizes[0])
  const y = new Floats(samples * outputs)
  for (let i = 0; i < x.length; ++i) x[i] = next()
  if (options.loss === 'categoricalCrossEntropy') {
    for (let s = 0; s < samples; ++s) y[s * outputs + Math.floor(next() * outputs)] = 1
  } else {
    for (let i = 0; i < y.length; ++i) y[i] = next()
  }
  return /** @type {any} */ ({ x, y })
}
