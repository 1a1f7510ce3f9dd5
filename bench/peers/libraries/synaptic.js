/**
 * Synaptic: `activate` and `propagate`, as it generates them for a network, a line for each weight. One sample per
 * update, f64; no loss but the cross entropy; errors go back through weights that are updated already, which is of
 * second order in the rate.
 */
import { Architect } from 'synaptic'
import { plainRows } from './rows.js'

/** @type {import('../library.js').Substitute} */
export function substitute({ kind, options, batch }) {
  if (kind !== 'train' && kind !== 'trainOne') return { notes: ['f64'] }
  return {
    batch: 1,
    options: { ...options, loss: 'binaryCrossEntropy' },
    learningRate: 1e-3,
    notes: [...(batch > 1 ? ['one sample per update'] : []), 'f64', 'cross entropy in place of ½Σ(y−o)²'],
  }
}

/** @type {import('../library.js').Open} */
export function open({ sizes, layers, data, learningRate }) {
  const net = new Architect.Perceptron(...sizes)
  const neurons = [net.layers.input, ...net.layers.hidden, net.layers.output].map(({ list }) => list)
  for (const [l, { inputs, weights, biases }] of layers.entries()) {
    for (const [j, neuron] of neurons[l + 1].entries()) {
      neuron.bias = biases[j]
      for (const connection of Object.values(neuron.connections.inputs)) {
        connection.weight = weights[j * inputs + neurons[l].indexOf(connection.from)]
      }
    }
  }
  net.optimize()

  const x = data && plainRows(data.x, sizes[0])
  const y = data && plainRows(data.y, sizes[sizes.length - 1])
  return {
    train(epochs) {
      for (let epoch = 0; epoch < epochs; ++epoch) {
        for (let s = 0; s < x.length; ++s) {
          net.activate(x[s])
          net.propagate(learningRate, y[s])
        }
      }
    },
    predict: (values) => plainRows(values, sizes[0]).flatMap((row) => net.activate(row)),
    predictOne: (row) => net.activate(row),
    trainOne(row, target) {
      net.activate(row)
      net.propagate(learningRate, target)
    },
  }
}
