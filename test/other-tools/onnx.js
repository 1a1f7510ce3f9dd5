// @ts-check
/** The graphs of test/fixtures/interop/onnx, of PyTorch and around fits of scikit-learn, written again. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Tensor } from 'onnxruntime-node'
import { Network } from '../../dist/index.js'
import { fromONNX } from '../../dist/interop.js'
import { Model } from '../../dist/model.js'
import { compared } from './networks.js'
import { answerOf, sessionOf } from './onnxruntime.js'
import { run } from './run.js'

/** @typedef {import('./index.js').Comparison} Comparison */

/** What the inputs of a graph are, where they are not rows of 4. */
const shapes = /** @type {Record<string, number[]>} */ ({ 'rank-3': [2, 3, 4], images: [8, 1, 3, 4] })

/** @param {string} folder @returns {AsyncIterable<Comparison>} */
export async function* compare(folder) {
  const generator = fileURLToPath(new URL('../fixtures/interop/onnx/write.py', import.meta.url))
  run('/usr/bin/python3', [generator, folder])
  const answers = /** @type {Record<string, { x: number[], y: number[] }>} */ (
    JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'))
  )
  for (const [what, { x, y }] of Object.entries(answers)) {
    const bytes = readFileSync(join(folder, `${what}.onnx`))
    const about = /** @type {const} */ ({ format: 'ONNX', direction: 'in', what })
    if (what.startsWith('sklearn')) {
      const own = what === 'sklearn-columns' ? petalWidths(bytes, x) : probabilities(bytes, x)
      yield compared({ ...about, tool: 'scikit-learn', precision: 'f32' }, own, y)
      const answer = await sklearnAnswer(what, bytes, x)
      yield compared({ ...about, tool: 'onnxruntime', precision: 'f32' }, own, answer)
    } else {
      const precision = what === 'double' ? 'f64' : 'f32'
      const name = 'outside.onnx.data'
      const externalData = what === 'outside' && { [name]: readFileSync(join(folder, name)) }
      const own = fromONNX(bytes, { ...(externalData && { externalData }) })
        .as(Network)
        .predict(x)
      yield compared({ ...about, tool: 'PyTorch', precision }, own, y)
      const inputs = precision === 'f64' ? Float64Array.from(x) : Float32Array.from(x)
      const file = what === 'outside' ? join(folder, 'outside.onnx') : bytes
      const answer = await answerOf(file, inputs, precision, shapes[what] ?? [x.length / 4, 4])
      yield compared({ ...about, tool: 'onnxruntime', precision }, own, answer)
    }
  }
}

/** Rows of iris: sepal length, sepal width, petal length, petal width. @param {readonly number[]} x */
function rowsOf(x) {
  return Array.from({ length: x.length / 4 }, (_, s) => x.slice(4 * s, 4 * s + 4))
}

/** @param {Uint8Array} bytes @param {readonly number[]} x */
function probabilities(bytes, x) {
  const model = fromONNX(bytes).as(Model)
  return rowsOf(x).flatMap((row) => {
    const named = Object.fromEntries(model.inputs.map(({ name }, k) => [name, row[k]]))
    return Object.values(/** @type {Record<string, number>} */ (model.predict(named).probabilities))
  })
}

/** @param {number} width */
function sizeOf(width) {
  return width < 1 ? 'small' : 'large'
}

/** @param {Uint8Array} bytes @param {readonly number[]} x */
function petalWidths(bytes, x) {
  const model = fromONNX(bytes).as(Model)
  return rowsOf(x).map((row) => {
    const [length, width, petal, size] = row
    const named = { 'sepal length': length, 'sepal width': width, 'petal length': petal, size: sizeOf(size) }
    return Number(model.predict(named)['petal width'])
  })
}

/** @param {string} what @param {Uint8Array} bytes @param {number[]} x */
async function sklearnAnswer(what, bytes, x) {
  const session = await sessionOf(bytes)
  const rows = rowsOf(x)
  if (what !== 'sklearn-columns') {
    const inputs = { X: new Tensor('float32', Float32Array.from(x), [rows.length, 4]) }
    if (what === 'sklearn-zipmap') {
      return session.run(inputs).then(
        () => Promise.reject(new Error('onnxruntime: expected no maps')),
        (error) => {
          if (!/Non tensor type is temporarily not supported/.test(String(error))) throw error
          return 'onnxruntime-node gives no maps, as ZipMap makes them'
        },
      )
    }
    return (await session.run(inputs)).probabilities.data
  }
  /** @param {number} k */
  const column = (k) =>
    new Tensor(
      'float32',
      Float32Array.from(rows, (row) => row[k]),
      [rows.length, 1],
    )
  const texts = rows.map(([, , , width]) => sizeOf(width))
  const answer = await session.run({
    'sepal length': column(0),
    'sepal width': column(1),
    'petal length': column(2),
    size: new Tensor('string', texts, [rows.length, 1]),
  })
  return answer['petal width'].data
}
