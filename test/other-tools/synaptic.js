// @ts-check
/** Perceptrons of synaptic. */
import synaptic from 'synaptic'
import { Network } from '../../dist/index.js'
import { fromSynaptic } from '../../dist/interop.js'
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

const { Architect, Neuron } = synaptic

/** @typedef {import('./index.js').Comparison} Comparison */

/** What synaptic calls an activation, of each layer but the first. */
const squashes = {
  linear: ['IDENTITY', 'IDENTITY', 'IDENTITY'],
  sigmoid: ['LOGISTIC', 'LOGISTIC', 'LOGISTIC'],
  tanh: ['TANH', 'TANH', 'TANH'],
  relu: ['RELU', 'RELU', 'RELU'],
  'tanh, relu, linear': ['TANH', 'RELU', 'IDENTITY'],
}

/** @returns {AsyncIterable<Comparison>} */
export async function* compare() {
  seedRandom()
  const about = /** @type {const} */ ({ format: 'synaptic', direction: 'in', tool: 'synaptic' })
  for (const [what, each] of Object.entries(squashes)) {
    const net = perceptron(each)
    const json = JSON.parse(JSON.stringify(net.toJSON()))
    const answer = rows.flatMap((row) => net.activate(row))
    for (const precision of precisions) {
      const own = fromSynaptic(json, { precision }).as(Network)
      yield compared({ ...about, what, precision }, own.predict(samples), answer)
    }
  }
  const step = perceptron(['HLIM', 'HLIM', 'HLIM']).toJSON()
  const hlim = /** @type {const} */ ({ ...about, what: 'HLIM, a step', precision: 'f64' })
  yield refused(hlim, () => fromSynaptic(step), /HLIM is a step/, none)
}

/** @param {readonly string[]} squash */
function perceptron(squash) {
  const net = new Architect.Perceptron(INPUTS, ...HIDDEN, OUTPUTS)
  const { hidden, output } = net.layers
  for (const [l, layer] of [...hidden, output].entries()) {
    // Its weights are up to 0.1, with which nothing saturates.
    layer.set({ squash: Neuron.squash[squash[l]] })
    for (const neuron of layer.list) {
      neuron.bias = 2 * Math.random() - 1
      for (const connection of Object.values(neuron.connections.inputs)) connection.weight *= 10
    }
  }
  return net
}
