/**
 * brain.js: `train`, `trainPattern` for a single update, and `run` of its NeuralNetwork. One sample per update, one
 * activation for all layers, and no loss but ½Σ(y−o)²; weights in f32, sums in f64.
 */
import brain from 'brain.js'
import { rows } from './rows.js'

/** @type {import('../library.js').Substitute} */
export function substitute({ options, batch }) {
  const notes = batch > 1 ? ['one sample per update'] : []
  if (options.activation === 'sigmoid') return { batch: 1, notes }
  return {
    batch: 1,
    options: { activation: 'relu', loss: 'halfSquared', seed: options.seed },
    learningRate: 1e-5, // with more, the outputs grow without bound
    notes: [...notes, 'relu in place of softmax'],
  }
}

/** As near to 0 as the library allows, and its products are still normal numbers. */
const training = { momentum: 1e-30, errorThresh: 1e-30 }

/** @type {import('../library.js').Open} */
export function open({ sizes, layers, data, learningRate }) {
  const [inputSize, outputSize] = [sizes[0], sizes[sizes.length - 1]]
  const { activation } = layers[0]
  const net = new brain.NeuralNetwork({ inputSize, hiddenLayers: sizes.slice(1, -1), outputSize, activation })
  net.initialize()
  for (const [l, { units, inputs, weights, biases }] of layers.entries()) {
    for (let j = 0; j < units; ++j) net.weights[l + 1][j].set(weights.subarray(j * inputs, (j + 1) * inputs))
    net.biases[l + 1].set(biases)
  }
  net.errorCheckInterval = Infinity // errors are not summed up
  net.updateTrainingOptions({ ...training, learningRate })
  const pairs = data && pairsOf(rows(data.x, inputSize), rows(data.y, outputSize))
  return {
    train: (epochs) => net.train(pairs, { ...training, iterations: epochs, learningRate }),
    predict(x) {
      const outputs = new Float32Array((x.length / inputSize) * outputSize)
      for (const [s, row] of rows(x, inputSize).entries()) outputs.set(net.run(row), s * outputSize)
      return outputs
    },
    predictOne: (x) => net.run(x),
    trainOne: (input, output) => net.trainPattern({ input, output }),
  }
}

/** In plain arrays: typed ones are taken for objects with names. */
function pairsOf(x, y) {
  return x.map((row, s) => ({ input: Array.from(row), output: Array.from(y[s]) }))
}
