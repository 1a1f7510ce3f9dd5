/**
 * TensorFlow.js with the gradients written out. Products have no transposed operand, with which the wasm backend is several times
 * slower, but one that `tf.transpose` has made; that of the inputs is made once.
 */
import * as tf from '@tensorflow/tfjs'
import { batchesOf } from './rows.js'
import { matrix, transposed, useBackend } from './tfjs.js'

/** @type {import('../library.js').Open} */
export async function open({ sizes, layers, data, batch, learningRate }, backend) {
  await useBackend(backend)
  const last = layers.length - 1
  const tensorsOf = (arrays) => {
    const x = matrix(arrays.x, sizes[0])
    return { x, xT: tf.transpose(x), y: matrix(arrays.y, sizes[last + 1]) }
  }
  const batches = batchesOf(data, sizes, batch).map(tensorsOf)
  let parameters = layers.map((layer) => ({ w: transposed(layer), b: tf.tensor1d(layer.biases) }))

  /** The inputs and the activations of all layers. */
  function forward(x) {
    const a = [x]
    for (const [l, { w, b }] of parameters.entries()) {
      const { activation } = layers[l]
      if (activation !== 'softmax') a.push(tf.fused.matMul({ a: a[l], b: w, bias: b, activation }))
      else a.push(tf.softmax(tf.fused.matMul({ a: a[l], b: w, bias: b })))
    }
    return a
  }

  /** ∂C/∂z from ∂C/∂a; that of softmax and cross entropy is o − y already. */
  function deltaOf(l, error, a) {
    const { activation } = layers[l]
    if (activation === 'softmax') return error
    return tf.mul(error, activation === 'relu' ? tf.step(a) : tf.sub(a, tf.square(a)))
  }

  /** The parameters after one batch. The rate and the mean are in δ from the beginning. */
  function step({ x, xT, y }) {
    const a = forward(x)
    const updated = []
    let error = tf.mul(tf.sub(a[last + 1], y), learningRate / batch)
    for (let l = last; l >= 0; --l) {
      const { w, b } = parameters[l]
      const delta = deltaOf(l, error, a[l + 1])
      const aT = l === 0 ? xT : tf.transpose(a[l])
      updated[l] = { w: tf.sub(w, tf.matMul(aT, delta)), b: tf.sub(b, tf.sum(delta, 0)) }
      if (l > 0) error = tf.matMul(delta, tf.transpose(w))
    }
    return updated
  }

  function train(makeTensors) {
    const updated = tf.tidy(() => step(makeTensors()))
    tf.dispose(parameters)
    parameters = updated
  }

  const predict = (values) => tf.tidy(() => forward(matrix(values, sizes[0]))[last + 1].dataSync())
  return {
    train(epochs) {
      for (let epoch = 0; epoch < epochs; ++epoch) for (const batch of batches) train(() => batch)
    },
    predict,
    predictOne: predict,
    trainOne: (x, y) => train(() => tensorsOf({ x, y })),
  }
}
