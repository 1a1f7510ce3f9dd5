/**
 * jax-js on its wasm device, one thread: the whole step compiled by `jit`, with gradients from `grad` or written out. A function
 * owns the arrays that it is given; `ref` is for what is used again.
 */
import { defaultDevice, grad, init, jit, nn, numpy as np, tree } from '@jax-js/jax'
import { batchesOf } from './rows.js'

/** @type {import('../library.js').Open} */
export async function open({ sizes, layers, data, batch, learningRate }, gradients) {
  if (typeof Worker !== 'undefined') throw new Error('expected one thread, but there are workers')
  await init('wasm')
  defaultDevice('wasm')
  const last = layers.length - 1
  const isSoftmax = layers[last].activation === 'softmax'

  /** z of one layer. */
  const affine = (a, { w, b }) => np.matmul(a, w).add(b)
  const activate = (l, z) => {
    const { activation } = layers[l]
    return activation === 'sigmoid' ? nn.sigmoid(z) : activation === 'relu' ? nn.relu(z) : nn.softmax(z, -1)
  }
  const forward = (p, x) => p.reduce((a, layer, l) => activate(l, affine(a, layer)), x)

  function loss(p, x, y) {
    if (!isSoftmax)
      return np
        .square(forward(p, x).sub(y))
        .sum()
        .mul(0.5 / batch)
    const a = p.slice(0, last).reduce((a, layer, l) => activate(l, affine(a, layer)), x)
    return nn
      .logSoftmax(affine(a, p[last]), -1)
      .mul(y)
      .sum()
      .mul(-1 / batch)
  }

  function stepByGrad(p, x, y) {
    return tree.map((a, g) => a.sub(g.mul(learningRate)), p, grad(loss)(tree.ref(p), x, y))
  }

  /** ∂C/∂z from ∂C/∂a; that of softmax and cross entropy is o − y already. */
  function deltaOf(l, error, a) {
    const { activation } = layers[l]
    if (activation === 'softmax') return error
    return error.mul(activation === 'relu' ? np.where(a.ref.greater(0), 1, 0) : a.ref.sub(np.square(a.ref)))
  }

  /** The rate and the mean are in δ from the beginning. */
  function stepByHand(p, x, y) {
    const a = [x]
    for (const [l, layer] of p.entries()) a.push(activate(l, affine(a[l].ref, tree.ref(layer))))
    const updated = []
    let error = a[last + 1].ref.sub(y).mul(learningRate / batch)
    for (let l = last; l >= 0; --l) {
      const { w, b } = p[l]
      const delta = deltaOf(l, error, a[l + 1])
      if (l > 0) error = np.matmul(delta.ref, np.transpose(w.ref))
      const gradient = np.matmul(np.transpose(a[l].ref), delta.ref)
      updated[l] = { w: w.sub(gradient), b: b.sub(delta.sum(0)) }
    }
    tree.dispose(a)
    return updated
  }

  const step = jit(gradients === 'grad' ? stepByGrad : stepByHand)
  const output = jit(forward)
  const batches = batchesOf(data, sizes, batch).map(({ x, y }) => ({
    x: matrix(x, sizes[0]),
    y: matrix(y, sizes[last + 1]),
  }))
  let parameters = layers.map(({ weights, biases, inputs }) => ({
    w: np.transpose(matrix(weights, inputs)),
    b: np.array(biases),
  }))
  function train(x, y) {
    parameters = step(parameters, x, y)
    parameters[0].b.ref.dataSync() // until then, steps are only noted down
  }

  const predict = (x) => output(tree.ref(parameters), matrix(x, sizes[0])).dataSync()
  return {
    train(epochs) {
      for (let epoch = 0; epoch < epochs; ++epoch) for (const { x, y } of batches) train(x.ref, y.ref)
    },
    predict,
    predictOne: predict,
    trainOne: (x, y) => train(matrix(x, sizes[0]), matrix(y, sizes[last + 1])),
  }
}

function matrix(values, columns) {
  return np.array(values).reshape([values.length / columns, columns])
}
