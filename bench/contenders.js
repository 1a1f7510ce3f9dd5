// @ts-check
/** Who trains and predicts the same networks: the engines of deltaprop, and a trainer written by hand. */
import { Network, sgd } from 'deltaprop'
import { baseline } from 'deltaprop/baseline'
import { relaxed } from 'deltaprop/relaxed'
import { DotProducts } from './dot-products.js'

/** @typedef {Float32Array | Float64Array} Floats */

/**
 * @typedef {object} Training
 * @property {number} epochs
 * @property {number} batchSize
 * @property {number} learningRate
 * @property {boolean} shuffle
 */

/** @typedef {'exact' | 'relaxed' | 'baseline' | 'dotProducts'} ContenderName */

/**
 * @typedef {object} Contender
 * @property {ContenderName} name
 * @property {(data: { x: Floats, y: Floats }, training: Training) => unknown} fit
 * @property {(x: Floats) => Floats} predict
 */

/**
 * All contenders that this runtime has, with the same initial weights.
 *
 * @param {Pick<import('./workloads.js').Workload, 'sizes' | 'options'>} workload
 * @param {import('./workloads.js').Precision} precision
 * @returns {Contender[]}
 */
export function makeContenders({ sizes, options }, precision) {
  /** @type {(extra?: import('deltaprop').ShortOptions) => Network} */
  const make = (extra) => new Network(sizes, { ...options, precision, ...extra })
  const faster = make({ arithmetic: relaxed })
  const contenders = [contender('exact', make())]
  if (faster.arithmetic === 'relaxed') contenders.push(contender('relaxed', faster))
  contenders.push(contender('baseline', make({ engine: baseline })))
  const dotProducts = new DotProducts(make())
  contenders.push({
    name: 'dotProducts',
    fit: (data, training) => dotProducts.fit(data, training),
    predict: (x) => dotProducts.predict(x),
  })
  return contenders
}

/**
 * @param {ContenderName} name
 * @param {Network} net
 * @returns {Contender}
 */
function contender(name, net) {
  return {
    name,
    fit: (data, { learningRate, ...options }) =>
      net.fit(data, { ...options, optimizer: sgd({ learningRate }) }),
    predict: (x) => net.predict(x),
  }
}

/**
 * Asserts that all contenders say the same of the same samples. f64 differs by rounding from one contender to the next, and so does
 * f32, which the dot products only store and do not compute in.
 *
 * @param {readonly Contender[]} contenders
 * @param {Floats} x
 * @param {number} [scale] of what is compared: 1 unless given
 * @returns {number} checksum: the sum of the squares of the outputs
 */
export function assertAgreement(contenders, x, scale = 1) {
  const [expected, ...others] = contenders.map(({ predict }) => predict(x))
  const bound = scale * (x instanceof Float64Array ? 1e-9 : 1e-3)
  for (const [i, actual] of others.entries()) {
    const worst = largestDifference(actual, expected)
    if (!(worst <= bound)) {
      throw new Error(
        `${contenders[i + 1].name}: differs from ${contenders[0].name} by ${worst}, allowed is ${bound}`,
      )
    }
  }
  let sum = 0
  for (const value of expected) sum += value * value
  return sum
}

/** @type {(a: Floats, b: Floats) => number} */
export function largestDifference(a, b) {
  let most = 0
  for (let i = 0; i < a.length; ++i) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}
