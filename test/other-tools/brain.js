// @ts-check
/** Networks of brain.js 1 and 2, and those that deltaprop writes for 2. */
import brain1 from 'brain1'
import brain2 from 'brain2'
import { Network } from '../../dist/index.js'
import { fromBrain, toBrain } from '../../dist/interop.js'
import { Model } from '../../dist/model.js'
import { activations, compared, HIDDEN, networkOf, OUTPUTS, refused } from './networks.js'
import { rows, samples, seedRandom } from './networks.js'

/** @typedef {import('./index.js').Comparison} Comparison */

/** What brain.js calls an activation. */
const names = /** @type {Record<string, string>} */ ({
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  relu: 'relu',
  leakyRelu: 'leaky-relu',
})

/** Of leaky-relu; version 1 does not save it, and NeuralNetworkGPU has 0.01 whatever it is told. */
const SLOPE = 0.1

const tools = [
  { tool: 'brain.js 1', kinds: { '': brain1.NeuralNetwork } },
  { tool: 'brain.js 2', kinds: { '': brain2.NeuralNetwork, ', GPU': brain2.NeuralNetworkGPU } },
]

/** Rows with names, of which some are missing. */
const named = rows.map((row, s) => {
  return Object.fromEntries(row.map((value, k) => [`x${k}`, value]).filter((_, k) => (s + k) % 4 > 0))
})

const keys = Array.from({ length: OUTPUTS }, (_, j) => `y${j}`)

/** @returns {AsyncIterable<Comparison>} */
export async function* compare() {
  for (const { tool, kinds } of tools) {
    for (const [kind, Kind] of Object.entries(kinds)) {
      for (const [what, activation] of Object.entries(names)) {
        yield* read(tool, Kind, `${what}${kind}`, activation)
      }
    }
  }
  const about = /** @type {const} */ ({ format: 'brain.js 2', direction: 'out', tool: 'brain.js 2' })
  const out = { ...about, precision: /** @type {const} */ ('f32') }
  for (const what of activations) {
    const net = networkOf(what, 'f32')
    if (what in names) yield compared({ ...out, what }, net.predict(samples), answer(loaded(net)))
    else
      yield refused(
        { ...out, what },
        () => toBrain(net),
        /one that brain\.js has|as the layers before/,
        'brain.js has no such function, and toBrain refuses it',
      )
  }
  const wide = networkOf('tanh', 'f64')
  yield compared({ ...out, what: 'an f64 network, in f32' }, wide.predict(samples), answer(loaded(wide)))
  const pairs = named.map((input, s) => ({ input, output: { sum: Math.sin(s) } }))
  const activation = { hidden: 'sigmoid', output: 'sigmoid' }
  const model = Model.create(pairs, { hidden: [5], activation, scale: 'none', seed: 2 })
  const own = named.map((row) => Number(model.predict(row).sum))
  const net = loaded(model)
  yield compared(
    { ...out, what: 'a model' },
    own,
    named.map((row) => net.run(row).sum),
  )
}

/** @param {string} tool @param {any} Kind @param {string} what @param {string} activation */
function* read(tool, Kind, what, activation) {
  const about = /** @type {const} */ ({ format: tool, direction: 'in', tool, precision: 'f32' })
  const options = tool === 'brain.js 1' && activation === 'leaky-relu' ? { slope: SLOPE } : {}
  seedRandom()
  const net = trained(
    Kind,
    activation,
    rows.map((input, s) => ({ input, output: keys.map((_, j) => Math.abs(Math.sin(s + j))) })),
  )
  const own = fromBrain(JSON.parse(JSON.stringify(net.toJSON())), options).as(Network)
  yield compared({ ...about, what }, own.predict(samples), answer(net))

  const data = named.map((input, s) => {
    return { input, output: Object.fromEntries(keys.map((key, j) => [key, Math.abs(Math.sin(s + j))])) }
  })
  const other = trained(Kind, activation, data)
  const model = fromBrain(JSON.parse(JSON.stringify(other.toJSON())), options).as(Model)
  const answers = named.flatMap((row) => {
    const output = other.run(row)
    return keys.map((key) => output[key])
  })
  const predicted = named.flatMap((row) => {
    const output = model.predict(row)
    return keys.map((key) => Number(output[key]))
  })
  yield compared({ ...about, what: `${what}, by name` }, predicted, answers)
}

/** @param {any} Kind @param {string} activation @param {readonly object[]} data */
function trained(Kind, activation, data) {
  const options = { activation, leakyReluAlpha: SLOPE }
  const net = new Kind({ hiddenLayers: [...HIDDEN], mode: 'cpu', ...options })
  net.train(data, { iterations: 5, learningRate: 0.01, ...options })
  return net
}

/** @param {import('../../dist/interop/index.js').Exportable} net */
function loaded(net) {
  return new brain2.NeuralNetwork().fromJSON(JSON.parse(JSON.stringify(toBrain(net))))
}

/** @param {any} net */
function answer(net) {
  return rows.flatMap((row) => Array.from(net.run(row)))
}
