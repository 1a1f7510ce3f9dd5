// @ts-check
/** Nets of fully connected layers of ConvNetJS. */
import convnetjs from 'convnetjs'
import { Network } from '../../dist/index.js'
import { fromConvNetJS } from '../../dist/interop.js'
import {
  compared,
  HIDDEN,
  INPUTS,
  OUTPUTS,
  none,
  precisions,
  refused,
  rows,
  samples,
  seedRandom,
} from './networks.js'

const { Net, Vol } = convnetjs

/** @typedef {import('./index.js').Comparison} Comparison */

/** The ends of nets, and what is before them. */
const kinds = {
  linear: { end: { type: 'regression', num_neurons: OUTPUTS } },
  sigmoid: { activation: 'sigmoid', end: { type: 'fc', num_neurons: OUTPUTS, activation: 'sigmoid' } },
  tanh: { activation: 'tanh', end: { type: 'fc', num_neurons: OUTPUTS, activation: 'tanh' } },
  relu: { activation: 'relu', end: { type: 'fc', num_neurons: OUTPUTS, activation: 'relu' } },
  softmax: { activation: 'relu', end: { type: 'softmax', num_classes: OUTPUTS } },
  svm: { activation: 'tanh', end: { type: 'svm', num_classes: OUTPUTS } },
  dropout: { activation: 'tanh', drop_prob: 0.2, end: { type: 'regression', num_neurons: OUTPUTS } },
}

/** @returns {AsyncIterable<Comparison>} */
export async function* compare() {
  seedRandom()
  const about = /** @type {const} */ ({ format: 'ConvNetJS', direction: 'in', tool: 'ConvNetJS' })
  for (const [what, { end, ...options }] of Object.entries(kinds)) {
    const net = netOf(options, end)
    const json = JSON.parse(JSON.stringify(net.toJSON()))
    const answer = rows.flatMap((row) => Array.from(net.forward(new Vol(row)).w))
    for (const precision of precisions) {
      const own = fromConvNetJS(json, { precision }).as(Network)
      yield compared({ ...about, what, precision }, own.predict(samples), answer)
    }
  }
  const json = netOf({ activation: 'maxout' }, kinds.linear.end).toJSON()
  const maxout = /** @type {const} */ ({ ...about, what: 'maxout', precision: 'f64' })
  yield refused(maxout, () => fromConvNetJS(json), /activations of one number only/, none)
}

/** @param {object} options of the hidden layers @param {object} end */
function netOf(options, end) {
  const net = new Net()
  const hidden = HIDDEN.map((num_neurons) => ({ type: 'fc', num_neurons, ...options }))
  net.makeLayers([{ type: 'input', out_sx: 1, out_sy: 1, out_depth: INPUTS }, ...hidden, end])
  for (const { biases } of net.layers) {
    if (biases !== undefined) for (const j of biases.w.keys()) biases.w[j] = 2 * Math.random() - 1
  }
  return net
}
