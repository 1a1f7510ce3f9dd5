// @ts-check
/** What an adapter in libraries/ is and what it is given; and whether its outputs are those of deltaprop. */

/** @typedef {import('./workloads.js').Workload} Workload */

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
 * @property {{ x: Float32Array, y: Float32Array } | undefined} data to train on, batch by batch in this order; none
 *   for inference and for single calls
 */

/** @typedef {readonly number[] | Float32Array} Sample */

/** @typedef {ArrayLike<number>} Outputs */

/**
 * @typedef {object} Model
 * @property {(epochs: number) => unknown} [train] awaited
 * @property {(x: Float32Array) => Outputs | Promise<Outputs>} [predict] all samples
 * @property {(x: Sample) => Outputs | Promise<Outputs>} [predictOne]
 * @property {(x: Sample, out: Float32Array) => unknown} [predictInto] where it differs from predictOne
 * @property {(x: readonly number[], y: readonly number[]) => unknown} [trainOne] one update
 */

/** @typedef {(task: Task, argument: string) => Model | Promise<Model>} Open */

/**
 * One call for a population.
 * @typedef {(tasks: readonly Task[]) => (x: Float32Array, out: Float32Array) => unknown} OpenAll
 */

/**
 * What a library does in place of what it cannot do.
 * @typedef {object} Substitution
 * @property {number} [batch]
 * @property {import('../../dist/index.js').ShortOptions} [options]
 * @property {number} [learningRate]
 * @property {readonly string[]} notes what is different
 */

/** @typedef {(workload: Workload) => Substitution} Substitute */

/** @typedef {{ open: Open, openAll?: OpenAll, substitute?: Substitute }} Library */

/**
 * What is timed, once it has been checked: runs of so many epochs or calls, and the samples of one.
 * @typedef {object} Prepared
 * @property {number} samples
 * @property {(times: number) => unknown} run awaited
 * @property {readonly string[]} [notes]
 */

/**
 * A library, and a workload with what it does in place of parts of it.
 * @typedef {object} Job
 * @property {Library} library
 * @property {string} argument of `open`
 * @property {Workload} workload
 * @property {import('../../dist/index.js').ShortOptions} options
 * @property {number} batch
 * @property {number | undefined} learningRate that of the library, if it can have no other
 */

/** In the check, where a few updates are to show in the outputs. */
export const CHECK_LEARNING_RATE = 0.1

/** While it is timed. */
export const LEARNING_RATE = 0.01

/**
 * What makes a model that is like a network.
 * @param {Job} job
 * @param {import('../../dist/index.js').Network} net
 * @param {number} learningRate
 * @param {Task['data']} [data]
 * @returns {Task}
 */
export function taskOf({ workload: { sizes }, options, batch }, net, learningRate, data) {
  const layers = net.layers.map(({ inputs, units, activation, weights, biases }) => ({
    inputs,
    units,
    activation: /** @type {Layer['activation']} */ (activation),
    weights: Float32Array.from(weights),
    biases: Float32Array.from(biases),
  }))
  return { sizes, options, layers, batch, learningRate, data }
}

/**
 * @param {string} name of the workload
 * @param {Outputs} actual
 * @param {Outputs} expected
 * @throws Error unless they are the same
 */
export function checkOutputs(name, actual, expected) {
  const apart = distance(name, actual, expected)
  if (!(apart < 1e-5)) throw new Error(`${name}: the outputs differ by ${apart}`)
}

/**
 * @param {string} name of the workload
 * @param {Outputs} actual
 * @param {Outputs} expected after the same updates
 * @param {Outputs} before them
 * @throws Error unless they are the same, but for a hundredth of what the updates have changed
 */
export function checkTrained(name, actual, expected, before) {
  const [wrong, moved] = [distance(name, actual, expected), distance(name, before, expected)]
  if (!(wrong < 1e-5 && wrong < moved / 100)) {
    throw new Error(`${name}: after training, which moves the outputs by ${moved}, they differ by ${wrong}`)
  }
}

/**
 * The greatest difference; NaN if there is one.
 * @param {string} name of the workload
 * @param {Outputs} a
 * @param {Outputs} b
 */
function distance(name, a, b) {
  if (a.length !== b.length) throw new Error(`${name}: expected ${b.length} outputs, got ${a.length}`)
  return Math.max(...Array.from(b, (value, i) => Math.abs(a[i] - value)))
}
