// @ts-check
/** Who trains and predicts: each library in each formulation that may be the fastest. */

/**
 * @typedef {object} Contender
 * @property {string} library as the registry calls it
 * @property {string} formulation
 * @property {string} adapter a module in libraries/
 * @property {string} argument of its `open`
 * @property {readonly ('train' | 'infer')[]} does
 * @property {(workload: import('./contender.js').Workload) => string | undefined} [leftOut] why it does not take part
 */

const both = /** @type {const} */ (['train', 'infer'])
const tf = '@tensorflow/tfjs'
const jax = '@jax-js/jax'

/**
 * The first is what the others are compared with.
 * @type {readonly Contender[]}
 */
export const contenders = [
  { library: 'deltaprop', formulation: 'exact', adapter: 'deltaprop', argument: 'exact', does: both },
  { library: 'deltaprop', formulation: 'relaxed', adapter: 'deltaprop', argument: 'relaxed', does: both },
  { library: jax, formulation: 'jit, grad', adapter: 'jax', argument: 'grad', does: ['train'] },
  { library: jax, formulation: 'jit, by hand', adapter: 'jax', argument: 'hand', does: ['train'] },
  { library: jax, formulation: 'jit', adapter: 'jax', argument: 'grad', does: ['infer'] },
  { library: tf, formulation: 'wasm, by hand', adapter: 'tfjs-by-hand', argument: 'wasm', does: both },
  { library: tf, formulation: 'wasm, model', adapter: 'tfjs-layers', argument: 'wasm', does: both },
  { library: tf, formulation: 'cpu, by hand', adapter: 'tfjs-by-hand', argument: 'cpu', does: both, leftOut },
  { library: tf, formulation: 'cpu, model', adapter: 'tfjs-layers', argument: 'cpu', does: both, leftOut },
  { library: 'brain.js', formulation: 'NeuralNetwork', adapter: 'brain', argument: '', does: both },
  {
    library: 'synaptic',
    formulation: 'Perceptron',
    adapter: 'synaptic',
    argument: '',
    does: ['train'],
    leftOut: ({ sizes }) =>
      sizes[0] > 100 ? 'a line of code for each weight, 0.1 k samples/s of 784-30-10' : undefined,
  },
  {
    library: 'onnxruntime-node',
    formulation: 'native',
    adapter: 'onnxruntime',
    argument: 'node',
    does: ['infer'],
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
 * Plain JavaScript takes seconds for a batch.
 * @param {import('./contender.js').Workload} workload
 */
function leftOut({ name }) {
  return name === 'wide' ? 'seconds for each batch' : undefined
}
