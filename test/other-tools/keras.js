// @ts-check
/**
 * Files of Keras: those of Keras itself, with its answers, and others that h5py writes, with those of PyTorch, on which
 * Keras runs.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Network } from '../../dist/index.js'
import { fromKeras } from '../../dist/interop.js'
import { activations, compared, HIDDEN, hiddenOf, INPUTS, OUTPUTS, precisions, samples } from './networks.js'
import { python } from './python.js'

const written = fileURLToPath(new URL('../fixtures/interop/keras', import.meta.url))

/** By our names, but for geluTanh, which Keras has with an argument that no file says. */
const names = activations
  .filter((name) => name !== 'geluTanh')
  .map((own) => ({ own, keras: own.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) }))

/** @param {string} folder @returns {AsyncIterable<import('./index.js').Comparison>} */
export async function* compare(folder) {
  const about = /** @type {const} */ ({ format: 'Keras', direction: 'in' })
  const { answers, configs } = {
    answers: /** @type {Record<string, { x: number[][], y: number[][] }>} */ (parsed('answers.json')),
    configs: /** @type {Record<string, object>} */ (parsed('activations.json')),
  }
  for (const { own, keras } of names) {
    const { [keras]: config } = configs
    const { x, y } = answers[`activation-${keras}`]
    const net = fromKeras(readFileSync(join(written, 'activations.weights.h5')), { config }).as(Network)
    yield compared({ ...about, tool: 'Keras', what: own, precision: 'f32' }, net.predict(x.flat()), y.flat())
  }
  const cases = precisions.flatMap((precision) => {
    return names.map(({ own, keras }) => ({ own, what: keras, hidden: hiddenOf(keras), precision }))
  })
  const sizes = [INPUTS, ...HIDDEN, OUTPUTS]
  const input = JSON.stringify({ folder, sizes, x: Array.from(samples), cases })
  const others = /** @type {number[][]} */ (python('keras.py', [], input))
  for (const [i, { own, what, precision }] of cases.entries()) {
    const files = ['keras', 'h5'].map((ending) =>
      readFileSync(join(folder, `${what}-${precision}.${ending}`)),
    )
    const [zip, hdf5] = files.map((bytes) => fromKeras(bytes).as(Network))
    if (!Buffer.from(zip.toBytes()).equals(hdf5.toBytes()))
      throw new Error(`${what}: expected one network of both`)
    yield compared({ ...about, tool: 'PyTorch', what: own, precision }, zip.predict(samples), others[i])
  }
}

/** @param {string} name @returns {unknown} */
function parsed(name) {
  return JSON.parse(readFileSync(join(written, name), 'utf8'))
}
