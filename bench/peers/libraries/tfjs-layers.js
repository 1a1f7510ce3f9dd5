/** TensorFlow.js with its layers: `model.fit` and `model.predict`. */
import * as tf from '@tensorflow/tfjs'
import { matrix, transposed, useBackend } from './tfjs.js'

/** ½Σ(y−o)² of each sample; the library takes the mean of them. */
const halfSquared = (y, o) => tf.mul(0.5, tf.sum(tf.squaredDifference(y, o), -1))

/** @type {import('../library.js').Open} */
export async function open({ sizes, options, layers, data, batch, learningRate }, backend) {
  await useBackend(backend)
  const model = tf.sequential()
  for (const { inputs, units, activation } of layers) {
    model.add(tf.layers.dense({ inputShape: [inputs], units, activation }))
  }
  model.setWeights(layers.flatMap((layer) => [transposed(layer), tf.tensor1d(layer.biases)]))
  const loss = options.loss === 'halfSquared' ? halfSquared : 'categoricalCrossentropy'
  model.compile({ optimizer: tf.train.sgd(learningRate), loss })

  const x = data && matrix(data.x, sizes[0])
  const y = data && matrix(data.y, sizes[sizes.length - 1])
  const training = { batchSize: batch, shuffle: false, verbose: 0, yieldEvery: 'never' }
  const predict = (values) =>
    tf.tidy(() => {
      const input = matrix(values, sizes[0])
      return model.predict(input, { batchSize: input.shape[0] }).dataSync()
    })
  return {
    train: (epochs) => model.fit(x, y, { ...training, epochs }),
    predict,
    predictOne: predict,
    async trainOne(values, targets) {
      const [input, target] = [matrix(values, sizes[0]), matrix(targets, sizes[sizes.length - 1])]
      await model.trainOnBatch(input, target)
      tf.dispose([input, target])
    },
  }
}
