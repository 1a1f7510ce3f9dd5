// @ts-check
/** Layers models that TensorFlow.js loads and saves, and those of test/fixtures/interop/tfjs, written again. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { Network } from '../../dist/index.js'
import { fromTensorFlowJS, toTensorFlowJS } from '../../dist/interop.js'
import { Model } from '../../dist/model.js'
import { activations, compared, HIDDEN, hiddenOf, INPUTS, networkOf, OUTPUTS } from './networks.js'
import { none, random, refused, samples, table } from './networks.js'
import { run } from './run.js'

/** @typedef {import('./networks.js').ActivationName} ActivationName */

const about = /** @type {const} */ ({
  format: 'TensorFlow.js',
  tool: 'TensorFlow.js',
  precision: 'f32',
})
const out = /** @type {const} */ ({ ...about, direction: 'out' })

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  await tf.setBackend('cpu')
  for (const what of activations) {
    if (what === 'geluTanh') {
      const reason =
        'TensorFlow.js saves gelu_new and looks for geluNew when it loads it; toTensorFlowJS refuses it'
      const write = () => toTensorFlowJS(networkOf(what, 'f32'))
      yield refused({ ...out, what }, write, /an activation that TensorFlow\.js reads/, reason)
      await neverLoads()
    } else {
      const net = networkOf(what, 'f32')
      yield compared({ ...out, what }, net.predict(samples), answer(await loaded(net), samples, INPUTS))
    }
  }
  const wide = networkOf('tanh', 'f64')
  yield compared(
    { ...out, what: 'an f64 network, in f32' },
    wide.predict(samples),
    answer(await loaded(wide), samples, INPUTS),
  )
  const { model, own, x } = table()
  yield compared({ ...out, what: 'a model' }, own, answer(await loaded(model), Float32Array.from(x), 4))

  for (const what of activations) {
    const theirs = modelOf(what)
    const { model, weights } = await saved(theirs)
    const net = fromTensorFlowJS(model, weights).as(Network)
    const in_ = /** @type {const} */ ({ ...about, direction: 'in', what })
    yield compared(in_, net.predict(samples), answer(theirs, samples, INPUTS))
  }
  for (const what of /** @type {const} */ (['relu6', 'logSoftmax'])) {
    const { model, weights } = await saved(modelOf(what))
    const in_ = /** @type {const} */ ({ ...about, direction: 'in', what })
    yield refused(in_, () => fromTensorFlowJS(model, weights), /expected one of linear/, none)
  }
  yield* written(folder)
}

/** @param {import('../../dist/interop/index.js').Exportable} net */
function loaded(net) {
  const { model, weights } = toTensorFlowJS(net)
  const { modelTopology } = JSON.parse(JSON.stringify(model))
  const [{ weights: weightSpecs }] = model.weightsManifest
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: [...weightSpecs],
      weightData: weights['weights.bin'].buffer,
    }),
  )
}

/** @param {tf.LayersModel} model @param {Float32Array} x @param {number} inputs */
function answer(model, x, inputs) {
  return /** @type {tf.Tensor} */ (model.predict(tf.tensor(x, [x.length / inputs, inputs]))).dataSync()
}

/** 6-12-9-4. @param {ActivationName | 'relu6' | 'logSoftmax'} what */
function modelOf(what) {
  const units = [...HIDDEN, OUTPUTS]
  const layers = units.flatMap((units, l) => {
    const activation = nameOf(l < HIDDEN.length ? hiddenOf(what) : what)
    const dense = tf.layers.dense({ units, ...(l === 0 && { inputShape: [INPUTS] }), activation })
    return what === 'leakyRelu' ? [dense, tf.layers.leakyReLU({ alpha: 0.1 })] : [dense]
  })
  const model = tf.sequential({ layers })
  model.setWeights(model.weights.map(({ shape }) => tf.tensor(random(shape), shape)))
  return model
}

/** @param {string} activation @returns {any} */
function nameOf(activation) {
  return { leakyRelu: 'linear', geluTanh: 'gelu_new', silu: 'swish' }[activation] ?? activation
}

/** As its handlers write files. @param {tf.LayersModel} model */
async function saved(model) {
  let saved = /** @type {tf.io.ModelArtifacts} */ ({})
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
  const { weightData, weightSpecs, ...rest } = saved
  const file = { ...rest, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] }
  const bytes = new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))
  return {
    model: /** @type {object} */ (JSON.parse(JSON.stringify(file))),
    weights: { 'weights.bin': bytes },
  }
}

/** If TensorFlow.js loaded what it saves, toTensorFlowJS could write it. */
async function neverLoads() {
  const { model, weights } = await saved(modelOf('geluTanh'))
  const { modelTopology, weightsManifest } = /** @type {any} */ (model)
  const [{ weights: weightSpecs }] = weightsManifest
  const artifacts = { modelTopology, weightSpecs, weightData: weights['weights.bin'].buffer }
  const said = await tf.loadLayersModel(tf.io.fromMemory(artifacts)).then(() => 'loaded', String)
  if (!/Unknown activation: geluNew/.test(said)) throw new Error(`TensorFlow.js, gelu_new: ${said}`)
}

/** The fixtures: dialects of Keras, quantised weights, several files, ml5. @param {string} folder */
async function* written(folder) {
  const generator = fileURLToPath(new URL('../fixtures/interop/tfjs/write.js', import.meta.url))
  run(process.execPath, [generator, fileURLToPath(new URL('.', import.meta.url)), folder])
  /** @param {string} name */
  const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const files = readdirSync(folder).filter((name) => name.endsWith('.bin'))
  const weights = Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name))]))
  for (const [what, { x, y, rows, classes }] of Object.entries(read('answers'))) {
    if (what.startsWith('activation-')) continue
    const in_ = /** @type {const} */ ({ ...about, direction: 'in', what })
    if (rows === undefined) {
      yield compared(in_, fromTensorFlowJS(read(what), weights).as(Network).predict(x), y)
    } else {
      const model = fromTensorFlowJS(read(what), weights, { meta: read(`${what}.meta`) }).as(Model)
      const own = model.predict(rows).flatMap(({ z, probabilities }) => {
        return classes === undefined ? [z] : classes.map((name) => probabilities[name])
      })
      yield compared(in_, own, y)
    }
  }
}
