// @ts-check
/** Who trains and predicts: each library in each formulation that may be the fastest. */

/** @typedef {import('./workloads.js').Kind} Kind */
/** @typedef {import('./workloads.js').Workload} Workload */

/** What is no library, and has no version. */
export const PLAIN = 'plain JavaScript'

/**
 * @typedef {object} Contender
 * @property {string} library as the registry calls it, or PLAIN
 * @property {string} formulation
 * @property {string} adapter a module in libraries/
 * @property {string} argument of its `open`
 * @property {readonly Kind[]} does
 * @property {(workload: Workload) => string | undefined} [leftOut] why it does not take part
 */

const single = /** @type {const} */ (['predictOne', 'trainOne'])
const batches = /** @type {const} */ (['train', 'infer'])
const tf = '@tensorflow/tfjs'
const jax = '@jax-js/jax'

/**
 * The first that takes part is what the others are compared with.
 * @type {readonly Contender[]}
 */
export const contenders = [
  {
    library: 'deltaprop',
    formulation: 'exact',
    adapter: 'deltaprop',
    argument: 'exact',
    does: [...single, ...batches],
  },
  { library: 'deltaprop', formulation: 'relaxed', adapter: 'deltaprop', argument: 'relaxed', does: batches },
  {
    library: 'deltaprop',
    formulation: 'Predictor',
    adapter: 'deltaprop',
    argument: 'Predictor',
    does: ['predictOne', 'infer'],
  },
  {
    library: 'deltaprop',
    formulation: 'predict',
    adapter: 'deltaprop',
    argument: 'exact',
    does: ['population'],
  },
  {
    library: 'deltaprop',
    formulation: 'predictAll',
    adapter: 'deltaprop',
    argument: 'predictAll',
    does: ['population'],
  },
  {
    library: PLAIN,
    formulation: 'loops',
    adapter: 'plain',
    argument: '',
    does: [...single, 'population', 'train'],
    leftOut: ({ sizes }) => (sizes[0] > 100 ? 'written for small networks' : undefined),
  },
  { library: jax, formulation: 'jit, grad', adapter: 'jax', argument: 'grad', does: ['train'] },
  {
    library: jax,
    formulation: 'jit, by hand',
    adapter: 'jax',
    argument: 'hand',
    does: ['trainOne', 'train'],
  },
  { library: jax, formulation: 'jit', adapter: 'jax', argument: 'grad', does: ['predictOne', 'infer'] },
  { library: tf, formulation: 'wasm, by hand', adapter: 'tfjs-by-hand', argument: 'wasm', does: batches },
  { library: tf, formulation: 'wasm, model', adapter: 'tfjs-layers', argument: 'wasm', does: batches },
  {
    library: tf,
    formulation: 'cpu, by hand',
    adapter: 'tfjs-by-hand',
    argument: 'cpu',
    does: [...single, ...batches],
    leftOut,
  },
  {
    library: tf,
    formulation: 'cpu, model',
    adapter: 'tfjs-layers',
    argument: 'cpu',
    does: [...single, ...batches],
    leftOut,
  },
  {
    library: 'brain.js',
    formulation: 'NeuralNetwork',
    adapter: 'brain',
    argument: '',
    does: [...single, 'population', ...batches],
  },
  {
    library: 'synaptic',
    formulation: 'Perceptron',
    adapter: 'synaptic',
    argument: '',
    does: [...single, 'population', 'train'],
    leftOut: ({ sizes }) =>
      sizes[0] > 100 ? 'a line of code for each weight, 0.1 k samples/s of 784-30-10' : undefined,
  },
  {
    library: 'onnxruntime-node',
    formulation: 'native',
    adapter: 'onnxruntime',
    argument: 'node',
    does: ['predictOne', 'infer'],
  },
  {
    library: 'onnxruntime-web',
    formulation: 'wasm',
    adapter: 'onnxruntime',
    argument: 'web',
    does: ['infer'],
  },
]

/**
 * TensorFlow.js on its plain backend takes seconds for a batch.
 * @param {Workload} workload
 */
function leftOut({ name }) {
  return name === 'wide' ? 'seconds for each batch' : undefined
}
