// @ts-check
/** The networks that are timed: plain SGD, synthetic inputs from 0 to 1, fixed seed. */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {readonly number[]} sizes
 * @property {number} batch
 * @property {number} samples of one epoch, the unit that is timed
 * @property {import('deltaprop').ShortOptions} options
 */

/** @type {import('deltaprop').ShortOptions} */
const sigmoid = { activation: 'sigmoid', loss: 'halfSquared', seed: 1 }

/** @type {readonly Workload[]} */
export const workloads = [
  { name: 'seed', sizes: [2, 3, 2, 2], batch: 32, samples: 8192, options: sigmoid },
  { name: 'nielsen', sizes: [784, 30, 10], batch: 10, samples: 320, options: sigmoid },
  { name: 'mnist', sizes: [784, 128, 10], batch: 32, samples: 320, options: sigmoid },
]

/** Multiply-adds of a training step count two: 6 for each weight and sample, but 4 in the first layer, whose inputs have no error.
 * @param {readonly number[]} sizes
 */
export function flopsPerSample(sizes) {
  const weights = sizes.slice(1).map((units, l) => units * sizes[l])
  return 6 * weights.reduce((sum, count) => sum + count) - 2 * weights[0]
}

/**
 * Samples by row, from 0 to 1, that depend on the sizes alone: the low bits of a linear congruential generator are dropped.
 * @param {Workload} workload
 */
export function makeData({ sizes, samples }) {
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return {
    x: Float32Array.from({ length: samples * sizes[0] }, next),
    y: Float32Array.from({ length: samples * sizes[sizes.length - 1] }, next),
  }
}
