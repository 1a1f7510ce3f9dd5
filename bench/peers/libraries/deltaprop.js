/**
 * deltaprop: `fit` and `predict`, with exact or relaxed arithmetic; `predict` and `train` of single samples; `predict`
 * of a Predictor; `predictAll` of many networks. What this build has not is an error: it is not measured.
 */
import * as deltaprop from '../../../dist/index.js'
import { Predictor } from '../../../dist/inference.js'
import { relaxed } from '../../../dist/relaxed.js'

const { Network, sgd } = deltaprop

/** @type {import('../library.js').Open} */
export function open({ sizes, options, layers, data, batch, learningRate }, what) {
  if (what === 'Predictor') {
    const predictor = Predictor.fromBytes(networkOf({ sizes, options, layers }, 'exact').toBytes())
    return {
      predict: (x) => predictor.predict(x),
      predictOne: (x) => predictor.predict(x),
      predictInto: (x, out) => predictor.predict(x, out),
    }
  }
  const net = networkOf({ sizes, options, layers }, what)
  const optimizer = sgd({ learningRate })
  return {
    train: (epochs) => net.fit(data, { epochs, batchSize: batch, shuffle: false, optimizer }),
    predict: (x) => net.predict(x),
    predictOne: (x) => net.predict(x),
    predictInto: (x, out) => net.predict(x, out),
    trainOne: (x, y) => net.train(x, y, optimizer),
  }
}

/** @type {import('../library.js').OpenAll} */
export function openAll(tasks) {
  const { predictAll } = deltaprop
  if (predictAll === undefined) throw new Error('predictAll is not in this build')
  const networks = tasks.map((task) => networkOf(task, 'exact'))
  return (x, out) => predictAll(networks, x, out)
}

function networkOf({ sizes, options, layers }, arithmetic) {
  const chosen = arithmetic === 'relaxed' ? relaxed : 'exact'
  const net = new Network(sizes, { ...options, arithmetic: chosen })
  if (net.arithmetic !== arithmetic) throw new Error('relaxed SIMD is missing')
  for (const [l, { weights, biases }] of layers.entries()) {
    net.layers[l].weights.set(weights)
    net.layers[l].biases.set(biases)
  }
  // One whose weights nobody holds, as in most programs: views of them cost each call some nanoseconds.
  return Network.fromBytes(net.toBytes(), { arithmetic: chosen })
}
