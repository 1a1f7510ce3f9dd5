/** deltaprop: `fit` and `predict`, with exact or relaxed arithmetic. */
import { Network, sgd } from '../../../dist/index.js'
import { relaxed } from '../../../dist/relaxed.js'

/** @type {import('../contender.js').Open} */
export function open({ sizes, options, layers, data, batch, learningRate }, arithmetic) {
  const net = new Network(sizes, { ...options, arithmetic: arithmetic === 'relaxed' ? relaxed : 'exact' })
  if (net.arithmetic !== arithmetic) throw new Error('relaxed SIMD is missing')
  for (const [l, { weights, biases }] of layers.entries()) {
    net.layers[l].weights.set(weights)
    net.layers[l].biases.set(biases)
  }
  const optimizer = sgd({ learningRate })
  return {
    train: (epochs) => net.fit(data, { epochs, batchSize: batch, shuffle: false, optimizer }),
    predict: (x) => net.predict(x),
  }
}
